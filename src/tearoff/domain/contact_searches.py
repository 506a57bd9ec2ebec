"""What somebody typed to find a contact, as each way of knowing one would be written."""

from __future__ import annotations

import msgspec

from tearoff.domain.contacts import PHONE_SEPARATORS
from tearoff.domain.ids import read_id

LAST = "\U0010ffff"
"""Sorts behind every letter: a text followed by it ends the range of texts that begin with that text."""
NOTHING = ""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Beginnings to look for; an empty one looks for nothing. `token` is as typed, for what keeps its letter case."""

    contact_id: int | None
    email: str
    phone: str
    token: str
    name: str
    other: str | None


def search_of(text: str) -> Search:
    """The beginnings that a text may be: of an address, a number, a token, an external id, or one or two names."""
    typed = " ".join(text.split())
    bare = PHONE_SEPARATORS.sub("", typed).removeprefix("+")
    first, _, second = typed.lower().partition(" ")
    return Search(
        contact_id=read_id(typed),
        email=typed.lower() if " " not in typed else NOTHING,
        phone=bare if bare.isdecimal() and bare.isascii() else NOTHING,
        token=typed,
        name=first,
        other=second or None,
    )


def end_of(beginning: str) -> str:
    """What ends the range of texts that begin so; for an empty beginning the range is empty."""
    return beginning + LAST if beginning else NOTHING
