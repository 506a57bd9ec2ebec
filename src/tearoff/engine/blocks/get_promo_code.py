"""Get promo code: one claim for all runs that wish the same; without a code they hold, or leave through `empty`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from tearoff.domain.codes import Wish, parse_wish
from tearoff.domain.parameters import fill, is_missing
from tearoff.domain.pools import GENERAL, Pool
from tearoff.domain.workflows import GetPromoCode
from tearoff.engine.claiming import Asked, claim, take, wait
from tearoff.engine.parts import Engine
from tearoff.engine.recipients import find_contacts
from tearoff.engine.travellers import Group, Traveller
from tearoff.errors import Invalid
from tearoff.store import fields, pools

WISHED = ("days", "type", "discount")


async def act(engine: Engine, group: Group) -> None:
    """Claim for every run under its own key; a repeat after a crash gets the same codes."""
    block = group.block
    assert isinstance(block, GetPromoCode)
    wishes: dict[tuple[str, Wish], list[Traveller]] = defaultdict(list)
    for traveller in group.travellers:
        if kept := traveller.kept():
            traveller.carry(kept)
            traveller.leave("found", group.now, output={"claim": kept.key})
            continue
        wished = wish_of(block, traveller, group.now)
        if wished is not None:
            wishes[wished].append(traveller)
    wishing = [traveller for travellers in wishes.values() for traveller in travellers]
    by_type, field_id = await _prepare(engine, group, block, sorted({type_ for type_, _ in wishes}), wishing)
    for (type_, wish), travellers in wishes.items():
        pool = by_type.get(type_)
        if pool is None:
            for traveller in travellers:
                leave_empty(block, traveller, "promocode", f"No launched pool has the type {type_!r}.", group.now)
            continue
        await _claim(engine, group, block, Asked(pool_for(pool, block), wish, field_id=field_id), travellers)


def pool_for(pool: Pool, block: GetPromoCode) -> Pool:
    """The pool as this block uses it: what the block says about giving the same code again stands before the pool's."""
    reissue = pool.reissue if block.reissue is None else block.reissue
    days = pool.reissue_days if block.reissue_days is None else block.reissue_days
    return msgspec.structs.replace(pool, reissue=reissue, reissue_days=days)


async def _prepare(
    engine: Engine, group: Group, block: GetPromoCode, types: list[str], travellers: Sequence[Traveller]
) -> tuple[dict[str, Pool], int | None]:
    """The pools by type and the field to write; fields and policies go by contact, so then each run gets one."""
    async with engine.db.transaction() as tx:
        launched = await pools.list_launched(tx, project_id=group.project_id, types=types)
        field_id = None
        if block.save_to_field is not None:
            field_id = (await fields.get(tx, project_id=group.project_id, ref=block.save_to_field)).field_id
        if field_id is not None or any(pool_for(pool, block).has_policy for pool in launched):
            await find_contacts(tx, group, travellers, create=True)
    return {pool.type: pool for pool in launched}, field_id


def wish_of(block: GetPromoCode, traveller: Traveller, now: datetime) -> tuple[str, Wish] | None:
    """The pool's type and the wish of one run; a parameter that is no number fails it, and so does one without a value.

    Without its value the block would take any code instead: of `General`, of another discount, valid for a day.
    """
    missing = [name for name in WISHED if is_missing(getattr(block, name), traveller.data)]
    if missing:
        said = ", ".join(f"{name} is {getattr(block, name)}" for name in missing)
        traveller.fail("invalid-parameter", f"{said}, and neither the event nor a block gave it.", now)
        return None
    type_ = fill(block.type, traveller.data)
    try:
        wish = parse_wish(fill(block.discount, traveller.data), fill(block.days, traveller.data))
    except Invalid as error:
        traveller.fail("invalid-parameter", str(error), now)
        return None
    return (GENERAL if type_ in (None, "") else str(type_).strip()), wish


async def _claim(
    engine: Engine, group: Group, block: GetPromoCode, asked: Asked, travellers: Sequence[Traveller]
) -> None:
    shown = {"pool": asked.pool.key, "wish": asked.wish.text}
    for traveller, claimed in await claim(engine, group, asked, travellers):
        if claimed is not None:
            code = take(group, asked, traveller, claimed)
            if code is not None:
                traveller.carry(code)
                traveller.leave("found", group.now, shown=shown, output={"claim": claimed.key})
        elif block.exits.empty is not None:
            detail = f"No code of the pool {asked.pool.key!r} fits."
            leave_empty(block, traveller, asked.pool.parameter, detail, group.now)
        else:
            wait(group, asked, traveller, timedelta(hours=block.hold_hours))


def leave_empty(block: GetPromoCode, traveller: Traveller, parameter: str, detail: str, now: datetime) -> None:
    """Without a code through `empty`, where templates may ask for it and get null; else the run fails."""
    if block.exits.empty is None:
        traveller.fail("pool-empty", detail, now)
        return
    traveller.go_without_code(parameter)
    traveller.leave("empty", now, output={"reason": detail})
