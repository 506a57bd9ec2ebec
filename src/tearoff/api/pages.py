"""Parameters that many routes share: ids in paths, and the pages of lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar.params import PathParameter, QueryParameter

from tearoff.domain.ids import ID_MAX

LIMIT_MAX = 1000

Id = Annotated[int, PathParameter(ge=1, le=ID_MAX)]
Ref = Annotated[str, PathParameter(max_length=300, description="An id or a key")]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="How many items at most")]
After = Annotated[int | None, QueryParameter(ge=0, le=ID_MAX, description="`next` of the page before")]
Named = Annotated[str | None, QueryParameter(name="q", max_length=200, description="Words of the name or key")]
Text = Annotated[str | None, QueryParameter(max_length=300)]


def next_page(ids: Sequence[int], limit: int) -> str | None:
    """The `after` of the next page; None when this one was not full."""
    return str(ids[-1]) if len(ids) == limit else None
