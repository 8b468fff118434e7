"""The page in the gateway's image is the page of a stack: every address, header and refusal, asked of a real nginx."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contracts.paths import PATHS
from loadtest.http_client import Connection, Response
from standalone.page import BUILT_PAGE, is_built, page_files
from standalone.servers.gateway_image import image_configuration, main, upstreams, write_page
from standalone.servers.nginx import Nginx, address_of
from standalone.servers.programs import NGINX, missing
from standalone.stack.page_door import PageDoor
from tests.standalone.a_page import SCRIPT, build_a_page

SERVERS_OWN = {"server", "date", "connection", "content-length", "etag", "last-modified", "accept-ranges", "allow"}
"""Headers that every server words for itself."""

ADDRESSES = (
    *("/", "/trade", "/trade/AAPL", "/trade/BRK.B", "/trade/a/b", "/orders", "/portfolio/", "/account"),
    *("/login", "/signup", SCRIPT, "/favicon.svg", "/index.html", "/nowhere", "/assets", "/assets/", "/assets/gone.js"),
    *(f"{SCRIPT}.gz", "/.vite/manifest.json", "/.stamp", "/v2", "/orders/x"),
)


class Browser:
    """Asks both for the same."""

    def __init__(self, stack: FlaskClient, image: Connection) -> None:
        self._stack, self._image = stack, image

    def ask(self, method: str, address: str, **headers: str) -> tuple[TestResponse, Response]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        expected = self._stack.open(address, method=method, headers=named)
        return expected, self._image.request(method, address, None, **headers)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_a_page(tmp_path_factory.mktemp("built") / "page")


@pytest.fixture(scope="module")
def image(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """An nginx with what the image holds, on this machine's paths; its services are all down."""
    for sentence in missing([NGINX]):
        pytest.skip(sentence)
    folder = tmp_path_factory.mktemp("image")
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o755)  # for root's nginx, whose worker is nobody
    files = dict(page_files(page))
    write_page(files, folder / "page")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        (folder / "nginx.conf").write_text(
            image_configuration(files, str(folder / "page"), address_of(listener), str(folder))
        )
        (folder / "upstreams.conf").write_text(upstreams(dict.fromkeys(PATHS, "127.0.0.1:9")))
        nginx = Nginx(folder, listener)
        nginx.start()
        yield listener.getsockname()[:2]
        nginx.stop()


@pytest.fixture
def browser(page: Path, image: tuple[str, int]) -> Iterator[Browser]:
    with closing(Connection(*image, timeout_s=10.0)) as connection:
        yield Browser(PageDoor(page).app.test_client(), connection)


def worded_alike(expected: TestResponse, answer: Response) -> None:
    wanted = {name.lower(): value for name, value in expected.headers if name.lower() not in SERVERS_OWN}
    shown = {name: value for name, value in answer.headers.items() if name not in SERVERS_OWN}

    assert (answer.status, shown) == (expected.status_code, wanted)


@pytest.mark.parametrize("encoding", ["", "gzip, br"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_has_the_same_answer_as_in_a_stack(browser: Browser, address: str, encoding: str) -> None:
    expected, answer = browser.ask("GET", address, accept_encoding=encoding)

    worded_alike(expected, answer)
    assert _content(answer.headers, answer.body) == _content(dict(expected.headers), expected.data)


@pytest.mark.parametrize("address", ["/", "/trade/AAPL", "/nowhere", SCRIPT])
def test_what_the_page_does_not_take_it_refuses_in_the_same_words(browser: Browser, address: str) -> None:
    expected, answer = browser.ask("POST", address)

    worded_alike(expected, answer)
    assert answer.json() == expected.get_json()


@pytest.mark.parametrize("address", ["/", SCRIPT])
def test_a_page_that_has_not_changed_is_not_sent_again(browser: Browser, address: str) -> None:
    first, answer = browser.ask("GET", address)

    expected, _ = browser.ask("GET", address, if_none_match=first.headers["etag"])
    _, again = browser.ask("GET", address, if_none_match=answer.headers["etag"])

    assert (again.status, again.body, expected.status_code) == (304, b"", 304)
    assert again.headers["content-security-policy"] == expected.headers["content-security-policy"]


def test_each_address_of_a_service_is_its_service_also_below_the_pages(browser: Browser) -> None:
    for address in ("/v2/orders", "/v2/account", "/v2/auth/login", "/socket.io/?EIO=4", "/openapi/stock_data"):
        _, answer = browser.ask("GET", address)
        assert (answer.status, answer.json()["code"]) == (503, 50310000), address


def test_the_real_page_is_written_with_all_its_types(tmp_path: Path) -> None:
    if not is_built(BUILT_PAGE):
        pytest.skip("the page is not built: .ci/setup test builds it")

    assert main([str(BUILT_PAGE), str(tmp_path)]) == 0

    text = (tmp_path / "nginx.conf").read_text()
    assert "'text/css; charset=utf-8' css;" in text
    assert "application/octet-stream'" not in text, "a file whose kind nobody knows"
    assert "server order-matching" not in (tmp_path / "upstreams.conf").read_text(), "it answers no HTTP"


def test_without_a_page_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), str(tmp_path / "image")]) == 1

    assert "npm run build" in capsys.readouterr().err
    assert not (tmp_path / "image").exists()


def _content(headers: dict[str, str], body: bytes) -> Any:
    """A file as it is unpacked, a refusal as it is read."""
    lower = {name.lower(): value for name, value in headers.items()}
    if lower["content-type"] == "application/json":
        return json.loads(body)
    return gzip.decompress(body) if lower.get("content-encoding") == "gzip" else body
