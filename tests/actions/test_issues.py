"""Issuing by value, the six answers of the vendor's language, and codes taken away or passed on."""

import asyncio
from datetime import timedelta

import pytest
from tests.stock import books, upload

from tearoff.actions import asked_claims, issues, pools, revocations
from tearoff.actions.contacts import upsert
from tearoff.actions.issues import Wanted
from tearoff.domain.contacts import ContactChange, Identity
from tearoff.domain.pools import Cap, PoolDefinition
from tearoff.domain.validity import Window
from tearoff.errors import ClaimReturned, Conflict, KeyReused, NotFound
from tearoff.store import valued_claims
from tearoff.store.db import execute

SET_LOTS = "UPDATE lot SET issue_from = %(begin)s, issue_until = %(end)s WHERE project_id = %(project_id)s"
ANN, BOB = Identity(external_id="ann"), Identity(external_id="bob")


@pytest.fixture
def setup(db, project, now):
    """Makes the pool `gift` with these settings and codes, and two contacts."""

    async def make(codes=("A", "B"), expires_at=None, **settings):
        wanted = PoolDefinition(key="gift", type="gift", description="Gifts", **settings)
        async with db.transaction() as tx:
            await pools.put(tx, project_id=project, pools=[wanted], now=now)
            people = [ContactChange(external_id=name) for name in ("ann", "bob")]
            await upsert(tx, project_id=project, contacts=people, now=now)
        if codes:
            await upload(db, project, codes, now, type="gift", expires_at=expires_at)

    return make


@pytest.fixture
def issue(db, project, now):
    """Issues to Ann unless another is named; gives the status, and the code."""

    async def act(key, *, at=None, contact=ANN, **wanted):
        issued = await issues.issue(
            db, project_id=project, wanted=Wanted(key=key, contact=contact, **wanted), now=at or now
        )
        return issued.status, issued.claimed and issued.claimed.value

    return act


async def test_the_six_answers(project, db, now, setup, issue) -> None:
    await setup(codes=["A"])
    assert await issue("k0", pool="nowhere") == ("PromoCodePoolNotFound", None)
    assert await issue("k1", value="Z") == ("PromoCodeNotFound", None)
    assert await issue("k2", pool="gift") == ("Issued", "A")
    assert await issue("k3", pool="gift") == ("NoAvailablePromoCodesInPool", None)
    assert await issue("k4", value="A", contact=BOB) == ("NotAvailableForIssue", None)
    await upload(db, project, ["B"], now, type="gift")
    async with db.transaction() as tx:
        await execute(tx, SET_LOTS, {"project_id": project, "begin": now - timedelta(2), "end": now})
    assert await issue("k5", value="B") == ("NotInIssueDateTimeRange", None)


async def test_a_code_is_issued_by_its_value_out_of_its_turn(db, project, setup, issue) -> None:
    await setup(codes=["A", "B", "C"])
    assert await issue("k1", value="B") == ("Issued", "B")
    assert await issue("k1", value="B") == ("Issued", "B")
    assert await issue("k2", pool="gift") == ("Issued", "A")
    assert await issue("k3", pool="gift") == ("Issued", "C")
    ledger = await books(db, project, "gift")
    assert (ledger.uploaded, ledger.issued, ledger.free) == (3, 3, 0)


async def test_of_two_at_once_for_the_last_code_one_is_issued_and_one_finds_none(db, project, setup, issue) -> None:
    await setup(codes=["A"])
    answers = await asyncio.gather(issue("k1", pool="gift"), issue("k2", pool="gift", contact=BOB))
    assert sorted(answers, key=str) == [("Issued", "A"), ("NoAvailablePromoCodesInPool", None)]
    assert (await books(db, project, "gift")).issued == 1


async def test_many_who_name_one_code_at_once_make_one_owner(db, project, setup, issue) -> None:
    await setup(codes=["A", "B"])
    by_value = [issue(f"v{n}", value="A", contact=BOB) for n in range(6)]
    in_turn = [issue(f"n{n}", pool="gift") for n in range(3)]
    answers = await asyncio.gather(*by_value, *in_turn)
    assert [code for _, code in answers].count("A") == 1
    assert (await books(db, project, "gift")).issued == 2


async def test_a_code_that_is_not_there_is_made_when_that_is_wanted(db, project, setup, issue) -> None:
    await setup(codes=())
    assert await issue("k1", value="NEW", pool="gift") == ("PromoCodeNotFound", None)
    assert await issue("k2", value="NEW", pool="gift", is_made=True) == ("Issued", "NEW")
    assert await issue("k3", value="NEW", pool="gift", is_made=True, contact=BOB) == ("NotAvailableForIssue", None)
    assert await issue("k4", value="NEWER", pool="gift", is_made=True) == ("Issued", "NEWER")
    assert (await books(db, project, "gift")).issued == 2


async def test_two_who_make_one_code_at_once_make_it_once(db, project, setup, issue) -> None:
    await setup(codes=())
    answers = await asyncio.gather(
        *(issue(f"k{n}", value="NEW", pool="gift", is_made=True, contact=BOB) for n in range(6))
    )
    assert sorted(status for status, _ in answers) == ["Issued"] + ["NotAvailableForIssue"] * 5
    assert (await books(db, project, "gift")).uploaded == 1


async def test_a_generated_pool_takes_no_code_by_its_value(setup, issue) -> None:
    await setup(codes=(), fill_method="generated")
    assert await issue("k1", value="NEW", pool="gift", is_made=True) == ("NotAvailableForIssue", None)


async def test_what_is_not_handed_out_in_turn_is_not_by_value_either(now, setup, issue) -> None:
    await setup(expires_at=now + timedelta(days=1), cap=Cap(max=1), issue_from=now)
    assert await issue("k1", value="A", at=now + timedelta(days=2)) == ("NotAvailableForIssue", None)
    assert await issue("k2", value="A", at=now - timedelta(days=2)) == ("NotInIssueDateTimeRange", None)
    assert await issue("k3", value="A") == ("Issued", "A")
    assert await issue("k4", value="B") == ("NotAvailableForIssue", None)
    assert await issue("k5", value="B", pool="nowhere") == ("PromoCodePoolNotFound", None)


async def test_multi_use_codes_are_issued_neither_in_turn_nor_by_value(setup, issue) -> None:
    await setup(code_type="multi")
    assert await issue("k1", pool="gift") == ("NotAvailableForIssue", None)
    assert await issue("k2", value="A") == ("NotAvailableForIssue", None)


async def test_an_owner_is_given_the_same_code_again_where_the_pool_does_so(setup, issue) -> None:
    await setup(reissue="pool")
    assert await issue("k1", value="A") == ("Issued", "A")
    assert await issue("k2", value="A") == ("Issued", "A")
    assert await issue("k3", value="A", contact=BOB) == ("NotAvailableForIssue", None)


async def test_a_key_stands_for_one_request(setup, issue) -> None:
    await setup()
    assert await issue("k1", value="A") == ("Issued", "A")
    with pytest.raises(KeyReused):
        await issue("k1", value="B")
    with pytest.raises(NotFound):
        await issue("k2", value="A", contact=Identity(external_id="nobody"))


async def test_the_caller_may_set_the_window_of_use(db, project, now, setup, issue) -> None:
    await setup(expires_at=now + timedelta(days=9))
    window = Window(now + timedelta(days=1), now + timedelta(days=2))
    await issue("k1", value="A", window=window)
    async with db.transaction() as tx:
        [row] = await asked_claims.get(tx, project_id=project, key="k1")
    assert (row.use_from, row.expires_at) == window


async def test_a_past_instant_of_issue_is_kept_in_the_books(db, project, now, setup, issue) -> None:
    await setup()
    await issue("k1", value="A", at=now - timedelta(days=3))
    async with db.transaction() as tx:
        [row] = await asked_claims.get(tx, project_id=project, key="k1")
    assert row.issued_at == now - timedelta(days=3)


async def test_a_revoked_code_stays_its_owner_s_and_goes_to_nobody_else(db, project, now, setup, issue) -> None:
    await setup(reissue="pool")
    await issue("k1", value="A")
    async with db.transaction() as tx:
        for _ in range(2):
            await revocations.revoke(tx, project_id=project, value="A", reason="fraud", now=now)
        [row] = await asked_claims.get(tx, project_id=project, key="k1")
        assert (row.revoked_at, row.reason) == (now, "fraud")
    with pytest.raises(ClaimReturned):
        await issue("k1", value="A")
    assert await issue("k2", value="A", contact=BOB) == ("NotAvailableForIssue", None)
    assert await issue("k3", pool="gift") == ("Issued", "B")
    assert (await books(db, project, "gift")).issued == 2
    with pytest.raises(Conflict, match="revoked"):
        async with db.transaction() as tx:
            await revocations.transfer(tx, project_id=project, value="A", to=BOB, reason="gift", now=now)


async def test_a_free_code_has_nobody_to_take_it_from(db, project, now, setup) -> None:
    await setup()
    with pytest.raises(Conflict, match="Nobody"):
        async with db.transaction() as tx:
            await revocations.revoke(tx, project_id=project, value="A", reason="fraud", now=now)


async def test_a_code_is_passed_on_and_the_books_keep_from_whom_to_whom_and_why(db, project, now, setup, issue) -> None:
    await setup(reissue="pool")
    await issue("k1", value="A")
    async with db.transaction() as tx:
        first = await valued_claims.find_owned(tx, project_id=project, value="A")
        owned = await revocations.transfer(tx, project_id=project, value="A", to=BOB, reason="a present", now=now)
        again = await revocations.transfer(tx, project_id=project, value="A", to=BOB, reason="a present", now=now)
        [entry] = await valued_claims.list_transfers(tx, project_id=project, code=owned)
    assert owned == again
    assert (entry.from_contact_id, entry.to_contact_id) == (first.contact_id, owned.contact_id)
    assert (entry.reason, entry.transferred_at) == ("a present", now)
    assert await issue("k2", pool="gift", contact=BOB) == ("Issued", "A")
    assert await issue("k3", pool="gift") == ("Issued", "B")
