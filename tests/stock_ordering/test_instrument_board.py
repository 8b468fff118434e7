"""Instruments in memory: never older than a second, never missing while they are being read, there in an outage."""

from __future__ import annotations

import threading
from dataclasses import replace

import psycopg
import pytest

from contracts.refusals import Refusal, Refused
from stock_ordering.cache import InstrumentBoard
from tests.stock_ordering.builders import AAPL


class Shelf:
    """Where the board reads from."""

    def __init__(self) -> None:
        self.instruments, self.reads, self.is_away = [AAPL], 0, False

    def load(self):
        self.reads += 1
        if self.is_away:
            raise psycopg.OperationalError("away")
        return list(self.instruments)


def test_the_board_reads_once_while_its_picture_is_fresh():
    shelf = Shelf()
    board = InstrumentBoard(shelf.load, fresh_s=60)

    assert [board.get(symbol) for symbol in ("AAPL", "NOPE", "AAPL")] == [AAPL, None, AAPL]
    assert shelf.reads == 1


def test_a_board_told_to_forget_sees_the_change():
    shelf = Shelf()
    board = InstrumentBoard(shelf.load, fresh_s=60)
    board.get("AAPL")

    shelf.instruments = [replace(AAPL, tick=7)]
    board.forget()

    assert board.get("AAPL") == replace(AAPL, tick=7)


def test_while_nothing_is_listed_nobody_is_told_that_a_symbol_is_unknown():
    shelf = Shelf()
    shelf.instruments = []
    board = InstrumentBoard(shelf.load, fresh_s=60)
    with pytest.raises(Refused) as refused:
        board.get("AAPL")
    assert refused.value.refusal is Refusal.UNAVAILABLE

    shelf.instruments = [AAPL]

    assert board.get("AAPL") == AAPL  # at once, whatever its freshness


def test_a_stale_picture_is_read_again():
    shelf = Shelf()
    board = InstrumentBoard(shelf.load, fresh_s=0)

    board.get("AAPL")
    board.get("AAPL")

    assert shelf.reads == 2


def test_nobody_sees_an_empty_board_while_it_is_first_read():
    reading, go_on = threading.Event(), threading.Event()

    def load():
        reading.set()
        go_on.wait(10)
        return [AAPL]

    board, seen = InstrumentBoard(load, fresh_s=60), []
    threads = [threading.Thread(target=lambda: seen.append(board.get("AAPL"))) for _ in range(2)]
    threads[0].start()
    assert reading.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join()

    assert seen == [AAPL, AAPL]


def test_the_last_picture_serves_while_the_database_is_away():
    shelf = Shelf()
    board = InstrumentBoard(shelf.load, fresh_s=0)
    board.get("AAPL")

    shelf.is_away = True

    assert board.get("AAPL") == AAPL


def test_without_any_picture_an_outage_is_no_unknown_symbol():
    shelf = Shelf()
    shelf.is_away = True

    with pytest.raises(psycopg.OperationalError):
        InstrumentBoard(shelf.load).get("AAPL")
