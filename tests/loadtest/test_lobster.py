"""Reading recorded order flow."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from contracts.orders import Side
from loadtest.lobster import BadFile, Message, Visible, read_books, read_messages, rows, symbol_of
from tests.loadtest.recordings import Street, write

MESSAGE = "34200.18960767,1,11885113,21,2238100,1\n"
BOOK = "2239500,100,2238100,21,9999999999,0,-9999999999,0\n"


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    return tmp_path / "AMZN_2012-06-21_34200000_57600000_message_2.csv"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return tmp_path / "AMZN_2012-06-21_34200000_57600000_orderbook_2.csv"


def test_a_message_is_read(messages: Path):
    messages.write_text(MESSAGE + "34200.2,4,16,100,2239500,-1\n")

    assert read_messages(messages) == [
        Message(1, 11885113, 21, 2_238_100, Side.BUY),
        Message(4, 16, 100, 2_239_500, Side.SELL),
    ]


def test_levels_that_are_not_there_are_left_out(books: Path):
    books.write_text(BOOK)

    assert list(read_books(books)) == [Visible(2, bids=((2_238_100, 21),), asks=((2_239_500, 100),))]


def test_packed_files_are_read_alike(messages: Path, tmp_path: Path):
    messages.write_text(MESSAGE)
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress(MESSAGE.encode()))

    assert read_messages(packed) == read_messages(messages)


def test_what_is_written_is_read_back(tmp_path: Path):
    steps = Street(seed=1, depth=2).recording(50)

    paths = write(tmp_path, steps)

    assert list(rows(read_messages(paths[0]), paths[1], None)) == steps
    assert list(rows(read_messages(paths[0]), paths[1], 20)) == steps[:20]
    assert list(rows(read_messages(paths[0]), paths[1], 500)) == steps


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("AMZN_2012-06-21_34200000_57600000_message_5.csv.gz", "AMZN"),
        ("messages.csv", None),
        ("my_messages.csv", None),
        ("_message.csv", None),
    ],
)
def test_the_ticker_is_in_the_name_of_the_file(name: str, symbol: str | None):
    assert symbol_of(Path(name)) == symbol


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("34200.1,1,7,21\n", "row 2: not a message"),
        ("34200.1,one,7,21,100,1\n", "row 2: not a message"),
        ("34200.1,9,7,21,100,1\n", "row 2: type 9"),
        ("34200.1,1,7,0,100,1\n", "row 2: size and price"),
        ("34200.1,1,7,5,-100,1\n", "row 2: size and price"),
        ("34200.1,1,7,5,100,2\n", "row 2: size and price"),
    ],
)
def test_a_line_that_is_no_message_is_named(messages: Path, line: str, complaint: str):
    messages.write_text(MESSAGE + line)

    with pytest.raises(BadFile, match=complaint):
        read_messages(messages)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("1,2,3\n", "row 2: 3 columns"),
        ("2239500,100,2238100,21\n", "row 2: 4 columns"),
        ("a,b,c,d,e,f,g,h\n", "row 2: prices and sizes"),
        ("2239500,-1,2238100,21,9999999999,0,-9999999999,0\n", "row 2: a level needs"),
        ("2239500,1,2238100,21,2239400,1,-9999999999,0\n", "row 2: the levels are not in the order"),
    ],
)
def test_a_line_that_is_no_book_is_named(books: Path, line: str, complaint: str):
    books.write_text(BOOK + line)

    with pytest.raises(BadFile, match=complaint):
        list(read_books(books))


def test_a_halt_says_nothing_about_prices(messages: Path):
    messages.write_text("34200.1,7,0,0,-1,-1\n")

    assert [message.kind for message in read_messages(messages)] == [7]


@pytest.mark.parametrize(("message_rows", "book_rows"), [(3, 2), (2, 3)])
def test_files_of_different_length_are_no_pair(messages: Path, books: Path, message_rows: int, book_rows: int):
    messages.write_text(MESSAGE * message_rows)
    books.write_text(BOOK * book_rows)

    with pytest.raises(BadFile, match="row 3 on only the"):
        list(rows(read_messages(messages), books, None))


def test_a_missing_an_empty_and_a_torn_file_are_named(tmp_path: Path):
    torn, empty = tmp_path / "torn.csv.gz", tmp_path / "empty.csv"
    torn.write_bytes(gzip.compress(MESSAGE.encode() * 100)[:-20])
    empty.write_text("")

    for path in (tmp_path / "missing.csv", torn, empty):
        with pytest.raises(BadFile, match=path.name):
            read_messages(path)
