"""The parts come together: over a database of the operator's own too, and nothing stays open."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tearoff import boot
from tearoff.clock import Clock
from tearoff.config import Settings
from tearoff.errors import Misconfigured
from tearoff.store import embedded, projects
from tearoff.store.db import Database


@pytest.fixture
def settings(server: embedded.Running, db: Database, tmp_path: Path) -> Settings:
    """An installation over a database that runs already."""
    return Settings(database_url=server.url, data_dir=tmp_path, source_allow=("127.0.0.1",))


async def test_a_database_of_ones_own_leaves_only_the_key_for_secrets_in_the_folder(settings: Settings) -> None:
    async with boot.open_site(settings) as site, site.db.transaction() as tx:
        await projects.list_first(tx, limit=1)
    assert settings.data_dir
    assert [path.name for path in settings.data_dir.iterdir()] == ["secret.key"]


async def test_site_and_engine_open_each_others_secrets(settings: Settings) -> None:
    async with boot.open_site(settings) as site, boot.open_engine(settings) as engine:
        assert engine.cipher.open(site.cipher.seal(b"token", b"crm"), b"crm") == b"token"


async def test_the_engine_reaches_what_the_operator_allows(settings: Settings) -> None:
    async with boot.open_engine(settings) as engine:
        assert not engine.http.session().closed
        assert engine.http.allowed.networks
    assert engine.http.opened is None


async def test_the_clock_shows_database_time_and_is_set_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boot, "CLOCK_SET_EVERY_SECONDS", 0.01)
    async with boot.open_database(settings) as (_, clock, _):
        clock.set(clock.now() - timedelta(days=1))
        for _ in range(6000):
            await asyncio.sleep(0.01)
            if abs(clock.now() - Clock().now()) < timedelta(minutes=1):
                break
        else:
            pytest.fail("the clock stayed behind")


async def test_a_database_that_is_away_is_said_in_a_sentence(tmp_path: Path) -> None:
    away = Settings(database_url="postgresql://127.0.0.1:1/none", data_dir=tmp_path)
    with pytest.raises(Misconfigured, match="cannot be opened"):
        async with boot.open_database(away, patience=timedelta(0)):
            pass
