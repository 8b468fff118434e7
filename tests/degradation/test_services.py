"""What a trader notices when a service or its database is down, slow or comes and goes (docs/degradation.md)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from tests.chassis.builders import eventually
from tests.degradation.order_flow import BOUND_S, Flow, TwoTraders, an_order, assert_undisturbed, tell
from tests.degradation.whole_exchange import NEIGHBOURS, SERVICES, SLOW_S, Answer, WholeExchange, flap, pause

LOGIN = ("POST", "/v2/auth/demo-login", {"name": "alice"})
ACCOUNT = ("GET", "/v2/account", None)
QUOTE = ("GET", "/v2/stocks/AAPL/quotes/latest", None)
ASSETS = ("GET", "/v2/assets", None)
ORDERS = ("GET", "/v2/orders", None)
QUESTIONS = (LOGIN, ACCOUNT, QUOTE, ASSETS, ORDERS)


@dataclass(frozen=True)
class Loss:
    """What goes with a service: the questions that nobody answers, and what becomes of orders meanwhile."""

    unanswered: tuple[tuple[str, str, dict[str, str] | None], ...]
    orders: str


LOSSES = {
    "user_accounts": Loss((LOGIN,), "filled"),
    "user_portfolio": Loss((ACCOUNT,), "pending_new"),
    "stock_data": Loss((QUOTE, ASSETS), "filled"),
    "stock_ordering": Loss((ORDERS,), "refused"),
    "order_matching": Loss((), "pending_new"),
}


def taken_away(exchange: WholeExchange, what: str, service: str) -> AbstractContextManager[None]:
    return exchange.services_down(service) if what == "service" else exchange.databases_down(service)


def place_pair(exchange: WholeExchange, traders: TwoTraders, flow: Flow) -> Answer:
    """The buy, after as long as it takes to be filled, or a second; both must be filled in the end."""
    sold = exchange.ask("POST", "/v2/orders", an_order("sell"), token=traders.alice)
    bought = exchange.ask("POST", "/v2/orders", an_order("buy"), token=traders.bob, prefer="wait=2")
    flow.accepted += [sold.body["id"], bought.body["id"]]
    return bought


def answers(exchange: WholeExchange, question: tuple[str, str, dict[str, str] | None], token: str) -> bool:
    """Whether a question is answered; if not, nobody is there, or it is refused in the words of a refusal for now."""
    try:
        answer = exchange.ask(*question, token=token)
    except ConnectionRefusedError:
        return False
    assert answer.status == 200 or answer.is_refusal_for_now, answer
    assert answer.took_s < SLOW_S
    return answer.status == 200


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("what", ["database", "service"])
def test_what_goes_with_a_service_or_its_database_is_only_what_it_answers_itself(exchange, traders, what, service):
    loss = LOSSES[service]
    exchange.forget_sessions()
    with traders.trading() as flow, taken_away(exchange, what, service):
        pause(0.5)
        exchange.forget_views()
        assert [each for each in QUESTIONS if not answers(exchange, each, traders.bob)] == list(loss.unanswered)
        assert not any(exchange.is_ready(*door) for door in exchange.doors_of(service))
        if loss.orders != "refused":
            assert place_pair(exchange, traders, flow).body["status"] == loss.orders

    if loss.orders == "refused":
        tell(f"{service}: {what} down", flow, traders.settle(flow))
        assert flow.refused if what == "database" else flow.unanswered
    else:
        assert_undisturbed(f"{service}: {what} down", traders, flow)


def test_while_user_accounts_is_away_a_key_it_has_vouched_for_trades_on_and_an_unknown_one_has_to_wait(
    exchange, traders
):
    keys = [exchange.ask("POST", "/v2/auth/keys", {"label": ""}, token=traders.alice).body for _ in range(2)]
    known, unknown = ({"APCA_API_KEY_ID": key["key_id"], "APCA_API_SECRET_KEY": key["secret"]} for key in keys)
    assert exchange.ask("GET", "/v2/orders", **known).status == 200

    with exchange.databases_down("user_accounts"):
        assert exchange.ask("GET", "/v2/orders", **known).status == 200
        assert exchange.ask("GET", "/v2/orders", **unknown).is_refusal_for_now

    eventually(lambda: exchange.ask("GET", "/v2/orders", **unknown).status == 200)


def test_a_relay_whose_database_is_away_shows_all_its_metrics_but_what_only_the_database_knows(exchange):
    relay = ("user_accounts", "relay")
    with exchange.databases_down("user_accounts"):
        eventually(lambda: exchange.shows(*relay, 'breaker_state{breaker="database"} 2.0'))

        assert exchange.shows(*relay, 'outbox_waiting{service="user_accounts"} NaN')

    eventually(lambda: exchange.shows(*relay, 'outbox_waiting{service="user_accounts"} 0.0'))


def test_a_market_order_without_stock_data_goes_by_the_price_last_heard(exchange, traders):
    market = {"symbol": "AAPL", "side": "buy", "qty": "1", "type": "market", "time_in_force": "ioc"}
    with exchange.frozen(*exchange.doors_of("stock_data")):
        exchange.servers.redis.client().flushdb()
        placed = exchange.ask("POST", "/v2/orders", market, token=traders.bob, prefer="wait=5")

    assert (placed.status, placed.body["status"]) == (200, "canceled")
    assert placed.took_s < BOUND_S


def test_services_that_answer_after_five_seconds_slow_no_order(exchange, traders):
    exchange.forget_sessions()
    with traders.trading() as flow, exchange.frozen(*exchange.doors_of(*NEIGHBOURS)):
        pause(SLOW_S)
    assert_undisturbed("all other services slow", traders, flow)


def test_services_that_come_and_go_slow_no_order(exchange, traders):
    exchange.forget_sessions()
    doors = exchange.doors_of(*NEIGHBOURS)
    with traders.trading() as flow:
        flap(lambda: exchange.freeze(*doors), lambda: exchange.thaw(*doors))
    assert_undisturbed("all other services flapping", traders, flow)


def test_order_entry_that_answers_after_five_seconds_loses_nothing_and_holds_nobody_else_up(exchange, traders):
    with traders.trading() as flow, exchange.frozen(("stock_ordering", "web")):
        for question in (LOGIN, ACCOUNT, QUOTE, ASSETS):
            assert answers(exchange, question, traders.bob)
        pause(SLOW_S)
    tell("order entry slow", flow, traders.settle(flow))

    assert flow.refused == []
    assert flow.slowest_s < SLOW_S + BOUND_S


def test_orders_are_taken_and_their_states_are_late_while_the_rest_of_stock_ordering_is_slow(exchange, traders):
    with traders.trading() as flow, exchange.frozen(("stock_ordering", "consumer"), ("stock_ordering", "relay")):
        pause(SLOW_S)
    assert_undisturbed("consumer and relay of stock_ordering slow", traders, flow)
