"""Using codes, and taking a use back; shared by the API, the vendor's operations and reports from outside.

A use is decided on what is read, and written under guards that hold whatever was read: a unique index for codes that
are used once, a counter for those that are used often. Who loses a race reads again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, cast

import msgspec
import psycopg

from tearoff.actions import claims, contacts, lookups
from tearoff.actions.asked_claims import shown
from tearoff.actions.guesses import Locks, Watch, note_misses
from tearoff.domain.codes import CODE_LENGTH_MAX
from tearoff.domain.redemptions import (
    Facts,
    Rule,
    Use,
    Verdict,
    check_rule,
    check_use,
    is_same_order,
    judge,
    sentence_of,
    subjects_of,
)
from tearoff.errors import Conflict, Invalid, KeyReused, NotFound, NotRedeemable, TearoffError
from tearoff.store import claims as claim_store
from tearoff.store import pools, refusals
from tearoff.store import redemptions as store
from tearoff.store.claims import Scope
from tearoff.store.db import Database, Tx
from tearoff.store.redemptions import AskedUse, IssuedUse, NewUse, PlainUse, Redemption

PASSES_MAX = 6


class Redeemed(msgspec.Struct, frozen=True):
    """A use of a code; `is_fresh` is False where the same order had used it before."""

    redemption_id: int
    code: str
    pool_id: int
    pool_key: str
    discount: int | None
    contact_id: int | None
    order_id: str | None
    amount: Decimal | None
    redeemed_at: datetime
    is_fresh: bool


class Checked(NamedTuple):
    """What is said of a code, and the facts behind it where there are any."""

    verdict: Verdict
    facts: Facts | None


class _Open(NamedTuple):
    """An attempt that is not settled yet, by its place."""

    n: int
    use: Use
    contact_id: int | None


class _Refused(NamedTuple):
    """An attempt that was refused, and why."""

    entry: _Open
    facts: Facts | None
    verdict: Verdict


async def redeem(
    db: Database, *, project_id: int, uses: Sequence[Use], now: datetime, watch: Watch | None = None
) -> list[Redeemed | TearoffError]:
    """What becomes of each use: the redemption, or the error that concerns it alone.

    The same order gets the same redemption again; NotRedeemable says why not, Throttled that the caller guesses.
    The plain ones are looked up and used by one statement; for the others, each look has a transaction of its own. Both
    lock codes in order, so batches never wait for each other in a ring.
    """
    async with db.single() as tx:
        results, waiting = await _admit(tx, project_id, uses, now, watch)
        waiting = await _use_plainly(tx, project_id, waiting, now, results)
    for _ in range(PASSES_MAX):
        if not waiting:
            break
        async with db.transaction() as tx:
            waiting = await _pass(tx, project_id, waiting, now, results)
    if watch is not None and any(isinstance(result, NotRedeemable) for result in results):
        watch.forget(project_id)
    return _settled(results, waiting)


async def redeem_one(tx: Tx, *, project_id: int, use: Use, now: datetime) -> Redeemed | TearoffError:
    """As `redeem` for one use, within a transaction of the caller's."""
    results, waiting = await _admit(tx, project_id, [use], now)
    for _ in range(PASSES_MAX):
        if waiting:
            waiting = await _pass(tx, project_id, waiting, now, results)
    return _settled(results, waiting)[0]


async def check(tx: Tx, *, project_id: int, uses: Sequence[Use], now: datetime) -> list[Checked | TearoffError]:
    """What would become of each use; nothing is used, and wrong guesses count all the same."""
    results, waiting = await _admit(tx, project_id, uses, now)
    facts = await _facts(tx, project_id, waiting)
    refused: list[_Refused] = []
    for entry in waiting:
        found = facts.get(entry.n)
        if found is not None and not found.is_contact_known:
            results[entry.n] = NotFound("contact", entry.contact_id)
            continue
        verdict = judge(found, entry.contact_id, now)
        results[entry.n] = Checked(verdict, found)
        if verdict.is_guess:
            refused.append(_Refused(entry, found, verdict))
    await _note(tx, project_id, refused, now)
    return cast("list[Checked | TearoffError]", results)


async def set_rule(tx: Tx, *, project_id: int, pool_id: int, rule: Rule) -> Rule:
    """The rule of a pool as it now stands; raises Invalid with every problem, or NotFound."""
    pool = await pools.get(tx, project_id=project_id, pool_id=pool_id)
    problems = check_rule(rule, pool.code_type)
    if problems:
        raise Invalid(*problems)
    await store.put_rule(tx, project_id=project_id, pool_id=pool_id, rule=rule)
    return rule


async def roll_back(tx: Tx, *, project_id: int, redemption_id: int, now: datetime, reason: str) -> Redemption:
    """The use as it now stands, ended; a repeat changes nothing. Raises NotFound."""
    await store.roll_back(tx, project_id=project_id, redemption_id=redemption_id, now=now, reason=reason)
    return await store.get(tx, project_id=project_id, redemption_id=redemption_id)


async def _admit(
    tx: Tx, project_id: int, uses: Sequence[Use], now: datetime, watch: Watch | None = None
) -> tuple[list[object], list[_Open]]:
    """A place for each result, filled where an attempt is refused unseen, and the attempts that may go on."""
    results: list[object] = [None] * len(uses)
    named = [use.contact for use in uses if use.contact is not None and use.contact.contact_id is None]
    found = iter(await contacts.find(tx, project_id=project_id, identities=named) if named else [])
    waiting = []
    for n, use in enumerate(uses):
        # an id is looked up with its code: nearly always it is that of the code's owner
        who = use.contact
        contact_id = None if who is None else next(found) if who.contact_id is None else who.contact_id
        problems = check_use(use)
        if problems:
            results[n] = Invalid(*problems)
        elif use.contact is not None and contact_id is None:
            results[n] = NotFound("contact", shown(use.contact))
        else:
            waiting.append(_Open(n, use, contact_id))
    asking = [(entry.use, entry.contact_id) for entry in waiting]
    locks = await Locks.find(tx, project_id=project_id, uses=asking, now=now, watch=watch)
    admitted = []
    for entry in waiting:
        error = locks.error_of(entry.use, entry.contact_id)
        if error is None:
            admitted.append(entry)
        else:
            results[entry.n] = error
    return results, admitted


async def _facts(tx: Tx, project_id: int, waiting: Sequence[_Open]) -> dict[int, Facts]:
    if not waiting:
        return {}
    asked = [AskedUse(entry.n, entry.use.value.strip(), entry.use.order_id, entry.contact_id) for entry in waiting]
    return await lookups.find_uses(tx, project_id=project_id, asked=asked)


def _settled(results: list[object], waiting: Sequence[_Open]) -> list[Redeemed | TearoffError]:
    for entry in waiting:
        results[entry.n] = Conflict("The code is being used and taken back at this moment; try again.")
    return cast("list[Redeemed | TearoffError]", results)


async def _use_plainly(
    tx: Tx, project_id: int, waiting: list[_Open], now: datetime, results: list[object]
) -> list[_Open]:
    """Settle, as one transaction, the attempts against which nothing speaks; gives the others."""
    asked: dict[str, PlainUse] = {}
    for entry in waiting:
        use = entry.use
        value = use.value.strip()
        if not use.is_told and value not in asked:
            asked[value] = PlainUse(entry.n, value, use.order_id, entry.contact_id, use.amount, use.point, use.at)
    if not asked:
        return waiting
    try:
        made = await store.use_issued(tx, project_id=project_id, asked=list(asked.values()), now=now)
    except psycopg.errors.UniqueViolation:
        return waiting
    found = {row.n: row for row in made}
    for entry in waiting:
        row = found.get(entry.n)
        if row is not None:
            results[entry.n] = _redeemed(entry, row, row.redemption_id, now)
    return [entry for entry in waiting if entry.n not in found]


async def _pass(tx: Tx, project_id: int, waiting: list[_Open], now: datetime, results: list[object]) -> list[_Open]:
    """Settle what can be settled by one look; gives the attempts that must look again."""
    facts = await _facts(tx, project_id, waiting)
    once: dict[int, tuple[_Open, Facts]] = {}
    often: list[tuple[_Open, Facts]] = []
    later: list[_Open] = []
    refused: list[_Refused] = []
    for entry in waiting:
        found = facts.get(entry.n)
        if found is not None and not found.is_contact_known:
            results[entry.n] = NotFound("contact", entry.contact_id)
            continue
        if found is not None and is_same_order(found, entry.use.order_id):
            results[entry.n] = _repeated(entry, found)
            continue
        verdict = judge(found, entry.contact_id, entry.use.at or now, is_told=entry.use.is_told)
        if found is None or not verdict.is_good:
            results[entry.n] = NotRedeemable(verdict.status, verdict.reason, sentence_of(verdict))
            refused.append(_Refused(entry, found, verdict))
        elif not found.is_single:
            often.append((entry, found))
        elif found.code_id in once:
            later.append(entry)
        else:
            once[found.code_id] = (entry, found)
    ready = [(entry, found) for entry, found in once.values() if found.is_issued]
    unready = [(entry, found) for entry, found in once.values() if not found.is_issued]
    if unready:
        await _hand_over(tx, project_id, unready, now)
    later += [entry for entry, _ in unready]
    later += await _use_often(tx, project_id, often, now, results)
    later += await _use_once(tx, project_id, ready, now, results)
    await _note(tx, project_id, refused, now)
    return later


async def _hand_over(tx: Tx, project_id: int, unready: Sequence[tuple[_Open, Facts]], now: datetime) -> None:
    """Take free codes out of their lines and confirm held claims, so that nobody else gets a code that is used."""
    free = [_new(entry, facts, now) for entry, facts in unready if facts.is_free]
    if free:
        await claim_store.lock_gates(tx, project_id=project_id, pool_ids=[use.pool_id for use in free])
        await store.take_free(tx, project_id=project_id, uses=free, now=now)
    reserved: dict[str, set[str]] = {}
    for _, facts in unready:
        if facts.claim_key is not None and facts.claim_scope is not None:
            reserved.setdefault(facts.claim_scope, set()).add(facts.claim_key)
    for scope in sorted(reserved):
        await claims.issue(tx, project_id=project_id, scope=cast(Scope, scope), keys=sorted(reserved[scope]), now=now)


async def _use_once(
    tx: Tx, project_id: int, ready: Sequence[tuple[_Open, Facts]], now: datetime, results: list[object]
) -> list[_Open]:
    if not ready:
        return []
    made = await store.use_once(tx, project_id=project_id, uses=[_new(entry, facts, now) for entry, facts in ready])
    for entry, facts in ready:
        if facts.code_id in made:
            results[entry.n] = _redeemed(entry, facts, made[facts.code_id], now)
    return [entry for entry, facts in ready if facts.code_id not in made]


async def _use_often(
    tx: Tx, project_id: int, ready: Sequence[tuple[_Open, Facts]], now: datetime, results: list[object]
) -> list[_Open]:
    if not ready:
        return []
    lost = []
    made = await store.use_often(tx, project_id=project_id, uses=[_new(entry, facts, now) for entry, facts in ready])
    for row, (entry, facts) in zip(made, ready, strict=True):
        if row.outcome == "used" and row.redemption_id is not None:
            results[entry.n] = _redeemed(entry, facts, row.redemption_id, now)
        else:
            lost.append(entry)
    return lost


def _new(entry: _Open, facts: Facts, now: datetime) -> NewUse:
    use = entry.use
    return NewUse(
        code_id=facts.code_id,
        pool_id=facts.pool_id,
        contact_id=entry.contact_id,
        order_id=use.order_id,
        amount=use.amount,
        point=use.point,
        origin="outside" if use.is_told else "here",
        at=use.at or now,
        uses_max=None if use.is_told else facts.uses_max,
        contact_uses_max=None if use.is_told else facts.contact_uses_max,
    )


def _redeemed(entry: _Open, facts: Facts | IssuedUse, redemption_id: int, now: datetime) -> Redeemed:
    use = entry.use
    at = use.at or now
    return Redeemed(
        redemption_id,
        use.value.strip(),
        facts.pool_id,
        facts.pool_key,
        facts.discount,
        entry.contact_id,
        use.order_id,
        use.amount,
        at,
        is_fresh=True,
    )


def _repeated(entry: _Open, facts: Facts) -> Redeemed | TearoffError:
    use = entry.use
    if facts.redemption_id is None or facts.redeemed_at is None or use.order_id is None:
        raise AssertionError("a repeat has a redemption")
    if (facts.redeemed_contact, facts.redeemed_amount) != (entry.contact_id, use.amount):
        return KeyReused(use.order_id)
    return Redeemed(
        facts.redemption_id,
        use.value.strip(),
        facts.pool_id,
        facts.pool_key,
        facts.discount,
        facts.redeemed_contact,
        use.order_id,
        facts.redeemed_amount,
        facts.redeemed_at,
        is_fresh=False,
    )


async def _note(tx: Tx, project_id: int, refused: Sequence[_Refused], now: datetime) -> None:
    """Keep what was refused for the report, and count the guesses among it; reports from outside are no attempts."""
    attempts = [row for row in refused if not row.entry.use.is_told]
    if not attempts:
        return
    await refusals.add_all(tx, project_id=project_id, refusals=[_refusal(row) for row in attempts], now=now)
    guesses = [row.entry for row in attempts if row.verdict.is_guess]
    misses = Counter(subject for entry in guesses for subject in subjects_of(entry.use, entry.contact_id))
    await note_misses(tx, project_id=project_id, misses=misses, now=now)


def _refusal(row: _Refused) -> refusals.NewRefusal:
    return refusals.NewRefusal(
        code_id=row.facts.code_id if row.facts else None,
        pool_id=row.facts.pool_id if row.facts else None,
        tried=None if row.facts else row.entry.use.value.strip()[:CODE_LENGTH_MAX],
        contact_id=row.entry.contact_id,
        order_id=row.entry.use.order_id,
        status=row.verdict.status,
        reason=row.verdict.reason,
    )
