"""Instants from PostgreSQL that Python can show in every time zone.

PostgreSQL keeps years that Python does not have, and the end of the year 9999, which shops write for "never", is past
Python's end in the zones to the west. What lies outside is given as the first or the last instant that works
everywhere, so that no row ever becomes unreadable.
"""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 9, 59, 59, tzinfo=UTC)
_OF_PSYCOPG = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, Format.TEXT)


class InstantLoader(Loader):
    """Wraps psycopg's own loader; its C code would go past the methods of a subclass."""

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        assert _OF_PSYCOPG is not None
        self._load = _OF_PSYCOPG(oid, context).load

    def load(self, data: Buffer) -> datetime:
        """The instant; raises DataError for infinity, which a query must not give."""
        try:
            instant: datetime = self._load(data)
        except psycopg.DataError as error:
            if "infinity" in str(error):
                raise
            return FIRST if "too small" in str(error) else LAST
        return min(max(instant, FIRST), LAST)


def register() -> None:
    """Read all instants so, on every connection that is opened from now on."""
    psycopg.adapters.register_loader("timestamptz", InstantLoader)
