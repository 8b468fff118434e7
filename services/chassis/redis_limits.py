"""Rate limits that all processes share through Redis; without Redis each process counts for itself."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import Any

from redis.exceptions import RedisError

from chassis.breaker import Breaker, BreakerOpen
from chassis.limits import RateLimit
from chassis.metrics import Metrics
from chassis.redis_cache import PREFIX, impatient_redis

_LIMIT = PREFIX + "limit:"

_TAKE = """
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local pause_us, cost, lease, largest_us = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local rested_at_us = tonumber(redis.call('GET', KEYS[1]) or '0')
rested_at_us = math.min(math.max(rested_at_us, now_us), now_us + largest_us) -- its clock may have been set back
local left = math.floor((now_us + 1000000 - rested_at_us) / pause_us)
if left < 1 then return rested_at_us + pause_us - 1000000 - now_us end
local granted = math.max(cost, math.min(lease, left))
rested_at_us = rested_at_us + granted * pause_us
redis.call('SET', KEYS[1], string.format('%.0f', rested_at_us), 'PX', math.ceil((rested_at_us - now_us) / 1000) + 1000)
return -granted
"""
"""What RateLimit.take does, by the clock of Redis, which is the same for all; a key that has rested is forgotten.

It grants up to `lease` at once, if there is as much left, and returns what it granted as a negative number.
"""

_LEASES_A_SECOND = 20
_LEASE_S = 1.0
_MOST_LEASES = 10_000


class RedisRates:
    """Makes rate limits that have one budget in all processes with the Redis at `url`, whatever becomes of it."""

    def __init__(self, url: str, metrics: Metrics) -> None:
        self._redis = impatient_redis(url)
        self._breaker = Breaker("rate_limits", (RedisError,), metrics)

    def rate_limit(self, name: str, per_second: int, largest_cost: int = 1) -> RedisRateLimit:
        """A limit of its own for each name, such as "account"."""
        return RedisRateLimit(self._redis, self._breaker, name, per_second, largest_cost)

    def close(self) -> None:
        self._redis.close()


class RedisRateLimit:
    """A RateLimit across processes. While Redis is away, what one process lets in by itself is limited as much.

    A busy key takes a twentieth of its second at a time and spends it here: a way to Redis for each request would cost
    more than many a request. What it has not spent within a second is lost, never doubled.
    """

    def __init__(self, redis: Any, breaker: Breaker, name: str, per_second: int, largest_cost: int) -> None:
        self._redis = redis
        self._breaker = breaker
        self._prefix = f"{_LIMIT}{name}:"
        pause_us = 1_000_000 // per_second
        self._pause_us = pause_us
        self._lease = max(per_second // _LEASES_A_SECOND, 1)
        self._largest_us = 1_000_000 + (largest_cost - 1) * pause_us
        self._leases: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._alone = RateLimit(per_second)

    def take(self, key: str, cost: int = 1) -> int:
        """As Rate says; never an error."""
        if self._spend(key, cost):
            return 0
        arguments = (self._pause_us, cost, self._lease, self._largest_us)
        try:
            told = int(self._breaker.call(partial(self._redis.eval, _TAKE, 1, self._prefix + key, *arguments)))
        except (RedisError, BreakerOpen):
            return self._alone.take(key, cost)
        if told < 0:
            self._keep(key, -told - cost)
        return max(told, 0)

    def _spend(self, key: str, cost: int) -> bool:
        with self._lock:
            left, until_s = self._leases.get(key, (0, 0.0))
            if left < cost or time.monotonic() >= until_s:
                return False
            self._leases[key] = left - cost, until_s
            return True

    def _keep(self, key: str, left: int) -> None:
        if left <= 0:
            return
        with self._lock:
            if len(self._leases) >= _MOST_LEASES:
                self._leases.clear()
            self._leases[key] = left, time.monotonic() + _LEASE_S
