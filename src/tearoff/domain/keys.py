"""API keys: which scope covers which need, and how a key becomes the hash that is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Literal, get_args

import msgspec

Scope = Literal["full", "events", "events+contacts", "messages", "codes", "redeem", "read-only"]
SCOPES: tuple[str, ...] = get_args(Scope)

Need = Literal[
    "open",
    "any",
    "events",
    "contacts",
    "messages",
    "codes",
    "reveal",
    "export",
    "redeem",
    "full",
    "administer",
    "session",
    "installation",
]
"""What a route asks for: `open` no key at all, `any` a live key, `reveal` the right to read codes in full, `export` the
right to take away who has them, `administer` to say who may do what, `session` a person and not a key, `installation` a
person who is an administrator."""

PERSONAL = frozenset({"session", "installation"})
VALUE_MIN, VALUE_MAX = 16, 200
GRANTS: dict[str, frozenset[str]] = {
    "full": frozenset(get_args(Need)) - PERSONAL,
    "events": frozenset({"any", "events"}),
    "events+contacts": frozenset({"any", "events", "contacts"}),
    "messages": frozenset({"any", "messages"}),
    "codes": frozenset({"any", "codes", "reveal"}),
    "redeem": frozenset({"any", "redeem"}),
    "read-only": frozenset({"any"}),
}


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is kept: everything but its value."""

    project_id: int
    key_id: int
    name: str
    hash: bytes
    scope: str
    created_at: datetime
    disabled_at: datetime | None = None
    last_used_at: datetime | None = None

    @property
    def subject(self) -> str:
        """Against whom wrong guesses of codes are counted."""
        return f"key:{self.key_id}"

    @property
    def facts(self) -> dict[str, int]:
        """What the audit log notes beside the name."""
        return {"keyId": self.key_id}

    @property
    def standing(self) -> str:
        """How a refusal names the caller."""
        return f"A key of the scope {self.scope!r}"

    def may(self, need: str, method: str) -> bool:
        """Whether the key may call a route."""
        return covers(self.scope, need, method)


def covers(scope: str, need: str, method: str) -> bool:
    """Whether a key of this scope may call a route; read-only reads everything but codes in full and exports."""
    if need in GRANTS.get(scope, ()):
        return True
    return scope == "read-only" and method == "GET" and need not in {"reveal", "export"} | PERSONAL


def hash_of(value: str) -> bytes:
    """The SHA-256 of a key. A key holds 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(value.encode()).digest()


def is_value_of(value: str, key: ApiKey) -> bool:
    """Whether `value` is this key, compared in constant time."""
    return hmac.compare_digest(hash_of(value), key.hash)


def fresh_value() -> str:
    """A new key of 256 random bits."""
    return secrets.token_urlsafe(32)
