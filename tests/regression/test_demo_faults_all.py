"""The demo's seventeen faults, and that each of them has a test of its number here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FAULTS = {
    1: "sells matched highest first, newest first at a price",
    2: "one symbol's order could block another's cross",
    3: "a partial fill marked the whole order filled",
    4: "the price was always the seller's limit",
    5: "matching ran on a one-second timer",
    6: "the book lived only in memory and a restart lost it",
    7: "trade row and message were two unguarded writes",
    8: "redelivery booked a trade twice",
    9: "first purchase of a symbol crashed",
    10: "no balance, holding, owner or input check, no authentication on orders",
    11: "the order POST was never answered",
    12: "a cancel of a filled order was confirmed",
    13: "every user's orders and portfolio went to every browser",
    14: "all users were listed to anyone",
    15: "float prices",
    16: "signup with a taken name returned that user's token",
    17: "a broker restart killed the services for good",
}
"""What the demo this exchange grew out of got wrong."""

_NUMBERED = re.compile(r"test_fault_(\d+)_")


def named_by_fault(folder: Path) -> dict[int, list[str]]:
    """Number → the tests in this folder that name it."""
    found: dict[int, list[str]] = {}
    for path in sorted(folder.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (match := _NUMBERED.match(node.name)):
                found.setdefault(int(match[1]), []).append(f"{path.name}: {node.name}")
    return found


@pytest.mark.parametrize("number", FAULTS)
def test_the_fault_has_a_test(number):
    assert named_by_fault(Path(__file__).parent).get(number), f"no test_fault_{number}_...: {FAULTS[number]}"


def test_no_test_names_a_fault_that_is_not_on_the_list():
    assert named_by_fault(Path(__file__).parent).keys() <= FAULTS.keys()


def test_a_fault_without_a_test_is_noticed(tmp_path):
    (tmp_path / "test_faults.py").write_text("def test_fault_3_stays_away(): ...\n\ndef of_fault_4(): ...\n")

    assert named_by_fault(tmp_path) == {3: ["test_faults.py: test_fault_3_stays_away"]}
