"""What is kept, and that it is of no use to a thief."""

from __future__ import annotations

import stat
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chassis.settings import SettingsError
from contracts.refusals import Refused
from tests.user_accounts.rig import CHEAP, PASSWORD, bearer, public_key
from user_accounts.domain.passwords import Cost
from user_accounts.handlers import passwords
from user_accounts.settings import Settings
from user_accounts.store.signing_key import load_signing_key


def everything_in(rig):
    """All that the database holds, as text."""
    with rig.database.reading() as transaction:
        tables = transaction.rows("select tablename from pg_tables where schemaname = 'public'")
        rows = [
            str(row)
            for (table,) in tables
            for row in transaction.rows(f"select encode(convert_to(t::text, 'UTF8'), 'escape') from {table} t")
        ]
        bodies = [bytes(body).decode() for (body,) in transaction.rows("select body from outbox")]
    return "\n".join(rows + bodies)


def test_no_secret_is_stored_in_clear(rig):
    tokens = rig.sign_up("alice")
    refreshed = rig.post("refresh", {"refresh_token": tokens["refresh_token"]}).json
    key = rig.post("keys", {}, headers=bearer(refreshed["access_token"])).json

    stored = everything_in(rig)

    assert "alice" in stored
    assert key["key_id"] in stored
    for secret in (PASSWORD, tokens["refresh_token"], refreshed["refresh_token"], key["secret"]):
        assert secret not in stored
        assert secret.encode().hex() not in stored


def test_two_people_with_one_password_have_different_hashes(rig):
    rig.sign_up("alice")
    rig.sign_up("bob")

    with rig.database.reading() as transaction:
        hashes = transaction.rows("select password_hash from accounts")

    assert len(set(hashes)) == 2
    assert all(password_hash.startswith("$argon2id$") for (password_hash,) in hashes)


def test_a_hash_of_yesterdays_cost_is_made_anew_at_the_next_login(build):
    build().sign_up("alice")
    dearer = build(argon2_time_cost=2)

    def hash_of_alice():
        with dearer.database.reading() as transaction:
            return transaction.row("select password_hash from accounts")[0]

    dearer.log_in("alice", "a wrong one")
    assert "t=1" in hash_of_alice()
    assert dearer.log_in("alice").status_code == 200
    assert "t=2" in hash_of_alice()
    assert dearer.log_in("alice").status_code == 200


def test_the_cost_of_a_password_is_by_default_that_of_rfc_9106():
    settings = Settings(signing_key_file="unused")

    assert (settings.argon2_time_cost, settings.argon2_memory_kib, settings.argon2_parallelism) == (3, 65_536, 4)


def test_who_finds_no_place_for_hashing_is_sent_away(monkeypatch):
    monkeypatch.setattr(passwords, "_LONGEST_WAIT_S", 0.01)
    desk = passwords.Argon2Passwords(Cost(1, 8, 1), 1, 8, lambda count: b"s" * count)
    inside, leave = threading.Event(), threading.Event()

    def hash_slowly(*_):
        inside.set()
        leave.wait()
        return "hash"

    monkeypatch.setattr(passwords, "hash_password", hash_slowly)
    first = threading.Thread(target=desk.hashed, args=("a password", "here"))
    first.start()
    inside.wait()

    with pytest.raises(Refused, match="Too many people"):
        desk.hashed("another", "there")

    leave.set()
    first.join()
    assert desk.hashed("a third", "here") == "hash"


def test_the_signing_key_is_its_owners_alone_and_stays_the_same(tmp_path):
    settings = Settings(signing_key_file=str(tmp_path / "new" / "folder" / "key.pem"), **CHEAP)

    first, second = public_key(settings), public_key(settings)

    key_file = tmp_path / "new" / "folder" / "key.pem"
    assert first == second
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["key.pem"]
    assert "PRIVATE" not in first


def test_ten_starts_at_once_agree_on_one_key(tmp_path):
    start, keys = threading.Barrier(10), []

    def begin():
        start.wait()
        keys.append(load_signing_key(tmp_path / "key.pem").public_pem())

    threads = [threading.Thread(target=begin) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 10
    assert len(set(keys)) == 1


@pytest.mark.parametrize("content", ["", "not a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_stops_the_start_by_name(tmp_path, content):
    (tmp_path / "key.pem").write_text(content)

    with pytest.raises(SettingsError, match="SIGNING_KEY_FILE"):
        load_signing_key(tmp_path / "key.pem")


def test_a_folder_that_cannot_be_written_stops_the_start_by_name(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="SIGNING_KEY_FILE"):
        load_signing_key(tmp_path / "file" / "key.pem")


def test_an_rsa_key_stops_the_start_by_name(tmp_path):
    pem = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)

    with pytest.raises(SettingsError, match="not an Ed25519 key"):
        load_signing_key(tmp_path / "key.pem")
