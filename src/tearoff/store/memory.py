"""How much memory this machine, or this container, has, and what of it the bundled server may keep pages in."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
BUFFERS_MB_MIN, BUFFERS_MB_MAX = 128, 1024


def memory_mb(limit: Path = CONTAINER_LIMIT) -> int:
    """The memory of the machine in MB, or what its container allows where that is less."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or one without a limit, which says `max`
        found = min(found, int(limit.read_text()))
    return found // 2**20


def buffers_mb(memory: int) -> int:
    """The server's own page cache for `memory` MB: an eighth, as the API and the engine live here too.

    A pool of a million codes with its indexes takes some 250 MB; past a gigabyte the system's cache does as well.
    """
    return max(BUFFERS_MB_MIN, min(BUFFERS_MB_MAX, memory // 8))
