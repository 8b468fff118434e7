"""The one log of a stack: every child's lines, each behind its name; in colours where a person reads along."""

from __future__ import annotations

import sys
import zlib
from typing import TextIO

OURS = "stack"
_WIDTH = 25
_COLOURS = (31, 32, 33, 34, 35, 36, 91, 92, 93, 94, 95, 96)


class Log:
    """Writes lines; goes silent, rather than down, when nobody reads any more."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._is_coloured = out.isatty()
        self._is_silent = False

    def tell(self, text: str) -> None:
        """The stack's own word."""
        self.line(OURS, text)

    def line(self, name: str, text: str) -> None:
        """A line of a child's."""
        prefix = f"{name:<{_WIDTH}}|"
        if self._is_coloured:
            prefix = f"\x1b[{_COLOURS[zlib.crc32(name.encode()) % len(_COLOURS)]}m{prefix}\x1b[0m"
        self.plain(f"{prefix} {text}")

    def plain(self, text: str) -> None:
        """A line as it is."""
        if self._is_silent:
            return
        try:
            print(text, file=self._out, flush=True)
        except OSError:
            self._is_silent = True
