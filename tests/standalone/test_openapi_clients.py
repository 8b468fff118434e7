"""The API document as the tools of others read it: valid, and good enough to make a client of that trades."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator  # type: ignore[import-not-found, unused-ignore]

from loadtest.exchange_process import ExchangeProcess
from tests.standalone.conftest import TraderMaker
from tests.standalone.parameters import parameters
from tests.standalone.test_openapi_document import COMMITTED

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        yield from ((method.upper(), path, operation) for method, operation in methods.items())


def test_the_document_is_valid() -> None:
    complaints = [
        f"{'/'.join(map(str, found.absolute_path))}: {found.message}"
        for found in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()
    ]

    assert complaints == []


def test_every_operation_has_a_name_of_its_own_and_its_tag() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(names) == len(set(names))
    assert all(operation["tags"] and operation["summary"] for _, _, operation in operations())


def test_whoever_needs_no_login_is_told_so_and_everybody_else_needs_one(exchange: ExchangeProcess) -> None:
    connection = exchange.connect()
    addresses = {parameter.path: parameter.good_address() for parameter in parameters(DOCUMENT)}

    for method, path, operation in operations():
        if "requestBody" in operation:
            continue  # what it says is looked at before who says it
        status = connection.request(method, addresses.get(path, path)).status
        assert (status != 401) == ({} in operation.get("security", [{}])), f"{method} {path}: {status}"


def test_every_example_is_what_the_document_asks_for() -> None:
    bodies = [operation["requestBody"]["content"] for *_, operation in operations() if "requestBody" in operation]
    examples = [
        (body["schema"], example["value"])
        for content in bodies
        for body in content.values()
        for example in body.get("examples", {}).values()
    ]

    assert len(examples) >= 4
    for schema, example in examples:
        checker = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
        assert list(checker.iter_errors(example)) == []


def test_who_is_told_to_come_back_is_told_when() -> None:
    for status in ("429", "503"):
        assert "Retry-After" in DOCUMENT["components"]["responses"][status]["headers"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client that openapi-python-client makes of the document, as a package."""
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.json"
    config.write_text('{"post_hooks": []}', encoding="utf-8")
    made = subprocess.run(
        [
            *[sys.executable, "-m", "openapi_python_client", "generate", "--path", str(COMMITTED), "--meta", "none"],
            *["--output-path", str(folder / "generated_client"), "--config", str(config), "--fail-on-warning"],
        ],
        text=True,
        capture_output=True,
        check=False,
        timeout=100,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield lambda module: importlib.import_module(f"generated_client.{module}")
    sys.path.remove(str(folder))


def test_a_generated_client_trades(client: Any, exchange: ExchangeProcess, trader: TraderMaker, symbol: str) -> None:
    person, maker = trader("generated"), trader("maker")
    maker.sell(symbol, 5, "100.00")
    session = client("client").AuthenticatedClient(
        base_url=f"http://{exchange.host}:{exchange.port}", token=person.token
    )
    models = client("models")
    place = client("api.orders.stock_ordering_place_v2_orders_post")
    show = client("api.orders.stock_ordering_order_v2_orders_order_id_get")
    body = models.OrderBody(
        symbol=symbol, qty="5", side=models.Side.BUY, type_=models.OrderType.LIMIT, limit_price="100.00"
    )

    with session as asking:
        placed = place.sync(client=asking, body=body)
        again = place.sync_detailed(client=asking, body=models.OrderBody.from_dict({**body.to_dict(), "qty": "x"}))
        exchange.wait_until_settled()
        order = show.sync(order_id=placed.id, client=asking)

    assert isinstance(placed, models.OrderAnswer)
    assert (order.status, order.filled_qty, order.limit_price) == (models.OrderStatus.FILLED, "5", "100.00")
    assert (again.status_code, again.parsed.name) == (422, "invalid_request")
