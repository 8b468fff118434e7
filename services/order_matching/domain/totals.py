"""How much stands down to a price, without a walk through all prices: totals of blocks, and of blocks of those."""

from __future__ import annotations

from typing import Final

_BITS: Final = 6
_FLOORS: Final = 11  # 6 bits each: more than any rank has


class Totals:
    """Quantities by rank, and by blocks of 64 ranks, of 64 blocks and so on; what is zero is not kept."""

    __slots__ = ("_floors",)

    def __init__(self) -> None:
        self._floors: tuple[dict[int, int], ...] = tuple({} for _ in range(_FLOORS))

    def set(self, rank: int, quantity: int) -> None:
        """Let this much stand at the rank."""
        change = quantity - self._floors[0].get(rank, 0)
        if not change:
            return
        for totals in self._floors:
            total = totals.get(rank, 0) + change
            if total:
                totals[rank] = total
            else:
                del totals[rank]
            rank >>= _BITS

    def before(self, rank: int) -> int:
        """The sum of all ranks below this one."""
        total = 0
        for totals in self._floors:
            first = rank >> _BITS << _BITS
            total += sum(totals[each] for each in range(first, rank) if each in totals)
            rank >>= _BITS
        return total
