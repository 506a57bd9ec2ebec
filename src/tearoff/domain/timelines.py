"""What happened to a contact, the newest first, from several books at once; and why it got each code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from tearoff.domain.holds import wish_of
from tearoff.domain.ids import ID_MAX, read_id
from tearoff.errors import Invalid, Problem

Kind = Literal["code", "message", "run", "redemption"]
KINDS: tuple[Kind, ...] = ("code", "message", "run", "redemption")
CodeState = Literal["reserved", "issued", "redeemed", "returned", "revoked", "expired"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Place(NamedTuple):
    """Where something stands in the timeline; of one instant, kinds come in their order, and higher ids first."""

    at: datetime
    kind: int
    id: int

    @property
    def text(self) -> str:
        """The cursor that goes on behind it."""
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.kind}.{self.id}"

    def below(self, kind: Kind) -> int:
        """Of things of a kind at the same instant, only those with a lower id than this are still to come."""
        rank = KINDS.index(kind)
        if rank == self.kind:
            return self.id
        return ID_MAX if rank > self.kind else 0


def read_place(cursor: str | None) -> Place | None:
    """The place behind which to go on; raises Invalid for what is no cursor."""
    if cursor is None:
        return None
    parts = [read_id(part) for part in cursor.split(".")]
    if len(parts) == 3 and None not in parts:
        micros, kind, id = (part or 0 for part in parts)
        if kind < len(KINDS) and micros < 10**17:
            return Place(EPOCH + micros * MICROSECOND, kind, id)
    raise Invalid(Problem("/after", "Give the `next` of the page before."))


def merged(found: Iterable[tuple[Place, Any]], limit: int) -> tuple[list[Any], str | None]:
    """The newest of all, and the cursor behind them when there is more."""
    ordered = sorted(found, key=lambda pair: (pair[0].at, -pair[0].kind, pair[0].id), reverse=True)
    kept = ordered[:limit]
    return [item for _, item in kept], kept[-1][0].text if len(ordered) > limit else None


def state_of(
    now: datetime,
    *,
    issued_at: datetime | None,
    returned_at: datetime | None,
    revoked_at: datetime | None,
    redeemed_at: datetime | None,
    expires_at: datetime | None,
) -> CodeState:
    """What became of a code in its owner's hands."""
    if returned_at is not None:
        return "returned"
    if revoked_at is not None:
        return "revoked"
    if redeemed_at is not None:
        return "redeemed"
    if expires_at is not None and expires_at <= now:
        return "expired"
    return "issued" if issued_at is not None else "reserved"


class Asked(msgspec.Struct, frozen=True):
    """Where in a workflow a code was asked for, and what it had to be; `tag` is the merge tag that asked."""

    block: str | None = None
    tag: str | None = None
    discount: int | None = None
    days: int | None = None


def asked_by(scope: str, key: str, request: str) -> Asked:
    """What a claim of a run says about itself; nothing for claims from other doors."""
    if scope != "run" or key.count(":") < 2:
        return Asked()
    block, _, tag = key.partition(":")[2].rpartition(":")[0].partition("%")
    _, _, criteria = request.partition(";")
    try:
        wish = wish_of(criteria)
    except (KeyError, ValueError):
        return Asked(block, tag or None)
    return Asked(block, tag.rstrip("%").lstrip("%") or None, wish.discount, wish.days)


def behind(place: Place | None, kind: Kind) -> dict[str, Any]:
    """How the books of one kind are asked for what comes behind a place."""
    return {"before": place.at, "below": place.below(kind)} if place else {"before": None, "below": 0}


def kinds_of(wanted: str | None) -> Sequence[Kind]:
    """The kinds in a list with commas; raises Invalid for one that is not there. All, for none."""
    if not wanted:
        return KINDS
    names = [name.strip() for name in wanted.split(",")]
    if wrong := [name for name in names if name not in KINDS]:
        raise Invalid(Problem("/kinds", f"There is no kind {wrong[0]!r}; there is {', '.join(KINDS)}."))
    return [kind for kind in KINDS if kind in names]
