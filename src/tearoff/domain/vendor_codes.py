"""The vendor's codes of *Create promo code*: date, type, discount and check letter, the same for a whole day.

The form is as the vendor publishes it: ten characters YYMMDD, type, discount, check; Triple DES in CFB8 with a fixed
vector; base 32; groups of four. It is kept for shops that decode it already. New codes belong in signed_codes.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date

import msgspec
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB8
from cryptography.hazmat.primitives.ciphers import Cipher

from tearoff.errors import Invalid, Problem

TYPES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
VECTOR = b"12345678"
KEY_BYTES = 24
PLAIN_LENGTH = 10


class VendorCode(msgspec.Struct, frozen=True, rename="camel"):
    """What a code of the vendor's says; `type` is 0 to 31."""

    expires_on: date
    type: int
    discount: int


def encode(said: VendorCode, key: str) -> str:
    """The code as XXXX-XXXX-XXXX-XXXX; raises Invalid for what does not fit."""
    problems = []
    if not 0 <= said.type < len(TYPES):
        problems.append(Problem("/type", "The type is a whole number from 0 to 31."))
    if not 0 <= said.discount <= 99:
        problems.append(Problem("/discount", "The discount is a whole number from 0 to 99."))
    if problems:
        raise Invalid(*problems)
    plain = f"{said.expires_on:%y%m%d}{TYPES[said.type]}{said.discount:02}"
    encryptor = Cipher(TripleDES(_key(key)), CFB8(VECTOR)).encryptor()
    sealed = encryptor.update((plain + check_letter(plain)).encode()) + encryptor.finalize()
    letters = base64.b32encode(sealed).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def decode(code: str, key: str) -> VendorCode | None:
    """What a code says, or None when it was not made with this key."""
    try:
        sealed = base64.b32decode(code.replace("-", "").strip().upper())
        decryptor = Cipher(TripleDES(_key(key)), CFB8(VECTOR)).decryptor()
        plain = (decryptor.update(sealed) + decryptor.finalize()).decode("ascii")
        if len(plain) != PLAIN_LENGTH or plain[9] != check_letter(plain[:9]) or not plain[7:9].isdigit():
            return None
        day = date.fromisoformat(f"20{plain[:2]}-{plain[2:4]}-{plain[4:6]}")
        return VendorCode(expires_on=day, type=TYPES.index(plain[6]), discount=int(plain[7:9]))
    except (ValueError, binascii.Error):
        return None


def check_letter(plain: str) -> str:
    """The check of the first nine characters."""
    return TYPES[sum(plain.encode()) % len(TYPES)]


def _key(text: str) -> bytes:
    key = text.encode()
    if len(key) != KEY_BYTES:
        raise Invalid(Problem("/key", f"The vendor's key has {KEY_BYTES} characters."))
    return key
