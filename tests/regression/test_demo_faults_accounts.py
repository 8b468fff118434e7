"""Faults of the demo this exchange grew out of, in its accounts: each has a test that keeps it from coming back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.user_accounts.rig import PASSWORD, Rig, bearer, build_rig, refusal


@pytest.fixture
def rig(database_url: Callable[[str], str], tmp_path: Path) -> Iterator[Rig]:
    built = build_rig(database_url("user_accounts"), tmp_path / "signing.pem")
    yield built
    built.database.close()


def test_fault_14_nobody_is_told_who_else_has_an_account(rig):
    alice, bob = rig.sign_up("alice"), rig.sign_up("bob")
    paths = [str(rule) for rule in rig.app.url_map.iter_rules() if "GET" in (rule.methods or ())]

    answers = [rig.client.get(path.replace("<key_id>", "x"), headers=headers(alice)) for path in paths]

    assert len(answers) > 5
    for answer in answers:
        assert "bob" not in answer.text
        assert bob["account_id"] not in answer.text


def test_fault_16_signing_up_with_a_taken_name_gives_nobody_its_token(rig):
    rig.sign_up("alice")

    for password in (PASSWORD, "some other password"):
        answer = rig.post("signup", {"name": "alice", "password": password})
        assert refusal(answer) == (409, "name_taken")
        assert set(answer.json) == {"code", "name", "message"}


def headers(tokens):
    return bearer(tokens["access_token"])
