"""Redemptions: the uses of codes, their rules, and what decides about the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from tearoff.domain.redemptions import Facts, Origin, Rule
from tearoff.errors import NotFound
from tearoff.store import queries, stock
from tearoff.store.db import Tx, execute, fetch_all, fetch_optional, fetch_value

SQL = queries.load("redemptions")
LAST = 2**63 - 1

Outcome = Literal["used", "repeated", "over", "contact-over"]


class AskedUse(msgspec.Struct, frozen=True, omit_defaults=True):
    """One use that is to be decided."""

    n: int
    value: str
    order_id: str | None = None
    contact_id: int | None = None


class PlainUse(msgspec.Struct, frozen=True, omit_defaults=True):
    """One use that is made at once, if nothing speaks against it."""

    n: int
    value: str
    order_id: str | None = None
    contact_id: int | None = None
    amount: Decimal | None = None
    point: str | None = None
    at: datetime | None = None


class IssuedUse(NamedTuple):
    """One use that was made at once."""

    n: int
    redemption_id: int
    pool_id: int
    pool_key: str
    discount: int | None


class NewUse(msgspec.Struct, frozen=True, kw_only=True):
    """One use to be written; the limits count for codes that may be used often."""

    code_id: int
    pool_id: int
    contact_id: int | None
    order_id: str | None
    amount: Decimal | None
    point: str | None
    origin: Origin
    at: datetime
    uses_max: int | None = None
    contact_uses_max: int | None = None


class OftenUsed(msgspec.Struct, frozen=True):
    """What became of a use of a code that may be used often."""

    n: int
    redemption_id: int | None
    outcome: Outcome


class LiveUse(msgspec.Struct, frozen=True):
    """A use of a code that was not rolled back."""

    redemption_id: int
    contact_id: int | None
    order_id: str | None


class InUse(msgspec.Struct, frozen=True):
    """A code that an upload called in use, and its pool."""

    code_id: int
    pool_id: int


class Redemption(msgspec.Struct, frozen=True):
    """One use of a code, as lists show it."""

    redemption_id: int
    code_id: int
    value: str
    pool_id: int
    pool_key: str
    contact_id: int | None
    order_id: str | None
    amount: Decimal | None
    point: str | None
    origin: Origin
    redeemed_at: datetime
    rolled_back_at: datetime | None
    rolled_back_reason: str | None


async def use_issued(tx: Tx, *, project_id: int, asked: Sequence[PlainUse], now: datetime) -> list[IssuedUse]:
    """Use the codes that are issued and against which nothing speaks; the others are absent.

    Needs no transaction around it. The values must differ. Raises the driver's UniqueViolation, and has used nothing,
    when another use came between.
    """
    async with tx.cursor() as cursor:
        await cursor.execute(SQL.use_issued, {"project_id": project_id, "asked": _json(asked), "now": now})
        # the columns are the fields, and checking each value of a hot row again costs more than the row
        return [IssuedUse._make(row) for row in await cursor.fetchall()]


async def find_uses(tx: Tx, *, project_id: int, asked: Sequence[AskedUse]) -> dict[int, Facts]:
    """What decides about each use, by its `n`; values that nobody has are absent."""
    async with tx.cursor() as cursor:
        await cursor.execute(SQL.find_uses, {"project_id": project_id, "asked": _json(asked)})
        # the columns are the fields, and checking each value of a hot row again costs more than the row
        return {row[0]: Facts(*row) for row in await cursor.fetchall()}


async def use_once(tx: Tx, *, project_id: int, uses: Sequence[NewUse]) -> dict[int, int]:
    """Code id → redemption id of the single-use codes that are used now; who was used before is absent."""
    async with tx.cursor() as cursor:
        await cursor.execute(SQL.use_once, {"project_id": project_id, "uses": _json(uses)})
        made = dict(await cursor.fetchall())
    await stock.note(tx, project_id=project_id, redeemed=Counter(use.pool_id for use in uses if use.code_id in made))
    return made


async def use_often(tx: Tx, *, project_id: int, uses: Sequence[NewUse]) -> list[OftenUsed]:
    """What became of each use, in order; the counters that these uses move stay locked until the transaction ends."""
    params = {
        "project_id": project_id,
        "uses_max": [use.uses_max for use in uses],
        "contact_max": [use.contact_uses_max for use in uses],
    }
    found = await fetch_all(tx, SQL.use_often, params | _columns(uses), into=OftenUsed)
    return sorted(found, key=lambda row: row.n)


async def take_free(tx: Tx, *, project_id: int, uses: Sequence[NewUse], now: datetime) -> int:
    """Give free codes to those who use them; gives how many were still free. The caller holds the gates."""
    params = {
        "project_id": project_id,
        "codes": [use.code_id for use in uses],
        "pools": [use.pool_id for use in uses],
        "contacts": [use.contact_id for use in uses],
        "now": now,
    }
    taken = Counter(await fetch_all(tx, SQL.take_free, params, into=int))
    await stock.note(tx, project_id=project_id, claimed=taken, issued=taken)
    return taken.total()


async def list_in_use(tx: Tx, *, project_id: int, values: Sequence[str]) -> list[InUse]:
    """Which of these codes an upload took out of circulation as being in use."""
    return await fetch_all(tx, SQL.list_in_use, {"project_id": project_id, "values": list(values)}, into=InUse)


async def own_in_use(tx: Tx, *, project_id: int, codes: Sequence[InUse], now: datetime) -> None:
    """Make these codes somebody's, nobody being named, instead of withdrawn. The caller holds the gates."""
    at = {"project_id": project_id, "now": now}
    gone = set(await fetch_all(tx, SQL.circulate, at | {"codes": [code.code_id for code in codes]}, into=int))
    owned = [code for code in codes if code.code_id in gone]
    params = at | {"codes": [code.code_id for code in owned], "pools": [code.pool_id for code in owned]}
    taken = Counter(await fetch_all(tx, SQL.own_circulated, params, into=int))
    await stock.note(tx, project_id=project_id, claimed=taken, issued=taken)


async def roll_back(tx: Tx, *, project_id: int, redemption_id: int, now: datetime, reason: str) -> bool:
    """Whether a live use ended now."""
    params = {"project_id": project_id, "redemption_id": redemption_id, "now": now, "reason": reason}
    return await fetch_value(tx, SQL.roll_back, params, into=bool)


async def roll_back_told(tx: Tx, *, project_id: int, values: Sequence[str], now: datetime, reason: str) -> list[str]:
    """The values whose uses were told to us and end now."""
    params = {"project_id": project_id, "values": list(values), "now": now, "reason": reason}
    return await fetch_all(tx, SQL.roll_back_told, params, into=str)


async def list_live(tx: Tx, *, project_id: int, value: str) -> list[LiveUse]:
    """The uses of a code that were not rolled back, the newest first."""
    return await fetch_all(tx, SQL.list_live, {"project_id": project_id, "value": value}, into=LiveUse)


async def list_page(
    tx: Tx,
    *,
    project_id: int,
    redemption_id: int | None = None,
    pool_id: int | None = None,
    value: str | None = None,
    order_id: str | None = None,
    contact_id: int | None = None,
    before: int = LAST,
    limit: int,
) -> list[Redemption]:
    """A page of uses, the newest first; each filter may be None."""
    params = {"project_id": project_id, "redemption_id": redemption_id, "pool_id": pool_id, "value": value}
    params |= {"order_id": order_id, "contact_id": contact_id, "before": before, "limit": limit}
    return await fetch_all(tx, SQL.list_page, params, into=Redemption, prepare=False)


async def get(tx: Tx, *, project_id: int, redemption_id: int) -> Redemption:
    """The use with this id; raises NotFound."""
    found = await list_page(tx, project_id=project_id, redemption_id=redemption_id, limit=1)
    if not found:
        raise NotFound("redemption", redemption_id)
    return found[0]


async def put_rule(tx: Tx, *, project_id: int, pool_id: int, rule: Rule) -> None:
    """Set the rule of a pool."""
    await execute(tx, SQL.put_rule, {"project_id": project_id, "pool_id": pool_id} | msgspec.structs.asdict(rule))


async def find_rule(tx: Tx, *, project_id: int, pool_id: int) -> Rule:
    """The rule of a pool; one without limits where none was set."""
    params = {"project_id": project_id, "pool_id": pool_id}
    return await fetch_optional(tx, SQL.find_rule, params, into=Rule) or Rule()


async def count_wrong(tx: Tx, *, project_id: int) -> int:
    """How much contradicts P9: always zero."""
    return await fetch_value(tx, SQL.count_wrong, {"project_id": project_id}, into=int)


def _json(rows: Sequence[msgspec.Struct]) -> str:
    return msgspec.json.encode(rows).decode()


def _columns(uses: Sequence[NewUse]) -> dict[str, list[object]]:
    return {
        "codes": [use.code_id for use in uses],
        "pools": [use.pool_id for use in uses],
        "contacts": [use.contact_id for use in uses],
        "orders": [use.order_id for use in uses],
        "amounts": [use.amount for use in uses],
        "points": [use.point for use in uses],
        "origins": [use.origin for use in uses],
        "ats": [use.at for use in uses],
    }
