"""The blocks of a test launch: each does what its kind does for runs, writes nothing, and shows what it would write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from tearoff.actions import contacts, handouts, saved_codes
from tearoff.domain import workflows
from tearoff.domain.codes import Wish
from tearoff.domain.contacts import Contact, Identity, Locator, LocatorKind
from tearoff.domain.handouts import Policy, again_until
from tearoff.domain.pools import Pool
from tearoff.domain.test_launches import FoundContact, SampleCode, Seen
from tearoff.engine.blocks import end, start
from tearoff.engine.blocks.get_contact import miss
from tearoff.engine.blocks.get_promo_code import leave_empty, pool_for, wish_of
from tearoff.engine.parts import Engine
from tearoff.engine.recipients import add_contact, find_contacts, identity_at
from tearoff.engine.travellers import Group, Traveller
from tearoff.engine.trials import Outlook, Trial, hold
from tearoff.engine.tried_messages import send_message
from tearoff.store import fields, pools
from tearoff.store import handouts as handout_store
from tearoff.store.claims import ClaimWish
from tearoff.store.db import Tx

Try = Callable[[Engine, Trial, Group], Awaitable[None]]
KEYS: tuple[tuple[str, LocatorKind], ...] = (("email", "email"), ("phone", "sms"), ("token", "mobilepush"))


async def begin(engine: Engine, trial: Trial, group: Group) -> None:
    """As for runs: it only reads."""
    await start.act(engine, group)


async def finish(engine: Engine, trial: Trial, group: Group) -> None:
    """As for runs: there is nothing to write."""
    await end.act(engine, group)


async def get_contact(engine: Engine, trial: Trial, group: Group) -> None:
    """Find the contacts; one that the block would create is shown as such."""
    block = group.block
    assert isinstance(block, workflows.GetContact)
    asking: list[tuple[Traveller, Identity]] = []
    for traveller in group.travellers:
        try:
            asking.append((traveller, identity_at(block, traveller)))
        except ValueError as error:
            miss(block, traveller, group, f"{error}.")
    async with engine.db.transaction() as tx:
        ids = await contacts.find(tx, project_id=group.project_id, identities=[identity for _, identity in asking])
        known = sorted({contact_id for contact_id in ids if contact_id is not None})
        loaded = await contacts.load(tx, project_id=group.project_id, contact_ids=known)
        seen = await saved_codes.veiled(tx, project_id=group.project_id, contacts=loaded)
    by_id = {contact.contact_id: contact for contact in seen}
    for (traveller, identity), contact_id in zip(asking, ids, strict=True):
        contact = by_id.get(contact_id or 0)
        if contact is None and not (block.create and _is_findable(identity)):
            miss(block, traveller, group, "No contact was found.")
            continue
        meet(traveller, contact or _stranger(identity, group))
        trial.note(traveller, Seen(contact=FoundContact(id=contact_id, would_be_created=contact is None)))
        given = {name: value for name, value in msgspec.structs.asdict(identity).items() if value is not None}
        traveller.leave("next", group.now, shown=given, output={"contactId": contact_id})


def meet(traveller: Traveller, contact: Contact) -> None:
    """Let templates read the contact; one that is not there yet has no id."""
    add_contact(traveller, contact)
    if contact.contact_id == 0:
        traveller.contact_id = None
        for name in ("id", "contactId"):
            if traveller.data.get(name) == 0:
                del traveller.data[name]


def _is_findable(identity: Identity) -> bool:
    return any((identity.external_id, identity.email, identity.phone, identity.token))


def _stranger(identity: Identity, group: Group) -> Contact:
    """The contact that would be created."""
    found = [(kind, getattr(identity, name)) for name, kind in KEYS]
    return Contact(
        contact_id=0,
        external_id=identity.external_id,
        contact_key=identity.contact_key,
        first_name=None,
        last_name=None,
        address={},
        language=None,
        time_zone=None,
        fields={},
        created_at=group.now,
        updated_at=group.now,
        locators=tuple(Locator(kind=kind, value=value) for kind, value in found if value),
    )


async def get_promo_code(engine: Engine, trial: Trial, group: Group) -> None:
    """Give every run a sample where the stock has a code for it; else it leaves, waits or fails as a run would."""
    block = group.block
    assert isinstance(block, workflows.GetPromoCode)
    wishes: dict[tuple[str, Wish], list[Traveller]] = defaultdict(list)
    for traveller in group.travellers:
        wished = wish_of(block, traveller, group.now)
        if wished is not None:
            wishes[wished].append(traveller)
    async with engine.db.transaction() as tx:
        types = sorted({type_ for type_, _ in wishes})
        by_type = {p.type: p for p in await pools.list_launched(tx, project_id=group.project_id, types=types)}
        field = None
        if block.save_to_field is not None:
            field = (await fields.get(tx, project_id=group.project_id, ref=block.save_to_field)).name
        await find_contacts(tx, group, group.travellers)
        for (type_, wish), travellers in wishes.items():
            pool = by_type.get(type_)
            if pool is None:
                for traveller in travellers:
                    leave_empty(block, traveller, "promocode", f"No launched pool has the type {type_!r}.", group.now)
                continue
            await _hand_out(tx, trial, group, pool_for(pool, block), wish, travellers, field)


async def _hand_out(
    tx: Tx, trial: Trial, group: Group, pool: Pool, wish: Wish, travellers: Sequence[Traveller], field: str | None
) -> None:
    block = group.block
    assert isinstance(block, workflows.GetPromoCode)
    outlook = await trial.look(tx, group.project_id, pool, wish, group.project.zone, group.now)
    again, capped = await _policy(tx, group, pool, outlook, travellers)
    left = outlook.free
    for traveller in travellers:
        key = traveller.key()
        if key in again or (left > 0 and key not in capped):
            left -= key not in again
            code = trial.take(traveller, pool, outlook)
            sample = SampleCode(
                pool=pool.key,
                parameter=pool.parameter,
                value=code.value,
                expires_at=code.expires_at,
                is_given_again=key in again,
                saved_to=field,
            )
            trial.note(traveller, Seen(code=sample))
            traveller.carry(code)
            traveller.leave("found", group.now, shown={"pool": pool.key, "wish": wish.text}, output={})
        elif block.exits.empty is not None:
            leave_empty(block, traveller, pool.parameter, trial.why_empty(pool), group.now)
        elif key in capped:
            traveller.fail("cap-reached", f"The contact has had as many codes of {pool.key!r} as it may.", group.now)
        else:
            hold(traveller, pool, wish, timedelta(hours=block.hold_hours), trial.why_empty(pool), group.now)


async def _policy(
    tx: Tx, group: Group, pool: Pool, outlook: Outlook, travellers: Sequence[Traveller]
) -> tuple[set[str], set[str]]:
    """The keys whose contacts would get a code that they have already, and those past the pool's cap."""
    if not pool.has_policy:
        return set(), set()
    at: dict[str, Any] = {"project_id": group.project_id}
    wishes = [ClaimWish(t.key(), "", 0, t.contact_id, t.run.run_id) for t in travellers if t.contact_id is not None]
    policy = Policy(pool, group.project.zone)
    again: set[str] = set()
    workflow_id = travellers[0].run.workflow_id
    if wishes and (pool.reissue == "pool" or (pool.reissue == "workflow" and workflow_id is not None)):
        held = await handout_store.find_held_by_contacts(
            tx,
            **at,
            pool_id=pool.pool_id,
            wishes=wishes,
            discount=outlook.fit.discount,
            until=again_until(policy, outlook.fit),
            workflow_id=workflow_id if pool.reissue == "workflow" else None,
        )
        again = {one.key for one in held}
    rest = [wish for wish in wishes if wish.key not in again]
    return again, await handouts.capped(tx, **at, policy=policy, fit=outlook.fit, wishes=rest)


TRIED: Mapping[type[msgspec.Struct], Try] = {
    workflows.Start: begin,
    workflows.GetContact: get_contact,
    workflows.GetPromoCode: get_promo_code,
    workflows.SendMessage: send_message,
    workflows.End: finish,
}
"""The same kinds as those of runs."""
