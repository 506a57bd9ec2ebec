"""Redemptions: whether a code may be used now, by whom and how often, and who guesses at codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple, cast

import msgspec

from tearoff.domain.contacts import Identity
from tearoff.domain.pools import CodeType, Processing
from tearoff.domain.pools import State as PoolState
from tearoff.domain.validity import Window
from tearoff.errors import NotRedeemable, Problem

ORDER_LENGTH_MAX = 200
POINT_LENGTH_MAX = 200
AMOUNT_MAX = Decimal(10) ** 15
AMOUNT_DECIMALS_MAX = 4
USES_MAX = 1_000_000_000

Status = Literal[
    "not-found",
    "blocked",
    "unavailable",
    "used",
    "not-issued",
    "not-yet-active",
    "no-longer-active",
    "not-for-this-order",
    "can-be-used",
]
"""What is said of a code, in order of precedence: of all that is true, the first counts.

Only a wrong contact is told before the dates, because the dates of somebody else's code are nobody's business.
"""
Reason = Literal["other-contact", "contact-needed", "contact-limit", "uses-limit", "draft", "processed-outside"]
"""Which rule stands behind a status that several rules can give."""
Origin = Literal["here", "outside"]

GUESS_WINDOW = timedelta(minutes=10)
LOCKED_FOR = timedelta(minutes=15)
GUESSES_MAX: Mapping[str, int] = {"key": 300, "person": 30, "address": 30, "contact": 10}
"""How many codes that are not the caller's may be named within the window, by kind of subject."""
SECRET_STATUSES = frozenset({"blocked", "not-issued", "unavailable"})


class Facts(NamedTuple):
    """What decides about one use of a code; `redemption_*` is the use that stands in the way, or that of this order.

    A window that is open has None. The claim's fields are None while nobody has the code.
    """

    n: int
    code_id: int
    pool_id: int
    pool_key: str
    discount: int | None
    pool_state: PoolState
    code_type: CodeType
    processing: Processing
    is_issue_checked: bool
    is_withdrawn: bool
    is_free: bool
    lot_use_from: datetime | None
    lot_use_until: datetime | None
    claim_scope: str | None
    claim_key: str | None
    claim_part: int | None
    owner_id: int | None
    is_issued: bool
    is_revoked: bool
    use_from: datetime | None
    use_until: datetime | None
    uses_max: int | None
    contact_uses_max: int | None
    is_contact_needed: bool
    uses: int
    contact_uses: int
    redemption_id: int | None
    redeemed_order: str | None
    redeemed_contact: int | None
    redeemed_amount: Decimal | None
    redeemed_at: datetime | None
    is_contact_known: bool = True

    @property
    def is_single(self) -> bool:
        """Whether the code may be used once only."""
        return self.code_type == "single"

    @property
    def uses_so_far(self) -> int:
        """How often the code is used."""
        return int(self.redemption_id is not None) if self.is_single else self.uses

    @property
    def is_nowhere(self) -> bool:
        """Whether the code is still being loaded: in no line, with nobody, and not withdrawn either."""
        return not self.is_free and not self.is_withdrawn and self.claim_key is None

    @property
    def window(self) -> Window:
        """When the code may be used: what its lot and its hand-out both allow."""
        return Window(self.lot_use_from, self.lot_use_until) & Window(self.use_from, self.use_until)


class Verdict(NamedTuple):
    """What is said of a code, and the rule behind it where there are several."""

    status: Status
    reason: Reason | None = None

    @property
    def is_good(self) -> bool:
        """Whether the code can be used."""
        return self.status == "can-be-used"

    @property
    def is_guess(self) -> bool:
        """Whether who asked named a code that is not theirs to name."""
        return self.status in ("not-found", "not-issued", "blocked") or self.reason == "other-contact"


class Rule(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How often the codes of a pool may be used, in all and by one contact, and whether the contact must be named.

    The limits are for multi-use and referral codes; a single-use code is used once in any case.
    """

    uses_max: int | None = None
    contact_uses_max: int | None = None
    is_contact_needed: bool = False


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to use a code. `contact` names who uses it; `amount` is that of the order.

    `caller` (`key:3`, `person:7`) and `address` are who asks, to tell guesses; `is_told` reports a use that happened
    elsewhere, at `at`.
    """

    value: str
    order_id: str | None = None
    contact: Identity | None = None
    amount: Decimal | None = None
    point: str | None = None
    caller: str | None = None
    address: str | None = None
    is_told: bool = False
    at: datetime | None = None


NOT_FOUND = Verdict("not-found")
GOOD = Verdict("can-be-used")


def judge(facts: Facts | None, contact_id: int | None, now: datetime, *, is_told: bool = False) -> Verdict:
    """What is true of a code for this contact (None: nobody named) at `now`.

    `is_told`: the use has happened elsewhere, so only what makes it impossible counts: no such code, or it is used up.
    """
    if facts is None or facts.is_nowhere:
        return NOT_FOUND
    if facts.is_withdrawn or (facts.is_revoked and not is_told):
        return Verdict("blocked")
    if is_told:
        return Verdict("used") if facts.is_single and facts.redemption_id is not None else GOOD
    return _unavailable(facts) or _used_up(facts) or _not_theirs(facts, contact_id) or _out_of_time(facts, now) or GOOD


def _unavailable(facts: Facts) -> Verdict | None:
    if facts.pool_state == "draft":
        return Verdict("unavailable", "draft")
    return Verdict("unavailable", "processed-outside") if facts.processing == "outside" else None


def _used_up(facts: Facts) -> Verdict | None:
    if facts.is_single:
        return Verdict("used") if facts.redemption_id is not None else None
    return Verdict("used", "uses-limit") if facts.uses_max is not None and facts.uses >= facts.uses_max else None


def _not_theirs(facts: Facts, contact_id: int | None) -> Verdict | None:
    """Issue check and contact check. Reserved counts as issued: the message is on its way, or has arrived."""
    if facts.is_issue_checked and facts.claim_key is None:
        return Verdict("not-issued")
    if contact_id is None:
        is_needed = facts.is_contact_needed or facts.code_type == "referral"
        return Verdict("not-for-this-order", "contact-needed") if is_needed else None
    if facts.is_single and facts.owner_id is not None and facts.owner_id != contact_id:
        return Verdict("not-for-this-order", "other-contact")
    return None


def _out_of_time(facts: Facts, now: datetime) -> Verdict | None:
    start, end = facts.window
    if start is not None and now < start:
        return Verdict("not-yet-active")
    if end is not None and now >= end:
        return Verdict("no-longer-active")
    if facts.contact_uses_max is not None and facts.contact_uses >= facts.contact_uses_max and not facts.is_single:
        return Verdict("not-for-this-order", "contact-limit")
    return None


def is_same_order(facts: Facts | None, order_id: str | None) -> bool:
    """Whether this order uses the code already."""
    if facts is None or facts.redemption_id is None or order_id is None:
        return False
    return facts.redeemed_order == order_id


def shown_to_outsider(verdict: Verdict) -> Verdict:
    """What a caller is told that may only redeem: of codes that are not theirs, nothing but that they are not found."""
    if verdict.status in SECRET_STATUSES or verdict.reason == "other-contact":
        return NOT_FOUND
    return verdict


def subjects_of(use: Use, contact_id: int | None) -> list[str]:
    """Whom a wrong guess is counted against. A key is only where nobody is named: its caller speaks for many."""
    subjects = [] if use.address is None else [f"address:{use.address}"]
    if contact_id is not None:
        return [*subjects, f"contact:{contact_id}"]
    return subjects if use.caller is None else [*subjects, use.caller]


def limit_of(subject: str) -> int:
    """How many misses lock a subject."""
    return GUESSES_MAX[subject.partition(":")[0]]


SENTENCES: Mapping[str, str] = {
    "not-found": "There is no such code.",
    "blocked": "The code was taken out of circulation.",
    "draft": "The pool of the code is not launched.",
    "processed-outside": "Another system decides about this code.",
    "used": "The code is used already.",
    "uses-limit": "The code was used as often as it may be.",
    "not-issued": "The code was not handed out.",
    "not-yet-active": "The code cannot be used yet.",
    "no-longer-active": "The time of the code is over.",
    "other-contact": "The code belongs to somebody else.",
    "contact-needed": "The code can be used only by a contact who is named.",
    "contact-limit": "The contact used the code as often as one may.",
    "can-be-used": "The code can be used.",
}


def verdict_of(error: NotRedeemable) -> Verdict:
    """The verdict that a refusal carries."""
    return Verdict(cast(Status, error.status), cast("Reason | None", error.rule))


def sentence_of(verdict: Verdict) -> str:
    """A verdict for people."""
    return SENTENCES[verdict.reason or verdict.status]


def is_amount(amount: Decimal) -> bool:
    """Whether this can be the amount of an order."""
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -AMOUNT_DECIMALS_MAX and 0 <= amount < AMOUNT_MAX


def check_use(use: Use) -> list[Problem]:
    """Every rule that an attempt breaks."""
    problems = []
    if not use.value.strip().isprintable() or not use.value.strip():
        problems.append(Problem("/code", "Name the code."))
    for at, text, most in (("/orderId", use.order_id, ORDER_LENGTH_MAX), ("/point", use.point, POINT_LENGTH_MAX)):
        if text is not None and not (1 <= len(text) <= most and text.isprintable()):
            problems.append(Problem(at, f"1 to {most} printable characters are possible here."))
    if use.amount is not None and not is_amount(use.amount):
        rule = f"An amount is from 0 to less than {AMOUNT_MAX:.0f}, with at most {AMOUNT_DECIMALS_MAX} decimals."
        problems.append(Problem("/amount", rule))
    return problems


def check_rule(rule: Rule, code_type: CodeType) -> list[Problem]:
    """Every rule that the rule breaks."""
    problems = []
    for at, most in (("/usesMax", rule.uses_max), ("/contactUsesMax", rule.contact_uses_max)):
        if most is not None and not 1 <= most <= USES_MAX:
            problems.append(Problem(at, f"A whole number from 1 to {USES_MAX} is needed here."))
        elif most is not None and code_type == "single":
            problems.append(Problem(at, "A single-use code is used once; limits are for codes with more uses."))
    return problems
