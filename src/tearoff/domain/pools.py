"""Pools: codes with settings, found by a key of our own or by the vendor's type."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

import msgspec

from tearoff.domain.definitions import check_key
from tearoff.errors import Problem

GENERAL = "General"
MADE_BY_UPLOAD = "Created by an upload of promo codes."
PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TYPE_LENGTH_MAX = 255

State = Literal["draft", "launched", "archived"]


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """A pool as it is stored."""

    pool_id: int
    key: str
    type: str
    name: str
    description: str
    parameter: str
    state: State
    created_at: datetime


class PoolDefinition(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
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


def type_of(wanted: str | None) -> str:
    """The type that codes without a type belong to, or the one given."""
    return wanted or GENERAL


def definition_of(pool: Pool) -> PoolDefinition:
    """The definition that would make this pool."""
    return PoolDefinition(
        key=pool.key,
        type=pool.type,
        name=pool.name,
        description=pool.description,
        parameter=pool.parameter,
        state=pool.state,
    )


def check(pool: PoolDefinition, at: str = "") -> list[Problem]:
    """Every rule that the definition breaks."""
    problems = check_key(pool.key, f"{at}/key")
    if len(pool.type) > TYPE_LENGTH_MAX:
        problems.append(Problem(f"{at}/type", f"A type has at most {TYPE_LENGTH_MAX} characters."))
    if not PARAMETER.fullmatch(pool.parameter):
        problems.append(Problem(f"{at}/parameter", "A parameter is a name: letters, digits and _, no digit first."))
    if pool.state == "launched" and not pool.description.strip():
        problems.append(Problem(f"{at}/description", "A pool needs a description before it is launched."))
    return problems
