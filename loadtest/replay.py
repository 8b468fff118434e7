"""`make replay`: real order flow through the public API; after every row the exchange must show the recorded book."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from contracts.money import dollars
from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.lobster import BadFile, Message, Visible, read_messages, rows, symbol_of
from loadtest.mirror import Action, Mirror
from loadtest.two_traders import Levels, ReplayFailed, TwoTraders

PLENTY_OF_CASH = "1000000000000"
PLENTY_OF_SHARES = "100000000"
SHOWN_DIFFERENCES = 5
_PROGRESS_S = 10.0
_PLENTY_OF_MEMORY_BYTES = 4 << 30


class Exchange(Protocol):
    """What can be told to do something and shows its depth."""

    def do(self, action: Action) -> None: ...

    def depth(self, levels: int) -> tuple[Levels, Levels]: ...


@dataclass(slots=True)
class Score:
    """How many rows were compared and how many were equal, and the first differences in words."""

    compared: int = 0
    equal: int = 0
    seconds: float = 0.0
    differences: list[str] = field(default_factory=list)

    def compare(self, expected: Visible, bids: Levels, asks: Levels) -> None:
        self.compared += 1
        if (bids, asks) == (expected.bids, expected.asks):
            self.equal += 1
        elif len(self.differences) < SHOWN_DIFFERENCES:
            wrong = [
                f"{side} are {_words(shown)} and not {_words(recorded)}"
                for side, shown, recorded in (("bids", bids, expected.bids), ("asks", asks, expected.asks))
                if shown != recorded
            ]
            self.differences.append(f"row {self.compared}: {'; '.join(wrong)}")


def replay(steps: Iterable[tuple[Message, Visible]], mirror: Mirror, exchange: Exchange) -> Score:
    """Send every row and compare all levels in sight after it. ReplayFailed names the row that could not be sent."""
    score, started_s = Score(), time.monotonic()
    told_s = started_s
    for message, after in steps:
        try:
            for action in mirror.step(message, after):
                exchange.do(action)
            score.compare(after, *exchange.depth(after.depth))
        except ReplayFailed as failed:
            raise ReplayFailed(f"Row {score.compared + 1} could not be replayed. {failed}") from failed
        score.seconds = time.monotonic() - started_s
        if time.monotonic() - told_s > _PROGRESS_S:
            told_s = time.monotonic()
            print(
                f"  {score.compared} rows, {score.equal} equal, {score.compared / score.seconds:.0f} rows/s", flush=True
            )
    return score


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every row was equal and the audit is clean, 1 if not, 2 with one sentence if it could not be tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=Path, required=True, help="LOBSTER message file, .csv or .csv.gz")
    parser.add_argument("--orderbook", type=Path, required=True, help="the order book file of the same name")
    parser.add_argument("--rows", type=int, help="only the first so many")
    parser.add_argument("--symbol", help="unless the file's name says it")
    parser.add_argument("--url", help="a running exchange; without it one is started for the replay")
    asked = parser.parse_args(arguments)
    try:
        return _replay_files(asked)
    except (BadFile, ReplayFailed) as failed:
        print(failed, file=sys.stderr)
    except OSError as broken:
        print(f"The exchange went away: {broken}.", file=sys.stderr)
    return 2


def _replay_files(asked: argparse.Namespace) -> int:
    if asked.rows is not None and asked.rows < 1:
        raise BadFile("The number of rows must be 1 or more.")
    symbol = asked.symbol or symbol_of(asked.messages) or "REPLAY"
    messages = read_messages(asked.messages)
    mirror = Mirror(messages)
    _, first = next(rows(messages, asked.orderbook, 1))
    if not first.bids and not first.asks:
        raise BadFile(f"{asked.orderbook} begins with an empty book.")
    with _running_exchange(asked.url, symbol, first) as exchange:
        traders = TwoTraders(exchange.host, exchange.port, symbol)
        if traders.depth(1) != ((), ()):
            raise ReplayFailed(f"Somebody trades {symbol} on that exchange; its book must be empty.")
        score = replay(rows(messages, asked.orderbook, asked.rows), mirror, traders)
        _report(score, traders, mirror)
        traders.close()
        exchange.wait_until_settled()
        clean = _audit(exchange, asked.url)
    return 0 if score.equal == score.compared and clean else 1


@contextmanager
def _running_exchange(url: str | None, symbol: str, first: Visible) -> Iterator[ExchangeProcess]:
    if url is not None:
        yield _exchange_at(url)
        return
    price, _ = (first.bids or first.asks)[0]
    settings = {
        "INSTRUMENTS": f"{symbol}={symbol} as recorded@{dollars(price)}",
        "STARTING_CASH": PLENTY_OF_CASH,
        "STARTING_SHARES": f"{symbol}:{PLENTY_OF_SHARES}",
        "DEMO_USERS": "",
    }
    with tempfile.TemporaryDirectory(prefix="exchange-replay-", dir=_quick_folder()) as folder, ExitStack() as stack:
        try:
            exchange = stack.enter_context(exchange_on(Path(folder) / "data", settings))
        except RuntimeError as failed:
            raise ReplayFailed(f"For the replay {failed}") from failed
        yield exchange


def _quick_folder() -> str | None:
    """Memory, where there is plenty: each row waits for several commits, and this exchange is thrown away."""
    memory = Path("/dev/shm")  # noqa: S108  # TemporaryDirectory makes a private folder below it
    plenty = memory.is_dir() and shutil.disk_usage(memory).free >= _PLENTY_OF_MEMORY_BYTES
    return str(memory) if plenty and os.access(memory, os.W_OK) else None


def _exchange_at(url: str) -> ExchangeProcess:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ReplayFailed(f"{url} is not an address like http://127.0.0.1:8080.")
    exchange = ExchangeProcess(Path(os.environ.get("DATA", "data")), port=parts.port or 80)
    exchange.host = parts.hostname
    return exchange


def _report(score: Score, traders: TwoTraders, mirror: Mirror) -> None:
    for difference in score.differences:
        print(f"  {difference}")
    print(
        f"rows_compared={score.compared} rows_equal={score.equal} trades={traders.trades()} orders={traders.orders} "
        f"orders_per_s={traders.orders / max(score.seconds, 0.001):.0f} cancels={traders.cancels} "
        f"makers_as_recorded={mirror.makers_as_recorded}/{mirror.executions} "
        f"rows_per_s={score.compared / max(score.seconds, 0.001):.0f}",
        flush=True,
    )


def _audit(exchange: ExchangeProcess, url: str | None) -> bool:
    if url is not None and "DATA" not in os.environ:
        print("audit: not run, because DATA does not name the data folder of that exchange")
        return True
    audit = exchange.audit()
    print(audit.stdout + audit.stderr, end="")
    return audit.returncode == 0


def _words(levels: Levels) -> str:
    return " ".join(f"{size}@{dollars(price)}" for price, size in levels) or "none"


if __name__ == "__main__":
    sys.exit(main())
