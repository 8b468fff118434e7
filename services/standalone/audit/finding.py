"""What a check found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_DIFFERENCES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """How many things were looked at, and in words each one that is not as it must be."""

    checked: int
    differences: Sequence[str] = ()

    def lines(self, invariant: str) -> list[str]:
        """The finding as it is printed: one line, and a few differences below it."""
        if not self.differences:
            return [f"ok    {invariant} ({self.checked} checked)"]
        shown = [f"        {difference}" for difference in self.differences[:SHOWN_DIFFERENCES]]
        more = len(self.differences) - len(shown)
        return [
            f"WRONG {invariant} ({len(self.differences)} of {self.checked})",
            *shown,
            *([f"        and {more} more"] if more else []),
        ]
