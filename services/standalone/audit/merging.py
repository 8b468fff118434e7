"""Brings rows of several databases together a key at a time, so that none of their tables has to fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

Row = tuple[Any, ...]

by_key = itemgetter(0)


def merged(*streams: Iterable[Row]) -> Iterator[tuple[Any, list[list[Row]]]]:
    """Each key once, with the rows each stream has of it, without the key; every stream is in the order of its key.

    A key is a row's first column.
    """
    numbered = (_numbered(stream, number) for number, stream in enumerate(streams))
    for key, group in groupby(merge(*numbered, key=by_key), key=by_key):
        rows: list[list[Row]] = [[] for _ in streams]
        for _, number, rest in group:
            rows[number].append(rest)
        yield key, rows


def _numbered(stream: Iterable[Row], number: int) -> Iterator[tuple[Any, int, Row]]:
    return ((row[0], number, row[1:]) for row in stream)
