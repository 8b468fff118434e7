"""The cache in Redis, which may be dead, slow or back at any time: never an error, never a wait, never a stale hit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from chassis.breaker import Breaker, BreakerOpen
from chassis.doubts import Doubts
from chassis.metrics import Metrics

Answer = TypeVar("Answer")

PREFIX = "exchange:"
"""Stands before the name of every entry in Redis; everything below it is ours to drop."""

_CONNECT_LIMIT_S = 0.05
_ANSWER_LIMIT_S = 0.08
_MEND_EVERY_S = 0.5
_MOST_DOUBTS = 5_000
_SWEPT_TOGETHER = 1_000


def impatient_redis(url: str) -> Redis:
    """A client that gives up early: 50 ms to connect, 80 ms for an answer, no second attempt."""
    return Redis.from_url(
        url,
        decode_responses=True,
        protocol=2,  # needs no handshake: a new connection costs one wait, not several
        driver_info=None,  # likewise
        socket_connect_timeout=_CONNECT_LIMIT_S,
        socket_timeout=_ANSWER_LIMIT_S,
        retry=Retry(NoBackoff(), 0),  # going without is cheaper than a second wait
    )


class RedisCache:
    """A Cache on the Redis at `url`, such as redis://127.0.0.1:6379/0.

    An entry whose last write was dropped is missed, never served, until it has been deleted in Redis: a thread
    that lives from the first such write until Redis is back sees to that (docs/decisions/0007).
    """

    def __init__(self, url: str, metrics: Metrics, most_doubts: int = _MOST_DOUBTS) -> None:
        self._redis = impatient_redis(url)
        self._breaker = Breaker("redis", (RedisError,), metrics)
        self._unreached = metrics.cache_unreached
        self._doubts = Doubts(most_doubts)
        self._lock = threading.Lock()
        self._mender: threading.Thread | None = None
        self._closed = threading.Event()
        self._is_away = False

    def is_away(self) -> bool:
        return self._is_away

    def get_many(self, keys: Iterable[str]) -> dict[str, str]:
        wanted = [key for key in dict.fromkeys(keys) if not self._doubts.covers(key)]
        if not wanted:
            return {}
        return self._reach("get", lambda: self._get(wanted)) or {}

    def set_many(self, entries: Mapping[str, str], ttl_s: float) -> None:
        self._write("set", entries, lambda: self._set(entries, max(1, round(ttl_s * 1_000))))

    def delete_many(self, keys: Iterable[str]) -> None:
        unwanted = tuple(keys)
        self._write("delete", unwanted, lambda: self._delete(unwanted))

    def close(self) -> None:
        """Leave Redis; what is still in doubt there ends with its time to live."""
        self._closed.set()
        mender = self._mender
        if mender is not None:
            mender.join()
        self._redis.close()

    def _get(self, keys: Sequence[str]) -> dict[str, str]:
        values = self._redis.mget([PREFIX + key for key in keys])
        return {key: str(value) for key, value in zip(keys, values, strict=True) if value is not None}

    def _set(self, entries: Mapping[str, str], ttl_ms: int) -> bool:
        with self._redis.pipeline(transaction=False) as pipeline:
            for key, value in entries.items():
                pipeline.set(PREFIX + key, value, px=ttl_ms)
            pipeline.execute()
        return True

    def _delete(self, keys: Iterable[str]) -> bool:
        self._redis.unlink(*(PREFIX + key for key in keys))
        return True

    def _write(self, operation: str, keys: Collection[str], work: Callable[[], bool]) -> None:
        if keys and not self._reach(operation, work):
            self._doubt(keys)

    def _reach(self, operation: str, work: Callable[[], Answer]) -> Answer | None:
        """The answer of Redis, or None when there was none in time."""
        try:
            answer = self._breaker.call(work)
        except (RedisError, BreakerOpen):
            self._is_away = True
            self._unreached.labels(operation).inc()
            return None
        self._is_away = False
        return answer

    def _doubt(self, keys: Iterable[str]) -> None:
        with self._lock:
            self._doubts.add(keys)
            if self._mender is None and not self._closed.is_set():
                self._mender = threading.Thread(target=self._mend_until_certain, name="cache-mender", daemon=True)
                self._mender.start()

    def _mend_until_certain(self) -> None:
        while not self._closed.wait(_MEND_EVERY_S):
            self._reach("mend", self._mend)
            with self._lock:
                if not self._doubts:
                    self._mender = None
                    return

    def _mend(self) -> None:
        with self._lock:
            doubted = self._doubts.now()
        # A Redis that wakes may yet carry out what was given up, old connections first: so mend on the newest one.
        self._redis.connection_pool.disconnect(inuse_connections=False)
        if doubted.everything is not None:
            self._sweep()
        if doubted.names:
            self._delete(doubted.names)
        with self._lock:
            self._doubts.settle(doubted)

    def _sweep(self) -> None:
        cursor = -1
        while cursor:
            cursor, found = self._redis.scan(max(cursor, 0), match=PREFIX + "*", count=_SWEPT_TOGETHER)
            if found:
                self._redis.unlink(*found)
