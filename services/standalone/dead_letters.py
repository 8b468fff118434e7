"""`make dead-letters`: shows the facts that services of a running exchange gave up on, and puts them back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

import psycopg

from chassis.clock import SystemClock
from chassis.dead_letters import DeadLetter, dead_letters, put_back
from standalone.databases import SERVICES, data_folder, url_of
from standalone.embedded_postgres import PostgresRefused

ALL = "all"

Found = dict[str, tuple[str, DeadLetter]]
"""Service and letter by the name a person calls it by, for example user_portfolio/3."""


def main() -> int:
    """0 when done, 1 when a letter that was named is not there, 2 when the exchange could not be looked at."""
    arguments = _arguments()
    try:
        return int(run(arguments.word, arguments.names))
    except (psycopg.OperationalError, PostgresRefused) as error:
        reason = str(error).splitlines()[0]
        print(
            f"The dead letters cannot be looked at: no exchange runs on the data folder {data_folder()} ({reason});"
            " start it with make run, or name another folder with DATA=.",
            file=sys.stderr,
        )
        return 2


def run(word: str, names: Sequence[str]) -> int:
    """Do what was asked for, `word` being a key of WORDS; 1 if a name is no dead letter's."""
    found = dict(_find())
    chosen = list(found) if word == "list" or ALL in names else list(dict.fromkeys(names))
    unknown = [name for name in chosen if name not in found]
    if unknown:
        print(f"There is no dead letter {', '.join(unknown)}.", file=sys.stderr)
        return 1
    WORDS[word]({name: found[name] for name in chosen})
    return 0


def show_list(letters: Found) -> None:
    """A line a letter."""
    for name, (_, letter) in letters.items():
        print(f"{name}  {letter.fact_name}  {letter.died_at:%Y-%m-%d %H:%M:%S}  {letter.reason.splitlines()[0]}")
    print(f"dead letters: {len(letters)}")


def show(letters: Found) -> None:
    """Everything that is known of each letter."""
    for name, (_, letter) in letters.items():
        print(f"{name}")
        print(f"  fact     {letter.fact_name}, number {letter.position} of message {letter.message_id}")
        print(f"  died     {letter.died_at:%Y-%m-%d %H:%M:%S %Z}")
        print(f"  reason   {letter.reason}")
        print(f"  body     {letter.body.decode(errors='backslashreplace')}")


def return_letters(letters: Found) -> None:
    """Hand each letter to its service once more."""
    for service in dict.fromkeys(service for service, _ in letters.values()):
        numbers = [letter.number for owner, letter in letters.values() if owner == service]
        with psycopg.connect(url_of(service), connect_timeout=5) as connection:
            for number in put_back(connection, service, numbers, SystemClock().now_us()):
                print(f"{service}/{number} is on its way to {service}; if it fails again it is a dead letter again")


WORDS: dict[str, Callable[[Found], None]] = {"list": show_list, "show": show, "put-back": return_letters}


def _find() -> Iterator[tuple[str, tuple[str, DeadLetter]]]:
    for service in SERVICES:
        with psycopg.connect(url_of(service), connect_timeout=5) as connection:
            connection.execute("set timezone = 'UTC'")
            for letter in dead_letters(connection):
                yield f"{service}/{letter.number}", (service, letter)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make dead-letters", description=__doc__)
    parser.add_argument("word", nargs="?", default="list", choices=WORDS, help="what to do (default: list)")
    parser.add_argument("names", nargs="*", help=f"which letters, for example user_portfolio/3, or {ALL}")
    arguments = parser.parse_args()
    if arguments.word != "list" and not arguments.names:
        parser.error(f"{arguments.word} needs the names of dead letters, or {ALL}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
