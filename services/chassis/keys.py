"""The public keys that access tokens are checked with, as files hold them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificates

from chassis.settings import SettingsError

TokenKeys = Sequence[Ed25519PublicKey]
"""A token signed by any of them is good: while keys are exchanged there are two."""

_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


def token_keys(pem: bytes) -> TokenKeys:
    """One Ed25519 public key, or those of one or more certificates, as PEM (RFC 7468); ValueError for anything else.

    Of a certificate only the key counts: its dates and its issuer are not looked at.
    """
    keys: list[object] = (
        [certificate.public_key() for certificate in load_pem_x509_certificates(pem)]
        if _CERTIFICATE in pem
        else [load_pem_public_key(pem)]
    )
    found = [key for key in keys if isinstance(key, Ed25519PublicKey)]
    if len(found) < len(keys):
        raise ValueError("not every key in it is an Ed25519 key")
    return found


def read_token_keys(path: str) -> TokenKeys:
    """The keys of a file; SettingsError if it cannot be read."""
    try:
        return token_keys(Path(path).read_bytes())
    except (OSError, ValueError) as broken:
        raise SettingsError(f"PUBLIC_KEY_FILE={path} cannot be read: {broken}") from broken
