"""A view from the cache is what a reader of the database would see, or it is not shown."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chassis.cache import Cache, LocalCache
from chassis.metrics import Metrics
from chassis.redis_cache import RedisCache
from chassis.views import CachedViews


@dataclass(frozen=True)
class Balance:
    owner: str
    amounts: tuple[int, ...]


POOR, RICH = Balance("ann", (1,)), Balance("ann", (1, 2**53 + 1))


@pytest.fixture(params=["local", "redis"])
def cache(request, redis_server) -> Cache:
    if request.param == "local":
        return LocalCache()
    redis_server.client().flushall()
    return RedisCache(redis_server.url, Metrics())


@pytest.fixture
def views(cache: Cache, metrics: Metrics) -> CachedViews[Balance]:
    return CachedViews("balance", Balance, cache, metrics)


def lookups(metrics: Metrics, outcome: str) -> float | None:
    return metrics.registry.get_sample_value("cache_lookups_total", {"entry": "balance", "outcome": outcome})


def test_what_was_read_is_shown_until_a_new_version_is_told(views):
    views.tell({"ann": "1"})
    views.remember({"ann": ("1", RICH)})
    assert views.known(["ann", "bob"]) == {"ann": RICH}

    views.tell({"ann": "2"})

    assert views.known(["ann"]) == {}


def test_a_slow_reader_does_not_bring_back_what_was(views):
    views.tell({"ann": "2"})

    views.remember({"ann": ("1", POOR)})

    assert views.known(["ann"]) == {}


def test_without_a_version_nothing_is_known(views):
    views.remember({"ann": ("1", POOR)})

    assert views.known(["ann"]) == {}


def test_parts_of_one_key_are_told_apart_and_end_together(views):
    views.tell({"ann": "1"})
    views.remember({"ann": ("1", POOR)}, "short")
    views.remember({"ann": ("1", RICH)}, "long")
    assert (views.known(["ann"], "short"), views.known(["ann"], "long")) == ({"ann": POOR}, {"ann": RICH})

    views.tell({"ann": "2"})

    assert (views.known(["ann"], "short"), views.known(["ann"], "long")) == ({}, {})


def test_what_another_release_has_left_is_not_shown(views, cache):
    views.tell({"ann": "1"})
    views.remember({"ann": ("1", POOR)})
    cache.set_many({"balance_view:ann:": '["1",{"owner":"ann"}]'}, 5.0)

    assert views.known(["ann"]) == {}


def test_hits_and_misses_are_counted(views, metrics):
    views.tell({"ann": "1", "bob": "1"})
    views.remember({"ann": ("1", POOR), "bob": ("0", POOR)})

    views.known(["ann", "bob", "cid"])

    assert (lookups(metrics, "hit"), lookups(metrics, "miss")) == (1, 2)


def test_a_reader_of_the_database_can_have_every_other_version_forgotten(views):
    views.tell({"ann": "1", "bob": "1", "cid": "1"})
    views.remember({"ann": ("1", POOR), "bob": ("1", POOR), "cid": ("1", POOR)})

    views.confirm({"ann": "2", "bob": "1", "dan": "1"})

    assert set(views.known(["ann", "bob", "cid", "dan"])) == {"bob", "cid"}
