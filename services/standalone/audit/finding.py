"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHOWN_DIFFERENCES = 5
MOST_KEPT = 100
"""Differences that are kept in words; beyond that they are only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How many things were looked at, how many are not as they must be, and the first of those in words."""

    checked: int
    wrong: int = 0
    differences: Sequence[str] = ()

    @classmethod
    def of(cls, looked_at: Iterable[str | None]) -> Finding:
        """One item for each thing that was looked at: None where it is as it must be, or what is wrong with it."""
        checked = wrong = 0
        differences: list[str] = []
        for difference in looked_at:
            checked += 1
            if difference is not None:
                wrong += 1
                if wrong <= MOST_KEPT:
                    differences.append(difference)
        return cls(checked, wrong, differences)

    @classmethod
    def among(cls, checked: int, differences: Sequence[str]) -> Finding:
        """So many were looked at, and these are not as they must be."""
        return cls(checked, len(differences), differences[:MOST_KEPT])

    def lines(self, invariant: str) -> list[str]:
        """The finding as it is printed: one line, and a few differences below it."""
        if not self.wrong:
            return [f"ok    {invariant} ({self.checked} checked)"]
        shown = [f"        {difference}" for difference in self.differences[:SHOWN_DIFFERENCES]]
        more = self.wrong - len(shown)
        return [
            f"WRONG {invariant} ({self.wrong} of {self.checked})",
            *shown,
            *([f"        and {more} more"] if more else []),
        ]
