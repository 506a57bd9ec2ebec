"""Why an event starts a workflow or does not: the conditions of its start, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from tearoff.domain.conditions import Comparison, Condition, holds
from tearoff.domain.events import EventType, lacks
from tearoff.domain.parameters import look_up, text_of
from tearoff.domain.workflows import Start, is_started_by

SHOWN_MAX = 200
Reason = Literal["started", "never-published", "stopped", "published-later", "filtered", "not-then"]
"""Why a workflow has a run of an event, or none. not-then: by what is known today it would start."""


class Judged(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One condition of a filter and what the event says to it; of the group `any` one is enough."""

    group: Literal["all", "any"]
    param: str
    comparison: Comparison
    value: Any
    actual: str
    holds: bool


def judge(start: Start, params: Mapping[str, Any]) -> list[Judged]:
    """Every condition of the start's filter, tried."""
    if start.filter is None:
        return []
    return [_judged("all", each, params) for each in start.filter.all] + [
        _judged("any", each, params) for each in start.filter.any
    ]


def _judged(group: Literal["all", "any"], condition: Condition, params: Mapping[str, Any]) -> Judged:
    return Judged(
        group=group,
        param=condition.param,
        comparison=condition.comparison,
        value=condition.value,
        actual=text_of(look_up(condition.param, params))[:SHOWN_MAX],
        holds=holds(condition, params),
    )


def why_not(
    start: Start, params: Mapping[str, Any], *, type_key: str | None = None, kind: EventType | None = None
) -> list[str]:
    """The reasons why such an event starts no run, in sentences; none when it does.

    `type_key` is the event's type where it is known, `kind` the start's type where it asks for parameters.
    """
    reasons = []
    if type_key is not None and type_key != start.event_type:
        reasons.append(f"The workflow starts by events of the type {start.event_type!r}; this one is {type_key!r}.")
    if kind is not None and (sentence := lacks(kind, params)):
        reasons.append(sentence)
    if not is_started_by(start, params):
        judged = judge(start, params)
        reasons += [_sentence(each) for each in judged if each.group == "all" and not each.holds]
        if (choices := [each for each in judged if each.group == "any"]) and not any(c.holds for c in choices):
            reasons.append("None of the filter's alternatives holds.")
    return reasons


def _sentence(judged: Judged) -> str:
    wanted = "" if judged.comparison in ("isSet", "isEmpty") else f" {judged.value!r}"
    return f"The filter asks that {judged.param} {judged.comparison}{wanted}; the event has {judged.actual!r}."


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow that events of a type start, or would if it were published; `start` is of its newest version."""

    start: Start
    version: int
    is_active: bool
    published_at: datetime | None


def why(candidate: Candidate, params: Mapping[str, Any], received_at: datetime) -> tuple[Reason, str]:
    """Why the workflow has no run of such an event, as a word and a sentence; the first reason that stands."""
    if candidate.version == 0 or candidate.published_at is None:
        return "never-published", "The workflow was never published."
    if reasons := why_not(candidate.start, params):
        return "filtered", " ".join(reasons)
    if candidate.published_at > received_at:
        return "published-later", "The workflow was published after the event had come."
    if not candidate.is_active:
        return "stopped", "The workflow is stopped."
    return "not-then", "The event passes the filter as it is today; the workflow was stopped when it came."
