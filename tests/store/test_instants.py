"""Instants at the ends of time: a row that holds one can always be read, and shown in every zone."""

from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest

from tearoff.store.db import fetch_value
from tearoff.store.instants import FIRST, LAST

ZONES = [timezone(timedelta(hours=hours)) for hours in (-12, -5, 0, 3, 14)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9999-12-31 23:59:59-05", LAST),
        ("9999-12-31 23:59:59+02", LAST),
        ("294276-01-01 00:00+00", LAST),
        ("0001-01-01 00:00:00+05", FIRST),
        ("4000-01-01 00:00 BC", FIRST),
        ("2026-03-29 01:00:00.5+02", datetime(2026, 3, 28, 23, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
async def test_an_instant_is_read_and_can_be_shown_in_every_zone(db, text, expected) -> None:
    async with db.transaction() as tx:
        found = await fetch_value(tx, "SELECT %(text)s::timestamptz", {"text": text}, datetime)
    assert found == expected
    assert all(found.astimezone(zone) == expected for zone in ZONES)


async def test_infinity_is_a_mistake_of_the_query(db) -> None:
    with pytest.raises(psycopg.DataError, match="infinity"):
        async with db.transaction() as tx:
            await fetch_value(tx, "SELECT 'infinity'::timestamptz", None, datetime)
