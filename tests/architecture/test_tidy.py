"""The sources stay readable, and each check is shown to fire."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.tidy import (
    EVERYWHERE,
    IN_SERVICES,
    Source,
    sources_below,
    too_long_in_the_middle,
    too_many_long_functions,
)

HERE = Path(__file__).parents[2]
WORDS = '"""A rule of the market."""\n\n'


def function_of(lines: int, name: str = "match") -> str:
    return f"def {name}():\n" + "    price = 1\n" * (lines - 1)


def written(folder: Path, text: str, name: str = "order_matching/domain/book.py") -> Source:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return Source.read(path)


def findings(source: Source) -> list[str]:
    return [line for check in IN_SERVICES for line in check(source)]


def test_the_services_are_tidy():
    sources = sources_below(HERE / "services")

    assert "\n".join(line for source in sources for check in IN_SERVICES for line in check(source)) == ""


def test_the_tests_and_the_load_tests_are_tidy():
    sources = sources_below(HERE / "tests", HERE / "loadtest")

    assert "\n".join(line for source in sources for check in EVERYWHERE for line in check(source)) == ""


def test_nine_functions_in_ten_are_short():
    assert "\n".join(too_many_long_functions(sources_below(HERE / "services"))) == ""


def test_the_median_file_is_short():
    assert "\n".join(too_long_in_the_middle(sources_below(HERE / "services"))) == ""


def test_a_tidy_file_passes(tmp_path):
    assert findings(written(tmp_path, WORDS + function_of(60))) == []
    assert findings(written(tmp_path, "")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (WORDS + "price = 1\n" * 299, "book.py:1: file of 301 lines, 300 at most"),
        (WORDS + function_of(61), "book.py:3: match has 61 lines, 60 at most"),
        ("price = 1\n", "book.py:1: does not open with a sentence"),
        ('"""the book"""\nprice = 1\n', "book.py:1: does not open with a sentence"),
        (WORDS + function_of(2, "match_helper"), "book.py:3: match_helper says nothing"),
        (WORDS + "class BookManager:\n    pass\n", "book.py:3: BookManager says nothing"),
        (WORDS + "def match():\n    import json\n", "book.py:4: import hidden in match"),
        (WORDS + "import os\ntick = os.environ['TICK']\n", "book.py:4: reads the environment"),
        (WORDS + "from os import getenv\n", "book.py:3: reads the environment"),
        (WORDS + "price = float('1.5')\n", "book.py:3: a float near money"),
        (WORDS + "def price() -> float: ...\n", "book.py:3: a float near money"),
        (WORDS + "price = 1.5\n", "book.py:3: 1.5 is a float near money"),
        (WORDS + "try:\n    price = 1\nexcept:\n    raise\n", "book.py:5: bare except"),
        (WORDS + "try:\n    price = 1\nexcept Exception:\n    pass\n", "book.py:5: swallows every error"),
    ],
)
def test_what_is_untidy_is_named_with_its_line(tmp_path, text, found):
    assert [line for line in findings(written(tmp_path, text)) if found in line] != []


def test_a_file_named_after_nothing_is_found(tmp_path):
    assert "utils says nothing" in findings(written(tmp_path, WORDS + "price = 1\n", "chassis/utils.py"))[0]


def test_settings_and_main_may_read_the_environment(tmp_path):
    reading = WORDS + "import os\ntick = os.environ['TICK']\n"

    for name in ("chassis/settings.py", "stock_data/main.py", "standalone/api.py"):
        assert findings(written(tmp_path, reading, name)) == []


def test_a_timeout_may_be_a_float_where_no_money_is(tmp_path):
    assert findings(written(tmp_path, WORDS + "patience_s = 1.5\n", "chassis/relay.py")) == []


def test_two_long_functions_in_ten_are_one_too_many(tmp_path):
    short = "".join(function_of(3) for _ in range(9))

    one_in_ten = written(tmp_path, WORDS + short + function_of(26))
    assert too_many_long_functions([one_in_ten]) == []

    two_in_eleven = written(tmp_path, WORDS + short + function_of(26, "rest") + function_of(30, "cross"))
    named = too_many_long_functions([two_in_eleven])
    assert ["cross has 30 lines" in named[0], "rest has 26 lines" in named[1]] == [True, True]


def test_a_middle_file_over_eighty_lines_is_too_long(tmp_path):
    short = written(tmp_path, WORDS + "price = 1\n" * 78)
    long = written(tmp_path, WORDS + "price = 1\n" * 79, "order_matching/domain/ladder.py")

    assert too_long_in_the_middle([short]) == []
    assert "ladder.py:1: 81 lines" in too_long_in_the_middle([long])[0]
