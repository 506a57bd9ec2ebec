"""Connectors: credentials that sources share. What is secret is kept apart from the settings, and sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from tearoff.domain.definitions import check_key
from tearoff.domain.shapes import collect
from tearoff.errors import Problem

Kind = Literal["basic", "bearer", "apiKey"]


class BasicSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """HTTP Basic; the secret is `password`."""

    username: str = ""


class BearerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bearer token; the secret is `token`."""


class ApiKeySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key under a name of its own, in a header or in the query; the secret is `value`."""

    name: str
    place: Literal["header", "query"] = "header"


SETTINGS: dict[Kind, type[msgspec.Struct]] = {
    "basic": BasicSettings,
    "bearer": BearerSettings,
    "apiKey": ApiKeySettings,
}
SECRETS: dict[Kind, str] = {"basic": "password", "bearer": "token", "apiKey": "value"}


class ConnectorDefinition(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A connector as somebody wants it; without `secrets` the ones it has stay."""

    key: str
    kind: Kind
    settings: dict[str, Any] = {}
    secrets: dict[str, str] | None = None


class Connector(msgspec.Struct, frozen=True, kw_only=True):
    """A connector as it is stored; `secret` is sealed."""

    connector_id: int
    key: str
    kind: Kind
    settings: dict[str, Any]
    secret: bytes | None
    created_at: datetime


def check(connector: ConnectorDefinition, at: str = "", *, is_new: bool = True) -> list[Problem]:
    """Every rule that the definition breaks; a connector that is there already may leave its secret out."""
    problems = check_key(connector.key, f"{at}/key")
    collect(connector.settings, SETTINGS[connector.kind], f"{at}/settings", problems)
    needed = SECRETS[connector.kind]
    if connector.secrets is None:
        if is_new:
            problems.append(Problem(f"{at}/secrets/{needed}", "This secret is needed."))
        return problems
    if not connector.secrets.get(needed):
        problems.append(Problem(f"{at}/secrets/{needed}", "This secret is needed."))
    strange = [name for name in connector.secrets if name != needed]
    problems += [Problem(f"{at}/secrets/{name}", f"A {connector.kind} has no such secret.") for name in strange]
    return problems
