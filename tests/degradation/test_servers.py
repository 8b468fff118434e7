"""What a trader notices when Redis, RabbitMQ or a database is gone, slow or comes and goes (docs/degradation.md)."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

from tests.chassis.builders import eventually
from tests.degradation.order_flow import BOUND_S, an_order, assert_undisturbed, tell
from tests.degradation.whole_exchange import NEIGHBOURS, SLOW_S, flap, pause


@contextmanager
def broker_frozen(exchange):
    os.kill(exchange.servers.rabbitmq.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(exchange.servers.rabbitmq.pid, signal.SIGCONT)


def place_hopeless(exchange, traders):
    """An order that nobody has the money for."""
    return exchange.ask("POST", "/v2/orders", an_order("buy", qty="1000000", limit_price="999.00"), token=traders.bob)


def test_without_redis_everything_works_and_a_hopeless_order_is_refused_later_instead_of_at_once(exchange, traders):
    with traders.trading() as flow:
        exchange.servers.redis.kill()
        try:
            eventually(lambda: exchange.shows("stock_ordering", "web", 'breaker_state{breaker="redis"} 2.0'))
            hopeless = place_hopeless(exchange, traders)
            assert (hopeless.status, hopeless.body["status"]) == (200, "pending_new")
            path = f"/v2/orders/{hopeless.body['id']}"
            eventually(lambda: exchange.ask("GET", path, token=traders.bob).body["status"] == "rejected")
            assert exchange.ask("GET", "/v2/account", token=traders.bob).status == 200
            assert exchange.ask("GET", "/v2/stocks/AAPL/orderbook", token=traders.bob).status == 200
            assert exchange.ask("POST", "/v2/auth/demo-login", {"name": "alice"}).status == 200
            assert traders.settle(flow) < SLOW_S
            assert all(exchange.is_ready(*door) for door in exchange.doors)
        finally:
            exchange.servers.redis.start()
    assert_undisturbed("Redis down", traders, flow)

    eventually(lambda: exchange.shows("stock_ordering", "web", 'breaker_state{breaker="redis"} 0.0'))
    with traders.trading():
        eventually(lambda: place_hopeless(exchange, traders).status == 403)


def test_a_redis_that_answers_after_five_seconds_slows_no_order(exchange, traders):
    with traders.trading() as flow:
        exchange.servers.redis.freeze()
        try:
            pause(SLOW_S)
            assert exchange.shows("stock_ordering", "web", 'breaker_state{breaker="redis"} 2.0')
        finally:
            exchange.servers.redis.thaw()
    assert_undisturbed("Redis slow", traders, flow)


def test_a_redis_that_comes_and_goes_slows_no_order(exchange, traders):
    with traders.trading() as flow:
        flap(exchange.servers.redis.kill, exchange.servers.redis.start)
    assert_undisturbed("Redis flapping", traders, flow)


def test_without_the_broker_orders_are_accepted_as_pending_and_go_on_when_it_is_back(exchange, traders):
    with traders.trading() as flow:
        exchange.servers.rabbitmq.kill()
        try:
            eventually(lambda: not exchange.is_ready("stock_ordering", "relay"))
            waited = exchange.ask("POST", "/v2/orders", an_order("sell"), token=traders.alice, prefer="wait=1")
            assert (waited.status, waited.body["status"]) == (200, "pending_new")
            assert 1.0 <= waited.took_s < 1.0 + BOUND_S
            counterpart = exchange.ask("POST", "/v2/orders", an_order("buy"), token=traders.bob)
            assert counterpart.body["status"] == "pending_new"
            regretted = exchange.ask("POST", "/v2/orders", an_order("buy", limit_price="180.00"), token=traders.bob)
            path = f"/v2/orders/{regretted.body['id']}"
            assert exchange.ask("DELETE", path, token=traders.bob).status in (200, 204)
            for shown in ("/v2/account", "/v2/orders", "/v2/stocks/AAPL/orderbook"):
                assert exchange.ask("GET", shown, token=traders.bob).status == 200
            newcomer = {"name": "newcomer", "password": "correct horse battery"}
            new = exchange.ask("POST", "/v2/auth/signup", newcomer)
            assert new.status == 201
            assert exchange.ask("GET", "/v2/account", token=new.body["access_token"]).is_refusal_for_now
            assert exchange.is_ready("stock_ordering", "web")
            assert not exchange.is_ready("user_portfolio", "consumer")
        finally:
            exchange.servers.rabbitmq.start()
    flow.accepted += [waited.body["id"], counterpart.body["id"]]
    assert_undisturbed("RabbitMQ down", traders, flow)

    eventually(lambda: exchange.ask("GET", path, token=traders.bob).body["status"] == "canceled")
    eventually(lambda: exchange.ask("GET", "/v2/account", token=new.body["access_token"]).status == 200)


def test_a_broker_that_answers_after_five_seconds_slows_no_order(exchange, traders):
    with traders.trading() as flow, broker_frozen(exchange):
        pause(SLOW_S)
        outbox = exchange.ask_door(("stock_ordering", "relay"), "GET", "/metrics").body
        assert 'outbox_waiting{service="stock_ordering"} 0.0' not in outbox.splitlines()
    assert_undisturbed("RabbitMQ slow", traders, flow)


def test_a_broker_that_comes_and_goes_slows_no_order(exchange, traders):
    with traders.trading() as flow:
        flap(exchange.servers.cable.pull, exchange.servers.cable.put_back)
    assert_undisturbed("RabbitMQ flapping", traders, flow)


def test_databases_of_all_others_that_answer_after_five_seconds_slow_no_order(exchange, traders):
    exchange.forget_sessions()
    with traders.trading() as flow, exchange.databases_stuck(*NEIGHBOURS):
        pause(SLOW_S)
    assert_undisturbed("all other databases slow", traders, flow)


def test_databases_of_all_others_that_come_and_go_slow_no_order(exchange, traders):
    exchange.forget_sessions()
    with traders.trading() as flow:
        for _ in range(5):
            with exchange.databases_down(*NEIGHBOURS):
                pause(0.7)
            pause(0.7)
    assert_undisturbed("all other databases flapping", traders, flow)


def test_orders_are_late_and_none_is_lost_when_their_own_database_answers_after_five_seconds(exchange, traders):
    with traders.trading() as flow, exchange.databases_stuck("stock_ordering"):
        pause(SLOW_S)
        assert exchange.ask("GET", "/v2/account", token=traders.bob).took_s < BOUND_S
    tell("the orders' own database slow", flow, traders.settle(flow))

    assert 1.0 < flow.slowest_s < 2 * SLOW_S + BOUND_S


def test_orders_wait_or_are_refused_and_none_is_lost_while_their_own_database_comes_and_goes(exchange, traders):
    with traders.trading() as flow:
        for _ in range(5):
            with exchange.databases_down("stock_ordering"):
                pause(0.7)
            pause(0.7)
    tell("the orders' own database flapping", flow, traders.settle(flow))

    assert flow.unanswered == 0
    assert flow.slowest_s < 2 * SLOW_S
