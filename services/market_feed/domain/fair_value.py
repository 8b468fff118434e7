"""What a share is worth to the makers: a walk at random that has moods and comes home to the reference price."""

from __future__ import annotations

from market_feed.domain.chance import Dice, bell, pick

BILLION = 1_000_000_000
LARGEST_STRAY = 12 * BILLION // 100
"""Never further from the reference price than 12 percent."""

_MOODS = (50_000, 100_000, 100_000, 200_000)
"""Standard deviation of a step in parts per billion: calm, usual, lively. 100,000 a second is a usual Nasdaq day."""

_DRIFTS = (-10_000, -5_000, 0, 0, 5_000, 10_000)
_MOOD_STEPS = 300
"""How many steps a mood and a drift last on average."""

_HOMEWARD = 10_000
"""A step goes this part of the way back to the reference price: half of it in 7,000 steps."""

_MOST_STEPS = 120
"""After a longer absence it goes on from there: nobody saw what it would have done."""


class FairValue:
    """The walk of one symbol, a step every `step_us`. Prices in 1/10000 dollar, times in microseconds."""

    def __init__(self, dice: Dice, step_us: int, reference_price: int, price: int, now_us: int) -> None:
        self._dice = dice
        self._step_us = step_us
        self._reference_price = reference_price
        self._stray = _bounded((price - reference_price) * BILLION // reference_price)
        self._mood = pick(dice, _MOODS)
        self._drift = 0
        self._at_us = now_us

    def at(self, now_us: int) -> int:
        """The price at that time; times never go back."""
        steps = max((now_us - self._at_us) // self._step_us, 0)
        for _ in range(min(steps, _MOST_STEPS)):
            self._step()
        self._at_us += steps * self._step_us
        return self._reference_price + self._reference_price * self._stray // BILLION

    def _step(self) -> None:
        if self._dice.randint(1, _MOOD_STEPS) == 1:
            self._mood = pick(self._dice, _MOODS)
        if self._dice.randint(1, _MOOD_STEPS) == 1:
            self._drift = pick(self._dice, _DRIFTS)
        self._stray = _bounded(self._stray - self._stray // _HOMEWARD + self._drift + bell(self._dice, self._mood))


def _bounded(stray: int) -> int:
    return max(-LARGEST_STRAY, min(LARGEST_STRAY, stray))
