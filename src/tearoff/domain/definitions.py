"""What all definitions of a project share: keys, references by id or key, and what putting one changed."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Literal

import msgspec

from tearoff.domain.transliteration import in_latin
from tearoff.errors import Problem

Change = Literal["created", "changed", "unchanged"]
KEY_LENGTH_MAX = 100
KEY = re.compile(r"(?!\d+$)[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
ID = re.compile(r"[0-9]{1,18}")
KEY_RULE = f"A key is 1 to {KEY_LENGTH_MAX} letters, digits, dashes, dots or underscores, not digits alone."


class Put(msgspec.Struct, frozen=True):
    """A definition as it now stands in the project: its id, its key and what changed."""

    id: int
    key: str
    change: Change


def slug(text: str, empty: str) -> str:
    """A key made from any text: lower-case ASCII words with dashes; `empty` leads where no letter is left."""
    words = re.sub(r"[^a-z0-9]+", "-", in_latin(text).lower()).strip("-")[: KEY_LENGTH_MAX - 20].strip("-")
    if not words or words.isdigit():
        return f"{empty}-{words}".rstrip("-")
    return words


def slugs(text: str, empty: str) -> tuple[str, str]:
    """The plain key of a text, and one that no other text has, for when the plain one is taken."""
    plain = slug(text, empty)
    return plain, f"{plain}-{sha256(text.encode()).hexdigest()[:16]}"


def check_key(key: str, at: str) -> list[Problem]:
    """What is wrong with a key at a JSON pointer."""
    return [] if KEY.fullmatch(key) else [Problem(at, KEY_RULE)]


def as_id(reference: int | str) -> int | None:
    """The id when a reference can be one, None when it is a key: keys are never digits alone."""
    text = str(reference)
    return int(text) if ID.fullmatch(text) else None
