"""Operations: what a caller of the Maestra dialect means by a name, and the names that are known without saying so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec

from tearoff.domain.definitions import check_key
from tearoff.domain.keys import Need
from tearoff.errors import Problem

Kind = Literal["issue", "issueByValue", "issueOrCreate", "redeem", "cancelRedemption", "list", "check"]
"""issue: the next code of a pool · issueByValue: a code that is there · issueOrCreate: it is made when it is not."""

NEEDS: Mapping[str, Need] = {
    "issue": "codes",
    "issueByValue": "codes",
    "issueOrCreate": "codes",
    "redeem": "redeem",
    "cancelRedemption": "redeem",
    "list": "reveal",
    "check": "redeem",
}
"""What a key must cover to call an operation of a kind."""

IMPORTS_MAX = 60
IMPORTS_WINDOW = timedelta(hours=1)
IMPORT_BYTES_MAX = 200_000_000
PAGE_ITEMS_MAX = 10_000
TRANSACTION_LENGTH_MAX = 200


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """An operation of a project; with a pool its callers need not name one, and may not."""

    key: str
    kind: Kind
    pool_id: int | None = None


BUILT_IN: Mapping[str, Operation] = {
    operation.key.lower(): operation
    for operation in (
        Operation(key="PromoCodes.Issue", kind="issue"),
        Operation(key="PromoCodes.IssueByValue", kind="issueByValue"),
        Operation(key="PromoCodes.IssueOrCreate", kind="issueOrCreate"),
        Operation(key="PromoCodes.Redeem", kind="redeem"),
        Operation(key="PromoCodes.CancelRedemption", kind="cancelRedemption"),
        Operation(key="PromoCodes.List", kind="list"),
        Operation(key="PromoCodes.Check", kind="check"),
    )
}
"""By name in lower case; a project may define the same names for itself."""


def check(key: str, kind: Kind, pool_id: int | None) -> list[Problem]:
    """Every rule that an operation breaks."""
    problems = check_key(key, "/key")
    if pool_id is not None and kind not in ("issue", "issueOrCreate"):
        problems.append(Problem("/pool", f"An operation of the kind {kind!r} has no pool of its own."))
    return problems
