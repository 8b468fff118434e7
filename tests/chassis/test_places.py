"""So many requests at once for all, and of those a share for each; who waits holds no place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import flask
import pytest
from flask_openapi3.blueprint import APIBlueprint

from chassis.cache import LocalCache
from chassis.identity import Authenticator
from chassis.limits import Limits, leave_to_wait
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.web import create_app

PATIENCE_S = 20.0


def ask(app: flask.Flask, path: str = "/goods", address: str = "10.0.0.1") -> int:
    return app.test_client().get(path, environ_base={"REMOTE_ADDR": address}).status_code


class Door:
    """A view that keeps its callers inside until it is opened."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self._opened = threading.Event()

    def open(self) -> None:
        self._opened.set()

    def pass_through(self) -> None:
        self.inside.release()
        assert self._opened.wait(PATIENCE_S)

    def wait_for(self, callers: int) -> None:
        for _ in range(callers):
            assert self.inside.acquire(timeout=PATIENCE_S)


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.open()


def shop(door: Door) -> APIBlueprint:
    shop = APIBlueprint("shop", __name__)

    @shop.get("/goods")
    def goods() -> dict[str, int]:
        return {"goods": 1}

    @shop.get("/slow")
    def slow() -> dict[str, int]:
        door.pass_through()
        return {"goods": 1}

    @shop.get("/wait")
    def wait() -> dict[str, bool]:
        may_wait = leave_to_wait()
        if may_wait:
            door.pass_through()
        return {"waited": may_wait}

    @shop.get("/broken")
    def broken() -> dict[str, int]:
        raise ZeroDivisionError

    return shop


def crowded(door: Door, most: int, waiting: int = 0) -> flask.Flask:
    authenticator = Authenticator((), LocalCache(), LocalQuestions(), Metrics())
    limits = Limits(most_requests_at_once=most, most_waiting=waiting)
    return create_app("shop", [shop(door)], authenticator, Metrics(), {"self": lambda: True}, limits)


def test_more_than_fit_at_once_are_refused_at_once_while_the_others_are_served(door):
    app = crowded(door, most=2)

    with ThreadPoolExecutor(2) as callers:
        served = [callers.submit(ask, app, "/slow", f"10.0.0.{number}") for number in range(2)]
        door.wait_for(callers=2)
        refused = app.test_client().get("/goods")
        healthy = [app.test_client().get(path).status_code for path in ("/livez", "/readyz", "/metrics")]
        door.open()

        assert [each.result() for each in served] == [200, 200]
    assert (refused.status_code, refused.get_json()["name"]) == (503, "unavailable")
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-Request-ID"]
    assert healthy == [200, 200, 200]


def test_one_who_is_everywhere_at_once_leaves_room_for_another(door):
    app = crowded(door, most=4)

    with ThreadPoolExecutor(6) as callers:
        served = [callers.submit(ask, app, "/slow", "10.0.0.1") for _ in range(2)]
        door.wait_for(callers=2)
        too_much, others = ask(app, address="10.0.0.1"), ask(app, address="10.0.0.2")
        door.open()

        assert [each.result() for each in served] == [200, 200]
    assert (too_much, others) == (503, 200)


def test_who_waits_holds_no_place_and_not_more_than_a_share_of_those_who_may_wait(door):
    app = crowded(door, most=1, waiting=4)

    def waited(address: str) -> bool:
        answer = app.test_client().get("/wait", environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == 200
        return bool(answer.get_json()["waited"])

    with ThreadPoolExecutor(6) as callers:
        waiting = []
        for _ in range(2):  # one after the other: until one waits, it holds the only place
            waiting.append(callers.submit(waited, "10.0.0.1"))
            door.wait_for(callers=1)
        not_waited = waited("10.0.0.1")
        waiting.append(callers.submit(waited, "10.0.0.2"))
        door.wait_for(callers=1)
        served = ask(app)
        door.open()

        assert [each.result() for each in waiting] == [True, True, True]
    assert not not_waited
    assert served == 200
    assert waited("10.0.0.1"), "who has waited leaves"


def test_a_place_is_free_again_whatever_became_of_its_request(door):
    app = crowded(door, most=1)

    for path, status in (("/goods", 200), ("/nowhere", 404), ("/broken", 500), ("/livez", 200)):
        for _ in range(3):
            assert app.test_client().get(path).status_code == status


def test_a_caller_who_floods_is_refused_by_name_with_the_time_to_come_back(door):
    authenticator = Authenticator((), LocalCache(), LocalQuestions(), Metrics())
    limits = Limits(rate_limit_per_address=1)
    app = create_app("shop", [shop(door)], authenticator, Metrics(), {}, limits)

    answers = [app.test_client().post("/goods", data=b"{ no JSON") for _ in range(40)]

    [refused] = {answer.get_json()["name"] for answer in answers if answer.status_code == 429}
    assert refused == "too_many_requests"
    assert {answer.headers.get("Retry-After") for answer in answers if answer.status_code == 429} == {"1"}
