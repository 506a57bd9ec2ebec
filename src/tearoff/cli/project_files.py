"""What `tearoff apply` and `tearoff export` do, over an open database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tearoff.actions import project_export, project_files
from tearoff.actions.project_files import AS_BUILT
from tearoff.cli.chosen_project import choose
from tearoff.config import Settings
from tearoff.domain import project_yaml
from tearoff.domain.project_files import Line, RawFile, parse
from tearoff.errors import Invalid, Problem
from tearoff.store.db import Database
from tearoff.store.secrets import Cipher


async def apply_files(
    db: Database,
    files: Sequence[Path],
    *,
    project: str | None,
    cipher: Cipher,
    environ: Mapping[str, str],
    now: datetime,
    is_dry: bool = False,
    settings: Settings = AS_BUILT,
) -> list[Line]:
    """What became of each definition in the files; raises Invalid with every problem and its place."""
    plan = parse(read(files), environ)
    async with db.transaction() as tx:
        chosen = await choose(tx, project)
    return await project_files.apply(
        db, project_id=chosen.project_id, plan=plan, cipher=cipher, now=now, is_dry=is_dry, settings=settings
    )


def read(files: Sequence[Path]) -> list[RawFile]:
    """The files as plain data; raises Invalid for all that cannot be read."""
    found: list[RawFile] = []
    problems: list[Problem] = []
    for path in files:
        folder = path.parent
        try:
            data = project_yaml.load(path.read_text(encoding="utf-8-sig"), str(path))
            found.append(RawFile(str(path), data, lambda name, folder=folder: (folder / name).read_text("utf-8")))  # type: ignore[misc]
        except Invalid as error:
            problems += error.problems
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            problems.append(Problem(f"{path}:", f"The file cannot be read: {reason}."))
    if problems:
        raise Invalid(*problems)
    return found


def sentences(problems: Sequence[Problem]) -> list[str]:
    """One line a problem: file and place, then what is wrong."""
    return [f"{problem.pointer}: {problem.detail}".replace("::", ":") for problem in problems]


async def export_text(db: Database, *, project: str | None, cipher: Cipher) -> str:
    """The YAML of a project."""
    async with db.transaction() as tx:
        chosen = await choose(tx, project)
        return project_yaml.dump(await project_export.export(tx, project_id=chosen.project_id, cipher=cipher))
