"""Who asks for the uses of one code reads those alone, however many uses there are: each look goes by the code's id."""

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


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.parametrize("name", READS)
async def test_the_uses_of_a_code_are_found_by_its_id(db, project, name) -> None:
    """A plan that reads them all is right for so few; so it must have no other choice."""
    async with db.transaction() as tx:
        for setting in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_bitmapscan"):
            await tx.execute("SELECT set_config(%s, 'off', true)", (setting,))
        cursor = await tx.execute(f"EXPLAIN (FORMAT JSON) {READS[name]}", AT | {"project_id": project})
        [(plan,)] = await cursor.fetchall()
    found = plan if isinstance(plan, list) else json.loads(plan)
    looks = [node for node in nodes(found[0]["Plan"]) if node.get("Relation Name") == "redemption"]
    assert looks
    for look in looks:
        assert "code_id" in look.get("Index Cond", ""), look
