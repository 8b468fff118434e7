"""The cache in Redis keeps the promises of every cache; without Redis it is slower for a moment, never wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from chassis.redis_cache import PREFIX, RedisCache
from tests.chassis.builders import PATIENCE_S, eventually
from tests.chassis.cache_conformance import CacheConformance
from tests.servers.redis_server import RedisServer, running_redis

FIRST_CALLS_LIMIT_S = 0.15
OPEN_LIMIT_S = 0.001
BACK_LIMIT_S = 5.0

SESSION = "session:1"


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def cache(own_redis, metrics) -> Iterator[RedisCache]:
    cache = RedisCache(own_redis.url, metrics, most_doubts=4)
    yield cache
    cache.close()


@pytest.fixture
def slow_mender(monkeypatch):
    """Redis is back well before anybody mends: what is served meanwhile shows."""
    monkeypatch.setattr("chassis.redis_cache._MEND_EVERY_S", 1.8)


class TestRedisCache(CacheConformance):
    """All promises of a cache."""

    @pytest.fixture
    def cache(self, redis_server, metrics):
        with redis_server.client() as client:
            client.flushall()
        cache = RedisCache(redis_server.url, metrics)
        yield cache
        cache.close()


def seconds_of(call, times):
    taken = []
    for _ in range(times):
        began_s = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began_s)
    return sorted(taken)


def p99(taken):
    return taken[len(taken) * 99 // 100]


def state(metrics):
    return metrics.registry.get_sample_value("breaker_state", {"breaker": "redis"})


def open_breaker(cache, metrics):
    for _ in range(3):
        assert cache.get_many(["nothing"]) == {}
    assert state(metrics) == 2


def is_back(cache):
    cache.set_many({"back": "yes"}, ttl_s=60)
    return cache.get_many(["back"]) == {"back": "yes"}


def wait_until_back(cache):
    began_s = time.monotonic()
    eventually(lambda: is_back(cache))
    assert time.monotonic() - began_s < BACK_LIMIT_S


def use(cache):
    cache.set_many({"price": "1"}, ttl_s=60)
    cache.get_many(["price"])
    cache.delete_many(["price"])


@pytest.mark.parametrize("fail", [RedisServer.kill, RedisServer.freeze])
def test_a_redis_that_fails_costs_little_at_first_and_then_nothing(cache, own_redis, metrics, fail):
    cache.set_many({"price": "1"}, ttl_s=60)
    fail(own_redis)

    first = seconds_of(lambda: cache.get_many(["price"]), 3)
    then = seconds_of(lambda: cache.get_many(["price"]), 1_000)

    assert p99(first) < FIRST_CALLS_LIMIT_S
    assert p99(then) < OPEN_LIMIT_S
    assert state(metrics) == 2
    assert metrics.registry.get_sample_value("cache_unreached_total", {"operation": "get"}) == 1_003


@pytest.mark.parametrize("fail", [RedisServer.kill, RedisServer.freeze])
def test_writes_to_a_redis_that_fails_are_dropped_as_cheaply(cache, own_redis, fail):
    fail(own_redis)

    first = seconds_of(lambda: cache.set_many({"price": "1"}, ttl_s=60), 3)
    then = seconds_of(lambda: cache.delete_many(["price"]), 1_000)

    assert p99(first) < FIRST_CALLS_LIMIT_S
    assert p99(then) < OPEN_LIMIT_S


def test_many_callers_wait_for_a_frozen_redis_at_the_same_time_not_one_after_the_other(cache, own_redis):
    cache.get_many(["price"])
    own_redis.freeze()
    callers = [threading.Thread(target=cache.get_many, args=(["price"],)) for _ in range(20)]
    began_s = time.monotonic()

    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(PATIENCE_S)

    assert time.monotonic() - began_s < 5 * FIRST_CALLS_LIMIT_S


@pytest.mark.parametrize(
    ("fail", "come_back"), [(RedisServer.kill, RedisServer.start), (RedisServer.freeze, RedisServer.thaw)]
)
def test_a_redis_that_is_back_is_used_again(cache, own_redis, metrics, fail, come_back):
    fail(own_redis)
    open_breaker(cache, metrics)
    assert cache.is_away(), "a miss says nothing now"

    come_back(own_redis)

    wait_until_back(cache)
    assert state(metrics) == 0
    assert not cache.is_away()


def test_a_redis_that_comes_and_goes_troubles_nobody(cache, own_redis):
    taken = []
    for _ in range(4):
        own_redis.kill()
        taken += seconds_of(lambda: use(cache), 20)
        own_redis.start()
        taken += seconds_of(lambda: use(cache), 20)

    assert max(taken) < 3 * FIRST_CALLS_LIMIT_S
    wait_until_back(cache)


def test_a_cache_may_be_made_before_there_is_a_redis(own_redis, metrics):
    own_redis.kill()
    cache = RedisCache(own_redis.url, metrics)
    use(cache)

    own_redis.start()

    wait_until_back(cache)
    cache.close()


@pytest.mark.usefixtures("slow_mender")
def test_a_session_that_ended_while_redis_was_away_does_not_come_back_with_it(cache, own_redis, metrics):
    cache.set_many({SESSION: "live"}, ttl_s=60)
    own_redis.freeze()
    open_breaker(cache, metrics)
    cache.delete_many([SESSION])
    own_redis.thaw()

    with own_redis.client() as client:
        assert client.get(PREFIX + SESSION) == "live"
        assert found_until(cache, SESSION, lambda: client.get(PREFIX + SESSION) is None) == []


@pytest.mark.usefixtures("slow_mender")
def test_a_price_that_changed_while_redis_was_away_is_missed_not_served_stale(cache, own_redis, metrics):
    cache.set_many({"price": "old", "other": "1"}, ttl_s=60)
    own_redis.freeze()
    open_breaker(cache, metrics)
    cache.set_many({"price": "new"}, ttl_s=60)
    own_redis.thaw()

    assert found_until(cache, "price", lambda: menders() == []) == []

    cache.set_many({"price": "newer"}, ttl_s=60)
    assert cache.get_many(["price", "other"]) == {"price": "newer", "other": "1"}


def test_another_process_does_not_find_the_ended_session_either(cache, own_redis, metrics):
    cache.set_many({SESSION: "live"}, ttl_s=60)
    own_redis.freeze()
    open_breaker(cache, metrics)
    cache.delete_many([SESSION])
    own_redis.thaw()
    other = RedisCache(own_redis.url, metrics)

    began_s = time.monotonic()
    eventually(lambda: other.get_many([SESSION]) == {})

    assert time.monotonic() - began_s < BACK_LIMIT_S
    other.close()


def test_a_frozen_redis_that_carries_out_late_what_was_given_up_is_put_right(cache, own_redis):
    cache.set_many({SESSION: "old"}, ttl_s=60)
    own_redis.freeze()
    cache.set_many({SESSION: "late"}, ttl_s=60)
    own_redis.thaw()

    assert found_until(cache, SESSION, lambda: menders() == []) == []

    with own_redis.client() as client:
        assert client.get(PREFIX + SESSION) is None


def test_what_is_put_right_is_not_overtaken_by_what_was_given_up(cache, own_redis, monkeypatch):
    """The late write waits on a connection Redis has not yet accepted; an older, idle one would be served first."""
    mend = cache._mend

    def mend_while_it_wakes():
        threading.Timer(0.02, own_redis.thaw).start()
        mend()

    monkeypatch.setattr(cache, "_mend", mend_while_it_wakes)
    pool = cache._redis.connection_pool
    older = pool.get_connection()
    own_redis.freeze()
    cache.set_many({SESSION: "late"}, ttl_s=60)
    pool.release(older)

    eventually(lambda: menders() == [])

    with own_redis.client() as client:
        assert client.get(PREFIX + SESSION) is None


@pytest.mark.usefixtures("slow_mender")
def test_more_doubts_than_it_can_hold_drop_everything_of_ours_and_nothing_else(cache, own_redis, metrics):
    keys = [f"session:{number}" for number in range(3_000)]
    cache.set_many(dict.fromkeys(keys, "live"), ttl_s=60)
    with own_redis.client() as client:
        client.set("somebody else's", "stays")
        own_redis.freeze()
        open_breaker(cache, metrics)
        cache.delete_many(keys[:5])
        own_redis.thaw()

        assert found_until(cache, keys[-1], lambda: client.keys("*") == ["somebody else's"]) == []
    wait_until_back(cache)


def test_nobody_mends_when_nothing_is_in_doubt(cache, own_redis, metrics):
    own_redis.kill()
    open_breaker(cache, metrics)
    assert menders() == []
    cache.delete_many([SESSION])
    assert len(menders()) == 1

    own_redis.start()

    eventually(lambda: menders() == [])


def test_a_cache_closes_while_redis_is_away(own_redis, metrics):
    cache = RedisCache(own_redis.url, metrics)
    own_redis.freeze()
    cache.delete_many([SESSION])
    began_s = time.monotonic()

    cache.close()

    assert menders() == []
    assert time.monotonic() - began_s < BACK_LIMIT_S


def found_until(cache, key, happened):
    """What the cache answers for `key` from now until it has happened."""
    found = []

    def look():
        found.extend(cache.get_many([key]).values())
        return happened()

    eventually(look)
    return found


def menders():
    return [thread for thread in threading.enumerate() if thread.name == "cache-mender"]
