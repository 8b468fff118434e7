"""The cache inside one process keeps the promises of every cache, and is bounded; hits and misses are counted."""

from __future__ import annotations

import pytest

from chassis.cache import CountedCache, LocalCache
from tests.chassis.cache_conformance import CacheConformance


class TestLocalCache(CacheConformance):
    """All promises of a cache."""

    @pytest.fixture
    def cache(self):
        return LocalCache()


class TestCountedCache(CacheConformance):
    """Counting changes nothing."""

    @pytest.fixture
    def cache(self, metrics):
        return CountedCache(LocalCache(), metrics)


def test_what_is_remembered_is_forgotten_in_its_time(monkeypatch):
    now_s = [100.0]
    monkeypatch.setattr("chassis.cache.time.monotonic", lambda: now_s[0])
    cache = LocalCache()
    cache.set_many({"short": "1"}, ttl_s=5)
    cache.set_many({"long": "2"}, ttl_s=50)

    now_s[0] += 5

    assert cache.get_many(["short", "long"]) == {"long": "2"}


def test_a_full_cache_forgets_the_oldest_first():
    cache = LocalCache(largest=2)
    cache.set_many({"first": "1", "second": "2"}, ttl_s=60)
    cache.set_many({"first": "again"}, ttl_s=60)

    cache.set_many({"third": "3"}, ttl_s=60)

    assert cache.get_many(["first", "second", "third"]) == {"first": "again", "third": "3"}


@pytest.mark.parametrize("largest", [1, 10])
def test_a_cache_never_holds_more_than_it_may(largest):
    cache = LocalCache(largest)

    for number in range(100):
        cache.set_many({f"{number}": "x"}, ttl_s=60)

    assert len(cache._entries) == largest


def test_hits_and_misses_are_counted_by_kind_of_entry(metrics):
    cache = CountedCache(LocalCache(), metrics)
    cache.set_many({"last_price:A": "1", "last_price:B": "2", "session:1": "live"}, ttl_s=60)

    cache.get_many(["last_price:A", "last_price:B", "last_price:C", "session:1"])
    cache.get_many(["session:2"])

    assert looked_up(metrics, "last_price", "hit") == 2
    assert looked_up(metrics, "last_price", "miss") == 1
    assert looked_up(metrics, "session", "hit") == 1
    assert looked_up(metrics, "session", "miss") == 1


def looked_up(metrics, entry, outcome):
    return metrics.registry.get_sample_value("cache_lookups_total", {"entry": entry, "outcome": outcome})
