"""Using codes: the one call for the plain case allows nothing that the rules refuse, and gives the same result."""

import asyncio
import itertools
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.stock import issue, upload

from tearoff.actions import contacts, redemptions
from tearoff.domain.contacts import Identity
from tearoff.domain.redemptions import Use
from tearoff.store import redemptions as store
from tearoff.store import stock
from tearoff.store.db import execute, fetch_value
from tearoff.store.redemptions import PlainUse

LATER, EARLIER = "interval '1 day'", "interval '-1 day'"
CODE = "WHERE project_id = %(project_id)s AND value = %(value)s"
CLAIM = (
    "WHERE project_id = %(project_id)s AND code_id = (SELECT code_id FROM code "
    "WHERE project_id = %(project_id)s AND value = %(value)s)"
)
POOL = "WHERE project_id = %(project_id)s"
WAITS = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE %(pid)s = ANY (pg_blocking_pids(pid)))"
CHANGES = {
    "nothing": "SELECT 1",
    "withdrawn": f"UPDATE code SET withdrawn_at = %(now)s {CODE}",
    "ends early": f"UPDATE code SET expires_at = %(now)s {CODE}",
    "ends late": f"UPDATE code SET expires_at = %(now)s + {LATER} {CODE}",
    "lot begins now": f"UPDATE lot SET use_from = %(now)s {POOL}",
    "lot begins later": f"UPDATE lot SET use_from = %(now)s + {LATER} {POOL}",
    "lot is over": f"UPDATE lot SET expires_at = %(now)s {POOL}",
    "revoked": f"UPDATE claim SET revoked_at = %(now)s {CLAIM}",
    "reserved": f"UPDATE claim SET issued_at = NULL {CLAIM}",
    "returned": f"UPDATE claim SET issued_at = NULL, returned_at = %(now)s {CLAIM}",
    "owner begins later": f"UPDATE claim SET use_from = %(now)s + {LATER} {CLAIM}",
    "owner begins now": f"UPDATE claim SET use_from = %(now)s {CLAIM}",
    "owner is over": f"UPDATE claim SET use_until = %(now)s {CLAIM}",
    "owner has time": f"UPDATE claim SET use_until = %(now)s + {LATER} {CLAIM}",
    "nobody's": f"UPDATE claim SET contact_id = NULL {CLAIM}",
    "draft": f"UPDATE pool SET state = 'draft' {POOL}",
    "archived": f"UPDATE pool SET state = 'archived' {POOL}",
    "decided elsewhere": f"UPDATE pool SET processing = 'outside' {POOL}",
    "not checked": f"UPDATE pool SET is_issue_checked = false {POOL}",
    "public": f"UPDATE pool SET code_type = 'multi', is_issue_checked = false {POOL}",
    "referral": f"UPDATE pool SET code_type = 'referral' {POOL}",
    "contact needed": "INSERT INTO redemption_rule (project_id, pool_id, is_contact_needed) "
    "SELECT project_id, pool_id, true FROM pool WHERE project_id = %(project_id)s",
    "used": "INSERT INTO redemption (project_id, code_id, pool_id, order_id, is_single, origin, redeemed_at) "
    f"SELECT project_id, code_id, pool_id, 'order 1', true, 'here', %(now)s FROM claim {CLAIM}",
    "taken back": "INSERT INTO redemption (project_id, code_id, pool_id, order_id, is_single, origin, redeemed_at, "
    "rolled_back_at) SELECT project_id, code_id, pool_id, 'order 1', true, 'here', %(now)s, %(now)s "
    f"FROM claim {CLAIM}",
}
PLAIN = {
    "nothing",
    "ends late",
    "lot begins now",
    "owner begins now",
    "owner has time",
    "nobody's",
    "archived",
    "not checked",
    "contact needed",
    "taken back",
}


@pytest.fixture
async def people(db, project, now):
    """The owner of the code, and somebody else."""
    identities = [Identity(external_id="owner"), Identity(external_id="other")]
    async with db.transaction() as tx:
        return await contacts.find_or_create(tx, project_id=project, identities=identities, now=now)


async def plainly(tx, project, use, now):
    """What the one call makes of a use, undone."""
    contact_id = use.contact and use.contact.contact_id
    asked = PlainUse(0, use.value, use.order_id, contact_id, use.amount, use.point, use.at)
    async with tx.transaction(force_rollback=True):
        made = await store.use_issued(tx, project_id=project, asked=[asked], now=now)
        counted = (await stock.list_all(tx, project_id=project, now=now)).popitem()[1].redeemed
    assert len(made) == counted
    return made


@pytest.mark.parametrize("change", CHANGES)
async def test_what_the_one_call_uses_the_rules_allow_with_the_same_result(db, project, people, now, change):
    await upload(db, project, ["C1"], now)
    await issue(db, project, 1, now, contacts=people[:1])
    owner, other = people
    plain = set()
    async with db.transaction() as tx:
        await execute(tx, CHANGES[change], {"project_id": project, "value": "C1", "now": now})
        for contact_id, order, at in itertools.product(
            (None, owner, other, 10**12), (None, "order 1", "order 2"), (None, now - timedelta(days=2))
        ):
            contact = None if contact_id is None else Identity(contact_id=contact_id)
            use = Use(value="C1", order_id=order, contact=contact, at=at)
            made = await plainly(tx, project, use, now)
            async with tx.transaction(force_rollback=True):
                judged = await redemptions.redeem_one(tx, project_id=project, use=use, now=now)
            if made:
                if at is None:
                    plain.add(contact_id)
                assert isinstance(judged, redemptions.Redeemed), (use, judged)
                assert judged.is_fresh
                assert made[0][2:] == (judged.pool_id, judged.pool_key, judged.discount)
                assert judged.redeemed_at == (at or now)
    assert bool(plain) == (change in PLAIN), plain
    assert 10**12 not in plain
    assert (other in plain) == (change == "nobody's")
    assert (None in plain) == (change in PLAIN - {"contact needed"})


async def test_every_field_of_a_use_is_written_by_the_one_call(db, project, people, now):
    await upload(db, project, ["C1"], now)
    await issue(db, project, 1, now, contacts=people[:1])
    contact = Identity(contact_id=people[0])
    use = Use(
        value=" C1 ", order_id="o", contact=contact, amount=Decimal(12), point="till", at=now - timedelta(hours=1)
    )
    [done] = await redemptions.redeem(db, project_id=project, uses=[use], now=now)
    async with db.transaction() as tx:
        [row] = await store.list_page(tx, project_id=project, limit=2)
    assert (row.redemption_id, row.contact_id, row.order_id) == (done.redemption_id, people[0], "o")
    assert (row.amount, row.point, row.origin, row.redeemed_at) == (12, "till", "here", use.at)
    assert (done.code, done.redeemed_at, done.amount, done.is_fresh) == ("C1", use.at, 12, True)


async def test_one_code_asked_for_twice_at_once_goes_to_the_first_and_is_used_for_the_second(db, project, now):
    await upload(db, project, ["C1", "C2"], now)
    await issue(db, project, 2, now)
    asked = [
        Use(value="C1", order_id="1"),
        Use(value="C2"),
        Use(value=" C1", order_id="2"),
        Use(value="C1", order_id="1"),
    ]
    first, beside, late, repeat = await redemptions.redeem(db, project_id=project, uses=asked, now=now)
    assert (first.is_fresh, beside.is_fresh, late.status, repeat.is_fresh) == (True, True, "used", False)
    assert repeat.redemption_id == first.redemption_id


async def test_who_loses_a_race_hears_that_the_code_is_used_and_the_others_of_the_batch_get_theirs(db, project, now):
    """The winner's use is invisible to the look-up until it commits, and the loser waits for it at the index."""
    await upload(db, project, ["C1", "C2"], now)
    await issue(db, project, 2, now)
    async with db.transaction() as winner:
        await redemptions.redeem_one(winner, project_id=project, use=Use(value="C1"), now=now)
        asked = [Use(value="C1"), Use(value="C2")]
        loser = asyncio.create_task(redemptions.redeem(db, project_id=project, uses=asked, now=now))
        async with asyncio.timeout(10), db.single() as tx:
            while not await fetch_value(tx, WAITS, {"pid": winner.info.backend_pid}, bool):
                await asyncio.sleep(0.01)
    used, fresh = await loser
    assert (used.status, fresh.is_fresh) == ("used", True)
