"""A set of claims is changed as others leave it: who comes second waits, and then sees what the first one did."""

import asyncio
from datetime import UTC

import pytest
from tests.locks import until_blocked
from tests.stock import pool_of, upload

from tearoff.domain.codes import Wish, fit
from tearoff.store import claims
from tearoff.store.claims import ClaimTerms, ClaimWish

KEYS = ["a", "b", "c"]


@pytest.fixture
async def pool(db, project, now):
    """A pool whose three codes are reserved."""
    await upload(db, project, ["A", "B", "C"], now)
    found = await pool_of(db, project)
    at = {"project_id": project, "pool_id": found}
    async with db.single() as tx:
        wishes = [ClaimWish(key, "r") for key in KEYS]
        terms = ClaimTerms("run")
        assert len(await claims.claim_codes(tx, **at, fit=fit(Wish(), now, UTC), terms=terms, wishes=wishes)) == 3
    return found


async def second(db, project, now, change, in_between):
    """What `change` gives when another transaction did `in_between` first, and commits while it waits."""
    at = {"project_id": project, "scope": "run", "keys": KEYS, "now": now}
    async with db.dedicated() as conn:
        async with db.transaction() as tx:
            await tx.execute(in_between, {"project_id": project, "keys": KEYS[1:]})
            task = asyncio.create_task(change(conn, **at))
            await until_blocked(db, conn)
        return await asyncio.wait_for(task, 30)


OWN = "UPDATE claim SET contact_id = 7 WHERE project_id = %(project_id)s AND key = ANY (%(keys)s)"
RETURN = "UPDATE claim SET returned_at = now() WHERE project_id = %(project_id)s AND key = ANY (%(keys)s)"


async def test_claims_that_got_their_owner_meanwhile_are_issued_to_it(db, project, now, pool) -> None:
    issued = await second(db, project, now, claims.mark_issued, OWN)
    assert sorted((claim.key, claim.contact_id) for claim in issued) == [("a", None), ("b", 7), ("c", 7)]


async def test_claims_that_were_changed_meanwhile_are_exposed_too(db, project, now, pool) -> None:
    assert await second(db, project, now, claims.mark_exposed, OWN) == 3


async def test_claims_that_were_returned_meanwhile_stay_returned(db, project, now, pool) -> None:
    assert [claim.key for claim in await second(db, project, now, claims.mark_issued, RETURN)] == ["a"]


async def test_claims_that_were_returned_meanwhile_are_not_exposed(db, project, now, pool) -> None:
    assert await second(db, project, now, claims.mark_exposed, RETURN) == 1
