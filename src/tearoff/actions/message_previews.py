"""How a message would read: rendered over given data, with marked samples where codes will be. Takes no code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tearoff import velocity
from tearoff.actions import public_codes, received_codes
from tearoff.actions.templates import check_one, limits_of, terms_for
from tearoff.config import Settings
from tearoff.domain.contacts import Contact
from tearoff.domain.messages import Content, language_for, texts_in
from tearoff.domain.samples import sample_like
from tearoff.domain.shapes import keepable
from tearoff.domain.tags import as_data, contact_tags, promo_wish
from tearoff.errors import Invalid, Problem, TemplateError
from tearoff.store import fields, projects, samples
from tearoff.store.db import Tx
from tearoff.store.samples import Shape
from tearoff.velocity.problems import TemplateProblems

PROMOCODE = "promocode"


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of a message by name, in the language chosen; a text that cannot be rendered is among the problems.

    `samples`: what stands for the code of each name. `missing`: names that were read and that the data do not have.
    """

    language: str
    texts: dict[str, str]
    problems: list[Problem]
    samples: dict[str, str]
    missing: list[str]


async def render(
    tx: Tx,
    *,
    project_id: int,
    content: Content,
    language: str | None,
    data: Mapping[str, Any],
    now: datetime,
    settings: Settings,
    contact: Contact | None = None,
) -> Preview:
    """What a message says over `data`. No source is called: they are missing unless `data` holds their answers."""
    project = await projects.get(tx, project_id=project_id)
    shapes = await samples.list_shapes(tx, project_id=project_id)
    stand_ins = dict(_stand_ins(shapes))
    public = await public_codes.readable(tx, project_id=project_id, now=now)
    chosen = language_for(content, language)
    templates = dict(texts_in(content.languages.get(chosen, {})))
    limits = limits_of(settings, project.template_limits)
    terms = await terms_for(tx, project_id=project_id, texts=templates.values(), limits=limits)
    about = contact_tags(contact, await fields.list_all(tx, project_id=project_id))
    received = received_codes.readable(received_codes.samples_of(shapes))
    known = {
        **as_data(about),
        **stand_ins,
        public_codes.NAME: public,
        received_codes.NAME: received,
        **data,
    }
    missing: dict[str, None] = {}
    context = {**known, "data": velocity.LazyMap(known, lambda name: missing.setdefault(name))}
    texts, problems = {}, []
    for name, text in templates.items():
        try:
            template = terms.compiled(text, name == "html" and content.escape_html)
            tags = {tag.name: _sample_of(tag.name, shapes) for tag in template.merge_tags if _is_promo(tag.name)}
            rendered = template.render(
                context, tags={**about, **tags}, zone=ZoneInfo(project.time_zone), language=chosen, now=now
            )
            texts[name] = keepable(rendered)
        except TemplateProblems:
            problems += [Problem(f"/languages/{chosen}/{name}", detail) for detail in check_one(text, terms)]
        except TemplateError as error:
            problems.append(Problem(f"/languages/{chosen}/{name}", str(error)))
    return Preview(language=chosen, texts=texts, problems=problems, samples=stand_ins, missing=list(missing))


def _stand_ins(shapes: list[Shape]) -> Iterator[tuple[str, str]]:
    """A sample for each name by which templates read a code."""
    yield PROMOCODE, sample_like(next((shape.value for shape in shapes if shape.value), None))
    for shape in shapes:
        yield shape.parameter, sample_like(shape.value)


def _sample_of(tag: str, shapes: list[Shape]) -> str:
    wish = promo_wish(tag)
    return sample_like(next((shape.value for shape in shapes if wish and shape.type == wish[0]), None))


def _is_promo(tag: str) -> bool:
    try:
        return promo_wish(tag) is not None
    except Invalid:
        return False
