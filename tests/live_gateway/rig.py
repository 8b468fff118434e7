"""Live gateways to test on: in a process of their own on real servers, and within this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.serving import make_server

from chassis.bus import Bus, Message, shard_of
from chassis.cache import Cache, LocalCache
from chassis.codec import encode_facts
from chassis.feed import LocalFeed
from chassis.identity import Authenticator
from chassis.local_bus import LocalBus
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.rabbit_bus import RabbitBus
from chassis.rabbit_questions import RabbitAnswers
from chassis.redis_cache import RedisCache
from chassis.settings import read_settings
from chassis.web import create_app
from contracts.ids import uuid7
from contracts.names import QUESTION_RESOLVE_KEY, QUESTION_SESSION_IS_LIVE, session_entry
from contracts.streams import ROUTES
from live_gateway.main import attach
from live_gateway.settings import Settings
from standalone.servers.process import free_port
from tests.chassis.builders import eventually
from tests.live_gateway.wire import get

SERVICES = Path(__file__).parents[2] / "services"
KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
PATIENCE_S = 20.0
START_LIMIT_S = 60.0


class Accounts:
    """What user_accounts knows: whose sessions live, and whose API key is whose."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._ended: set[str] = set()
        self.keys = {"PK1": ("secret", "0197a3f0-0000-7000-8000-00000000000a")}
        self.answers = {QUESTION_SESSION_IS_LIVE: self._is_live, QUESTION_RESOLVE_KEY: self._whose}

    def token(self, account_id: str, session: str = "s1", lasts_s: float = 600.0, **changes: object) -> str:
        now_s = time.time()
        claims = {"iss": "stock-exchange", "sub": account_id, "name": "somebody", "operator": False, "sid": session}
        return jwt.encode(claims | {"iat": int(now_s), "exp": now_s + lasts_s} | changes, KEY, algorithm="EdDSA")

    def log_out(self, session: str) -> None:
        self._ended.add(session)
        self._cache.delete_many([session_entry(session)])

    def _is_live(self, asked):
        return {"live": asked["session_id"] not in self._ended}

    def _whose(self, asked):
        secret, account_id = self.keys.get(asked["key_id"], ("", ""))
        fits = secret and secret == asked["secret"]
        return {"account_id": account_id, "name": "somebody", "is_operator": False} if fits else {}


def tell(bus: Bus, *told: object) -> None:
    """As a relay does: facts of one key travel together."""
    bus.publish([_message([fact]) for fact in told])


def tell_together(bus: Bus, told: Sequence[object]) -> None:
    """Facts of one stream and key in one message."""
    bus.publish([_message(told)])


def _message(told: Sequence[object]) -> Message:
    route = ROUTES[type(told[0])]
    key = str(getattr(told[0], route.key))
    return Message(uuid7(time.time_ns() // 1_000_000), route.stream, shard_of(key), encode_facts(told))


class House:
    """An exchange as far as the live gateway sees it: a bus, accounts, and one or more gateways."""

    bus: Bus
    accounts: Accounts

    def __init__(self) -> None:
        self._closing = ExitStack()
        self._gateways: dict[str, str] = {}

    def gateway(self, **settings: object) -> str:
        """The address of a gateway with these settings, which may have served others before."""
        wanted = str(sorted(settings.items()))
        if wanted not in self._gateways:
            self._gateways[wanted] = self.open_gateway(**settings)
        return self._gateways[wanted]

    def open_gateway(self, **settings: object) -> str:
        """Start one more gateway and return its address."""
        raise NotImplementedError

    def metric(self, url: str, name: str) -> float:
        """A metric of a gateway; 0 if it has none of that name."""
        lines = get(url, "/metrics")[1].decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def close(self) -> None:
        self._closing.close()


class LocalHouse(House):
    """All in this process, each socket with a thread, as in `make run`."""

    def __init__(self) -> None:
        super().__init__()
        self.bus = self._bus = LocalBus()
        self._closing.callback(self._bus.close)
        self._cache = LocalCache()
        self.accounts = Accounts(self._cache)

    def open_gateway(self, **settings: object) -> str:
        metrics, questions = Metrics(), LocalQuestions()
        questions.register(self.accounts.answers)
        authenticator = Authenticator([KEY.public_key()], self._cache, questions, metrics)
        app = create_app("standalone", [], authenticator, metrics, {})
        wanted = read_settings(Settings, {name.upper(): str(value) for name, value in settings.items()})
        live = attach(app, LocalFeed(self._bus), authenticator, metrics, wanted)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        self._closing.callback(thread.join)
        self._closing.callback(server.server_close)
        self._closing.callback(server.shutdown)
        self._closing.callback(live.stop)
        return f"http://127.0.0.1:{server.server_port}"


class StackHouse(House):
    """Gateways as processes of their own, on a broker and a cache."""

    def __init__(self, rabbitmq_url: str, redis_url: str, folder: Path) -> None:
        super().__init__()
        self.rabbitmq_url, self._redis_url = rabbitmq_url, redis_url
        self.words = folder / "words"
        """What the gateways write where an operator reads it."""
        self._key_file = folder / "public.pem"
        self._key_file.write_text(PUBLIC)
        metrics = Metrics()
        bus = RabbitBus(rabbitmq_url)
        self.bus = bus
        self._closing.callback(bus.close)
        cache = RedisCache(redis_url, metrics)
        self._closing.callback(cache.close)
        self.accounts = Accounts(cache)
        answers = RabbitAnswers(rabbitmq_url, self.accounts.answers, metrics)
        self._closing.callback(answers.close)
        eventually(answers.is_listening)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def open_gateway(self, **settings: object) -> str:
        port = free_port()
        environment = {
            **os.environ,
            "PYTHONPATH": str(SERVICES),
            "RABBITMQ_URL": self.rabbitmq_url,
            "REDIS_URL": self._redis_url,
            "PUBLIC_KEY_FILE": str(self._key_file),
            "PORT": str(port),
            **{name.upper(): str(value) for name, value in settings.items()},
        }
        url = f"http://127.0.0.1:{port}"
        with self.words.open("ab") as words:
            command = [sys.executable, "-m", "live_gateway.main", "web"]
            process = subprocess.Popen(command, env=environment, stderr=words)
        self.processes[url] = process
        self._closing.callback(self.kill, url)
        self.wait_until_ready(url)
        return url

    def wait_until_ready(self, url: str) -> None:
        deadline_s = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline_s:
            assert self.processes[url].poll() is None, "the gateway has ended"
            with suppress(OSError):
                if get(url, "/readyz")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("the gateway is not ready")

    def kill(self, url: str, number: signal.Signals = signal.SIGKILL) -> int:
        """End a gateway and return how it ended."""
        self.processes[url].send_signal(number)
        return self.processes[url].wait(PATIENCE_S)
