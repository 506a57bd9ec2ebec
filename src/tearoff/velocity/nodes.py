"""The tree of a template: what the parser makes and the compiler reads. `at` is an offset into the template's text."""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Text(msgspec.Struct, frozen=True):
    """Printed as it stands."""

    text: str


class Tag(msgspec.Struct, frozen=True):
    """A merge tag; `literal` is how it was written."""

    name: str
    fallback: str | None
    literal: str


class Constant(msgspec.Struct, frozen=True):
    """A number, a truth value or a string without references; `literal` is how a string was written."""

    value: int | float | str | bool
    literal: str = ""


class Interpolated(msgspec.Struct, frozen=True):
    """A string in double quotes that is a small template of its own; `literal` is how it was written."""

    body: tuple[Node, ...]
    at: int
    literal: str = ""


class ListLiteral(msgspec.Struct, frozen=True):
    """`[a, b]`"""

    items: tuple[Expression, ...]


class MapLiteral(msgspec.Struct, frozen=True):
    """`{k: v}`"""

    items: tuple[tuple[Expression, Expression], ...]
    at: int


class RangeLiteral(msgspec.Struct, frozen=True):
    """`[a..b]`"""

    first: Expression
    last: Expression
    at: int


class Binary(msgspec.Struct, frozen=True):
    """`left operator right`; the literals stand for null operands of a string concatenation."""

    operator: str
    left: Expression
    right: Expression
    left_literal: str | None
    right_literal: str | None
    at: int


class Not(msgspec.Struct, frozen=True):
    """`!operand`"""

    operand: Expression


class Negate(msgspec.Struct, frozen=True):
    """`-operand`"""

    operand: Expression
    at: int


class Property(msgspec.Struct, frozen=True):
    """`.name`"""

    name: str
    at: int


class Method(msgspec.Struct, frozen=True):
    """`.name(arguments)`"""

    name: str
    arguments: tuple[Expression, ...]
    at: int


class Index(msgspec.Struct, frozen=True):
    """`[index]`"""

    index: Expression
    at: int


class Reference(msgspec.Struct, frozen=True):
    """`$name.path`, with what it prints around a value, and instead of one.

    `before` stands before a value; `absent` is printed when there is none; `present`, where the reference is escaped,
    is printed instead of a value.
    """

    name: str
    path: tuple[Property | Method | Index, ...]
    before: str
    absent: str
    present: str | None
    alternate: Expression | None
    literal: str
    at: int


class Set(msgspec.Struct, frozen=True):
    """`#set(target = value)`"""

    target: Reference
    value: Expression
    at: int


class If(msgspec.Struct, frozen=True):
    """`#if … #elseif … #else … #end`"""

    branches: tuple[tuple[Expression, tuple[Node, ...]], ...]
    otherwise: tuple[Node, ...]
    at: int


class Foreach(msgspec.Struct, frozen=True):
    """`#foreach(name in items) … #else … #end`"""

    name: str
    items: Expression
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    at: int


class Break(msgspec.Struct, frozen=True):
    """`#break`, or `#break(scope)`"""

    scope: Expression | None
    at: int


class Stop(msgspec.Struct, frozen=True):
    """`#stop`: the render ends here, with what it has."""

    at: int


class Define(msgspec.Struct, frozen=True):
    """`#define(name) … #end`"""

    name: str
    body: tuple[Node, ...]
    at: int


class Macro(msgspec.Struct, frozen=True):
    """`#macro(name parameters) … #end`"""

    name: str
    parameters: tuple[tuple[str, Expression | None], ...]
    body: tuple[Node, ...]
    at: int


class Call(msgspec.Struct, frozen=True):
    """`#name(arguments)`, or with a body `#@name(arguments) … #end`; `literal` is printed where no such macro is."""

    name: str
    arguments: tuple[Expression, ...]
    body: tuple[Node, ...] | None
    literal: str
    refused: str
    at: int


class Evaluate(msgspec.Struct, frozen=True):
    """`#evaluate(source)`"""

    source: Expression
    at: int


class Parse(msgspec.Struct, frozen=True):
    """`#parse(name)`: a snippet as a template"""

    name: Expression
    at: int


class Include(msgspec.Struct, frozen=True):
    """`#include(names)`: snippets as text"""

    names: tuple[Expression, ...]
    at: int


Expression: TypeAlias = (
    Constant | Interpolated | ListLiteral | MapLiteral | RangeLiteral | Binary | Not | Negate | Reference
)
Node: TypeAlias = (
    Text | Tag | Reference | Set | If | Foreach | Break | Stop | Define | Macro | Call | Evaluate | Parse | Include
)
