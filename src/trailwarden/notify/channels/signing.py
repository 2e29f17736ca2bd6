"""The key that signs messages to webhooks, and the certificate by which receivers check them."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trailwarden.errors import Location, UsageError
from trailwarden.notify.envelope import string_to_sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

KEY_FILE, CERTIFICATE_FILE = "webhook-key.pem", "webhook-cert.pem"
_KEY_BITS = 3072
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # RFC 5280: no end that means anything


class Signer:
    """Signs with the key in ``home``, which is made with its certificate where it is missing.

    Raises UsageError where the files cannot be used, or cryptography is not installed.
    """

    def __init__(self, home: Path) -> None:
        _check_library()
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._key = _key(home / KEY_FILE)
            certificate = _certificate(home / CERTIFICATE_FILE, self._key)
        except OSError as error:
            raise UsageError(
                f"the key of the webhooks cannot be kept: {error.strerror}",
                location=Location(str(home)),
                cure="make the folder writable for this user",
            ) from None
        self.fingerprint = _fingerprint(certificate)

    def signature(self, message: Mapping[str, str | None]) -> str:
        """SignatureVersion 2: RSA PKCS#1 v1.5 over SHA-256, in Base64 (rule S-5)."""
        from cryptography.hazmat.primitives.asymmetric.padding import (  # noqa: PLC0415 - slow
            PKCS1v15,
        )
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

        signed = self._key.sign(string_to_sign(message).encode(), PKCS1v15(), SHA256())
        return base64.b64encode(signed).decode("ascii")


def _check_library() -> None:
    try:
        import cryptography  # noqa: F401, PLC0415 - it may not be installed
    except ImportError:
        raise UsageError(
            "signed webhooks need cryptography, which is not installed",
            cure="install it with: pip install 'trailwarden[notify]', or set raw = true",
        ) from None


def _key(path: Path) -> RSAPrivateKey:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65_537, key_size=_KEY_BITS)
        pem = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with suppress(FileExistsError):  # another process was quicker: its key is the one
            _write(path, pem, mode=0o600, replace=False)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise _unusable(path) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _unusable(path)
    return key


def _unusable(path: Path) -> UsageError:
    return UsageError(
        "this is not an RSA key without a password",
        location=Location(str(path)),
        cure="remove it with its certificate: new ones are made, and receivers must learn them",
    )


def _certificate(path: Path, key: RSAPrivateKey) -> Certificate:
    """That in the file if it belongs to the key; else a new one, written there."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - slow

    is_there = path.exists()  # asked first: another process may be writing a good one
    kept = _certificate_in(path, key)
    if kept is not None:
        return kept
    made = _self_signed(key)
    try:
        _write(path, made.public_bytes(Encoding.PEM), mode=0o644, replace=is_there)
    except FileExistsError:  # another process was quicker
        return _certificate_in(path, key) or made
    return made


def _certificate_in(path: Path, key: RSAPrivateKey) -> Certificate | None:
    from cryptography import x509  # noqa: PLC0415 - slow to import

    with suppress(FileNotFoundError, ValueError):
        kept = x509.load_pem_x509_certificate(path.read_bytes())
        if kept.public_key() == key.public_key():
            return kept
    return None


def _self_signed(key: RSAPrivateKey) -> Certificate:
    from cryptography import x509  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Trailwarden webhooks")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FIRST)
        .not_valid_after(_LAST)
        .sign(key, SHA256())
    )


def _fingerprint(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - slow to import

    return certificate.fingerprint(SHA256()).hex()


def _write(path: Path, content: bytes, *, mode: int, replace: bool) -> None:
    """Whole or not at all. Raises FileExistsError without ``replace``, OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            path.hardlink_to(temporary)
    finally:
        temporary.unlink(missing_ok=True)
