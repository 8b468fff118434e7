"""The invariants every price-time book must keep, as the benchmark behind the workloads names them, a test each.

Messages go in and the canonical report text comes out: the same path as the published workloads.
"""

from __future__ import annotations

from loadtest import conformance
from order_matching.domain.book import Book
from tests.order_matching.workloads import BUY, SELL, Sent, cancel, modify, new, records, sha256


def reported(*messages: Sent) -> list[str]:
    """What is reported from the last message on."""
    raw = records(*messages)
    sent = [conformance.Message._make(record) for record in conformance.RECORD.iter_unpack(raw)]
    text = conformance.canonical_text(sent, conformance.drive(Book(), sent), first_command=1)
    last = str(len(messages) - 1)
    return [line for line in text.split("\n") if line.split(",")[1] == last]


def queue_of_three() -> tuple[Sent, ...]:
    return new(1, SELL, 100, 10), new(2, SELL, 100, 10), new(3, SELL, 100, 10)


def test_a_cancel_in_the_middle_of_a_queue_loses_nobody() -> None:
    told = reported(*queue_of_three(), cancel(2), new(9, BUY, 100, 30, ioc=True))

    assert told == ["0,4,0,9,100,30", "1,4,100,10,1,9", "1,4,100,10,3,9", "2,4,0,9,100"]


def test_a_cancel_at_the_head_of_a_queue_loses_nobody() -> None:
    told = reported(*queue_of_three(), cancel(1), new(9, BUY, 100, 20))

    assert told == ["0,4,0,9,100,20", "1,4,100,10,2,9", "1,4,100,10,3,9"]


def test_a_deep_queue_survives_scattered_cancels() -> None:
    queue = [new(number, SELL, 100, 1) for number in range(1, 21)]
    gone = [1, 2, 7, 8, 13, 20]

    told = reported(*queue, *(cancel(number) for number in gone), new(99, BUY, 100, 20, ioc=True))

    makers = [int(line.split(",")[4]) for line in told if line.startswith("1,")]
    assert makers == [number for number in range(1, 21) if number not in gone]


def test_a_marketable_limit_stops_at_its_own_price() -> None:
    told = reported(new(1, SELL, 100, 5), new(2, SELL, 102, 5), new(9, BUY, 101, 10))

    assert told == ["0,2,0,9,101,10", "1,2,100,5,1,9"]


def test_the_residual_of_a_sweep_becomes_the_touch() -> None:
    told = reported(new(1, SELL, 100, 5), new(9, BUY, 101, 8), new(10, SELL, 99, 3))

    assert told == ["0,2,1,10,99,3", "1,2,101,3,9,10"]


def test_an_exact_sweep_over_two_prices_leaves_nothing() -> None:
    told = reported(new(1, SELL, 100, 5), new(2, SELL, 101, 5), new(9, BUY, 101, 10), new(10, SELL, 1, 1, ioc=True))

    assert told == ["0,3,1,10,1,1", "2,3,1,10,1"]


def test_a_modify_into_the_cross_trades_at_the_makers_price() -> None:
    told = reported(new(1, SELL, 105, 5), new(2, BUY, 100, 5), modify(2, BUY, 110, 6))

    assert told == ["1,2,105,5,1,2", "3,2,0,2,110,6"]


def test_a_modify_of_a_partly_filled_order_starts_afresh_with_its_new_quantity() -> None:
    told = reported(
        new(1, SELL, 100, 10), new(2, BUY, 100, 4), modify(1, SELL, 100, 11), new(9, BUY, 100, 99, ioc=True)
    )

    assert told == ["0,3,0,9,100,99", "1,3,100,11,1,9", "2,3,0,9,100"]


def test_a_modify_always_loses_its_place() -> None:
    told = reported(new(1, SELL, 100, 5), new(2, SELL, 100, 5), modify(1, SELL, 100, 4), new(9, BUY, 100, 5))

    assert told == ["0,3,0,9,100,5", "1,3,100,5,2,9"]


def test_a_stale_cancel_is_rejected() -> None:
    assert reported(new(1, SELL, 100, 5), new(2, BUY, 100, 5), cancel(1)) == ["4,2,1"]


def test_a_stale_modify_is_rejected() -> None:
    assert reported(new(1, SELL, 100, 5), new(2, BUY, 100, 5), modify(1, SELL, 100, 6)) == ["5,2,1"]


def test_the_id_of_a_finished_order_is_free_again() -> None:
    told = reported(new(1, SELL, 100, 5), cancel(1), new(1, BUY, 99, 7), new(2, SELL, 99, 7))

    assert told == ["0,3,1,2,99,7", "1,3,99,7,1,2"]


def test_canceling_the_best_level_leaves_no_phantom_price() -> None:
    told = reported(new(1, SELL, 100, 5), new(2, SELL, 103, 5), cancel(1), new(9, BUY, 102, 5, ioc=True))

    assert told == ["0,3,0,9,102,5", "2,3,0,9,102"]


def test_a_cancel_reports_the_price_at_which_the_order_stood() -> None:
    assert reported(new(1, BUY, 100, 5), modify(1, BUY, 98, 6), cancel(1)) == ["2,2,0,1,98"]


def test_a_partly_filled_maker_keeps_the_head_of_its_queue() -> None:
    told = reported(new(1, SELL, 100, 10), new(2, SELL, 100, 10), new(8, BUY, 100, 4), new(9, BUY, 100, 8))

    assert told == ["0,3,0,9,100,8", "1,3,100,6,1,9", "1,3,100,2,2,9"]


def test_a_partly_filled_maker_can_be_canceled_once() -> None:
    flow = (new(1, SELL, 100, 10), new(2, BUY, 100, 4), cancel(1))

    assert reported(*flow) == ["2,2,1,1,100"]
    assert reported(*flow, cancel(1)) == ["4,3,1"]


def test_both_sides_trade_at_the_resting_price() -> None:
    assert reported(new(1, SELL, 100, 5), new(2, BUY, 120, 5))[1] == "1,1,100,5,1,2"
    assert reported(new(1, BUY, 120, 5), new(2, SELL, 100, 5))[1] == "1,1,120,5,1,2"


def test_a_sweep_of_five_thousand_fills_completes() -> None:
    queue = [new(number, SELL, 100 + number % 50, 1) for number in range(1, 5_001)]

    told = reported(*queue, new(9_999, BUY, 200, 5_001))

    expected = sorted(range(1, 5_001), key=lambda number: (number % 50, number))
    assert [int(line.split(",")[4]) for line in told[1:]] == expected


def test_reports_of_one_message_are_sorted_by_kind() -> None:
    run, _ = conformance.run(records(new(1, SELL, 105, 5), new(2, BUY, 100, 5), modify(2, BUY, 110, 6)))

    assert run == sha256("0,0,1,1,105,5", "0,1,0,2,100,5", "1,2,105,5,1,2", "3,2,0,2,110,6")
