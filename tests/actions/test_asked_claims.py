"""A pool that is remembered for a second is still not believed to be launched when it is not."""

import pytest
from tests.stock import pool_of, upload

from tearoff.actions import asked_claims, pools
from tearoff.actions.asked_claims import Ask, ClaimCall, Pools
from tearoff.domain.codes import Wish
from tearoff.errors import Conflict, PoolEmpty

CODES = [f"C{n}" for n in range(10)]


@pytest.fixture
async def call(db, project, now) -> ClaimCall:
    await upload(db, project, CODES, now)
    return ClaimCall(project, None, "birthday", Wish(), None)


async def test_an_archived_pool_gives_nothing_though_it_was_found_just_now(db, project, now, call) -> None:
    known = Pools()
    [[first]] = await asked_claims.claim(db, call, [Ask("a")], now=now, known=known)
    async with db.transaction() as tx:
        await pools.archive(tx, project_id=project, pool_id=await pool_of(db, project), now=now)
    assert known.recall(call, now) is not None
    again, refused = await asked_claims.claim(db, call, [Ask("a"), Ask("b")], now=now, known=known)
    assert [row.value for row in again] == [first.value]
    assert isinstance(refused, Conflict)
    assert "archived" in str(refused)
    assert known.recall(call, now) is None
    with pytest.raises(Conflict, match="archived"):
        await asked_claims.claim(db, call, [Ask("c", count=2)], now=now, known=known)


async def test_a_hot_pool_is_looked_up_once_a_second(db, call, now, monkeypatch) -> None:
    looked = []
    find = Pools.find

    async def counted(self, tx, call, now):
        looked.append(now)
        return await find(self, tx, call, now)

    monkeypatch.setattr(Pools, "find", counted)
    known = Pools()
    for n in range(3):
        await asked_claims.claim(db, call, [Ask(f"k{n}")], now=now, known=known)
    await asked_claims.claim(db, call, [Ask("k9")], now=now + asked_claims.BELIEVED_FOR, known=known)
    assert looked == [now, now + asked_claims.BELIEVED_FOR]


async def test_an_empty_pool_says_so_also_from_memory(db, call, now) -> None:
    known = Pools()
    await asked_claims.claim(db, call, [Ask(f"k{n}") for n in range(len(CODES))], now=now, known=known)
    [refused] = await asked_claims.claim(db, call, [Ask("late")], now=now, known=known)
    assert isinstance(refused, PoolEmpty)
    with pytest.raises(PoolEmpty):
        await asked_claims.claim(db, call, [Ask("many", count=2)], now=now, known=known)
