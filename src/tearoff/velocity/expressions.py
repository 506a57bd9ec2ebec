"""Tokens to expressions and references: what may stand in `#set( … )`, in arguments and after a `$`."""

from __future__ import annotations

import re

from tearoff.velocity.lexer import Lexer, Token, shown
from tearoff.velocity.limits import Limits
from tearoff.velocity.nodes import (
    Binary,
    Constant,
    Expression,
    Index,
    Interpolated,
    ListLiteral,
    MapLiteral,
    Method,
    Negate,
    Node,
    Not,
    Property,
    RangeLiteral,
    Reference,
    Tag,
)
from tearoff.velocity.problems import Malformed
from tearoff.velocity.references import dressed, literal_of, whole
from tearoff.velocity.surrogates import gathered
from tearoff.velocity.tags import split

BLANK = frozenset({"SPACE", "NEWLINE"})
STARTS = frozenset(
    {
        *BLANK,
        "!",
        "-",
        "STRING",
        "IDENTIFIER",
        "REFERENCE",
        "{REF",
        "INTEGER",
        "[",
        "DECIMAL",
        "{",
        "TRUE",
        "FALSE",
        "(",
    }
)
PRECEDENCE = {
    "||": 1,
    "||REF": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
CHAIN_MAX = 100
LOOSE_KINDS = frozenset({"TEXT", "INLINE_TEXT"})
LOOSE_MARK = re.compile(r"\$|#(?!-?\.?[0-9])")
"""What the reference engine loses of a text where it prints a call as it was written."""
UNICODE_ESCAPE = re.compile(r"\\u([+-]?[0-9A-Fa-f]{0,4})", re.S)
VALUE = "a value: a reference, a number, a string, a list, a map, true or false"


class ExpressionParser:
    """Reads expressions from a lexer with as much looking ahead as the grammar asks for."""

    def __init__(self, text: str, limits: Limits, offset: int, depth: int, has_tags: bool) -> None:
        self.lexer = Lexer(text)
        self.has_tags = has_tags
        self.limits = limits
        self.offset = offset
        self.depth = depth
        self.ahead: list[Token] = []
        self.taken: list[Token] = []
        self.tokens_max = limits.tokens_max

    def interpolate(self, text: str, at: int) -> tuple[Node, ...]:
        """The nodes of a string in double quotes, which is a small template at offset `at`."""
        raise NotImplementedError

    def peek(self, count: int = 1) -> Token:
        """The token `count` places ahead, which may have to be lexed first, in the state that the lexer is in."""
        ahead = self.ahead
        if count == 1:
            if not ahead:
                ahead.append(self.lexer.next())
            return ahead[0]
        while len(ahead) < count:
            ahead.append(self.lexer.next())
        return ahead[count - 1]

    def take(self) -> Token:
        """The next token, consumed."""
        token = self.ahead.pop(0) if self.ahead else self.lexer.next()
        taken = self.taken
        taken.append(token)
        if len(taken) > self.tokens_max:
            most = self.limits.tokens_max
            raise Malformed(token.begin, "more", f"at most {most} tokens", f"The template has more than {most} tokens.")
        return token

    def written(self, since: int) -> str:
        """The tokens taken since then as they are printed where they turn out to be no more than text."""
        return "".join(
            LOOSE_MARK.sub("", token.image) if token.kind in LOOSE_KINDS else token.image
            for token in self.taken[since:]
        )

    def expect(self, kinds: str | frozenset[str], expected: str) -> Token:
        """The next token, which must be of `kinds`; else Malformed."""
        token = self.peek()
        if token.kind != kinds and (isinstance(kinds, str) or token.kind not in kinds):
            raise self.unexpected(token, expected)
        return self.take()

    def unexpected(self, token: Token, expected: str) -> Malformed:
        """The complaint that `token` stands where `expected` should."""
        return Malformed(token.begin, shown(token.image), expected)

    def skip_blank(self) -> None:
        """Pass over spaces and new lines."""
        ahead = self.ahead
        while (ahead[0] if ahead else self.peek()).kind in BLANK:
            self.take()

    def deeper(self, at: int) -> None:
        """Count one more level of nesting; refuses the level after the last allowed one."""
        self.depth += 1
        if self.depth > self.limits.nesting_max:
            raise Malformed(
                at, "one level more", f"at most {self.limits.nesting_max} levels", "This is nested too deep."
            )

    def expression(self) -> Expression:
        """A whole expression, from `or` downwards."""
        self.deeper(self.peek().begin)
        found = self._level(1)
        self.depth -= 1
        return found

    def _level(self, lowest: int) -> Expression:
        left = self._unary()
        chain = 0
        while (precedence := PRECEDENCE.get((operator := self.peek()).kind, 0)) >= lowest:
            chain += 1
            if chain > CHAIN_MAX:
                raise Malformed(operator.begin, operator.image, "a shorter expression", "This expression is too long.")
            self.take()
            right = self._level(precedence + 1)
            kind = "||" if operator.kind == "||REF" else operator.kind
            left = Binary(kind, left, right, literal_of(left), literal_of(right), self.offset + operator.begin)
        return left

    def _unary(self) -> Expression:
        self.skip_blank()
        token = self.peek()
        if token.kind == "!":
            self.take()
            self.deeper(token.begin)
            operand = self._unary()
            self.depth -= 1
            return Not(operand)
        if token.kind == "-":
            self.take()
            return Negate(self._primary(), self.offset + token.begin)
        return self._primary()

    def _primary(self) -> Expression:
        self.skip_blank()
        token = self.peek()
        if token.kind == "(":
            self.take()
            found = self.expression()
            self.expect(")", "an operator or )")
        else:
            found = self.value(VALUE)
        self.skip_blank()
        return found

    def parameter(self) -> Expression:
        """An element of a list or a map: a value without operators."""
        self.skip_blank()
        found = self.value(VALUE)
        self.skip_blank()
        return found

    def value(self, expected: str) -> Expression:
        """A literal or a reference."""
        token = self.peek()
        match token.kind:
            case "REFERENCE" | "IDENTIFIER" | "{REF":
                return self.reference()
            case "STRING":
                return self.string(self.take())
            case "INTEGER":
                return self._integer(self.take())
            case "DECIMAL":
                return self._decimal(self.take())
            case "TRUE" | "FALSE":
                return Constant(self.take().kind == "TRUE")
            case "[":
                return self._list()
            case "{":
                return self._map()
            case _:
                raise self.unexpected(token, expected)

    def _digits(self, token: Token) -> str:
        if len(token.image) > self.limits.digits_max:
            raise Malformed(token.begin, "a long number", f"at most {self.limits.digits_max} digits")
        if token.image[0] in "$#\\":
            raise self.unexpected(token, "a number")
        return token.image

    def _integer(self, token: Token) -> Constant:
        return Constant(int(self._digits(token)))

    def _decimal(self, token: Token) -> Constant:
        return Constant(float(self._digits(token)))

    def _list(self) -> Expression:
        opening = self.take()
        self.deeper(opening.begin)
        items: list[Expression] = []
        self_blank = self.peek().kind in BLANK
        if self_blank or self.peek().kind != "]":
            items.append(self.parameter())
            if self.peek().kind == "..":
                return self._range(items[0], opening)
            while self.peek().kind == ",":
                self.take()
                items.append(self.parameter())
        self.expect("]", "a comma or ]")
        self.depth -= 1
        return ListLiteral(tuple(items))

    def _range(self, first: Expression, opening: Token) -> Expression:
        dots = self.take()
        last = self.parameter()
        for bound in (first, last):
            whole = isinstance(bound, Constant) and type(bound.value) is int
            if not whole and not isinstance(bound, Reference):
                raise Malformed(dots.begin, "..", "whole numbers or references on both sides of ..")
        self.expect("]", "]")
        self.depth -= 1
        return RangeLiteral(first, last, self.offset + opening.begin)

    def _map(self) -> Expression:
        opening = self.take()
        self.deeper(opening.begin)
        items: list[tuple[Expression, Expression]] = []
        self.skip_blank()
        if self.peek().kind not in ("}", "}REF"):
            items.append(self._entry())
            while self.peek().kind == ",":
                self.take()
                items.append(self._entry())
        self.expect(frozenset({"}", "}REF"}), "a comma or }")
        self.depth -= 1
        return MapLiteral(tuple(items), self.offset + opening.begin)

    def _entry(self) -> tuple[Expression, Expression]:
        key = self.parameter()
        self.expect(":", "a colon")
        return key, self.parameter()

    def string(self, token: Token) -> Expression:
        """A string literal; in double quotes it may hold references and directives."""
        quote, image = token.image[0], token.image[1:-1]
        if quote == '"' and "\\u" in image:
            image = gathered(UNICODE_ESCAPE.sub(lambda match: self._unescaped(match, token), image))
        image = image.replace(quote * 2, quote)
        at = self.offset + token.begin
        if quote == '"' and ("$" in token.image or "#" in token.image):
            self.deeper(token.begin)
            body = self.interpolate(image, at + 1)
            self.depth -= 1
            return Interpolated(body, at, token.image)
        if self.has_tags and "%" in image:
            nodes = split(image)
            if any(isinstance(node, Tag) for node in nodes):
                return Interpolated(tuple(nodes), at, token.image)
        return Constant(image, token.image)

    def _unescaped(self, match: re.Match[str], token: Token) -> str:
        digits = match[1][:4]
        if len(digits) < 4:
            raise Malformed(
                token.begin, match[0], "\\u and four hexadecimal digits", "\\u needs four hexadecimal digits."
            )
        return chr(int(digits, 16) & 0xFFFF) + match[1][4:]

    def reference(self) -> Reference:
        """`$name`, `${name}` and what hangs on them; escapes are taken off the first token."""
        start = len(self.taken)
        first = self.take()
        if first.match is not None:
            return whole(first.image, first.match, self.offset)
        formal = first.kind == "{REF"
        if formal:
            token = self.peek()
            if token.kind != "IDENTIFIER":
                raise self.unexpected(token, "a name")
            name = self.take().image
        else:
            name = first.image
        path = self._path()
        alternate: Expression | None = None
        if formal:
            if self.peek().kind == "PIPE":
                self.take()
                alternate = self.expression()
            self.expect(frozenset({"}", "}REF"}), "a dot, [, | or }")
        written = "".join([token.special + token.image for token in self.taken[start + 1 :]])
        return dressed(first, written, name if formal else "", path, alternate, self.offset)

    def _path(self) -> tuple[Property | Method | Index, ...]:
        path: list[Property | Method | Index] = []
        self._indexes(path)
        while self.peek().kind == "DOT" and self.peek(2).kind == "IDENTIFIER":
            self.take()
            is_method = self.peek(2).kind == "(" and (self.peek(3).kind in STARTS or self.peek(3).kind == "METHOD)")
            token = self.take()
            at = self.offset + token.begin
            path.append(self._method(token.image, at) if is_method else Property(token.image, at))
            self._indexes(path)
        return tuple(path)

    def _indexes(self, path: list[Property | Method | Index]) -> None:
        while self.peek().kind == "[INDEX":
            token = self.take()
            path.append(Index(self.expression(), self.offset + token.begin))
            self.expect("INDEX]", "an operator or ]")

    def _method(self, name: str, at: int) -> Method:
        self.take()
        arguments: list[Expression] = []
        if self.peek().kind != "METHOD)":
            arguments.append(self.expression())
            while self.peek().kind == ",":
                self.take()
                arguments.append(self.expression())
        self.expect("METHOD)", "a comma or )")
        return Method(name, tuple(arguments), at)
