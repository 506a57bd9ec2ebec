"""Plain data into a frozen value, with every problem at once and where it is.

msgspec stops at the first thing wrong; a file that somebody wrote deserves the whole list.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

from tearoff.errors import Invalid, Problem

T = TypeVar("T")
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"
AT_PATH = re.compile(r"^(?P<detail>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.S)


def read(value: object, shape: type[T], at: str = "") -> T:
    """The value in its shape; raises Invalid with every problem."""
    problems: list[Problem] = []
    found = collect(value, shape, at, problems)
    if problems:
        raise Invalid(*problems)
    return typing.cast(T, found)


def collect(value: object, shape: Any, at: str, problems: list[Problem]) -> Any:
    """The value in its shape, or None after adding what is wrong with it to `problems`."""
    shape = chosen(value, shape, at, problems)
    if shape is None:
        return None
    origin, inner = typing.get_origin(shape), typing.get_args(shape)
    if is_struct(shape):
        return collect_struct(value, shape, at, problems)
    if origin is dict and holds_struct(inner[1]) and isinstance(value, Mapping):
        return {str(name): collect(item, inner[1], f"{at}/{name}", problems) for name, item in value.items()}
    if origin in (tuple, list) and holds_struct(inner[0]) and isinstance(value, list):
        return origin(collect(item, inner[0], f"{at}/{n}", problems) for n, item in enumerate(value))
    if broken := [*unkeepable(value, at)]:
        problems += broken
        return None
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        problems.append(problem_of(str(error), at))
        return None


def collect_struct(value: object, shape: Any, at: str, problems: list[Problem]) -> Any:
    """One struct, each field on its own."""
    if not isinstance(value, Mapping):
        problems.append(Problem(at, "An object with names and values is needed here."))
        return None
    before = len(problems)
    config = shape.__struct_config__
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    strangers = [str(name) for name in value if name not in fields and name != config.tag_field]
    problems.extend(Problem(f"{at}/{name}", unknown(name, list(fields))) for name in strangers)
    found = {}
    for name, field in fields.items():
        if name in value:
            found[field.name] = collect(value[name], field.type, f"{at}/{name}", problems)
        elif field.required:
            problems.append(Problem(f"{at}/{name}", "This is needed."))
    return shape(**found) if len(problems) == before else None


def unkeepable(value: object, at: str) -> Iterator[Problem]:
    """A problem for every text in plain data that PostgreSQL cannot hold."""
    if isinstance(value, str) and UNKEEPABLE.search(value):
        yield Problem(at, "A text may not hold the character U+0000 or half a surrogate pair.")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from unkeepable(str(name), f"{at}/{name}")
            yield from unkeepable(item, f"{at}/{name}")
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from unkeepable(item, f"{at}/{n}")


def keepable(text: str) -> str:
    """The text as PostgreSQL can hold it: halves of a surrogate pair become one character, the rest is replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", REPLACEMENT)


def chosen(value: object, shape: Any, at: str, problems: list[Problem]) -> Any:
    """The member of a union that the value is meant for, by its tag; other shapes as they are; None after a problem."""
    if typing.get_origin(shape) not in (typing.Union, types.UnionType) or not holds_struct(shape):
        return shape
    members = [member for member in typing.get_args(shape) if member not in (types.NoneType, msgspec.UnsetType)]
    if value is None and types.NoneType in typing.get_args(shape):
        return types.NoneType
    if len(members) == 1:
        return members[0]
    structs = [member for member in members if is_struct(member)]
    if len(structs) < len(members):
        return structs[0] if structs and isinstance(value, Mapping) else shape
    tag = members[0].__struct_config__.tag_field
    kinds = {member.__struct_config__.tag: member for member in members}
    kind = value.get(tag) if isinstance(value, Mapping) else None
    if isinstance(kind, str) and kind in kinds:
        return kinds[kind]
    problems.append(Problem(f"{at}/{tag}", f"One of {', '.join(kinds)} is needed here."))
    return None


def is_struct(shape: Any) -> bool:
    """Whether a type is a msgspec Struct."""
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def holds_struct(shape: Any) -> bool:
    """Whether a Struct stands anywhere in a type."""
    return is_struct(shape) or any(holds_struct(part) for part in typing.get_args(shape))


def unknown(name: str, known: list[str]) -> str:
    """The sentence for a name that is not there, with the one that was probably meant."""
    near = get_close_matches(name, known, 1)
    return f"There is no {name!r} here; did you mean {near[0]!r}?" if near else f"There is no {name!r} here."


def problem_of(sentence: str, at: str) -> Problem:
    """msgspec's sentence about a value, with its path behind the pointer `at`."""
    match = AT_PATH.match(sentence)
    detail, path = (match["detail"], match["path"] or "") if match else (sentence, "")
    return Problem(at + re.sub(r"[.\[]", "/", path.replace("]", "")), f"{detail}.")
