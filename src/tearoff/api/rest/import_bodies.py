"""What an import is sent as; the handler reads it itself, because a file may be any size."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from tearoff.domain.imports import Elsewhere, Existing

FILES = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
    "multipart/form-data",
)
PIECES = ("application/octet-stream",)


class ImportBody(msgspec.Struct, rename="camel", kw_only=True):
    """An import in JSON: one of `url`, `text` and `from`, and the options that a file has in its query or form.

    `from` is the id of an import of the same pool whose file is taken. Dates without a zone are in the project's.
    """

    url: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    from_: int | UnsetType = msgspec.field(default=UNSET, name="from")
    name: str | UnsetType = UNSET
    encoding: str | UnsetType = UNSET
    delimiter: str | UnsetType = UNSET
    dry_run: bool | UnsetType = UNSET
    replace: bool | UnsetType = UNSET
    existing: Existing | UnsetType = UNSET
    elsewhere: Elsewhere | UnsetType = UNSET
    discount: int | UnsetType = UNSET
    in_use: bool | UnsetType = UNSET
    issue_from: str | UnsetType = UNSET
    issue_until: str | UnsetType = UNSET
    use_from: str | UnsetType = UNSET
    expires_at: str | UnsetType = UNSET
