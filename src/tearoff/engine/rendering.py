"""From a message version and what a run knows to the content that a channel sends. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, tzinfo
from difflib import get_close_matches
from email.utils import formataddr, parseaddr
from functools import lru_cache
from typing import Any, NamedTuple

from tearoff import velocity
from tearoff.actions.templates import PLAIN, Terms
from tearoff.domain.deliveries import Content, EmailContent, PushContent, SmsContent
from tearoff.domain.messages import AnyText, EmailText, PushText, SmsText
from tearoff.domain.shapes import keepable
from tearoff.errors import TemplateError

CODE_NAMES = frozenset({"promocode", "code"})
"""Names whose absence would leave a hole where the code should be; pools add their parameters."""
LIKENESS_MIN = 0.8


class CodeMissing(TemplateError):
    """The template reads a code that nobody gave: the message would go out with a hole (P6)."""

    type = "code-missing"


class ContactTags(dict[str, str]):
    """The values of merge tags; reading one of the `codes` that has no value fails the message."""

    def __init__(self, values: Mapping[str, str], codes: Collection[str]) -> None:
        super().__init__(values)
        self._absent = frozenset(name for name in codes if not values.get(name))

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a tag."""
        if name in self._absent:
            raise CodeMissing(
                f"The message reads the field {name!r}, which holds codes, and the contact has none there."
            )
        return super().get(name, default)


class Reading(NamedTuple):
    """What a template may read beside the data: sources by name, the names of codes, zone, language, time, snippets."""

    sources: Collection[str]
    parameters: Collection[str]
    zone: tzinfo
    language: str | None
    now: datetime
    terms: Terms = PLAIN


def context_of(data: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """The names that a template sees: `$data`, and each key of the data by itself.

    A key that is absent is a source that must be called first (NeedValue), a code that is missing, or simply null.
    """
    return {**data, "data": velocity.LazyMap(dict(data), _missing(reading))}


def _missing(reading: Reading) -> Callable[[str], object]:
    def missing(key: str) -> object:
        if key in reading.sources:
            raise velocity.NeedValue(key)
        refuse_code(key, reading)
        return None

    return missing


def refuse_code(key: str, reading: Reading) -> None:
    """Raise CodeMissing for a name that nobody gave and that is a code's, or looks like one."""
    meant = like_a_code(key, tuple(sorted({*CODE_NAMES, *reading.parameters})))
    if meant == key:
        raise CodeMissing(f"The message reads {key!r}, and neither the event nor a block gave it.")
    if meant is not None:
        raise CodeMissing(f"The message reads {key!r}, which nobody gave; is {meant!r} meant?")


@lru_cache(maxsize=4096)
def like_a_code(key: str, parameters: tuple[str, ...]) -> str | None:
    """The code's parameter that this name is, or looks like; None for any other name."""
    if key in parameters:
        return key
    longer = [name for name in parameters if len(name) > 4]
    return next(iter(get_close_matches(key.lower(), longer, 1, LIKENESS_MIN)), None)


def render_text(
    text: str, context: Mapping[str, Any], reading: Reading, tags: Mapping[str, str], *, escape_html: bool = False
) -> str:
    """One template rendered; raises TemplateError or NeedValue."""
    template = reading.terms.compiled(text, escape_html)
    for name in sorted(template.names - context.keys()):
        refuse_code(name, reading)
    return keepable(template.render(context, tags=tags, zone=reading.zone, language=reading.language, now=reading.now))


def render(
    text: AnyText,
    data: Mapping[str, Any],
    reading: Reading,
    tags: Mapping[str, str],
    *,
    escape_html: bool = False,
    sender_name: str | None = None,
) -> Content:
    """What the channel sends; raises TemplateError for what cannot be rendered, NeedValue for a source to call."""
    context = context_of(data, reading)

    def part(template: str | None, *, escape: bool = False) -> str | None:
        return None if template is None else render_text(template, context, reading, tags, escape_html=escape)

    def needed(template: str) -> str:
        return render_text(template, context, reading, tags)

    match text:
        case EmailText():
            html = part(text.html, escape=escape_html)
            sender = named(part(text.sender), sender_name)
            return EmailContent(
                subject=" ".join(needed(text.subject).split()),
                html=html,
                text=part(text.text),
                sender=sender,
                reply_to=part(text.reply_to),
            )
        case SmsText():
            return SmsContent(text=needed(text.text), sender=sender_name or part(text.sender))
        case PushText():
            data_texts = {name: needed(value) for name, value in text.data.items()}
            return PushContent(title=needed(text.title), text=needed(text.text), link=part(text.link), data=data_texts)


def named(sender: str | None, name: str | None) -> str | None:
    """The sender under another display name."""
    return formataddr((name, parseaddr(sender)[1])) if name and sender else sender


def tag_names(text: AnyText, terms: Terms = PLAIN) -> set[str]:
    """The merge tags that the templates of a text use, and the snippets that these name."""
    return {tag.name for template in templates_in(text) for tag in terms.compiled(template).merge_tags}


def bare_tags(text: AnyText, terms: Terms = PLAIN) -> set[str]:
    """The merge tags of a text that say nothing for the case that they have no value."""
    tags = (tag for template in templates_in(text) for tag in terms.compiled(template).merge_tags)
    return {tag.name for tag in tags if tag.fallback is None}


def names_of(text: AnyText, terms: Terms = PLAIN) -> set[str]:
    """The names that the templates of a text read, and the snippets that these name."""
    return {name for template in templates_in(text) for name in terms.compiled(template).names}


def templates_in(text: AnyText) -> list[str]:
    """Every template of a text."""
    return [template for template in _templates(text) if template]


def _templates(text: AnyText) -> list[str | None]:
    match text:
        case EmailText():
            return [text.subject, text.html, text.text, text.sender, text.reply_to]
        case SmsText():
            return [text.text, text.sender]
        case PushText():
            return [text.title, text.text, text.link, *text.data.values()]
