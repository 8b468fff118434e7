"""Keeps the key that signs access tokens in its file."""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm

from chassis.identity import TOKEN_ALGORITHM
from chassis.keys import TokenKeys
from chassis.settings import SettingsError


class SigningKey:
    """An Ed25519 key pair: signs here, is checked everywhere. What a refresh token is followed by comes of it too."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"successor of a refresh token")
        self._successor_key = derivation.derive(private_key.private_bytes_raw())

    def sign(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode(dict(claims), self._private_key, algorithm=TOKEN_ALGORITHM)

    def successor(self, refresh_token: str) -> str:
        digest = hmac.digest(self._successor_key, refresh_token.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def public_keys(self) -> TokenKeys:
        """The public key, as an Authenticator wants it."""
        return [self._private_key.public_key()]

    def public_pem(self) -> str:
        """The public key as PEM text."""
        return self._private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def leave_public_half(self, path: Path) -> None:
        """Write the public key to a file, whole or not at all; SettingsError if that cannot be."""
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_text(self.public_pem(), encoding="ascii")
            draft.replace(path)
        except OSError as broken:
            raise SettingsError(f"PUBLIC_KEY_FILE={path} cannot be written: {broken}") from broken

    def public_jwk(self) -> dict[str, str]:
        """The public key as a JSON Web Key (RFC 8037)."""
        key = OKPAlgorithm.to_jwk(self._private_key.public_key(), as_dict=True)
        return {**key, "alg": TOKEN_ALGORITHM, "use": "sig"}


def load_signing_key(path: Path) -> SigningKey:
    """Read the key, making it first if there is none; SettingsError if the file holds anything else."""
    if not path.exists():
        _create(path)
    try:
        private_key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as broken:
        raise SettingsError(f"SIGNING_KEY_FILE={path} cannot be read as a PEM key: {broken}") from broken
    if not isinstance(private_key, Ed25519PrivateKey):
        raise SettingsError(f"SIGNING_KEY_FILE={path} is not an Ed25519 key")
    return SigningKey(private_key)


def _create(path: Path) -> None:
    """Write a new key under another name first: nobody ever sees half a key, and of two starts the first wins."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_private(draft, pem)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as broken:
        raise SettingsError(f"SIGNING_KEY_FILE={path} cannot be written: {broken}") from broken


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
