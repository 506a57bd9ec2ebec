"""Logs: what a database error quotes is left out, since it may be a code."""

import psycopg
import pytest
import structlog

from tearoff import logs
from tearoff.store.db import Database, said

TWICE = (
    "CREATE TEMP TABLE t (value text PRIMARY KEY) ON COMMIT DROP; INSERT INTO t VALUES ('SUMMER-2099'), ('SUMMER-2099')"
)
DOCUMENT = r"""SELECT ('{"code": "SUMMER-2099 \u0000"}')::jsonb ->> 'code'"""


@pytest.mark.parametrize("query", [TWICE, DOCUMENT], ids=["a row", "a document"])
async def test_a_failed_query_is_logged_without_its_values(
    db: Database, capsys: pytest.CaptureFixture[str], query: str
) -> None:
    with pytest.raises(psycopg.Error) as failed:
        async with db.transaction() as tx:
            await tx.execute(query.encode(), prepare=False)
    assert "SUMMER" in str(failed.value)
    assert "SUMMER" not in said(failed.value)
    structlog.reset_defaults()
    logs.configure("json")
    logs.get_logger("test").error("it_failed", error=str(failed.value), exc_info=failed.value)
    structlog.reset_defaults()
    written = capsys.readouterr().err
    assert "it_failed" in written and type(failed.value).__name__ in written
    assert "SUMMER" not in written
