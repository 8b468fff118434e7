"""What the broker set aside is found by an operator, named by the audit, and goes back when the cause is mended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pika  # type: ignore[import-untyped]
import pytest

from chassis import outbox
from chassis.bus import Message
from chassis.rabbit_bus import DEAD_LETTERS, RabbitBus
from standalone import dead_letters
from standalone.audit.orders import nobody_gave_up_on_a_fact
from standalone.audit.snapshot import Snapshot
from standalone.broker_letters import broker_letters
from tests.chassis.builders import Heard, eventually
from tests.servers.rabbitmq import RabbitMQ
from tests.user_portfolio.builders import opened

GROUPS = {"ledger": ["accounts"], "mail": ["accounts"]}
LIMIT = 3


@pytest.fixture
def broker(rabbitmq: RabbitMQ, monkeypatch: pytest.MonkeyPatch) -> str:
    """A broker that holds nothing, and is the only thing the tool looks at."""
    url = rabbitmq.fresh_url()
    monkeypatch.setenv("RABBITMQ_URL", url)
    monkeypatch.setattr(dead_letters, "SERVICES", ())
    return url


@pytest.fixture
def open_bus(broker: str) -> Iterator[Callable[[], RabbitBus]]:
    buses = []

    def make() -> RabbitBus:
        buses.append(RabbitBus(broker, GROUPS, delivery_limit=LIMIT))
        return buses[-1]

    yield make
    for bus in buses:
        bus.close()


class Fragile(Heard):
    """Cannot bear one message until it is mended."""

    def __init__(self, poison: str) -> None:
        super().__init__()
        self.poison = poison

    def receive(self, batch) -> None:
        if any(message.id == self.poison for message in batch):
            raise ValueError("nobody can bear this")
        super().receive(batch)


def told(bus: RabbitBus, *names: str) -> list[Message]:
    messages = outbox.pack([opened(name) for name in names], 1)
    bus.publish(messages)
    return messages


def put_there(url: str, body: bytes, queue: str = DEAD_LETTERS) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    connection.channel().basic_publish("", queue, body)
    connection.close()


def asked(capsys: pytest.CaptureFixture[str], word: str, *names: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of the tool."""
    status = dead_letters.run(word, names)
    return status, *capsys.readouterr()


def test_a_message_the_broker_gave_up_is_shown_with_its_reason_and_goes_back_to_its_queue_alone(
    broker, open_bus, capsys
):
    bus = open_bus()
    messages = told(bus, *"abc")
    poison = messages[1]
    ledger, mail = Fragile(poison.id), Heard()
    bus.subscribe("ledger", ["accounts"], ledger.receive)
    bus.subscribe("mail", ["accounts"], mail.receive)
    eventually(lambda: len(broker_letters(broker)) == 1)
    queue = f"ledger.{poison.shard}"

    _, listed, _ = asked(capsys, "list")
    _, shown, _ = asked(capsys, "show", "broker/1")
    still_bad = asked(capsys, "put-back", "broker/1")
    eventually(lambda: len(broker_letters(broker)) == 1)
    ledger.poison = ""
    mended = asked(capsys, "put-back", "all")

    assert {each.id for each in ledger.wait_for(3)} == {each.id for each in messages}
    assert "broker/1  account.opened  20" in listed
    assert f"given to a consumer of {queue} until its deliveries were used up" in listed
    assert listed.endswith("dead letters: 1\n")
    assert f"account.opened, all of message {poison.id}" in shown
    assert poison.body.decode() in shown
    for status, said, _ in (still_bad, mended):
        assert status == 0
        assert "broker/1 is back in its queue; if it fails again it is a dead letter again\n" in said
    assert asked(capsys, "list")[1].endswith("dead letters: 0\n")
    assert len(mail.messages) == 3, "who had heard it does not hear it again"


def test_what_goes_back_is_the_message_as_it_was(broker, open_bus, capsys):
    bus = open_bus()
    [poison] = told(bus, "a")
    fragile = Fragile(poison.id)
    bus.subscribe("ledger", ["accounts"], fragile.receive)
    eventually(lambda: len(broker_letters(broker)) == 1)
    fragile.poison = ""

    asked(capsys, "put-back", "broker/1")

    assert fragile.wait_for(1) == [poison]


def test_letters_keep_their_names_while_they_are_looked_at(broker, open_bus, capsys):
    open_bus().publish([Message("01900000-0000-7000-8000-000000000001", "nothing", 0, b"")])  # the queues are there
    for number in range(20):
        put_there(broker, f"{number:02}".encode())

    looks = [[(letter.number, letter.body) for letter in broker_letters(broker)] for _ in range(5)]

    assert looks == [[(number + 1, f"{number:02}".encode()) for number in range(20)]] * 5


def test_a_foreign_message_is_shown_as_one_and_dies_again_when_it_is_put_back(broker, open_bus, capsys):
    bus, ledger = open_bus(), Heard()
    told(bus, "a")
    bus.subscribe("ledger", ["accounts"], ledger.receive)
    ledger.wait_for(1)
    put_there(broker, b"hello", "ledger.0")
    eventually(lambda: len(broker_letters(broker)) == 1)

    _, listed, _ = asked(capsys, "list")
    _, shown, _ = asked(capsys, "show", "broker/1")
    asked(capsys, "put-back", "broker/1")
    eventually(lambda: len(broker_letters(broker)) == 1)

    assert "unreadable" in listed
    assert "not a message of the exchange, and refused in ledger.0" in listed
    assert "message without a number" in shown
    assert "hello" in shown
    assert not nobody_gave_up_on_a_fact(Snapshot({}, broker)).differences


def test_a_letter_whose_queue_is_not_known_stays_and_says_so(broker, open_bus, capsys):
    told(open_bus(), "a")
    put_there(broker, b"hello")

    answer = asked(capsys, "put-back", "all")

    assert answer == (1, "", "broker/1 stays a dead letter: the queue it came from is not known, or not there\n")
    assert [letter.body for letter in broker_letters(broker)] == [b"hello"]


def test_a_letter_whose_queue_is_gone_stays_and_says_so(broker, open_bus, capsys):
    bus = open_bus()
    [poison] = told(bus, "a")
    bus.subscribe("ledger", ["accounts"], Fragile(poison.id).receive)
    eventually(lambda: len(broker_letters(broker)) == 1)
    bus.close()
    connection = pika.BlockingConnection(pika.URLParameters(broker))
    connection.channel().queue_delete(f"ledger.{poison.shard}")
    connection.close()

    status, _, complaint = asked(capsys, "put-back", "broker/1")

    assert status == 1
    assert complaint.startswith("broker/1 stays a dead letter")
    assert [letter.message_id for letter in broker_letters(broker)] == [poison.id]


def test_the_audit_names_a_fact_that_the_broker_gave_up(broker, open_bus):
    bus = open_bus()
    [poison] = told(bus, "a")
    bus.subscribe("ledger", ["accounts"], Fragile(poison.id).receive)
    eventually(lambda: len(broker_letters(broker)) == 1)

    [difference] = nobody_gave_up_on_a_fact(Snapshot({}, broker)).differences

    assert difference.startswith("the broker set aside account.opened: given to a consumer of ledger.")


def test_a_broker_that_is_away_is_told_in_a_sentence(exchange):
    environment = exchange.environment() | {"RABBITMQ_URL": "amqp://guest:secret@127.0.0.1:1/"}

    answer = subprocess.run(
        [sys.executable, "-m", "standalone.dead_letters"],
        env=environment,
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert answer.returncode == 2
    complaint = answer.stderr
    assert len(complaint.splitlines()) == 1
    assert answer.stdout == "dead letters: 0\n", "those of the services can"
    assert complaint.startswith("The broker's own dead letters cannot be looked at: it does not answer (127.0.0.1:1: ")
    assert "secret" not in complaint
