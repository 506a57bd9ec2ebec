"""Credentials at rest: sealed with a key that is not in the database.

A sealed secret opens only with the key and only in the context it was sealed for, so a row copied to another project or
put in another column is worth nothing.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tearoff.errors import Misconfigured

KEY_FILE = "secret.key"
KEY_LENGTH_MIN = 16
NONCE_BYTES = 12
VERSION = b"\x01"
PURPOSE = b"tearoff secrets at rest"


class Cipher:
    """Seals and opens with one key (AES-256-GCM, a random nonce each time)."""

    def __init__(self, key: str) -> None:
        """Derive the key from any string of at least 16 characters; raises Misconfigured for a shorter one."""
        if len(key) < KEY_LENGTH_MIN:
            raise Misconfigured(f"TEAROFF_SECRET_KEY or {KEY_FILE} must hold at least {KEY_LENGTH_MIN} characters.")
        derived = HKDF(hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
        self.aead = AESGCM(derived)

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """The secret for the database; `context` names its project and kind."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self.aead.encrypt(nonce, plain, VERSION + context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The secret again; raises Misconfigured when the key or the context is another, or a byte was changed."""
        nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if sealed[:1] != VERSION or len(nonce) != NONCE_BYTES:
                raise InvalidTag
            return self.aead.decrypt(nonce, rest, VERSION + context)
        except InvalidTag as error:
            raise Misconfigured(
                "A stored secret does not open: TEAROFF_SECRET_KEY (or the file secret.key) is not the one it was "
                "sealed with. Bring the old key back, or enter the secret again."
            ) from error


def context(project_id: int, kind: str, name: str) -> bytes:
    """The context of one secret, such as the connector `crm` of a project."""
    return f"{project_id}/{kind}/{name}".encode()


def cipher(secret_key: str | None, data_dir: Path) -> Cipher:
    """The cipher of this installation: from the setting, else from `secret.key` in the data folder, made once."""
    return Cipher(secret_key) if secret_key else Cipher(key_from_file(data_dir / KEY_FILE))


def key_from_file(path: Path) -> str:
    """The key in the file; a missing file is written first, whole or not at all, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            # A link, not a rename: of two processes that start at once, the first one's key stays.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
    try:
        return path.read_text().strip()
    except OSError as error:
        raise Misconfigured(f"The key file {path} cannot be read: {error.strerror}.") from error
