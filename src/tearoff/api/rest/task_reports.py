"""The report of a task: what it counts depends on the kind of work, so any part may be absent."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from tearoff.domain.code_files import FoundColumn


class FoundFile(msgspec.Struct, rename="camel"):
    """How a file was understood: `csv` or `xlsx`, its encoding and delimiter, the columns that were read and not."""

    format: str | UnsetType = UNSET
    encoding: str | UnsetType | None = UNSET
    delimiter: str | UnsetType | None = UNSET
    columns: list[FoundColumn] | UnsetType = UNSET
    ignored_columns: list[str] | UnsetType = UNSET


class UndoneCodes(msgspec.Struct, rename="camel"):
    """What the undo of an import took back, what it left (`used` of it because it is in use), what came back."""

    removed: int
    withdrawn: int
    kept: int
    used: int = 0
    brought_back: int = 0


class TaskError(msgspec.Struct):
    """Why a task failed: a stable code, and a sentence."""

    type: str
    detail: str


class MappedContact(msgspec.Struct, rename="camel"):
    """Which contact an entry of an import of contacts became."""

    dedupe_value: str | None
    contact_id: int


class TaskReport(msgspec.Struct, rename="camel", kw_only=True):
    """What a task did.

    Imports count their `rows` by what became of them, generations what they `added`, issues by hand whom they
    `issued` a code and whom `refused`. `left` was undone when a task was cancelled; `error` and `problem` say why it
    failed.
    """

    task_id: int | UnsetType = UNSET
    rows: int | UnsetType = UNSET
    added: int | UnsetType = UNSET
    moved: int | UnsetType = UNSET
    withdrawn: int | UnsetType = UNSET
    freed: int | UnsetType = UNSET
    redated: int | UnsetType = UNSET
    unchanged: int | UnsetType = UNSET
    rejected: int | UnsetType = UNSET
    repeated: int | UnsetType = UNSET
    known_here: int | UnsetType = UNSET
    known_elsewhere: int | UnsetType = UNSET
    alike: int | UnsetType = UNSET
    replaced: int | UnsetType = UNSET
    issued: int | UnsetType = UNSET
    refused: int | UnsetType = UNSET
    left: int | UnsetType = UNSET
    pool_id: int | UnsetType = UNSET
    pool_ids: list[int] | UnsetType = UNSET
    is_dry_run: bool | UnsetType = UNSET
    file: FoundFile | UnsetType = UNSET
    warnings: list[str] | UnsetType = UNSET
    undone: UndoneCodes | UnsetType = UNSET
    error: TaskError | UnsetType = UNSET
    problem: str | UnsetType = UNSET
    mapping: list[MappedContact] | UnsetType = UNSET
