"""P9: a single-use code is redeemed once and a limit is never passed, whoever redeems and takes back at once."""

import asyncio
import random

import psycopg
import pytest
from tests.stock import books, issue, pool_of, upload

from tearoff.actions import contacts, redemptions
from tearoff.domain.contacts import Identity
from tearoff.domain.redemptions import Rule, Use
from tearoff.errors import NotRedeemable
from tearoff.store import redemptions as store
from tearoff.store.db import Database, execute

CLIENTS = 64
USE_AGAIN = """
INSERT INTO redemption (project_id, code_id, pool_id, is_single, origin, redeemed_at)
SELECT project_id, code_id, pool_id, true, 'here', redeemed_at FROM redemption WHERE project_id = %(project_id)s
"""
MAKE_MULTI = """
UPDATE pool SET code_type = 'multi', is_issue_checked = false
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s
"""


@pytest.fixture(scope="module")
async def crowd(server, db):
    """Connections of their own, all open, so that who asks at once is answered at once."""
    opened = await Database.open(server.url, pool_size=CLIENTS)

    async def connect():
        async with opened.transaction() as tx:
            await execute(tx, "SELECT pg_sleep(0.3)")

    await asyncio.gather(*(connect() for _ in range(CLIENTS)))
    yield opened
    await opened.close()


async def redeem(db, project, now, **fields):
    [result] = await redemptions.redeem(db, project_id=project, uses=[Use(**fields)], now=now)
    return result


async def taken(results):
    fresh = [r for r in results if isinstance(r, redemptions.Redeemed) and r.is_fresh]
    refused = [r for r in results if isinstance(r, NotRedeemable)]
    assert len(fresh) + len(refused) == len(results), results
    return fresh, refused


async def wrong(db, project):
    async with db.transaction() as tx:
        return await store.count_wrong(tx, project_id=project)


async def multi(db, project, now, rule):
    """A public code with limits."""
    await upload(db, project, ["PUBLIC"], now, type="multi")
    at = {"project_id": project, "pool_id": await pool_of(db, project, "multi")}
    async with db.transaction() as tx:
        await execute(tx, MAKE_MULTI, at)
        await redemptions.set_rule(tx, **at, rule=rule)


async def people_of(db, project, count, now):
    identities = [Identity(external_id=f"c{n}") for n in range(count)]
    async with db.transaction() as tx:
        return await contacts.find_or_create(tx, project_id=project, identities=identities, now=now)


async def test_of_64_clients_on_one_code_exactly_one_succeeds_and_the_others_hear_that_it_is_used(
    db, crowd, project, now
) -> None:
    await upload(db, project, ["ONLY"], now)
    await issue(db, project, 1, now)
    attempts = [redeem(crowd, project, now, value="ONLY", order_id=f"order {n}") for n in range(CLIENTS)]
    fresh, refused = await taken(await asyncio.gather(*attempts))
    assert len(fresh) == 1
    assert {error.status for error in refused} == {"used"}
    assert await wrong(db, project) == 0


async def test_one_order_that_redeems_64_times_at_once_has_one_redemption(db, crowd, project, now) -> None:
    await upload(db, project, ["ONLY"], now)
    await issue(db, project, 1, now)
    attempts = [redeem(crowd, project, now, value="ONLY", order_id="order 7") for _ in range(CLIENTS)]
    results = await asyncio.gather(*attempts)
    assert len({result.redemption_id for result in results}) == 1
    assert sum(result.is_fresh for result in results) == 1


async def test_a_free_code_that_is_used_unissued_goes_to_nobody_else(db, crowd, project, now) -> None:
    codes = [f"C{n:03}" for n in range(CLIENTS)]
    await upload(db, project, codes, now)
    at = {"project_id": project, "pool_id": await pool_of(db, project)}
    async with db.transaction() as tx:
        await execute(tx, "UPDATE pool SET is_issue_checked = false WHERE project_id = %(project_id)s", at)
    attempts = [redeem(crowd, project, now, value=code, order_id=f"order {code}") for code in codes[: CLIENTS // 2]]
    claimed, *results = await asyncio.gather(issue(crowd, project, CLIENTS // 2, now), *attempts)
    fresh, _ = await taken(results)
    assert len(fresh) == CLIENTS // 2
    more = await issue(db, project, CLIENTS, now, prefix="more")
    ledger = await books(db, project)
    assert (ledger.free, ledger.issued) == (0, CLIENTS)
    late = {result.code for result in fresh} & {row.value for row in more}
    assert late == set()
    assert len(claimed) == CLIENTS // 2
    assert await wrong(db, project) == 0


async def test_a_rollback_frees_the_code_for_the_next_order_and_a_repeat_of_it_frees_nothing(
    db, crowd, project, now
) -> None:
    """A payment that fails must not burn the code."""
    await upload(db, project, ["ONLY"], now)
    await issue(db, project, 1, now)
    for n in range(5):
        fresh, _ = await taken(
            await asyncio.gather(
                *(redeem(crowd, project, now, value="ONLY", order_id=f"try {n} {m}") for m in range(8))
            )
        )
        assert len(fresh) == 1
        async with db.transaction() as tx:
            for _ in range(2):
                ended = await redemptions.roll_back(
                    tx, project_id=project, redemption_id=fresh[0].redemption_id, now=now, reason="payment failed"
                )
        assert ended.rolled_back_reason == "payment failed"
    assert await wrong(db, project) == 0
    assert (await books(db, project)).issued == 1


@pytest.mark.parametrize("limit", [1, 7])
async def test_a_counter_never_passes_its_limit(db, crowd, project, now, limit) -> None:
    await multi(db, project, now, Rule(uses_max=limit))
    attempts = [redeem(crowd, project, now, value="PUBLIC", order_id=f"order {n}") for n in range(CLIENTS)]
    fresh, refused = await taken(await asyncio.gather(*attempts))
    assert (len(fresh), {error.reason for error in refused}) == (limit, {"uses-limit"})
    assert await wrong(db, project) == 0


async def test_a_contact_uses_a_public_code_as_often_as_one_may_and_no_oftener(db, crowd, project, now) -> None:
    await multi(db, project, now, Rule(uses_max=20, contact_uses_max=2))
    people = await people_of(db, project, 8, now)
    uses = [
        Use(value="PUBLIC", order_id=f"order {n}", contact=Identity(contact_id=people[n % 8])) for n in range(CLIENTS)
    ]
    batches = [uses[n : n + 8] for n in range(0, CLIENTS, 8)]
    done = await asyncio.gather(
        *(redemptions.redeem(crowd, project_id=project, uses=batch, now=now) for batch in batches)
    )
    fresh, refused = await taken([result for batch in done for result in batch])
    assert len(fresh) == 16
    assert {sum(r.contact_id == person for r in fresh) for person in people} == {2}
    assert {error.reason for error in refused} == {"contact-limit"}
    assert await wrong(db, project) == 0


async def test_redeeming_and_taking_back_at_once_keeps_every_counter_true(db, crowd, project, now) -> None:
    await multi(db, project, now, Rule(uses_max=5, contact_uses_max=3))
    await upload(db, project, [f"C{n}" for n in range(6)], now)
    await issue(db, project, 6, now)
    people = await people_of(db, project, 3, now)
    values = ["PUBLIC", "PUBLIC", *(f"C{n}" for n in range(6))]

    async def client(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(12):
            uses = [
                Use(
                    value=value,
                    order_id=f"order {dice.randrange(6)}",
                    contact=Identity(contact_id=dice.choice(people)) if value == "PUBLIC" else None,
                )
                for value in dice.sample(values, 4)
            ]
            for result in await redemptions.redeem(crowd, project_id=project, uses=uses, now=now):
                if isinstance(result, redemptions.Redeemed) and dice.random() < 0.7:
                    async with crowd.transaction() as tx:
                        await redemptions.roll_back(
                            tx, project_id=project, redemption_id=result.redemption_id, now=now, reason="test"
                        )

    await asyncio.gather(*(client(seed) for seed in range(8)))
    assert await wrong(db, project) == 0


async def test_the_database_itself_refuses_a_second_use(db, project, now) -> None:
    await upload(db, project, ["ONLY"], now)
    await issue(db, project, 1, now)
    await redeem(db, project, now, value="ONLY", order_id="order 7")
    with pytest.raises(psycopg.errors.UniqueViolation, match="redemption_once"):
        async with db.transaction() as tx:
            await execute(tx, USE_AGAIN, {"project_id": project})
