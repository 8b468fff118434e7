"""Secrets are in Secrets, nowhere else, and those that belong together fit."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jwt
from cryptography.x509 import load_pem_x509_certificate

from chassis.identity import TOKEN_ALGORITHM
from chassis.keys import token_keys
from standalone.databases import SERVICES
from tests.chart.helm import CHART
from tests.chart.manifests import Manifests
from user_accounts.store.signing_key import load_signing_key

NO_SECRET = ("username", "user", "host", "port", "database", "dbname", "tls.crt", "type")
"""Keys of Secrets that anybody may read."""


ROW = re.compile(r"^\| `(<release>[^`]*)` \| ([^|]*) \|", re.MULTILINE)
KEY = re.compile(r"`([\w.]+)`")
"""Of the README's table of Secrets."""


def confidential(manifests: Manifests) -> set[str]:
    """Every text that nobody may read elsewhere: what Secrets hold, and the passwords inside their URLs."""
    texts = set()
    for one in manifests.of("Secret"):
        for key, text in (manifests.secret(one["metadata"]["name"]) or {}).items():
            if key.lower() not in NO_SECRET:
                texts |= {text.strip(), password_in(text)}
    return texts - {""}


def password_in(url: str) -> str:
    return unquote(urlsplit(url).password or "") if "://" in url and "\n" not in url.strip() else ""


def test_no_secret_is_anywhere_but_in_a_secret(manifests: Manifests):
    public = json.dumps(
        [one if one["kind"] != "Secret" else one["metadata"] for one in manifests.objects], ensure_ascii=False
    )

    assert [text for text in confidential(manifests) if json.dumps(text, ensure_ascii=False)[1:-1] in public] == []


def test_generated_passwords_are_long_and_none_is_used_twice(default: Manifests):
    passwords = [
        text
        for one in default.of("Secret")
        for key, text in (default.secret(one["metadata"]["name"]) or {}).items()
        if "password" in key.lower()
    ]

    assert len(passwords) > 0
    assert min(len(text) for text in passwords) >= 20
    assert all(text.isalnum() for text in passwords), "a URL would have to quote it"


def test_no_secret_is_told_as_a_plain_value(manifests: Manifests):
    for container in manifests.containers:
        for entry in container.spec.get("env", []):
            plain = str(entry.get("value", ""))
            assert password_in(plain) == "", f"{container}: {entry['name']}"
            if "PASSWORD" in entry["name"] and not entry["name"].endswith("_FILE"):
                assert "value" not in entry, f"{container}: {entry['name']}"


def test_the_readme_names_every_secret_and_its_keys(default: Manifests):
    told: dict[str, set[str]] = {}
    for name, keys in ROW.findall((CHART / "README.md").read_text()):
        for service in SERVICES if "<service>" in name else ("",):
            full = name.replace("<release>", default.fullname).replace("<service>", service.replace("_", "-"))
            told[full] = set(KEY.findall(keys))

    assert told == {
        name: set(default.secret(name) or {}) for name in (one["metadata"]["name"] for one in default.of("Secret"))
    }


def test_the_certificate_is_of_the_key_that_signs(default: Manifests, tmp_path: Path):
    (pair,) = (
        secret for one in default.of("Secret") if "tls.key" in (secret := default.secret(one["metadata"]["name"]) or {})
    )
    (tmp_path / "tls.key").write_text(pair["tls.key"])
    signing_key = load_signing_key(tmp_path / "tls.key")

    assert load_pem_x509_certificate(pair["tls.crt"].encode()).public_key() == signing_key.public_keys()[0]


def test_a_token_signed_on_the_cluster_is_good_there(default: Manifests, tmp_path: Path):
    (pair,) = (
        secret for one in default.of("Secret") if "tls.key" in (secret := default.secret(one["metadata"]["name"]) or {})
    )
    (tmp_path / "tls.key").write_text(pair["tls.key"])
    (key,) = token_keys(pair["tls.crt"].encode())

    token = load_signing_key(tmp_path / "tls.key").sign({"sub": "alice"})

    assert jwt.decode(token, key, algorithms=[TOKEN_ALGORITHM]) == {"sub": "alice"}
