"""`make dead-letters`: shows the facts that services, or the broker between them, gave up on, and puts them back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

import psycopg

from chassis.clock import SystemClock
from chassis.dead_letters import DeadLetter, dead_letters, put_back
from standalone.broker_letters import BrokerAway, BrokerLetter, broker_letters, return_to_queues
from standalone.databases import SERVICES, broker_url, data_folder, url_of
from standalone.embedded_postgres import PostgresRefused

ALL = "all"
BROKER = "broker"

Found = dict[str, tuple[str, DeadLetter | BrokerLetter]]
"""Who set it aside, and the letter, by the name a person calls it by, for example user_portfolio/3 or broker/1."""


def main() -> int:
    """0 when done, 1 when a letter that was named is not there or stays, 2 when not all could be looked at."""
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
    """Do what was asked for, `word` being a key of WORDS; the exit status, as of `main`.

    A broker that is away keeps nobody from what the services set aside.
    """
    found: Found = dict(_set_aside_by_services())
    is_complete = True
    try:
        found.update(_set_aside_by_broker())
    except BrokerAway as away:
        is_complete = False
        print(f"The broker's own dead letters cannot be looked at: it does not answer ({away}).", file=sys.stderr)
    chosen = list(found) if word == "list" or ALL in names else list(dict.fromkeys(names))
    unknown = [name for name in chosen if name not in found]
    if unknown:
        print(f"There is no dead letter {', '.join(unknown)}.", file=sys.stderr)
        return 1
    return WORDS[word]({name: found[name] for name in chosen}) or (0 if is_complete else 2)


def show_list(letters: Found) -> int:
    """A line a letter."""
    for name, (_, letter) in letters.items():
        print(f"{name}  {letter.fact_name}  {letter.died_at:%Y-%m-%d %H:%M:%S}  {letter.reason.splitlines()[0]}")
    print(f"dead letters: {len(letters)}")
    return 0


def show(letters: Found) -> int:
    """Everything that is known of each letter."""
    for name, (_, letter) in letters.items():
        print(f"{name}")
        print(f"  fact     {letter.fact_name}, {_place(letter)} message {letter.message_id or 'without a number'}")
        print(f"  died     {letter.died_at:%Y-%m-%d %H:%M:%S %Z}")
        print(f"  reason   {letter.reason}")
        print(f"  body     {letter.body.decode(errors='backslashreplace')}")
    return 0


def return_letters(letters: Found) -> int:
    """Hand each letter to its service once more; 1 if one of the broker's could not go back to its queue."""
    numbers_of: dict[str, list[int]] = {}
    for owner, letter in letters.values():
        numbers_of.setdefault(owner, []).append(letter.number)
    numbers = numbers_of.pop(BROKER, [])
    for service, of_service in numbers_of.items():
        _return_to_service(service, of_service)
    return _return_to_queues(numbers) if numbers else 0


def _return_to_service(service: str, numbers: Sequence[int]) -> None:
    with psycopg.connect(url_of(service), connect_timeout=5) as connection:
        for number in put_back(connection, service, numbers, SystemClock().now_us()):
            print(f"{service}/{number} is on its way to {service}; if it fails again it is a dead letter again")


def _return_to_queues(numbers: Sequence[int]) -> int:
    returned = set()
    for number in return_to_queues(broker_url(), numbers):
        returned.add(number)
        print(f"{BROKER}/{number} is back in its queue; if it fails again it is a dead letter again")
    for number in sorted(set(numbers) - returned):
        print(
            f"{BROKER}/{number} stays a dead letter: the queue it came from is not known, or not there", file=sys.stderr
        )
    return 1 if returned != set(numbers) else 0


def _place(letter: DeadLetter | BrokerLetter) -> str:
    return f"number {letter.position} of" if isinstance(letter, DeadLetter) else "all of"


WORDS: dict[str, Callable[[Found], int]] = {"list": show_list, "show": show, "put-back": return_letters}


def _set_aside_by_services() -> Iterator[tuple[str, tuple[str, DeadLetter]]]:
    for service in SERVICES:
        with psycopg.connect(url_of(service), connect_timeout=5) as connection:
            connection.execute("set timezone = 'UTC'")
            for letter in dead_letters(connection):
                yield f"{service}/{letter.number}", (service, letter)


def _set_aside_by_broker() -> Iterator[tuple[str, tuple[str, BrokerLetter]]]:
    if url := broker_url():
        for set_aside in broker_letters(url):
            yield f"{BROKER}/{set_aside.number}", (BROKER, set_aside)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make dead-letters", description=__doc__)
    parser.add_argument("word", nargs="?", default="list", choices=WORDS, help="what to do (default: list)")
    parser.add_argument("names", nargs="*", help=f"which letters, for example user_portfolio/3 or {BROKER}/1, or {ALL}")
    arguments = parser.parse_args()
    if arguments.word != "list" and not arguments.names:
        parser.error(f"{arguments.word} needs the names of dead letters, or {ALL}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
