"""References from their tokens: what each prints around a value, instead of one, and as an operand that is null."""

from __future__ import annotations

import re

from tearoff.velocity.lexer import Token
from tearoff.velocity.nodes import (
    Binary,
    Constant,
    Expression,
    Index,
    Interpolated,
    Method,
    Negate,
    Not,
    Property,
    Reference,
)
from tearoff.velocity.tokens import QUICK_STEP

Path = tuple[Property | Method | Index, ...]


def whole(image: str, match: re.Match[str], offset: int) -> Reference:
    """A reference that the lexer took in one piece."""
    quiet, _, name, steps = match.groups()
    path: list[Property | Method | Index] = []
    if steps:
        at = offset + match.start(4)
        for step in QUICK_STEP.finditer(steps):
            arguments = () if step[3] is None else (Constant(step[3]),)
            where = at + step.start(1)
            path.append(Method(step[1], arguments, where) if step[2] else Property(step[1], where))
    absent = "" if quiet else image
    return Reference(name, tuple(path), "", absent, None, None, image, offset + match.start())


def dressed(
    first: Token, written: str, formal_name: str, path: Path, alternate: Expression | None, offset: int
) -> Reference:
    """A reference with its escapes taken off the first token; `written` is what follows that token."""
    image, at = first.image, offset + first.begin
    if "\\!" in image:
        slash = image.index("\\", image.index("$"))
        text = image[:slash] + image[slash + 1 :]
        return Reference("", (), "", text, None, None, text, at)
    bare = image.lstrip("\\")
    slashes = len(image) - len(bare)
    escape = "\\" * (slashes // 2)
    curl = bare.rfind("{")
    dollar = bare.rfind("$", 0, (curl if curl >= 0 else len(bare)) + 1)
    more = bare[:dollar] if dollar > 0 else ""
    bare = bare[len(more) :]
    first.image = bare
    literal = bare + written
    if not bare.startswith("$"):
        return Reference("", (), "", first.special + literal, None, None, literal, at)
    quiet = bare.startswith("$!")
    name = formal_name or (bare[2:] if quiet else bare[1:])
    if slashes % 2:
        return Reference(name, path, "", escape + "\\" + literal, escape + literal, alternate, literal, at)
    absent = escape + escape + more + ("" if quiet else literal)
    return Reference(name, path, escape + more, absent, None, alternate, literal, at)


def literal_of(node: Expression) -> str | None:
    """What a null operand of a concatenation prints; None where nothing can stand for it."""
    if isinstance(node, Reference):
        return node.literal
    if isinstance(node, Negate):
        operand = literal_of(node.operand)
        return None if operand is None else "-" + operand
    if isinstance(node, Not):
        return literal_of(node.operand)
    if isinstance(node, Binary):
        left = literal_of(node.left)
        return None if left is None else f"{left} {node.operator} "
    return (node.literal or None) if isinstance(node, Constant | Interpolated) else None
