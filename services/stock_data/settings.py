"""What can be set about stock_data."""

from __future__ import annotations

from dataclasses import dataclass

_FIRST_INSTRUMENTS = (
    "AAPL=Apple Inc.@190.00;"
    "AMD=Advanced Micro Devices Inc.@160.00;"
    "AMZN=Amazon.com Inc.@185.00;"
    "GOOG=Alphabet Inc. Class C@175.00;"
    "GOOGL=Alphabet Inc. Class A@174.00;"
    "IBM=International Business Machines Corporation@180.00;"
    "INTC=Intel Corporation@31.00;"
    "META=Meta Platforms Inc.@500.00;"
    "MSFT=Microsoft Corporation@420.00;"
    "NFLX=Netflix Inc.@640.00;"
    "NVDA=NVIDIA Corporation@120.00;"
    "TSLA=Tesla Inc.@240.00"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """`instruments`: what is listed at the first start, as "AAPL=Apple Inc.@190.00;..." with a price in dollars."""

    instruments: str = _FIRST_INSTRUMENTS
