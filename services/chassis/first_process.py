"""What a container starts, `python -m chassis.first_process stock_ordering.main web`: that module as first process.

The kernel keeps from the first process of a container every signal that it has no handler for, so one that is told to
go while it still imports or connects would stay until it is killed. Here SIGTERM ends it at once, as it does any other
process; a door that does its work takes SIGTERM itself. Before that only the standard library is imported.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys

_TOLD_TO_STOP = 128 + signal.SIGTERM


def main() -> None:
    """Run the module that the first word names; the others are its own."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(_TOLD_TO_STOP))
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
