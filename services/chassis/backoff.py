"""Spreads retries so that those who failed together do not come back together."""

from __future__ import annotations

import random


def jitter() -> float:
    """A factor between one half and one and a half to multiply a pause with."""
    return random.uniform(0.5, 1.5)  # noqa: S311  # nobody gains by guessing it
