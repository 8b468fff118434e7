"""Rate limits that all processes share through Redis; without Redis each process counts for itself."""

from __future__ import annotations

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
local pause_us, second_us = tonumber(ARGV[1]), 1000000
local rested_at_us = tonumber(redis.call('GET', KEYS[1]) or '0')
rested_at_us = math.min(math.max(rested_at_us, now_us), now_us + second_us) -- its clock may have been set back
local wait_us = rested_at_us + pause_us - second_us - now_us
if wait_us > 0 then return wait_us end
redis.call('SET', KEYS[1], string.format('%.0f', rested_at_us + pause_us), 'PX', 2000)
return 0
"""
"""What RateLimit.take does, by the clock of Redis, which is the same for all; a key that has rested is forgotten."""


class RedisRates:
    """Makes rate limits that have one budget in all processes with the Redis at `url`, whatever becomes of it."""

    def __init__(self, url: str, metrics: Metrics) -> None:
        self._redis = impatient_redis(url)
        self._breaker = Breaker("rate_limits", (RedisError,), metrics)

    def rate_limit(self, name: str, per_second: int) -> RedisRateLimit:
        """A limit of its own for each name, such as "account"."""
        return RedisRateLimit(self._redis, self._breaker, name, per_second)

    def close(self) -> None:
        self._redis.close()


class RedisRateLimit:
    """A RateLimit across processes. While Redis is away, what one process lets in by itself is limited as much."""

    def __init__(self, redis: Any, breaker: Breaker, name: str, per_second: int) -> None:
        self._redis = redis
        self._breaker = breaker
        self._prefix = f"{_LIMIT}{name}:"
        self._pause_us = 1_000_000 // per_second
        self._alone = RateLimit(per_second)

    def take(self, key: str) -> int:
        """Count a request and return 0, or count nothing and return the microseconds to wait; never an error."""
        try:
            return int(self._breaker.call(partial(self._redis.eval, _TAKE, 1, self._prefix + key, self._pause_us)))
        except (RedisError, BreakerOpen):
            return self._alone.take(key)
