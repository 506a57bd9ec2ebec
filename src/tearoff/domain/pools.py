"""Pools: codes with settings, found by a key of our own or by the vendor's type."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal

import msgspec

from tearoff.domain.codes import DAYS_MAX
from tearoff.domain.definitions import check_key
from tearoff.domain.validity import Span, Validity, Window, check_span, check_validity, check_window
from tearoff.errors import Problem

GENERAL = "General"
MADE_BY_UPLOAD = "Created by an upload of promo codes."
PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TYPE_LENGTH_MAX = 255
ALERT_DEFAULT = 1000
ALERT_MAX = 1_000_000_000
CAP_MAX = 1_000_000

State = Literal["draft", "launched", "archived"]
CodeType = Literal["single", "multi", "referral"]
"""single: one owner, one use · multi: public, handed out to nobody · referral: one owner, used by others."""
FillMethod = Literal["file", "typed", "generated"]
Lookup = Literal["exact", "loose"]
"""How what people type finds a code: as it is written, or with case and separators left out."""
Processing = Literal["inside", "outside"]
"""Who redeems the codes: Tearoff, or a system that reports it."""
Reissue = Literal["always", "run", "workflow", "pool"]
"""What a contact who has a code gets: always a new one, or the same in the run, the workflow or the whole pool."""


class Cap(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How many codes a contact gets in a period: the last span, or with `is_calendar` the current units of it.

    Without a period the cap holds for ever.
    """

    max: int
    period: Span | None = None
    is_calendar: bool = False


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How a pool hands out its codes. `is_issue_checked` None is the default: checked, unless the codes are multi-use.

    `fill_method` None is open until the first load; `alert_below` None means that no threshold is watched.
    """

    code_type: CodeType = "single"
    fill_method: FillMethod | None = None
    is_issue_checked: bool | None = None
    valid_for: Validity | None = None
    processing: Processing = "inside"
    issue_from: datetime | None = None
    issue_until: datetime | None = None
    days_left_min: int | None = None
    reissue: Reissue = "always"
    reissue_days: int = 0
    cap: Cap | None = None
    alert_below: int | None = ALERT_DEFAULT
    lookup: Lookup = "exact"

    @property
    def issue_window(self) -> Window:
        """When the pool hands out."""
        return Window(self.issue_from, self.issue_until)

    @property
    def is_checked(self) -> bool:
        """Whether only issued codes can be redeemed."""
        return self.code_type != "multi" if self.is_issue_checked is None else self.is_issue_checked

    @property
    def has_policy(self) -> bool:
        """Whether a hand-out depends on what its contact has already."""
        return self.reissue != "always" or self.cap is not None


class Pool(Settings, frozen=True, kw_only=True):
    """A pool as it is stored; `launched_at` is when it first was."""

    pool_id: int
    key: str
    type: str
    name: str
    description: str
    parameter: str
    state: State
    created_at: datetime
    launched_at: datetime | None = None


class PoolDefinition(Settings, frozen=True, kw_only=True):
    """A pool as somebody wants it to be. Without a type it has the type of its key, without a name that of its type."""

    key: str
    type: str = ""
    name: str = ""
    description: str = ""
    parameter: str = "promocode"
    state: State = "launched"

    @property
    def wanted_type(self) -> str:
        """The type, or the key when none was given."""
        return self.type or self.key

    @property
    def wanted_name(self) -> str:
        """The name, or the type when none was given."""
        return self.name or self.wanted_type


SETTINGS = tuple(field.name for field in msgspec.structs.fields(Settings))


def type_of(wanted: str | None) -> str:
    """The type that codes without a type belong to, or the one given."""
    return wanted or GENERAL


def definition_of(pool: Pool) -> PoolDefinition:
    """The definition that would make this pool."""
    is_default = pool.is_issue_checked == (pool.code_type != "multi")
    settings = {name: getattr(pool, name) for name in SETTINGS}
    return PoolDefinition(
        key=pool.key,
        type=pool.type,
        name=pool.name,
        description=pool.description,
        parameter=pool.parameter,
        state=pool.state,
        **settings | {"is_issue_checked": None if is_default else pool.is_issue_checked},
    )


def check(pool: PoolDefinition, at: str = "") -> list[Problem]:
    """Every rule that the definition breaks."""
    problems = check_key(pool.key, f"{at}/key")
    if len(pool.type) > TYPE_LENGTH_MAX:
        problems.append(Problem(f"{at}/type", f"A type has at most {TYPE_LENGTH_MAX} characters."))
    if not PARAMETER.fullmatch(pool.parameter):
        problems.append(Problem(f"{at}/parameter", "A parameter is a name: letters, digits and _, no digit first."))
    problems += check_settings(pool, at)
    if pool.state == "launched":
        problems += missing_parts(pool, at)
    return problems


def check_settings(pool: Settings, at: str) -> list[Problem]:
    """Every rule that the settings break."""
    problems = check_window(pool.issue_window, f"{at}/issueUntil") + check_validity(pool.valid_for, f"{at}/validFor")
    if pool.code_type == "multi" and pool.is_issue_checked:
        problems.append(
            Problem(
                f"{at}/isIssueChecked",
                "Multi-use codes are handed out to nobody, so a check that they were issued would refuse everybody.",
            )
        )
    for name, amount, least, most in (
        ("daysLeftMin", pool.days_left_min, 0, DAYS_MAX),
        ("reissueDays", pool.reissue_days, 0, DAYS_MAX),
        ("alertBelow", pool.alert_below, 1, ALERT_MAX),
        ("cap/max", pool.cap.max if pool.cap else None, 1, CAP_MAX),
    ):
        if amount is not None and not least <= amount <= most:
            problems.append(Problem(f"{at}/{name}", f"A whole number from {least} to {most} is needed here."))
    return problems + check_span(pool.cap.period if pool.cap else None, f"{at}/cap/period")


def missing_parts(pool: Pool | PoolDefinition, at: str = "") -> list[Problem]:
    """What a pool still needs before it can be launched."""
    if pool.description.strip():
        return []
    return [Problem(f"{at}/description", "A pool needs a description before it is launched.")]


def locked(before: Pool, wanted: PoolDefinition, *, is_loaded: bool, at: str = "") -> list[Problem]:
    """What may not change any more; `is_loaded`: the pool holds or held codes."""
    problems = []
    if before.launched_at is not None and wanted.code_type != before.code_type:
        problems.append(Problem(f"{at}/codeType", "The type of the codes is fixed since the pool was launched."))
    if is_loaded and wanted.fill_method != before.fill_method:
        problems.append(
            Problem(f"{at}/fillMethod", f"The pool was filled by {before.fill_method!r} first, and so it stays.")
        )
    if before.launched_at is not None and wanted.state == "draft":
        problems.append(Problem(f"{at}/state", "A pool that was launched is no draft again; archive it."))
    return problems


def warnings(before: Pool, wanted: PoolDefinition) -> list[Problem]:
    """What a change that is allowed may break elsewhere."""
    if before.launched_at is None:
        return []
    found = []
    if wanted.key != before.key:
        found.append(Problem("/key", f"Whoever calls the pool {before.key!r} must call it {wanted.key!r} now."))
    if wanted.parameter != before.parameter:
        found.append(Problem("/parameter", f"Templates that read {before.parameter!r} get no code from it any more."))
    if wanted.wanted_type != before.type:
        found.append(Problem("/type", f"Workflows and tags that ask for the type {before.type!r} find no pool now."))
    return found


def changes_of(before: Pool | None, after: PoolDefinition) -> dict[str, list[Any]]:
    """What differs, as {field: [before, after]} under the names of the API; all that is set, for a new pool."""
    new = shown(after)
    old = {} if before is None else shown(definition_of(before))
    return {name: [old.get(name), value] for name, value in new.items() if value != old.get(name)}


def shown(definition: PoolDefinition) -> dict[str, Any]:
    """A definition as plain data with what it leaves to its type and key."""
    filled = msgspec.structs.replace(
        definition, type=definition.wanted_type, name=definition.wanted_name, is_issue_checked=definition.is_checked
    )
    plain: dict[str, Any] = msgspec.to_builtins(filled)
    return plain
