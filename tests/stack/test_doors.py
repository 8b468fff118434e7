"""The doors of a service: each a process of its own on real servers, opened and closed as an operator would."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from loadtest.http_client import Connection
from tests.chassis.builders import eventually
from tests.stack.house import House

LIMIT_S = 30.0


@pytest.fixture
def house(rabbitmq, redis_server, database_url, tmp_path) -> House:
    settings = {
        "RABBITMQ_URL": rabbitmq.fresh_url(),
        "REDIS_URL": redis_server.url,
        "SIGNING_KEY_FILE": str(tmp_path / "keys" / "signing.pem"),
        "PUBLIC_KEY_FILE": str(tmp_path / "keys" / "public.pem"),
        "DEMO_USERS": "alice",
        "STOP_WITH_PARENT": "1",
    }
    house = House(settings, database_url)
    assert house.run("user_accounts", "migrate").returncode == 0
    return house


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.set_inheritable(True)
        yield listener


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def test_a_migration_can_be_repeated_and_leaves_the_public_key(house, tmp_path):
    assert house.run("user_accounts", "migrate").returncode == 0

    assert (tmp_path / "keys" / "public.pem").read_text().startswith("-----BEGIN PUBLIC KEY-----")
    assert "PRIVATE" not in (tmp_path / "keys" / "public.pem").read_text()


def test_a_web_process_answers_on_the_socket_it_inherits_and_leaves_when_told(house, listener):
    with house.open("user_accounts", "web", listener) as web:
        with closing(Connection("127.0.0.1", port_of(listener))) as client:
            assert client.request("GET", "/readyz").json() == {"ready": True, "checks": {"database": True}}
            login = client.request("POST", "/v2/auth/demo-login", {"name": "alice"})
            assert login.status == 200
            assert client.request("GET", "/v2/auth/me").status == 401
        assert web.stop() == 0


def test_who_waits_goes_on_when_the_database_is_migrated_and_not_before(house):
    with house.waiting("stock_ordering") as process:
        assert "stock_ordering waits: its database is without chassis/0001" in process.stderr.readline()
        assert process.poll() is None

        assert house.run("stock_ordering", "migrate").returncode == 0

        assert process.wait(LIMIT_S) == 0
    assert house.run("stock_ordering", "wait").returncode == 0


def test_who_waits_for_a_database_that_is_away_says_so_and_leaves_when_told(house):
    with house.waiting("stock_ordering", DATABASE_URL="postgresql://127.0.0.1:1/x") as process:
        assert "stock_ordering waits: its database does not answer: " in process.stderr.readline()

        process.terminate()

        assert process.wait(LIMIT_S) == -signal.SIGTERM


def test_a_relay_publishes_what_another_process_commits(house, listener):
    outbox = "select count(*) from outbox"
    with house.open("user_accounts", "web", listener), closing(Connection("127.0.0.1", port_of(listener))) as client:
        signed_up = client.request("POST", "/v2/auth/signup", {"name": "ann", "password": "correct horse battery"})
        assert signed_up.status == 201
        with psycopg.connect(house.settings_of("user_accounts")["DATABASE_URL"], autocommit=True) as database:
            assert database.execute(outbox).fetchone() == (2,)  # alice's opening is there from the start

            with house.open("user_accounts", "relay") as relay:
                eventually(lambda: database.execute(outbox).fetchone() == (0,))
                assert relay.stop() == 0


def test_a_consumer_takes_in_what_was_told_before_it_started_and_leaves_when_told(house):
    assert house.run("user_portfolio", "migrate").returncode == 0
    with (
        psycopg.connect(house.settings_of("user_portfolio")["DATABASE_URL"], autocommit=True) as database,
        house.open("user_accounts", "relay"),
        house.open("user_portfolio", "consumer") as consumer,
    ):
        eventually(lambda: database.execute("select count(*) from accounts").fetchone() == (1,))
        assert consumer.stop() == 0


def test_questions_of_one_service_are_answered_by_the_consumer_of_another(house, listener):
    assert house.run("stock_ordering", "migrate").returncode == 0
    with (
        house.open("user_accounts", "web", listener),
        house.open("user_accounts", "consumer") as consumer,
        closing(socket.create_server(("127.0.0.1", 0))) as ordering_listener,
        house.open("stock_ordering", "web", ordering_listener),
        closing(Connection("127.0.0.1", port_of(listener))) as accounts,
    ):
        token = accounts.request("POST", "/v2/auth/demo-login", {"name": "alice"}).json()["access_token"]
        with closing(Connection("127.0.0.1", port_of(ordering_listener), token)) as ordering:
            assert ordering.request("GET", "/v2/orders").json() == []
        with closing(Connection("127.0.0.1", port_of(listener), token)) as alice:
            assert alice.request("POST", "/v2/auth/logout").status in (200, 204)
        with closing(Connection("127.0.0.1", port_of(ordering_listener), token)) as ordering:
            eventually(lambda: ordering.request("GET", "/v2/orders").status == 401)  # within half a second
        assert consumer.stop() == 0


@pytest.mark.parametrize(
    ("service", "door", "changes", "sentence"),
    [
        ("stock_ordering", "window", {}, "usage: python -m stock_ordering.main migrate|wait|web|consumer|relay"),
        ("stock_ordering", "relay", {"RABBITMQ_URL": ""}, "RABBITMQ_URL is not set"),
        ("stock_ordering", "web", {"PUBLIC_KEY_FILE": "/nowhere"}, "PUBLIC_KEY_FILE=/nowhere cannot be read"),
        ("stock_ordering", "web", {"COLLAR_PERCENT": "200"}, "COLLAR_PERCENT=200 is not between 1 and 99"),
        ("stock_ordering", "consumer", {"LOG_LEVEL": "loud"}, "LOG_LEVEL='loud' is not one of"),
        ("stock_ordering", "migrate", {"DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "Its database does not answer"),
        ("order_matching", "web", {}, "It answers no HTTP"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(house, service, door, changes, sentence):
    ended = house.run(service, door, **changes)

    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
