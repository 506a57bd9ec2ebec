"""Passwords: what one must be like, and the argon2id hash that is kept of it."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tearoff.errors import Problem

LENGTH_MIN, LENGTH_MAX = 10, 200
DISTINCT_MIN = 4
ONE_TIME_BYTES = 12
HASHER = PasswordHasher()
"""RFC 9106, the second recommended option: 64 MiB, three passes; about a tenth of a second of one core."""

NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$OcyF6BsMPjk/Yp9JV8qOGw$i5jqBDad1zCn6puz55pdEEeB3Zpr87OjACsPIT8LzDc"
"""Checked where there is no such person, so that the answer takes as long; no password is taken for it."""


def problems_of(password: str, email: str, pointer: str = "/password") -> list[Problem]:
    """What is wrong with a new password of the person with this email."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        return [Problem(pointer, f"A password has {LENGTH_MIN} to {LENGTH_MAX} characters.")]
    if len(set(password)) < DISTINCT_MIN:
        return [Problem(pointer, f"A password has at least {DISTINCT_MIN} different characters.")]
    if email and password.lower().strip() in (email, email.partition("@")[0]):
        return [Problem(pointer, "A password is not the email address.")]
    return []


def hash_of(password: str) -> str:
    """The hash to keep; takes a while, so not on the event loop."""
    return HASHER.hash(_normalised(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether this is the password behind the hash; takes as long where there is none."""
    try:
        return HASHER.verify(kept or NOBODYS, _normalised(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_stale(kept: str) -> bool:
    """Whether the hash was made with other costs than those of today."""
    return HASHER.check_needs_rehash(kept)


def one_time() -> str:
    """A password to be changed at the first sign-in."""
    return secrets.token_urlsafe(ONE_TIME_BYTES)


def _normalised(password: str) -> str:
    """One form for what different keyboards compose differently."""
    return unicodedata.normalize("NFC", password)
