"""Codes that carry their own truth, so that a shop can check one offline: a form with a modern signature.

Layout, in bits: 4 version, 16 day of expiry (days since 2020-01-01), 7 discount, 5 type, 40 nonce, 48 tag: 120 bits, 24
characters of Crockford's base 32 (no I, L, O, U). The tag is the head of HMAC-SHA256 over the first 72 bits, so a
guess hits with one in 2**48.
"""

from __future__ import annotations

import hmac
from datetime import date, timedelta
from hashlib import sha256

import msgspec

from tearoff.errors import Invalid, Problem

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("ILOU", "110V")
EPOCH = date(2020, 1, 1)
VERSION = 1
LENGTH = 24
GROUP = 6
TAG_BITS = 48
KEY_BYTES_MIN = 16
DISCOUNT_MAX, TYPE_MAX, NONCE_MAX = 99, 31, 2**40 - 1


class Signed(msgspec.Struct, frozen=True, rename="camel"):
    """What a signed code says; it is good through the whole of `expires_on`."""

    expires_on: date
    discount: int
    type: int
    nonce: int


def sign(said: Signed, key: bytes) -> str:
    """The code that says this, as XXXXXX-XXXXXX-XXXXXX-XXXXXX; raises Invalid for what does not fit into one."""
    days = (said.expires_on - EPOCH).days
    limits = {"discount": DISCOUNT_MAX, "type": TYPE_MAX, "nonce": NONCE_MAX}
    problems = [
        Problem(f"/{name}", f"A signed code's {name} is a whole number from 0 to {limit}.")
        for name, limit in limits.items()
        if not 0 <= getattr(said, name) <= limit
    ]
    if not 0 <= days < 2**16:
        problems.append(Problem("/expiresOn", "A signed code's last day is between 2020-01-01 and 2199-06-06."))
    if len(key) < KEY_BYTES_MIN:
        problems.append(Problem("/key", f"A key has at least {KEY_BYTES_MIN} bytes."))
    if problems:
        raise Invalid(*problems)
    body = ((((VERSION << 16 | days) << 7 | said.discount) << 5 | said.type) << 40) | said.nonce
    whole = body << TAG_BITS | _tag(body, key)
    letters = "".join(ALPHABET[whole >> 5 * n & 31] for n in range(LENGTH - 1, -1, -1))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read(code: str, key: bytes) -> Signed | None:
    """What a code says, or None when it was not signed with the key; separators and case do not count.

    Expiry is the caller's to judge: a code past its day is still genuine.
    """
    letters = "".join(c for c in code.upper() if c not in "- ").translate(MISREAD)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    whole = 0
    for letter in letters:
        whole = whole << 5 | ALPHABET.index(letter)
    body, tag = whole >> TAG_BITS, whole & 2**TAG_BITS - 1
    right = hmac.compare_digest(tag.to_bytes(6, "big"), _tag(body, key).to_bytes(6, "big"))
    if not right or body >> 68 != VERSION:
        return None
    return Signed(
        expires_on=EPOCH + timedelta(days=body >> 52 & 2**16 - 1),
        discount=body >> 45 & 127,
        type=body >> 40 & 31,
        nonce=body & NONCE_MAX,
    )


def _tag(body: int, key: bytes) -> int:
    digest = hmac.new(key, b"tearoff signed code" + body.to_bytes(9, "big"), sha256).digest()
    return int.from_bytes(digest[: TAG_BITS // 8], "big")
