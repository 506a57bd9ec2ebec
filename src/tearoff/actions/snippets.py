"""Keeping snippets; one that something names is neither removed nor renamed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tearoff import velocity
from tearoff.actions import templates
from tearoff.domain.definitions import Put
from tearoff.domain.snippets import SNIPPETS_MAX, Reader, Snippet, SnippetDefinition, check
from tearoff.errors import Conflict, Invalid, Problem
from tearoff.store import snippets as store
from tearoff.store.db import Tx
from tearoff.velocity.problems import TemplateProblems

SHOWN_MAX = 10


async def put(
    tx: Tx,
    *,
    project_id: int,
    snippet: SnippetDefinition,
    now: datetime,
    at: str = "",
    limits: velocity.Limits = velocity.DEFAULT,
    planned: Mapping[str, str] | None = None,
) -> Put:
    """The snippet as it now stands, seen by every message from the commit on; raises Invalid with every problem.

    `planned`: snippets that are about to be put in the same transaction, by name.
    """
    await store.turn(tx, project_id=project_id)
    before = await store.find(tx, project_id=project_id, key=snippet.key)
    if before is not None and before.name != snippet.wanted_name:
        await require_unread(tx, project_id=project_id, name=before.name)
    problems = await find_problems(
        tx, project_id=project_id, snippet=snippet, at=at, limits=limits, planned=planned or {}
    )
    if before is None and await store.count(tx, project_id=project_id) >= SNIPPETS_MAX:
        problems.append(Problem(at, f"A project has at most {SNIPPETS_MAX} snippets."))
    if problems:
        raise Invalid(*problems)
    return await store.put(tx, project_id=project_id, snippet=snippet, now=now)


async def find_problems(
    tx: Tx,
    *,
    project_id: int,
    snippet: SnippetDefinition,
    at: str,
    limits: velocity.Limits,
    planned: Mapping[str, str],
) -> list[Problem]:
    """Everything that is wrong with a snippet, and with its name among the others."""
    stored = await store.list_texts(tx, project_id=project_id)
    texts = {**stored, **planned, snippet.wanted_name: snippet.text}
    terms, text = templates.Terms(limits, texts), [("/text", snippet.text)]
    problems = check(snippet, at) + templates.check(text, at, terms)
    return problems + await templates.check_pools(tx, project_id=project_id, templates=text, at=at, terms=terms)


async def remove(tx: Tx, *, project_id: int, snippet: Snippet) -> None:
    """Forget a snippet; raises Conflict, and names them, when messages, sources or snippets read it."""
    await store.turn(tx, project_id=project_id)
    await require_unread(tx, project_id=project_id, name=snippet.name)
    await store.remove(tx, project_id=project_id, snippet_id=snippet.snippet_id)


async def require_unread(tx: Tx, *, project_id: int, name: str) -> None:
    """Raise Conflict when something names the snippet; a name that is computed while rendering is not seen."""
    readers = [each for each in await store.list_readers(tx, project_id=project_id) if reads(each, name)]
    if readers:
        shown = ", ".join(f"the {each.noun} {each.key!r}" for each in readers[:SHOWN_MAX])
        more = f" and {len(readers) - SHOWN_MAX} more" if len(readers) > SHOWN_MAX else ""
        raise Conflict(f"The snippet {name!r} is read by {shown}{more}.")


def reads(reader: Reader, name: str) -> bool:
    """Whether a template of it names the snippet."""
    for text in reader.templates():
        try:
            if name in templates.PLAIN.compiled(text).snippet_names:
                return True
        except TemplateProblems:
            continue
    return False
