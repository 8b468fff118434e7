"""The gateway sends every path to the one service that answers it, and speaks our words where it must speak itself."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from chassis.cache import LocalCache
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.identity import Authenticator
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts
from chassis.settings import read_settings
from chassis.web import create_app
from contracts.paths import PATHS, SOCKETS, service_for
from loadtest.http_client import Connection, Response
from standalone.servers.nginx import Nginx, configure
from standalone.servers.programs import NGINX, missing

REST = [service for service in PATHS if not set(PATHS[service]) <= set(SOCKETS)]
"""The services that answer requests; who only keeps live connections tests its own path."""

FLOOR = {"/livez", "/readyz", "/metrics"}
"""Every process of every service answers these, but not to the public."""


def routes_of(service: str, tmp_path: Path) -> set[str]:
    """The paths a service answers itself, composed as its web door does it."""
    main, settings = import_module(f"{service}.main"), import_module(f"{service}.settings")
    metrics = Metrics()
    parts = Parts(Database("", SystemClock()), LocalCache(), LocalQuestions(), SystemClock(), metrics)
    built = main.build(parts, read_settings(settings.Settings, {"SIGNING_KEY_FILE": str(tmp_path / "signing.pem")}))
    nobody = Authenticator((), parts.cache, parts.questions, metrics)
    app = create_app(service, built.blueprints, nobody, metrics, {})
    return {str(rule) for rule in app.url_map.iter_rules()} - FLOOR


@pytest.mark.parametrize("service", REST)
def test_every_path_of_a_service_is_sent_to_it_and_to_nobody_else(service: str, tmp_path: Path) -> None:
    routes = {route for route in routes_of(service, tmp_path) if route.startswith("/v2")}

    assert routes
    assert {route: service_for(route) for route in routes} == dict.fromkeys(routes, service)


@pytest.mark.parametrize("service", REST)
def test_no_prefix_is_there_for_nothing(service: str, tmp_path: Path) -> None:
    routes = routes_of(service, tmp_path)

    for prefix in PATHS[service]:
        assert prefix.startswith("/openapi/") or [route for route in routes if route.startswith(prefix)], prefix


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A gateway to services that are all down."""
    for sentence in missing([NGINX]):
        pytest.skip(sentence)
    folder = tmp_path_factory.mktemp("gateway")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            configure(folder, listener, dict.fromkeys([*PATHS, "page"], gone))
        nginx = Nginx(folder, listener)
        nginx.start()
        yield listener.getsockname()[:2]
        nginx.stop()


def ask(gateway: tuple[str, int], path: str, **headers: str) -> Response:
    with closing(Connection(*gateway, timeout_s=10.0)) as connection:
        return connection.request("GET", path, None, **headers)


def test_a_service_that_is_down_is_unavailable_in_our_words(gateway: tuple[str, int]) -> None:
    response = ask(gateway, "/v2/orders")

    assert (response.status, response.headers["retry-after"]) == (503, "1")
    assert response.json()["code"] == 50310000


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("/v2/nowhere", {}, 40410000),
        ("/metrics", {}, 40410000),
        ("/readyz", {}, 40410000),
        ("/v2/orders/" + "x" * 20_000, {}, 41410000),
        ("/v2/orders", {"x_much": "x" * 20_000}, 43110000),
    ],
)
def test_what_the_gateway_refuses_itself_it_refuses_in_our_words(
    gateway: tuple[str, int], path: str, headers: dict[str, str], code: int
) -> None:
    assert ask(gateway, path, **headers).json()["code"] == code


@pytest.mark.parametrize(
    ("path", "length"), [(b"/v2/orders:batch", 9_000_000), (b"/v2/orders", 17_000), (b"/v2/auth/signup", 17_000)]
)
def test_a_body_beyond_all_bounds_is_refused_in_our_words(gateway: tuple[str, int], path: bytes, length: int) -> None:
    too_much = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (path, length)

    with closing(Connection(*gateway, timeout_s=10.0)) as connection:
        response = connection.exchange(too_much)

    assert (response.status, response.json()["code"]) == (413, 41310000)


@pytest.mark.parametrize(
    "request_", [b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"]
)
def test_http_that_the_gateway_does_not_speak_is_the_clients_mistake(gateway: tuple[str, int], request_: bytes) -> None:
    with closing(Connection(*gateway, timeout_s=10.0)) as connection:
        response = connection.exchange(request_)

    assert (response.status, response.json()["code"]) == (400, 40010001)


def test_a_batch_may_have_megabytes(gateway: tuple[str, int]) -> None:
    batch = b"POST /v2/orders:batch HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + b" " * 2_000_000

    with closing(Connection(*gateway, timeout_s=10.0)) as connection:
        assert connection.exchange(batch).status == 503, "it was passed on"


@pytest.mark.parametrize("path", ["/", "/trade/AAPL", "/assets/main.js", "/socket.io/?EIO=4"])
def test_a_page_or_a_live_gateway_that_is_down_is_unavailable_in_our_words(gateway: tuple[str, int], path: str) -> None:
    assert ask(gateway, path).json()["code"] == 50310000


def test_the_list_of_documents_leads_to_every_services(gateway: tuple[str, int]) -> None:
    page = ask(gateway, "/openapi").body.decode()

    assert all(f"/openapi/{service}/" in page for service in REST)
    assert "live_gateway" not in page
