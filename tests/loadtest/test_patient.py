"""A patient client asks again until it is answered, and no longer than it was told to."""

from __future__ import annotations

import pytest

from loadtest.http_client import Response
from loadtest.patient import GaveUp, PatientConnection


class Exchange:
    """Answers what it is told to: a status, or a broken line."""

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)
        self.connections = 0

    def connect(self) -> Exchange:
        self.connections += 1
        return self

    def request(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise ConnectionError("the line is broken")
        return Response(answer, {}, b"")

    def close(self) -> None: ...


def patient(exchange: Exchange, patience_s: float = 10.0) -> PatientConnection:
    return PatientConnection(exchange.connect, patience_s)  # type: ignore[arg-type]  # a connection by behaviour


def test_a_broken_line_is_made_anew_and_the_request_repeated():
    exchange = Exchange(None, 200)
    client = patient(exchange)

    assert client.request("POST", "/v2/orders").status == 200
    assert (client.repeats, exchange.connections) == (1, 2)


@pytest.mark.parametrize("busy", [429, 502, 503, 504])
def test_who_is_busy_is_asked_again_on_the_same_line(busy):
    exchange = Exchange(busy, busy, 200)
    client = patient(exchange)

    assert client.request("POST", "/v2/orders").status == 200
    assert (client.repeats, client.most_repeats, exchange.connections) == (2, 2, 1)


@pytest.mark.parametrize("final", [200, 401, 403, 404, 422, 500])
def test_any_other_answer_is_an_answer(final):
    client = patient(Exchange(final))

    assert client.request("POST", "/v2/orders").status == final
    assert client.repeats == 0


def test_patience_ends():
    with pytest.raises(GaveUp):
        patient(Exchange(None), patience_s=0.2).request("POST", "/v2/orders")
