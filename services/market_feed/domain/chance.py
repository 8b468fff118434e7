"""Chance in whole numbers: the dice are passed in, so the same seed makes the same market."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

Thing = TypeVar("Thing")


class Dice(Protocol):
    """What `random.Random` can do that is needed here."""

    def randint(self, a: int, b: int) -> int:
        """A whole number from `a` to `b`, both included."""


def happens(dice: Dice, percent: int) -> bool:
    """Whether something happens that does so in `percent` of 100 cases."""
    return dice.randint(1, 100) <= percent


def pick(dice: Dice, things: Sequence[Thing]) -> Thing:
    """One of them; IndexError if there is none."""
    return things[dice.randint(0, len(things) - 1)]


def bell(dice: Dice, deviation: int) -> int:
    """A number around 0 with that standard deviation, never beyond three times it."""
    return sum(dice.randint(-deviation, deviation) for _ in range(3))
