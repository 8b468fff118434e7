"""The keys that tokens are checked with: read from what operators have, and exchanged without turning anybody away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chassis.keys import read_token_keys, token_keys
from chassis.settings import SettingsError

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
OLD, NEW = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def public(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def certificate(key, digest=None):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tokens")])
    draft = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    over = draft.not_valid_before(LONG_AGO).not_valid_after(LONG_AGO + timedelta(days=1))
    return over.sign(key, digest).public_bytes(Encoding.PEM)


def test_a_public_key_is_read():
    assert token_keys(public(OLD)) == [OLD.public_key()]


def test_of_certificates_every_key_counts_whatever_their_dates_are():
    assert token_keys(certificate(NEW) + certificate(OLD)) == [NEW.public_key(), OLD.public_key()]


RSA = generate_private_key(65_537, 2_048)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        b"\xff\xfe",
        b"-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n",
        OLD.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        public(RSA),
        certificate(OLD) + certificate(RSA, SHA256()),
    ],
    ids=["empty", "words", "no text", "broken certificate", "private key", "RSA key", "one of two is RSA"],
)
def test_anything_else_is_refused_by_the_name_of_its_setting(tmp_path, content):
    (tmp_path / "key.pem").write_bytes(content)

    with pytest.raises(SettingsError, match=r"PUBLIC_KEY_FILE=.*key\.pem cannot be read"):
        read_token_keys(str(tmp_path / "key.pem"))
