"""The page is served at the exchange's own address, with what a browser needs to keep it fast and safe."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.http_client import Connection
from standalone import page
from standalone.stack.page_door import PageDoor
from tests.standalone.a_page import ICON, INDEX, SCRIPT, build_a_page

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    """An exchange with a page."""
    folder = tmp_path_factory.mktemp("with-a-page")
    with exchange_on(folder / "data", {"PAGE": str(build_a_page(folder / "page"))}) as running:
        yield running


@pytest.fixture
def browser(exchange: ExchangeProcess) -> Iterator[Connection]:
    connection = exchange.connect()
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "address", ["/", "/trade", "/trade/AAPL", "/trade/BRK.B", "/orders", "/portfolio/", "/account", "/login", "/signup"]
)
def test_each_of_the_pages_own_addresses_is_the_page(browser: Connection, address: str) -> None:
    answer = browser.request("GET", address)

    assert (answer.status, answer.body.decode()) == (200, INDEX)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_a_browser_may_load_nothing_from_elsewhere_and_nobody_may_frame_the_page(browser: Connection) -> None:
    headers = browser.request("GET", "/").headers

    rules = headers["content-security-policy"].split("; ")
    assert {"default-src 'self'", "connect-src 'self' ws: wss:", "frame-ancestors 'none'"} <= set(rules)
    assert not [rule for rule in rules if rule.startswith("script-src") or "unsafe-eval" in rule]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_file_whose_name_changes_with_its_content_is_kept_for_ever(browser: Connection) -> None:
    script = browser.request("GET", SCRIPT)

    assert (script.status, script.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in script.headers


def test_who_takes_gzip_gets_gzip_and_who_does_not_gets_the_same_file(browser: Connection) -> None:
    plain = browser.request("GET", SCRIPT)
    packed = browser.request("GET", SCRIPT, accept_encoding="gzip, br")

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert len(packed.body) < len(plain.body) / 5
    assert gzip.decompress(packed.body) == plain.body


def test_what_is_too_small_to_pack_is_sent_as_it_is(browser: Connection) -> None:
    icon = browser.request("GET", "/favicon.svg", accept_encoding="gzip")

    assert (icon.status, icon.body.decode()) == (200, ICON)
    assert icon.headers["content-type"].startswith("image/svg+xml")
    assert "content-encoding" not in icon.headers


def test_a_page_that_has_not_changed_is_not_sent_again(browser: Connection) -> None:
    tag = browser.request("GET", "/").headers["etag"]

    again = browser.request("GET", "/", if_none_match=tag)

    assert (again.status, again.body) == (304, b"")
    assert "default-src 'self'" in again.headers["content-security-policy"]


@pytest.mark.parametrize(
    "address",
    ["/nowhere", "/assets/gone.js", "/assets/", "/.vite/manifest.json", "/.stamp", "/assets/../.stamp", "/v2"],
)
def test_any_other_address_is_refused_in_the_exchanges_words(browser: Connection, address: str) -> None:
    answer = browser.request("GET", address)

    assert (answer.status, answer.json()["code"]) == (404, 40410000)


def test_the_page_takes_nothing_and_the_api_is_where_it_was(browser: Connection) -> None:
    assert browser.request("POST", "/orders", {}).json()["code"] == 40510000
    assert browser.request("GET", "/v2/orders").status == 401
    assert browser.request("GET", "/openapi/swagger").status == 200


def test_without_a_page_its_addresses_say_so_and_lead_to_the_api(tmp_path: Path) -> None:
    client = PageDoor(tmp_path / "not-built").app.test_client()

    for address in ("/", "/trade/AAPL"):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert 'href="/openapi"' in answer.text
    assert client.get("/favicon.svg").status_code == 404


def test_the_pages_own_process_answers_as_the_exchange_does(tmp_path: Path) -> None:
    client = PageDoor(build_a_page(tmp_path / "page")).app.test_client()

    assert client.get("/trade/AAPL").text == INDEX
    assert client.get("/nowhere").get_json()["code"] == 40410000
    assert client.post("/").get_json()["code"] == 40510000
    assert client.get("/readyz").get_json() == {"ready": True, "checks": {}}


def test_the_real_page_asks_for_nothing_that_the_rules_forbid() -> None:
    if not page.is_built(page.BUILT_PAGE):
        pytest.skip("the page is not built: .ci/setup test builds it")
    index = (page.BUILT_PAGE / "index.html").read_text()

    assert "<script>" not in index, "a script inside of the page is not run"
    assert "http://" not in index
    assert "https://" not in index
