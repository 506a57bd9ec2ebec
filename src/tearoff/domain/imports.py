"""Imports of codes: what the sender may choose, and what each row may come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta, tzinfo
from typing import Any, Literal

import msgspec

from tearoff.domain import encodings
from tearoff.domain.code_dates import END, START, parse_instant
from tearoff.domain.code_files import Attributes, Home
from tearoff.domain.codes import parse_discount, parse_flag
from tearoff.domain.pools import Pool
from tearoff.errors import Invalid, Problem

FILE_KEPT = timedelta(days=90)
PREVIEW_MAX = 10_000
NAME_LENGTH_MAX = 200
DELIMITERS = {",": ",", "comma": ",", ";": ";", "semicolon": ";", "\t": "\t", "tab": "\t", "\\t": "\t", "|": "|"}

Outcome = Literal[
    "added", "changed", "moved", "withdrawn", "freed", "unchanged", "repeated", "alike", "known", "elsewhere", "refused"
]
"""What becomes of a row: `repeated` stands in the file before, `known` in the pool, `elsewhere` in another one;
`alike` is another spelling of a code of a loose pool."""
Existing = Literal["update", "refuse"]
Elsewhere = Literal["refuse", "move"]
Method = Literal["file", "typed"]


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a file is read, and what it may do to codes that exist. None: recognised from the file, or not stated."""

    method: Method = "file"
    encoding: str | None = None
    delimiter: str | None = None
    is_dry_run: bool = False
    is_replacing: bool = False
    existing: Existing = "update"
    elsewhere: Elsewhere = "refuse"
    defaults: Attributes = Attributes()


CHOICES = ("encoding", "delimiter", "dryRun", "replace", "existing", "elsewhere", "name")
DEFAULTS = ("discount", "issueFrom", "issueUntil", "useFrom", "expiresAt", "inUse")
NAMES = frozenset({*CHOICES, *DEFAULTS})


def read_options(given: Mapping[str, Any], zone: tzinfo, method: Method) -> ImportOptions:
    """The options in a query, a form or a JSON body, dates in the project's zone. Raises Invalid with every problem."""
    problems: list[Problem] = []

    def parsed(name: str, parse: Callable[[str], Any]) -> Any:
        value = given.get(name)
        try:
            if isinstance(value, list | dict):
                raise ValueError("a single value is wanted")
            return parse("" if value is None else str(value))
        except ValueError as error:
            problems.append(Problem(f"/{name}", f"{error}."))
        except Invalid as error:
            problems.extend(error.problems)
        return None

    options = ImportOptions(
        method=method,
        encoding=parsed("encoding", lambda text: encodings.named(text) if text else None),
        delimiter=parsed("delimiter", _delimiter),
        is_dry_run=parsed("dryRun", parse_flag) or False,
        is_replacing=parsed("replace", parse_flag) or False,
        existing=parsed("existing", lambda text: _one_of(text, "update", "refuse")) or "update",
        elsewhere=parsed("elsewhere", lambda text: _one_of(text, "refuse", "move")) or "refuse",
        defaults=Attributes(
            discount=parsed("discount", parse_discount),
            is_in_use=parsed("inUse", parse_flag),
            issue_from=parsed("issueFrom", lambda text: parse_instant(text, zone, START)),
            issue_until=parsed("issueUntil", lambda text: parse_instant(text, zone, END)),
            use_from=parsed("useFrom", lambda text: parse_instant(text, zone, START)),
            expires_at=parsed("expiresAt", lambda text: parse_instant(text, zone, END)),
        ),
    )
    strange = sorted(set(given) - NAMES)
    problems += [Problem(f"/{name}", f"{name} is not an option of an import.") for name in strange]
    if problems:
        raise Invalid(*problems)
    return options


def home_of(pool: Pool) -> Home:
    """The pool as rows may call it: by key, type, name or id."""
    names = (pool.key, pool.type, pool.name, str(pool.pool_id))
    return Home(pool.type, frozenset(name.casefold() for name in names))


def _delimiter(text: str) -> str | None:
    if text and text.lower() not in DELIMITERS:
        raise ValueError("the delimiter is none of , ; tab and |")
    return DELIMITERS.get(text.lower())


def _one_of(text: str, *words: str) -> str | None:
    if text and text not in words:
        raise ValueError(f"it is one of {' and '.join(words)}")
    return text or None
