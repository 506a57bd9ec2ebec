"""Who asks for the uses of one code, or of one order, reads those alone, however many uses there are."""

import json

import pytest

from tearoff.store import exports, holdings, redemptions, timelines

AT = {"value": "A", "values": ["A"], "now": None, "reason": "", "pool_id": None, "is_owned_only": False, "after": 0}
AT |= {"limit": 9, "before": None, "below": None, "contact_id": 1}
READS = {
    "exports.list_holders": exports.SQL.list_holders,
    "holdings.find_by_value": holdings.SQL.find_by_value,
    "redemptions.list_live": redemptions.SQL.list_live,
    "redemptions.roll_back_told": redemptions.SQL.roll_back_told,
    "timelines.list_codes": timelines.SQL.list_codes,
}
MANY_USES = """
INSERT INTO redemption (project_id, code_id, pool_id, order_id, is_single, origin, redeemed_at, rolled_back_at)
SELECT %(project_id)s, n / 2, 1, 'O' || mod(n, 7000), n & 1 = 0, 'here', '2026-03-01Z',
       CASE WHEN n & 3 = 0 THEN timestamptz '2026-03-01Z' END
  FROM generate_series(1, 20000) n"""


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def looks_of(found):
    return [node for node in nodes(found[0]["Plan"]) if node.get("Relation Name") == "redemption"]


async def plan_of(tx, query, project, **more):
    """What PostgreSQL would do among 20,000 uses, which it knows of."""
    await tx.execute(MANY_USES, {"project_id": project})
    await tx.execute("ANALYZE redemption")
    for setting in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_bitmapscan"):
        await tx.execute("SELECT set_config(%s, 'off', true)", (setting,))
    cursor = await tx.execute(f"EXPLAIN (FORMAT JSON) {query}", AT | {"project_id": project} | more)
    [(plan,)] = await cursor.fetchall()
    return plan if isinstance(plan, list) else json.loads(plan)


@pytest.mark.parametrize("name", READS)
async def test_the_uses_of_a_code_are_found_by_its_id(db, project, name) -> None:
    """The other tables are small, so plans that read them whole are switched off."""
    async with db.transaction() as tx, tx.transaction(force_rollback=True):
        found = await plan_of(tx, READS[name], project)
    looks = looks_of(found)
    assert looks
    for look in looks:
        assert "code_id" in look.get("Index Cond", ""), look


async def test_the_uses_of_an_order_live_and_ended_are_found_by_it(db, project) -> None:
    wanted = {"order_id": "O7", "value": None, "contact_id": None, "redemption_id": None, "before": 2**60}
    async with db.transaction() as tx, tx.transaction(force_rollback=True):
        found = await plan_of(tx, redemptions.SQL.list_page, project, **wanted)
    looks = looks_of(found)
    assert sorted(look["Index Name"] for look in looks if "order_id" in look["Index Cond"]) == [
        "redemption_ended_order",
        "redemption_order",
    ]
    assert all("redemption_id" in look["Index Cond"] or "order_id" in look["Index Cond"] for look in looks), looks
