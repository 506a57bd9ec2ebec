"""What clients send to the promo code doors: attributes in the query or the body, a list of codes, or a file."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

import msgspec
from multipart import parse_options_header

from tearoff.api.multipart_files import FirstFile
from tearoff.domain.code_files import Attributes, CodeFile, CodeRow, RejectedRow, listed, noticed
from tearoff.domain.codes import Wish, parse_discount, parse_expiry, parse_flag, parse_type, parse_wish
from tearoff.domain.encodings import NAMES
from tearoff.errors import Invalid, Problem

ATTRIBUTES = frozenset({"expirationDate", "discount", "type", "inUse"})
NOT_TEXT = "The code is not text."
Row = CodeRow | RejectedRow


class CodeList(msgspec.Struct, frozen=True):
    """A JSON upload: the codes as they were sent, and what holds for all of them."""

    values: list[Any]
    given: dict[str, Any]
    attributes: Attributes

    def rows(self) -> Iterator[Row]:
        """The rows; `line` is the position in the list, from 1. A number is read as its digits."""
        texts = [str(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in self.values]
        strange = {n for n, text in enumerate(texts, 1) if not isinstance(text, str)}
        for row in listed(["" if n in strange else text for n, text in enumerate(texts, 1)], self.attributes):
            yield RejectedRow(row.line, "", NOT_TEXT) if row.line in strange else row


class SentFile:
    """A file of codes as it arrives: the whole body, or the first file of a multipart one."""

    def __init__(self, content_type: str, query: Mapping[str, Any], zone: tzinfo) -> None:
        self._query, self._zone, self._charset = query, zone, charset_of(content_type)
        self._part = FirstFile(content_type, ATTRIBUTES) if content_type.lower().startswith("multipart/") else None
        self._file: CodeFile | None = None
        if self._part is None:
            self._opened()

    def feed(self, piece: bytes) -> Iterator[Row]:
        """The rows that this piece of the body completes."""
        for bytes_ in [piece] if self._part is None else self._part.feed(piece):
            yield from self._opened().feed(bytes_)

    def close(self) -> Iterator[Row]:
        """The rows of what is left when the body has ended; raises Invalid when it ended too early."""
        if self._part is not None:
            self._part.close()
        yield from self._opened().close()

    def noticed(self) -> dict[str, Any]:
        """What the report says of the file beside its rows, once it was read."""
        return noticed(self._file.rows.columns if self._file else None)

    def _opened(self) -> CodeFile:
        if self._file is None:
            given, charset = dict(self._query), self._charset
            if self._part is not None:
                given, charset = given | self._part.fields, self._part.charset
            attributes = read_attributes(given, self._zone)
            self._file = CodeFile(self._zone, attributes, encoding=NAMES.get(charset.lower(), "utf-8"))
        return self._file


def charset_of(content_type: str) -> str:
    """The encoding that a content type names; empty where it names none."""
    _, options = parse_options_header(content_type)
    return str(options.get("charset", ""))


def read_list(body: bytes, query: Mapping[str, Any], zone: tzinfo) -> CodeList:
    """The upload in a JSON body; what it does not state may stand in the query. Raises Invalid with every problem."""
    try:
        sent = msgspec.json.decode(body.removeprefix(BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(Problem("", f"The body is not valid JSON: {error}.")) from error
    if not isinstance(sent, dict):
        raise Invalid(Problem("", "The body is not an object with promocodes."))
    given = {**query, **{name: sent[name] for name in ATTRIBUTES if sent.get(name) is not None}}
    values = sent.get("promocodes")
    values = values if isinstance(values, list) else [values] if isinstance(values, str) else []
    problems = [] if values else [Problem("/promocodes", "promocodes is required: a list of codes.")]
    try:
        attributes = read_attributes(given, zone)
    except Invalid as error:
        raise Invalid(*problems, *error.problems) from error
    if problems:
        raise Invalid(*problems)
    return CodeList(values, given, attributes)


def read_attributes(given: Mapping[str, Any], zone: tzinfo) -> Attributes:
    """The attributes in a query or a body, where numbers and flags may be text. Raises Invalid with all problems."""
    problems: list[Problem] = []

    def parsed(name: str, parse: Callable[[str], Any]) -> Any:
        value = given.get(name)
        try:
            if isinstance(value, list | dict):
                raise ValueError("a single value is wanted")
            return parse("" if value is None else str(value))
        except ValueError as error:
            problems.append(Problem(f"/{name}", f"{name}: {error}."))
            return None

    attributes = Attributes(
        expires_at=parsed("expirationDate", lambda text: parse_expiry(text, zone)),
        discount=parsed("discount", parse_discount),
        type=parsed("type", parse_type),
        is_in_use=parsed("inUse", parse_flag),
    )
    if problems:
        raise Invalid(*problems)
    return attributes


def read_wish(query: Mapping[str, str]) -> Wish:
    """The wish in a query: discount, and activeDueDays as the days from today. Raises Invalid with every problem."""
    try:
        return parse_wish(query.get("discount"), query.get("activeDueDays"))
    except Invalid as error:
        names = {"/days": "activeDueDays"}
        problems = [(names.get(p.pointer, p.pointer[1:]), p.detail) for p in error.problems]
        raise Invalid(*(Problem(f"/{name}", f"{name}: {detail}") for name, detail in problems)) from error


def read_filters(query: Mapping[str, str]) -> tuple[Wish, bool | None]:
    """The wish in a query, and inUse; None when that is not stated. Raises Invalid with every problem."""
    problems: list[Problem] = []
    wish, is_in_use = Wish(), None
    try:
        wish = read_wish(query)
    except Invalid as error:
        problems += error.problems
    try:
        is_in_use = parse_flag(query.get("inUse", ""))
    except ValueError as error:
        problems.append(Problem("/inUse", f"{error}."))
    if problems:
        raise Invalid(*problems)
    return wish, is_in_use


def minute_of(instant: datetime | None, zone: tzinfo) -> str | None:
    """The instant as the vendor writes it: to the minute, without a zone, in the project's own."""
    # strftime writes the year 1 as "1"
    return None if instant is None else instant.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")
