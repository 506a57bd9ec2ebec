"""How a message would read: rendered over given data, with marked samples where codes will be. Takes no code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tearoff.actions import public_codes
from tearoff.actions.templates import limits_of, terms_for
from tearoff.config import Settings
from tearoff.domain.messages import Message, language_for, texts_in
from tearoff.domain.tags import promo_wish
from tearoff.store import pools, projects
from tearoff.store.db import Tx

SAMPLE = "SAMPLE-CODE"


class Preview(msgspec.Struct, frozen=True):
    """The texts of a message by name, in the language chosen."""

    language: str
    texts: dict[str, str]


async def render(
    tx: Tx,
    *,
    project_id: int,
    message: Message,
    language: str | None,
    data: Mapping[str, Any],
    now: datetime,
    settings: Settings,
) -> Preview:
    """The message over `data`; raises TemplateError with the place when it cannot be rendered.

    Sources are not called: they read as missing unless `data` holds their answers.
    """
    project = await projects.get(tx, project_id=project_id)
    parameters = await pools.list_parameters(tx, project_id=project_id)
    public = await public_codes.readable(tx, project_id=project_id, now=now)
    shown: dict[str, object] = {
        "promocode": SAMPLE,
        **dict.fromkeys(parameters, SAMPLE),
        public_codes.NAME: public,
        **data,
    }
    chosen = language_for(message.content, language)
    templates = dict(texts_in(message.content.languages[chosen]))
    limits = limits_of(settings, project.template_limits)
    terms = await terms_for(tx, project_id=project_id, texts=templates.values(), limits=limits)
    texts = {}
    for name, text in templates.items():
        template = terms.compiled(text, name == "html" and message.content.escape_html)
        tags = {tag.name: SAMPLE for tag in template.merge_tags if promo_wish(tag.name)}
        texts[name] = template.render(
            {**shown, "data": shown}, tags=tags, zone=ZoneInfo(project.time_zone), language=chosen, now=now
        )
    return Preview(chosen, texts)
