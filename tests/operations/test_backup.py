"""Everything is lost and comes back: a backup made while people trade is a whole exchange of one quiet moment."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from loadtest.chaos import SETTINGS, Trader, all_orders
from loadtest.own_process import started
from loadtest.stack_process import StackProcess
from standalone.backup import CONTENTS, contents_of
from tests.chassis.builders import eventually
from tests.operations.lost_and_found import backup, differing, done, picture, trade
from tests.stack.conftest import skip_where_servers_are_missing

pytestmark = pytest.mark.timeout(600)

TRADERS = 4
PAUSE_S = 0.7


@dataclass(frozen=True, slots=True)
class Lost:
    """A stack that is gone, and what is known of it. `promised` was acknowledged before the first backup began.

    The first backup was made while people traded, the second when all was at rest and looked as in `seen`.
    """

    folder: Path
    tokens: list[str]
    promised: list[dict[str, str]]
    seen: dict[str, Any]

    @contextmanager
    def restored(self, name: str) -> Iterator[StackProcess]:
        """A new stack on a backup, on a broker that has never heard of anything. Keys are kept apart from backups."""
        stack = StackProcess(self.folder / f"{name}-restored", SETTINGS)
        done(backup("restore", self.folder / name, stack))
        shutil.copytree(self.folder / "keys", stack.folder / "keys")
        with started(stack):
            yield stack


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Lost:
    skip_where_servers_are_missing()
    folder = tmp_path_factory.mktemp("backups")
    with started(StackProcess(folder / "lost", SETTINGS)) as stack:
        tokens = [stack.sign_up(f"trader-{number}") for number in range(TRADERS)]
        stack.wait_until_settled()
        traders = [Trader(stack, number, token, PAUSE_S, number) for number, token in enumerate(tokens)]
        try:
            eventually(lambda: acknowledged(traders) >= 30)
            promised = [dict(trader.restless.acknowledged) for trader in traders]
            done(backup("make", folder / "first", stack))
            eventually(lambda: acknowledged(traders) > sum(map(len, promised)))  # nobody has stopped for it
        finally:
            for trader in traders:
                trader.stop()
        assert trade(stack, tokens) == "filled"  # what the first backup does not know
        stack.wait_until_settled()
        seen = picture(stack, tokens)
        done(backup("make", folder / "second", stack))
    shutil.copytree(stack.folder / "keys", folder / "keys")
    shutil.rmtree(stack.folder)
    return Lost(folder, tokens, promised, seen)


def acknowledged(traders: list[Trader]) -> int:
    return sum(len(trader.restless.acknowledged) for trader in traders)


def test_what_was_at_rest_comes_back_as_people_saw_it_and_they_trade_on(lost: Lost) -> None:
    with lost.restored("second") as stack:
        audit = stack.audit()

        assert audit.returncode == 0, audit.stdout + audit.stderr
        assert picture(stack, lost.tokens) == lost.seen
        assert trade(stack, lost.tokens) == "filled"
        stack.kill_child("broker")
        stack.wait_until_settled()  # a broker that is just coming back is waited for
        assert stack.audit().returncode == 0


def test_a_backup_made_while_people_trade_is_whole_and_has_all_that_was_acknowledged_before(lost: Lost) -> None:
    with lost.restored("first") as stack:
        audit = stack.audit()

        assert audit.returncode == 0, audit.stdout + audit.stderr
        for token, promised in zip(lost.tokens, lost.promised, strict=True):
            kept = {order["client_order_id"]: order["id"] for order in all_orders(stack, token)}
            assert kept.items() >= promised.items()
        assert trade(stack, lost.tokens) == "filled"


def test_one_service_older_than_the_others_is_what_the_audit_finds(lost: Lost) -> None:
    mixed = lost.folder / "mixed"
    shutil.copytree(lost.folder / "second", mixed)
    shutil.copy(lost.folder / "first" / "user_portfolio.dump", mixed)
    refused = backup("restore", mixed, StackProcess(lost.folder / "refused", SETTINGS))
    assert (refused.returncode, "user_portfolio.dump is not the file" in refused.stderr) == (2, True), refused.stderr
    (mixed / CONTENTS).write_text(json.dumps(contents_of(mixed, "now")))

    with lost.restored("mixed") as stack:
        audit = stack.audit()

    print(audit.stdout)
    assert audit.returncode == 1, audit.stdout + audit.stderr
    assert "every trade has two fills, two settled sides, one print on the tape" in differing(audit.stdout)
