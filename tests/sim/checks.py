"""The promises, asked of one life at rest: of the database, and of what arrived."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from tests.sim import plan
from tests.sim.life import Life
from tests.sim.world import CODE, HOLE

from tearoff.store import codes, redemptions
from tearoff.store.db import fetch_all

RUNS = """
SELECT r.run_id, r.event_id, w.key AS workflow, r.state, r.attempt, r.error ->> 'type' AS error,
       r.error ->> 'detail' AS detail, e.params ->> 'EmailAddress' AS person
  FROM run r JOIN workflow w USING (project_id, workflow_id) JOIN event e USING (project_id, event_id)
 WHERE r.project_id = %(project_id)s ORDER BY r.run_id
"""
CLAIMS = """
SELECT c.scope, c.key, c.run_id, k.value, c.request, c.reserved_at, c.issued_at, c.exposed_at, c.returned_at, c.reason,
       l.discount, nullif(l.expires_at, 'infinity') AS expires_at, k.expires_at AS own_end, t.changed
  FROM claim c JOIN code k USING (project_id, code_id) JOIN lot l USING (project_id, lot_id)
  CROSS JOIN LATERAL (SELECT count(*) > 1 AS changed FROM claim o
                       WHERE o.project_id = c.project_id AND o.code_id = c.code_id) t
 WHERE c.project_id = %(project_id)s ORDER BY c.scope, c.key, c.part
"""
DELIVERIES = """
SELECT d.delivery_id, d.run_id, d.block, d.attempt, d.state, d.is_doubtful, d.recipient, d.content ->> 'text' AS text,
       '<' || d.reference || '@tearoff.invalid>' AS message_id,
       coalesce((SELECT array_agg(o.key) FROM delivery_code o
                  WHERE o.project_id = d.project_id AND o.delivery_id = d.delivery_id), '{}') AS keys
  FROM delivery d WHERE d.project_id = %(project_id)s ORDER BY d.delivery_id
"""
EMPTY = """
SELECT c.key FROM step s JOIN claim c ON c.project_id = s.project_id AND c.run_id = s.run_id AND c.scope = 'run'
   AND c.key LIKE s.run_id || ':' || s.block || ':%%' AND c.reserved_at <= s.at AND c.returned_at IS NULL
 WHERE s.project_id = %(project_id)s AND s.exit = 'empty'
   AND NOT EXISTS (SELECT FROM step l WHERE l.project_id = s.project_id AND l.run_id = s.run_id AND l.block = s.block
                      AND l.position > s.position AND l.exit = 'found')
"""
FIELDS = """
SELECT o.value AS person, k.value AS saved FROM contact c
  JOIN locator o USING (project_id, contact_id) CROSS JOIN LATERAL jsonb_each_text(c.fields) k
 WHERE c.project_id = %(project_id)s
"""
REDEMPTIONS = """
SELECT d.redemption_id, d.order_id, k.value, d.is_single, d.rolled_back_at IS NULL AS is_live
  FROM redemption d JOIN code k USING (project_id, code_id)
 WHERE d.project_id = %(project_id)s ORDER BY d.redemption_id
"""
EVENTS = "SELECT count(*) FROM event WHERE project_id = %(project_id)s"
VALUES = "SELECT value FROM code WHERE project_id = %(project_id)s"
HONEST_ENDS = {"pool-empty", "delivery-failed", "source-failed", None}


class Row(msgspec.Struct, frozen=True):
    """The facts of one run."""

    run_id: int
    event_id: int
    workflow: str
    state: str
    attempt: int
    error: str | None
    detail: str | None
    person: str


class Claim(msgspec.Struct, frozen=True):
    """The facts of one claim."""

    scope: str
    key: str
    run_id: int | None
    value: str
    request: str
    reserved_at: datetime
    issued_at: datetime | None
    exposed_at: datetime | None
    returned_at: datetime | None
    reason: str | None
    discount: int | None
    expires_at: datetime | None
    own_end: datetime | None
    changed: bool


class Delivery(msgspec.Struct, frozen=True):
    """The facts of one delivery."""

    delivery_id: int
    run_id: int
    block: str
    attempt: int
    state: str
    is_doubtful: bool
    recipient: str
    text: str
    message_id: str
    keys: list[str]


class Redemption(msgspec.Struct, frozen=True):
    """The facts of one use of a code."""

    redemption_id: int
    order_id: str
    value: str
    is_single: bool
    is_live: bool


class Books:
    """What the database says at rest."""

    def __init__(self, life: Life) -> None:
        self.life = life

    async def read(self) -> None:
        """Read everything of the project."""
        at = {"project_id": self.life.project}
        async with self.life.db.transaction() as tx:
            self.ledgers = await codes.list_ledgers(tx, **at)
            self.doubled = await codes.count_doubled(tx, **at)
            self.runs = await fetch_all(tx, RUNS, at, Row)
            cursor = await tx.execute(CLAIMS, at)
            names = [column.name for column in cursor.description or ()]
            self.claims = [Claim(**dict(zip(names, row, strict=True))) for row in await cursor.fetchall()]
            self.deliveries = await fetch_all(tx, DELIVERIES, at, Delivery)
            self.saved: list[tuple[str, str]] = list(await (await tx.execute(FIELDS, at)).fetchall())
            self.redemptions = await fetch_all(tx, REDEMPTIONS, at, Redemption)
            self.misused = await redemptions.count_wrong(tx, **at)
            self.empty = await fetch_all(tx, EMPTY, at, str)
            self.events = (await fetch_all(tx, EVENTS, at, int))[0]
            self.values = set(await fetch_all(tx, VALUES, at, str))


async def wrongs(life: Life) -> list[str]:
    """Everything that a life broke; a promise kept gives nothing."""
    books = Books(life)
    await books.read()
    found = [f"unexpected: {error!r}" for error in life.theatre.failures]
    for check in CHECKS:
        found += [f"{check.__name__}: {sentence}" for sentence in check(life, books)]
    return found


def one_owner(life: Life, books: Books) -> Iterator[str]:
    """P1: whatever the database, the receiver, the sources and the callers know, a code has one owner."""
    if books.doubled:
        yield f"{books.doubled} codes with two live claims, or with one and in a line"
    owners: dict[str, set[str]] = defaultdict(set)
    for mail in life.world.mails:
        for code in CODE.findall(mail.text):
            owners[code].add(mail.recipient)
    for code, person in life.world.asked:
        owners[code].add(person)
    for claim in books.claims:
        if claim.returned_at is None and (claim.scope == "api" or claim.value in owners):
            owners[claim.value].add(claim.key if claim.scope == "api" else person_of(books, claim))
    for code, who in owners.items():
        if len(who) > 1:
            yield f"{code} belongs to {sorted(who)}"
    texts: dict[str, set[str]] = defaultdict(set)
    for mail in life.world.mails:
        texts[mail.message_id].add(f"{mail.recipient} {mail.text}")
    for message_id, seen in texts.items():
        if len(seen) > 1:
            yield f"{message_id} came with {sorted(seen)}"


def person_of(books: Books, claim: Claim) -> str:
    """Whose run holds a claim."""
    return next(run.person for run in books.runs if run.run_id == claim.run_id)


def same_answer(life: Life, books: Books) -> Iterator[str]:
    """P2: a key of the API always got the same codes, and a run's block claims once an attempt."""
    for key, answers in life.world.answers.items():
        if len(answers) > 1:
            yield f"{key} got {sorted(answers)}"
    attempts = {run.run_id: run.attempt for run in books.runs}
    asked = Counter((c.run_id, c.key.split(":")[1]) for c in books.claims if c.scope == "run")
    for (run_id, block), count in asked.items():
        if count > attempts[run_id or 0] + 1:
            yield f"the block {block} of run {run_id} claimed {count} times in {attempts[run_id or 0] + 1} attempts"


def own_code(life: Life, books: Books) -> Iterator[str]:
    """P2: no run that has a code of a block goes on without it."""
    for key in books.empty:
        yield f"a run left through empty, and {key} holds a code"


def exact_sums(life: Life, books: Books) -> Iterator[str]:
    """P3: uploaded = free + reserved + issued + withdrawn, counted two ways, and by the uploader too."""
    for ledger in books.ledgers:
        if not ledger.is_balanced:
            yield str(ledger)
    counted = sum(ledger.uploaded for ledger in books.ledgers)
    uploaded = life.doors.uploaded.union(life.public)
    if counted != len(uploaded) or books.values != uploaded:
        yield f"{len(uploaded)} codes were uploaded, {len(books.values)} are there"


def every_event_runs(life: Life, books: Books) -> Iterator[str]:
    """P4: each accepted event led to one run for each workflow of its type, and every run came to an end."""
    if books.events != len(life.doors.accepted):
        yield f"{len(life.doors.accepted)} events were accepted, {books.events} are there"
    starts = Counter(w["blocks"]["start"]["eventType"] for w in life.definitions["workflows"])
    wanted = sum(starts[event.type_key] for event in life.doors.accepted.values())
    if len(books.runs) != wanted:
        yield f"{wanted} runs should be there, {len(books.runs)} are"
    arrived = {mail.message_id for mail in life.world.mails}
    for run in books.runs:
        if run.state not in ("done", "failed", "stopped") or run.error not in HONEST_ENDS:
            yield f"run {run.run_id} ended as {run.state} {run.error}: {run.detail}"
    for delivery in books.deliveries:
        if delivery.state == "sent" and delivery.message_id not in arrived:
            yield f"delivery {delivery.delivery_id} counts as sent, and nothing arrived"
        if delivery.state in ("waiting", "leased"):
            yield f"delivery {delivery.delivery_id} is {delivery.state} at rest"


def no_repeat(life: Life, books: Books) -> Iterator[str]:
    """P5: an event starts one run a workflow, a run's block sends one message an attempt."""
    for pair, count in Counter((run.event_id, run.workflow) for run in books.runs).items():
        if count > 1:
            yield f"event and workflow {pair} ran {count} times"
    references = {d.message_id: d for d in books.deliveries}
    sent: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for mail in life.world.mails:
        delivery = references.get(mail.message_id)
        if delivery is None:
            yield f"{mail.message_id} arrived, and no delivery knows it"
        elif delivery.state == "sent":
            sent[(delivery.run_id, delivery.block, mail.text)].add(mail.message_id)
    for place, messages in sent.items():
        if len(messages) > 1:
            yield f"{place} was sent and acknowledged {len(messages)} times"


def no_hole(life: Life, books: Books) -> Iterator[str]:
    """P6: nothing arrives with a hole where the code should be."""
    for mail in life.world.mails:
        if HOLE in mail.text or ("code" in mail.text and "sorry" not in mail.text and not CODE.search(mail.text)):
            yield f"{mail.recipient} got {mail.text!r}"


def right_returns(life: Life, books: Books) -> Iterator[str]:
    """P8: a code whose message surely never left, and that was never exposed, is free again; any other is not."""
    states = {run.run_id: run.state for run in books.runs}
    people = {run.run_id: run.person for run in books.runs}
    carrying: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in books.deliveries:
        for key in delivery.keys:
            carrying[key].append(delivery)
    seen = {(code, mail.recipient) for mail in life.world.mails for code in CODE.findall(mail.text)}
    seen |= set(life.world.asked)
    redeemed = {use.value for use in books.redemptions}
    for claim in books.claims:
        if claim.scope != "run":
            if claim.returned_at is None and claim.issued_at is None:
                yield f"the claim {claim.key} is reserved at rest"
            continue
        person = people[claim.run_id or 0]
        left = [d for d in carrying[claim.key] if d.state == "sent" or d.is_doubtful]
        attempt = int(claim.key.rpartition(":")[2]) if claim.key.rpartition(":")[2].isdigit() else 0
        used = claim.reason is None and all(d.attempt > attempt for d in carrying[claim.key])
        used |= claim.value in redeemed
        if claim.returned_at is not None and (claim.value, person) in seen and left:
            yield f"{claim.key} was returned ({claim.reason}), and {person} knows the code"
        if claim.returned_at is None and claim.issued_at is None:
            yield f"{claim.key} is reserved at rest, its run is {states[claim.run_id or 0]}"
        if claim.returned_at is None and not (left or used or claim.exposed_at):
            yield f"{claim.key} was not returned, and no message with it can have left"
    for delivery in books.deliveries:
        arrived = any(mail.message_id == delivery.message_id for mail in life.world.mails)
        if arrived and delivery.state in ("failed", "cancelled") and not delivery.is_doubtful:
            yield f"delivery {delivery.delivery_id} arrived, and counts as surely refused"


def redeemed_once(life: Life, books: Books) -> Iterator[str]:
    """P9: no code is used more often than it may be, and what the till was told of a use is so."""
    till = life.doors.till
    if books.misused:
        yield f"{books.misused} codes are used too often, unissued, or counted wrongly"
    live = [use for use in books.redemptions if use.is_live]
    ids = {use.redemption_id for use in live}
    for value, uses in Counter(use.value for use in live).items():
        if uses > (plan.PUBLIC_USES_MAX if value in life.public else 1):
            yield f"{value} is used {uses} times"
    for order, uses in Counter(use.order_id for use in live).items():
        if uses > 1:
            yield f"{order} has {uses} uses"
    for use in books.redemptions:
        if till.asked.get(use.order_id) != use.value or use.is_single == (use.value in life.public):
            yield f"nobody asked for {use}"
    for order, told in till.used.items():
        if told - till.going_back - ids:
            yield f"{order} was told of a use that is gone"
    if till.taken_back & ids:
        yield f"{till.taken_back & ids} were taken back, and are live"


def right_fits(life: Life, books: Books) -> Iterator[str]:
    """D2: each code fitted its wish in the project's own days when it was taken; saved codes are the person's own."""
    zone = ZoneInfo(life.zone)
    for claim in books.claims:
        wish = dict(part.split("=", 1) for part in claim.request.split(";"))
        if claim.changed or claim.returned_at is not None:
            continue
        if wish.get("discount") and claim.discount != int(wish["discount"]):
            yield f"{claim.key} wished {wish['discount']} % and got {claim.discount} %"
        if claim.own_end is not None:
            continue
        last = claim.reserved_at.astimezone(zone).date() + timedelta(days=int(wish.get("days") or 0))
        until = datetime.combine(last, time(23, 59), zone) if wish.get("days") else claim.reserved_at
        if claim.expires_at is not None and claim.expires_at < until:
            yield f"{claim.key} wished {wish.get('days')} days at {claim.reserved_at} and ends {claim.expires_at}"
    own: dict[str, set[str]] = defaultdict(set)
    for claim in books.claims:
        if claim.scope == "run" and claim.issued_at is not None:
            own[person_of(books, claim)].add(claim.value)
    for person, saved in books.saved:
        if saved not in own[person]:
            yield f"the profile of {person} holds {saved}, and the code is not theirs"


CHECKS = (
    one_owner,
    same_answer,
    own_code,
    exact_sums,
    every_event_runs,
    no_repeat,
    no_hole,
    right_returns,
    redeemed_once,
    right_fits,
)
