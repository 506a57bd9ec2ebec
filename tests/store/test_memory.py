"""The bundled server keeps pages in a share of the memory that there is."""

from pathlib import Path

import psycopg

from tearoff.store import embedded
from tearoff.store.memory import buffers_mb, memory_mb


def test_the_share_is_an_eighth_between_its_limits() -> None:
    assert [buffers_mb(memory) for memory in (512, 4096, 65_536)] == [128, 512, 1024]


def test_a_container_counts_where_it_allows_less_than_the_machine_has(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("104857600\n")
    assert memory_mb(limit) == 100
    limit.write_text("max\n")
    assert memory_mb(limit) == memory_mb(tmp_path / "absent") > 100


def test_the_running_server_has_its_share(server: embedded.Running) -> None:
    with psycopg.connect(server.url) as conn:
        size = conn.execute("SELECT setting::bigint * 8 / 1024 FROM pg_settings WHERE name = 'shared_buffers'")
        assert size.fetchone() == (buffers_mb(memory_mb()),)
