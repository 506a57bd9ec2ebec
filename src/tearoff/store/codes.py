"""Codes: counted, listed, and the ledger that they must add up to."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tearoff.domain.codes import Fit, State
from tearoff.errors import NotFound
from tearoff.store import folds, queries
from tearoff.store.db import Tx, fetch_all, fetch_one, fetch_value

SQL = queries.load("codes")


class ListedCode(msgspec.Struct, frozen=True):
    """A code as the vendor's list shows it."""

    code_id: int
    value: str
    expires_at: datetime | None
    discount: int | None
    type: str
    is_in_use: bool


class CodeStory(msgspec.Struct, frozen=True):
    """A code with its lot's attributes and where it stands; an open end of a window is None."""

    code_id: int
    value: str
    pool_id: int
    pool_key: str
    type: str
    lot_id: int
    task_id: int | None
    discount: int | None
    issue_from: datetime | None
    issue_until: datetime | None
    use_from: datetime | None
    expires_at: datetime | None
    state: State
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


class StateCounts(msgspec.Struct, frozen=True):
    """How many codes of one pool are in each state; free ones may be expired."""

    free: int
    reserved: int
    issued: int
    withdrawn: int


class Ledger(msgspec.Struct, frozen=True):
    """The books of one pool: uploaded = free + reserved + issued + withdrawn, and free = in_line."""

    pool_id: int
    key: str
    uploaded: int
    free: int
    in_line: int
    reserved: int
    issued: int
    withdrawn: int

    @property
    def is_balanced(self) -> bool:
        """Whether nothing is lost and nothing stands twice."""
        return self.uploaded == self.free + self.reserved + self.issued + self.withdrawn and self.free == self.in_line


async def count_free(tx: Tx, *, project_id: int, pool_id: int | None, fit: Fit) -> int:
    """How many codes fit now; `pool_id` None counts every pool."""
    params = {"project_id": project_id, "pool_id": pool_id}
    return await fetch_value(tx, SQL.count_free, params | msgspec.structs.asdict(fit), into=int)


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    pool_id: int | None,
    discount: int | None,
    until: datetime | None,
    is_in_use: bool | None,
    after: int,
    limit: int,
) -> list[ListedCode]:
    """A page of codes by id; each filter may be None."""
    params = {"project_id": project_id, "pool_id": pool_id, "discount": discount, "until": until}
    params |= {"is_in_use": is_in_use, "after": after, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params, into=ListedCode)


async def list_stories(
    tx: Tx,
    *,
    project_id: int,
    value: str | None = None,
    pool_id: int | None = None,
    state: State | None = None,
    after: int = 0,
    limit: int,
) -> list[CodeStory]:
    """A page of codes by id with their states; each filter may be None."""
    params = {"project_id": project_id, "value": value, "pool_id": pool_id, "state": state}
    return await fetch_all(tx, SQL.list_stories, params | {"after": after, "limit": limit}, into=CodeStory)


async def get(tx: Tx, *, project_id: int, value: str) -> CodeStory:
    """The code that is meant by this value; raises NotFound."""
    found = await list_stories(tx, project_id=project_id, value=value, limit=1)
    if not found:
        meant = await folds.spell(tx, project_id=project_id, value=value)
        found = await list_stories(tx, project_id=project_id, value=meant, limit=1) if meant != value else []
    if not found:
        raise NotFound("code", value)
    return found[0]


async def count_by_state(tx: Tx, *, project_id: int, pool_id: int) -> StateCounts:
    """A pool's codes by state, exact in this snapshot."""
    return await fetch_one(tx, SQL.count_by_state, {"project_id": project_id, "pool_id": pool_id}, into=StateCounts)


async def list_ledgers(tx: Tx, *, project_id: int) -> list[Ledger]:
    """The books of every pool, counted from the codes and claims themselves: for checks, not for pages."""
    return await fetch_all(tx, SQL.ledger, {"project_id": project_id}, into=Ledger)


async def count_doubled(tx: Tx, *, project_id: int) -> int:
    """Codes with two live owners, or owned and waiting in a line at once: always zero (P1)."""
    params = {"project_id": project_id}
    owners = await fetch_value(tx, SQL.count_doubled, params, into=int)
    return owners + await fetch_value(tx, SQL.count_owned_in_line, params, into=int)
