"""A fact nobody can bear, told over a real broker: it alone is set aside, and it goes back when the cause is mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from chassis import outbox
from chassis.bus import Message
from chassis.cache import LocalCache
from chassis.clock import SystemClock
from chassis.codec import decode_facts, encode_facts
from chassis.database import Database
from chassis.dead_letters import returned_to
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.rabbit_bus import DEAD_LETTERS, RabbitBus
from chassis.service import Parts, Runtime, migrate_service
from contracts.facts import OrderHeld, OrderPlaced
from contracts.groups import GROUPS
from contracts.ids import uuid7
from contracts.streams import Stream
from standalone import dead_letters
from standalone.databases import SERVICES
from standalone.exchange import SERVICES as COMPOSED
from tests.chassis.builders import Heard, eventually
from tests.servers.rabbitmq import RabbitMQ, letters
from tests.user_portfolio.builders import buy, dollars, listed, opened
from user_portfolio.main import build
from user_portfolio.settings import Settings

CAUSE = "alter table holds add constraint nobody_holds_13 check (quantity <> 13)"
LETTER = re.compile(r"^user_portfolio/\d+", re.MULTILINE)
MENDED = "alter table holds drop constraint nobody_holds_13"


class Floor:
    """user_portfolio at work on a broker, others who tell it something, and one who hears what it answers."""

    def __init__(self, broker: str, database_url: str) -> None:
        self.broker = broker
        self.database = Database(database_url, SystemClock())
        self.database.open()
        self.others = RabbitBus(broker, GROUPS)
        self.answered = Heard()
        self.others.subscribe("witness", [Stream.ORDER_HELD], self.answered.receive)
        parts = Parts(self.database, LocalCache(), LocalQuestions(), SystemClock(), Metrics())
        self._bus = RabbitBus(broker, GROUPS)
        self._runtime = Runtime(build(parts, Settings()), self._bus)
        self._runtime.listen()
        self._runtime.start()

    def close(self) -> None:
        self._runtime.stop()
        self._bus.close()
        self._runtime.join()
        self.others.close()
        self.database.close()

    def tell(self, *facts: object) -> list[Message]:
        """As another service's relay does; facts of one account travel in one message."""
        messages = outbox.pack(facts, SystemClock().now_us())
        self.others.publish(messages)
        return messages

    def change(self, statement: str) -> None:
        with psycopg.connect(self.database.url) as connection:
            connection.execute(statement.encode())

    def holds(self) -> Counter[int]:
        """Quantities that are held."""
        with self.database.reading() as reading:
            return Counter(quantity for (quantity,) in reading.rows("select quantity from holds"))

    def dead(self) -> list[tuple[str, int, str]]:
        """Fact, position in its message, and reason."""
        with self.database.reading() as reading:
            return reading.rows("select fact_name, position, reason from dead_letters order by number")

    def held(self) -> Counter[int]:
        """Quantities of the orders that were told to be held."""
        facts = [fact for message in self.answered.messages for fact in decode_facts(message.body)]
        return Counter(fact.quantity for fact in facts if isinstance(fact, OrderHeld))


@pytest.fixture
def floor(rabbitmq: RabbitMQ, database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Floor]:
    """The tool looks into every service's database, so there is one for each."""
    urls = {service: database_url(service) for service in SERVICES}
    for service, url in urls.items():
        module: ModuleType = COMPOSED[service][0]
        migrate_service(url, Path(module.__file__ or "").parent)
        monkeypatch.setenv(f"DATABASE_URL_{service.upper()}", url)
    built = Floor(rabbitmq.fresh_url(), urls["user_portfolio"])
    built.tell(listed("AAPL"), opened())
    yield built
    built.close()


def order(quantity: int) -> OrderPlaced:
    return buy(f"{quantity} shares", qty=quantity, at=dollars(10))


def told_by(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert dead_letters.run(words[0], words[1:]) == 0
    return capsys.readouterr().out


def test_a_poison_fact_dies_alone_and_lives_again_once_when_the_cause_is_mended(floor, capsys):
    floor.change(CAUSE)
    [message] = floor.tell(order(1), order(13), order(2))
    eventually(lambda: floor.held() == Counter([1, 2]))
    listing = told_by(["list"], capsys)
    [name] = LETTER.findall(listing)
    shown = told_by(["show", name], capsys)

    told_by(["put-back", name], capsys)
    eventually(lambda: LETTER.findall(told_by(["list"], capsys)) == ["user_portfolio/2"])
    assert floor.holds() == Counter([1, 2])

    floor.change(MENDED)
    told_by(["put-back", "all"], capsys)
    eventually(lambda: floor.held() == Counter([1, 2, 13]))
    floor.tell(order(3))
    eventually(lambda: floor.held() == Counter([1, 2, 13, 3]))

    assert name == "user_portfolio/1"
    assert "order.placed" in listing
    assert "nobody_holds_13" in listing
    assert f"number 1 of message {message.id}" in shown
    assert '"quantity":13' in shown
    assert floor.holds() == Counter([1, 2, 3, 13])
    assert floor.dead() == []
    assert dead_letters.run("put-back", [name]) == 1
    assert letters(floor.broker, DEAD_LETTERS) == [], "the broker's own net was not needed"


UNREADABLE = [
    (b"\xff\x00 no JSON", "unreadable", "malformed"),
    (b"", "unreadable", "truncated"),
    (b'{"facts": []}', "unreadable", "Expected `array`"),
    (b'[["order.placed",{"order_id":', "unreadable", "truncated"),
    (b'[["order.imagined",{}]]', "order.imagined", "unknown fact"),
    (b'[["order.placed",{"order_id":7}]]', "order.placed", "Expected `str`"),
    (encode_facts([order(5)]).replace(b'"buy"', b'"bye"'), "order.placed", "Invalid enum value"),
]
"""Body, and the fact and the reason its dead letter shows."""


def test_messages_that_nobody_can_read_are_set_aside_and_their_neighbours_are_heard(floor):
    good = outbox.pack([order(1)], 1)[0]
    told = [good]
    for number, (body, _, _) in enumerate(UNREADABLE):
        told += [
            Message(uuid7(1), good.stream, good.shard, body),
            *outbox.pack([order(number + 2)], 1),
        ]

    floor.others.publish(told)

    eventually(lambda: floor.held() == Counter(range(1, len(UNREADABLE) + 2)))
    for (fact, position, reason), (_, expected_fact, expected_reason) in zip(floor.dead(), UNREADABLE, strict=True):
        assert (fact, position) == (expected_fact, 0)
        assert expected_reason in reason


def test_a_message_that_nobody_can_read_is_still_dead_after_it_was_put_back(floor, capsys):
    floor.others.publish([Message(uuid7(1), returned_to("user_portfolio"), 3, b"\xff")])
    eventually(lambda: len(floor.dead()) == 1)

    told_by(["put-back", "all"], capsys)

    eventually(lambda: LETTER.findall(told_by(["list"], capsys)) == ["user_portfolio/2"])
    assert len(floor.dead()) == 1
