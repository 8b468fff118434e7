"""Bytes, frames and packets of every wrong kind: the connection they come by may end, and nothing else."""

from __future__ import annotations

import os
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from live_gateway.api import packets
from tests.live_gateway.builders import ALICE, BOB, placed
from tests.live_gateway.rig import House, tell
from tests.live_gateway.wire import RawClient, get, silent

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9


def frame(opcode: int, content: bytes = b"", *, is_last: bool = True, reserved: int = 0, says_bytes: int = -1) -> bytes:
    """A client's frame, masked by zeros; `says_bytes` is the length it claims, if that is not the true one."""
    length = len(content) if says_bytes < 0 else says_bytes
    head = bytes([is_last << 7 | reserved << 4 | opcode])
    if length < 126:
        head += bytes([0x80 | length])
    elif length < 65_536:
        head += struct.pack("!BH", 0x80 | 126, length)
    else:
        head += struct.pack("!BQ", 0x80 | 127, length)
    return head + bytes(4) + content


def fragments(count: int, content: bytes) -> bytes:
    return b"".join(frame(TEXT if not n else 0, content, is_last=False) for n in range(count))


TRAFFIC = {
    "nothing": b"",
    "half a frame": frame(TEXT, b"40{}")[:5],
    "no mask": b"\x81\x0240",
    "no opcode": frame(3, b"x"),
    "no control frame": frame(11, b"x"),
    "oversized ping": frame(PING, b"x" * 126),
    "fragmented ping": frame(PING, b"x", is_last=False),
    "oversized close": frame(CLOSE, b"\x03\xe8" + b"x" * 200),
    "close of one byte": frame(CLOSE, b"\x03"),
    "close of no code": frame(CLOSE, b"\x00\x00"),
    "close of a code for nobody": frame(CLOSE, struct.pack("!H", 1006)),
    "close in no words": frame(CLOSE, b"\x03\xe8\xff\xfe"),
    "close twice": frame(CLOSE, b"\x03\xe8") * 2,
    "talk after close": frame(CLOSE, b"\x03\xe8") + frame(TEXT, b"40{}") * 10,
    "no UTF-8": frame(TEXT, b"4\xff\xfe\xfd"),
    "half a letter": frame(TEXT, b"42\xe2\x82"),
    "half a letter in fragments": frame(TEXT, b"42\xe2", is_last=False) + frame(0, b"\x82", is_last=True),
    "a surrogate": frame(TEXT, b"42\xed\xa0\x80"),
    "binary": frame(BINARY, bytes(range(256))),
    "binary fragments": frame(BINARY, b"x", is_last=False) + frame(0, b"y"),
    "text in the midst of text": frame(TEXT, b"42", is_last=False) + frame(TEXT, b"42"),
    "the rest of nothing": frame(0, b"x"),
    "empty fragments without end": fragments(20_000, b""),
    "fragments without end": fragments(5_000, b"x" * 100),
    "a long message": frame(TEXT, b"42" + b"x" * 400_000),
    "more than there is": frame(TEXT, b"42", says_bytes=2**62),
    "a length that is none": b"\x81\xff" + b"\xff" * 8 + bytes(4),
    "deflated": frame(TEXT, b"\x00" * 100, reserved=4),
    "deflated bomb": b"".join(frame(TEXT, b"\xed\xc1" + b"\x00" * 1_000, reserved=4) for _ in range(50)),
    "ping flood": frame(PING, b"x" * 125) * 5_000,
    "packet flood": frame(TEXT, b"40/a,") * 5_000,
    "probe flood": (frame(TEXT, b"2probe") + frame(TEXT, b"5")) * 2_000,
    "pong flood": frame(TEXT, b"3") * 5_000,
    "http again": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 100,
}

PACKETS = [
    "",
    "0",
    "0{}",
    "b",
    "bAAAA",
    "7",
    "99",
    "4",
    "45",
    "46",
    "47",
    "4٣",
    "40" + "[" * 30_000,
    "40" + '{"a":' * 30_000,
    "40/" + "n" * 15_000,
    "40/" + "n" * 15_000 + ",",
    "40/admin,{}",
    "42" + "9" * 15_000,
    "42" + "9" * 15_000 + '["subscribe"]',
    "42" + "9" * 16 + '["subscribe"]',
    "421[",
    "421[1]",
    "421{}",
    "421[null]",
    "421" + '["subscribe",NaN]',
    '421["subscribe",1e999999999]',
    '421["subscribe","\\ud800"]',
    '421["__class__"]',
    '421["connect",{}]',
    '421["disconnect"]',
    "43",
    "431",
    "430[]",
    "43-1[]",
    "44{}",
    '451-["subscribe",{"_placeholder":true,"num":0}]',
    '45999999999-["subscribe"]',
    '461-1[{"_placeholder":true,"num":5}]',
    "41/admin,",
    "42/admin,1" + '["subscribe",{}]',
]


@pytest.fixture
def url(house: House) -> str:
    return house.gateway(live_identify_ms=2_000, live_strangers=8)


@pytest.fixture
def bystander(house: House, url: str) -> Iterator[RawClient]:
    """Somebody who is there before and is told afterwards as if nothing had been; nor has a thread failed."""
    with RawClient(url, {"token": house.accounts.token(BOB)}) as client:
        yield client
        tell(house.bus, placed("afterwards", BOB))
        client.until(lambda: client.all_orders())
    assert house.metric(url, "live_threads") == 2
    assert house.metric(url, "live_thread_failures_total") == 0
    assert get(url, "/readyz")[0] == 200


@pytest.fixture(autouse=True)
def no_thread_dies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within this process; what a gateway of its own says on standard error is looked at when it ends."""
    died: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    yield
    assert died == []


def pour(raw: socket.socket | None, content: bytes) -> None:
    """Send it, as far as it is taken, and read nothing."""
    assert raw is not None
    raw.settimeout(0.5)
    with suppress(OSError):
        raw.sendall(content)


@pytest.mark.parametrize("is_known", [False, True], ids=["stranger", "client"])
def test_frames_of_every_wrong_kind_harm_nobody_else(house, url, bystander, is_known):
    for content in TRAFFIC.values():
        if is_known:
            with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
                pour(client._socket.sock, content)
        else:
            with silent(url) as stranger:
                pour(stranger.sock, content)


@pytest.mark.parametrize("is_known", [False, True], ids=["stranger", "client"])
def test_packets_of_every_wrong_kind_harm_nobody_else(house, url, bystander, is_known):
    for packet in PACKETS:
        auth = {"token": house.accounts.token(ALICE)} if is_known else None
        with RawClient(url, auth) as client, suppress(ConnectionError):
            client.say(packet)
            client.say(packet)


def test_random_bytes_harm_nobody_else(house, url, bystander):
    chance = random.Random(os.environ.get("FUZZ_SEED", "1"))
    whole = [frame(TEXT, packet.encode()) for packet in PACKETS] + list(TRAFFIC.values())
    for _ in range(60):
        content = bytearray(b"".join(chance.choice(whole)[:2_000] for _ in range(3)))
        for _ in range(chance.randrange(1, 20)):
            content[chance.randrange(len(content)) if content else 0 :] = chance.randbytes(chance.randrange(4))
        with silent(url) as stranger:
            pour(stranger.sock, bytes(content))


def test_every_connection_leaves_nothing_behind(local_house):
    """Threads in particular: each used to leave one that slept for half a minute, and a bad one three."""
    url = local_house.gateway(live_identify_ms=2_000, live_strangers=8)
    with silent(url):
        before = threading.active_count()
    for content in (b"", frame(TEXT, b"x"), frame(BINARY, b"x"), frame(TEXT, b"40{}"), b"\xff" * 9) * 12:
        with silent(url) as stranger:
            pour(stranger.sock, content)

    deadline_s = time.monotonic() + 10.0
    while threading.active_count() > before and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert threading.active_count() <= before


def test_answers_that_nobody_reads_are_not_kept(house, url, bystander):
    """They used to wait in a queue without an end, for strangers, too."""
    with silent(url) as stranger:
        assert stranger.sock is not None
        stranger.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        pour(stranger.sock, (frame(PING, b"x" * 125) + frame(TEXT, b"40/a,")) * 50_000)
        started_s = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - started_s < 20.0:
                stranger.sock.sendall(frame(PING, b"x" * 125))

    assert time.monotonic() - started_s < 15.0


@pytest.mark.parametrize(
    "packet", ['42["subscribe",{"prices":["AAPL"],"prices":["MSFT"]}]', '40{"token":"a","token":"b"}']
)
def test_a_packet_that_says_a_thing_twice_is_refused(packet):
    with pytest.raises(ValueError, match="stands twice"):
        packets.read(packet)


@pytest.mark.parametrize("packet", PACKETS)
def test_a_packet_is_read_or_refused_with_one_kind_of_error(packet):
    with suppress(ValueError):
        packets.read(packet)


def test_a_packet_is_read_as_it_was_meant():
    read = packets.read('42/admin,17["subscribe",{"prices":["AAPL"]}]')

    assert (read.kind, read.namespace, read.number) == (packets.Kind.EVENT, "/admin", 17)
    assert read.payload == ["subscribe", {"prices": ["AAPL"]}]
    assert packets.read("40").payload is None
    assert packets.read('40/admin?token=1,{"a":1}').namespace == "/admin"
