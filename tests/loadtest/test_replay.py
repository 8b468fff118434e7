"""The replay compares every row, says where a book differs, and stops with a sentence where it cannot go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.orders import Side
from loadtest.mirror import Action, Mirror, Place
from loadtest.replay import Score, main, replay
from loadtest.two_traders import ReplayFailed
from tests.loadtest.recordings import Levels, NaiveExchange, Street, write


class GenerousExchange(NaiveExchange):
    """Makes every fiftieth order one share larger than it was sent."""

    def do(self, action: Action) -> None:
        super().do(action)
        if isinstance(action, Place) and action.key % 50 == 0:
            self.named(action.key).size += 1


class StubbornExchange(NaiveExchange):
    def do(self, action: Action) -> None:
        raise ReplayFailed("The account has no cash.")


def replay_on(exchange: NaiveExchange, rows: int = 100) -> Score:
    steps = Street(seed=5, depth=3).recording(rows)
    return replay(steps, Mirror([message for message, _ in steps]), exchange)


def test_on_a_true_exchange_every_row_is_equal():
    score = replay_on(NaiveExchange())

    assert (score.compared, score.equal, score.differences) == (100, 100, [])


def test_an_order_that_is_one_share_too_large_is_seen_in_its_row():
    score = replay_on(GenerousExchange())

    assert score.equal < score.compared == 100
    assert score.differences[0].startswith("row ")
    assert "and not" in score.differences[0]


def test_a_level_too_many_behind_the_last_is_seen_too():
    class Haunted(NaiveExchange):
        def depth(self, levels: int) -> tuple[Levels, Levels]:
            bids, asks = super().depth(levels)
            return bids, (*asks[: levels - 1], (99_999_900, 1)) if len(asks) < levels else asks

    steps = Street(seed=5, depth=500).recording(30)

    score = replay(steps, Mirror([message for message, _ in steps]), Haunted())

    assert score.equal == 0


def test_an_exchange_that_refuses_stops_the_replay_at_its_row():
    with pytest.raises(ReplayFailed, match=r"^Row 1 could not be replayed\. The account has no cash\.$"):
        replay_on(StubbornExchange())


def test_a_difference_is_told_in_words():
    score = Score()
    steps = Street(seed=5, depth=1).recording(1)
    after = steps[0][1]

    score.compare(after, after.bids, ())

    [(price, size)] = after.asks
    assert score.differences == [f"row 1: asks are none and not {size}@{price / 10_000:.2f}"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--messages", "{folder}/nobody.csv"], "nobody.csv cannot be read"),
        (["--rows", "0"], "number of rows"),
        (["--url", "ftp://nowhere"], "not an address"),
        (["--url", "http://127.0.0.1:1"], "went away"),
    ],
)
def test_what_cannot_be_tried_gets_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
):
    messages, books = write(tmp_path, Street(seed=1, depth=2).recording(5))
    given = [text.format(folder=tmp_path) for text in arguments]

    status = main(["--messages", str(messages), "--orderbook", str(books), *given])

    errors = capsys.readouterr().err
    assert status == 2
    assert complaint in errors
    assert errors.count("\n") == 1


def test_sides_are_compared_apart():
    score = Score()
    after = Street(seed=5, depth=2).recording(1)[0][1]

    score.compare(after, after.asks, after.bids)

    assert score.equal == 0
    assert after.of(Side.BUY) == after.bids


def test_a_recording_goes_through_the_public_api_of_a_real_exchange(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    messages, books = write(tmp_path, Street(seed=8, depth=3).recording(60))

    status = main(["--messages", str(messages), "--orderbook", str(books), "--rows", "50"])

    told = capsys.readouterr().out
    assert "rows_compared=50 rows_equal=50 " in told
    assert "audit: clean" in told
    assert status == 0
