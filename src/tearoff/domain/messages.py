"""Messages: prepared texts in several languages; each change of what they say is a new version.

Every text is a Velocity template.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from tearoff.domain.definitions import check_key
from tearoff.domain.shapes import collect
from tearoff.errors import Problem

Medium = Literal["email", "sms", "mobilepush", "webpush"]
TEXT_BYTES_MAX = 1024 * 1024
LANGUAGES_MAX = 100


class EmailText(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A mail in one language; html, text or both. Without a sender the channel's own is used."""

    subject: str
    html: str | None = None
    text: str | None = None
    sender: str | None = None
    reply_to: str | None = None


class SmsText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An SMS in one language."""

    text: str
    sender: str | None = None


class PushText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A push in one language; `data` goes to the app."""

    title: str
    text: str
    link: str | None = None
    data: dict[str, str] = {}


AnyText = EmailText | SmsText | PushText
SHAPES: dict[Medium, type[EmailText] | type[SmsText] | type[PushText]] = {
    "email": EmailText,
    "sms": SmsText,
    "mobilepush": PushText,
    "webpush": PushText,
}


class Content(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a version of a message says: its texts by language code."""

    languages: dict[str, dict[str, Any]]
    default_language: str
    escape_html: bool = False


class MessageDefinition(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A message as somebody wants it. Without a default language, the first one is the default."""

    key: str
    name: str = ""
    medium: Medium
    channel: str | int | None = None
    default_language: str = ""
    escape_html: bool = False
    languages: dict[str, dict[str, Any]]

    @property
    def content(self) -> Content:
        """What its version says."""
        return Content(
            languages=self.languages,
            default_language=self.default_language or next(iter(self.languages), ""),
            escape_html=self.escape_html,
        )


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is stored, with its newest content."""

    message_id: int
    key: str
    name: str
    medium: Medium
    channel_id: int | None
    channel_key: str | None
    version: int
    content: Content
    created_at: datetime
    updated_at: datetime


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What a message said in one of its versions."""

    message_id: int
    version: int
    content: Content
    created_at: datetime


def definition_of(message: Message) -> MessageDefinition:
    """The definition that would make this message."""
    return MessageDefinition(
        key=message.key,
        name=message.name,
        medium=message.medium,
        channel=message.channel_key,
        default_language=message.content.default_language,
        escape_html=message.content.escape_html,
        languages=message.content.languages,
    )


def check(message: MessageDefinition, at: str = "") -> list[Problem]:
    """Every rule of form that the definition breaks; templates are compiled elsewhere."""
    problems = check_key(message.key, f"{at}/key")
    if not 0 < len(message.languages) <= LANGUAGES_MAX:
        problems.append(Problem(f"{at}/languages", f"A message has texts in 1 to {LANGUAGES_MAX} languages."))
    if message.default_language and message.default_language not in message.languages:
        detail = f"There is no text in the default language {message.default_language!r}."
        problems.append(Problem(f"{at}/defaultLanguage", detail))
    for code, text in message.languages.items():
        pointer = f"{at}/languages/{code}"
        found = collect(text, SHAPES[message.medium], pointer, problems)
        if isinstance(found, EmailText) and not (found.html or found.text):
            problems.append(Problem(pointer, "A mail needs html or text."))
        for name, template in texts_in(text):
            if len(template.encode()) > TEXT_BYTES_MAX:
                problems.append(Problem(f"{pointer}/{name}", f"A text has at most {TEXT_BYTES_MAX} bytes."))
    return problems


def templates_of(message: MessageDefinition) -> Iterator[tuple[str, str]]:
    """Every template of the message with its JSON pointer."""
    for code, text in message.languages.items():
        for name, template in texts_in(text):
            yield f"/languages/{code}/{name}", template


def texts_in(text: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The templates of one language by name; those of a push's data as `data/<name>`."""
    for name, value in text.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}/{inner}", item) for inner, item in value.items() if isinstance(item, str))


def language_for(content: Content, wanted: str | None) -> str:
    """The code of the texts to use: the language wanted, else its main one (`pt` for `pt-BR`), else the default."""
    codes = {code.lower().replace("_", "-"): code for code in content.languages}
    asked = (wanted or "").lower().replace("_", "-")
    return codes.get(asked) or codes.get(asked.partition("-")[0]) or content.default_language


def text_in(content: Content, medium: Medium, language: str) -> AnyText:
    """The typed texts of a language that is there."""
    return msgspec.convert(content.languages[language], SHAPES[medium])
