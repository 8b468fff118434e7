"""However many processes answer, one caller has one budget; without Redis each process counts, and nobody waits."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chassis.cache import LocalCache
from chassis.identity import Authenticator
from chassis.limits import Limits
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.redis_cache import PREFIX, RedisCache
from chassis.redis_limits import RedisRates
from chassis.web import create_app
from tests.chassis.builders import eventually
from tests.servers.redis_server import RedisServer, running_redis

SERVICES = Path(__file__).parents[2] / "services"
FIRST_CALLS_LIMIT_S = 0.15
OPEN_LIMIT_S = 0.001
SECOND_US = 1_000_000
FAILURES_THAT_OPEN = 3

ANOTHER_PROCESS = """
import sys
from chassis.metrics import Metrics
from chassis.redis_limits import RedisRates

limit = RedisRates(sys.argv[1], Metrics()).rate_limit("account", int(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
print(sum(limit.take("ada") == 0 for _ in range(int(sys.argv[3]))))
"""


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def open_rates(own_redis: RedisServer) -> Iterator[Callable[[], RedisRates]]:
    """Opens rates as one more process would."""
    opened: list[RedisRates] = []

    def make() -> RedisRates:
        opened.append(RedisRates(own_redis.url, Metrics()))
        return opened[-1]

    yield make
    for rates in opened:
        rates.close()


def let_in(limit, times, key="ada"):
    return sum(limit.take(key) == 0 for _ in range(times))


def open_breaker(limit):
    for number in range(FAILURES_THAT_OPEN):
        limit.take(f"stranger {number}")


def test_a_burst_of_one_seconds_worth_is_let_in_and_the_rest_told_when_to_come_back(open_rates):
    limit = open_rates().rate_limit("account", 2)

    waits_us = [limit.take("ada") for _ in range(4)]

    assert waits_us[:2] == [0, 0]
    assert all(0 < wait_us <= SECOND_US // 2 for wait_us in waits_us[2:])


def test_two_limits_have_one_budget_to_share(open_rates):
    here, there = (open_rates().rate_limit("account", 4) for _ in range(2))
    began_s = time.monotonic()

    both = sum(limit.take("ada") == 0 for _ in range(20) for limit in (here, there))

    assert 4 <= both <= 4 + 4 * (time.monotonic() - began_s)


def test_two_processes_at_the_same_time_let_in_no_more_than_one(own_redis):
    command = [sys.executable, "-c", ANOTHER_PROCESS, own_redis.url, "50", "300"]
    processes = [
        subprocess.Popen(command, cwd=SERVICES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    began_s = time.monotonic()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()

    both = sum(int(process.communicate()[0]) for process in processes)

    assert 50 <= both <= 50 + 50 * (time.monotonic() - began_s)


def test_who_waits_as_told_gets_through_however_often_it_was_refused(open_rates):
    limit = open_rates().rate_limit("account", 4)
    waits_us = [limit.take("ada") for _ in range(100)]
    began_s = time.monotonic()

    eventually(lambda: limit.take("ada") == 0)

    assert waits_us[-1] > 0
    assert time.monotonic() - began_s < 1, "a hundred requests would be 25 s"


def test_one_who_floods_takes_nothing_from_another_nor_from_another_limit(open_rates):
    rates = open_rates()
    limit = rates.rate_limit("account", 1)
    let_in(limit, 20)

    assert limit.take("bob") == 0
    assert rates.rate_limit("address", 1).take("ada") == 0


def test_what_costs_more_than_is_left_is_done_once_and_then_paid_off_everywhere(open_rates):
    here, there = (open_rates().rate_limit("orders", 10, 1_000) for _ in range(2))
    here.take("ada")

    assert here.take("ada", 1_000) == 0

    assert [60 * SECOND_US < limit.take("ada") <= 100 * SECOND_US for limit in (here, there)] == [True, True]


def test_a_busy_key_takes_some_at_a_time_and_no_more_than_all_in_all(open_rates, own_redis):
    limits = [open_rates().rate_limit("account", 1_000) for _ in range(2)]
    began_s = time.monotonic()

    assert {limit.take("ada") for _ in range(400) for limit in limits} == {0}
    with own_redis.client() as client:
        asked = int(client.info("commandstats")["cmdstat_eval"]["calls"])
    both = 800 + sum(limit.take("ada") == 0 for _ in range(1_000) for limit in limits)

    assert asked <= 2 * (400 // 50 + 1)
    assert 1_000 <= both <= 1_000 + 1_000 * (time.monotonic() - began_s)


def test_what_was_taken_and_not_spent_is_soon_worth_nothing(open_rates):
    here = open_rates().rate_limit("account", 40)
    assert here.take("ada") == 0
    assert here._leases["ada"][0] == 1

    eventually(lambda: not here._spend("ada", 1))


def test_who_has_rested_is_forgotten(open_rates, own_redis):
    open_rates().rate_limit("account", 1).take("ada")

    with own_redis.client() as client:
        assert client.keys("*") == [f"{PREFIX}limit:account:ada"]
        eventually(lambda: client.keys("*") == [])


def test_a_clock_that_was_set_back_shuts_nobody_out(open_rates, own_redis):
    limit = open_rates().rate_limit("account", 1)
    an_hour_ahead_us = time.time_ns() // 1_000 + 3_600 * SECOND_US
    with own_redis.client() as client:
        client.set(f"{PREFIX}limit:account:ada", an_hour_ahead_us)

    assert 0 < limit.take("ada") <= SECOND_US


@pytest.mark.parametrize("fail", [RedisServer.kill, RedisServer.freeze])
def test_without_redis_a_process_counts_for_itself(open_rates, own_redis, fail):
    limit = open_rates().rate_limit("account", 5)
    limit.take("ada")
    fail(own_redis)
    open_breaker(limit)
    began_s = time.monotonic()

    assert 5 <= let_in(limit, 50) <= 5 + 5 * (time.monotonic() - began_s)


@pytest.mark.parametrize("fail", [RedisServer.kill, RedisServer.freeze])
def test_a_redis_that_fails_costs_little_at_first_and_then_nothing(open_rates, own_redis, fail):
    limit = open_rates().rate_limit("account", 1_000_000)
    limit.take("ada")
    fail(own_redis)

    first = seconds_of(limit, FAILURES_THAT_OPEN)
    then = seconds_of(limit, 1_000)

    assert max(first) < FIRST_CALLS_LIMIT_S
    assert sorted(then)[990] < OPEN_LIMIT_S


@pytest.mark.parametrize(
    ("fail", "come_back"), [(RedisServer.kill, RedisServer.start), (RedisServer.freeze, RedisServer.thaw)]
)
def test_when_redis_is_back_the_budget_is_shared_again(open_rates, own_redis, fail, come_back):
    here, there = (open_rates().rate_limit("account", 1) for _ in range(2))
    fail(own_redis)
    for limit in (here, there):
        open_breaker(limit)

    come_back(own_redis)

    eventually(lambda: share_a_budget(here, there, f"account {time.monotonic_ns()}"))


def share_a_budget(here, there, stranger):
    return here.take(stranger) == 0 and there.take(stranger) > 0


def test_a_cache_that_drops_all_of_ours_gives_everybody_a_fresh_burst_and_no_more(open_rates, own_redis):
    limit = open_rates().rate_limit("account", 2)
    let_in(limit, 10)
    cache = RedisCache(own_redis.url, Metrics())
    began_s = time.monotonic()

    cache._sweep()

    assert 2 <= let_in(limit, 10) <= 2 + 2 * (time.monotonic() - began_s)
    cache.close()


def test_the_web_floor_refuses_by_what_all_processes_have_counted(open_rates, own_redis):
    processes = [web_process(open_rates()) for _ in range(2)]

    statuses = [process.get("/nowhere").status_code for process in processes]
    own_redis.kill()
    without_redis = [process.get("/nowhere").status_code for process in processes]

    assert statuses == [404, 429]
    assert without_redis == [404, 404]


def web_process(rates):
    authenticator = Authenticator((), LocalCache(), LocalQuestions(), Metrics())
    limits = Limits(rate_limit_per_address=1)
    return create_app("shop", [], authenticator, Metrics(), {}, limits, rates.rate_limit).test_client()


def seconds_of(limit, times):
    taken = []
    for _ in range(times):
        began_s = time.perf_counter()
        limit.take("ada")
        taken.append(time.perf_counter() - began_s)
    return taken
