"""Directives of the form `#name(arguments) … #end`, and calls of macros, which look the same."""

from __future__ import annotations

from typing import NoReturn

import msgspec

from tearoff.velocity.expressions import BLANK, VALUE, ExpressionParser
from tearoff.velocity.lexer import Token
from tearoff.velocity.nodes import (
    Break,
    Call,
    Constant,
    Define,
    Evaluate,
    Expression,
    Foreach,
    Include,
    Interpolated,
    Macro,
    Node,
    Parse,
    Reference,
    Stop,
    Text,
)
from tearoff.velocity.problems import Malformed
from tearoff.velocity.tokens import DIRECTIVE, REFERENCE

BLOCKS = frozenset({"foreach", "macro", "define"})
LINES = frozenset({"include", "parse", "evaluate", "break", "stop"})
DIRECTIVES = BLOCKS | LINES
WORDS = frozenset({"WORD", "BRACKETED_WORD"})
CLOSERS = frozenset({"END", "ELSE"})
UNREACHABLE = "{"
"""What `#define(${name})` and `#define($!name)` define in the reference engine: nothing that a reference can name."""


class Word(msgspec.Struct, frozen=True):
    """A bare word among arguments: `in`, or a macro's name."""

    word: str
    at: int


class Default(msgspec.Struct, frozen=True):
    """A parameter of a macro with its value when none is passed."""

    name: str
    value: Expression


Argument = Expression | Word | Default


def nothing(at: int) -> Reference:
    """What is null: the value of a bare word."""
    return Reference("", (), "", "", None, None, "", at)


class DirectiveParser(ExpressionParser):
    """Reads one directive, its arguments and its blocks."""

    macro_names: set[str]
    macros: list[Macro]
    known_macros: frozenset[str]

    def block(self, after_newline: bool, stops: frozenset[str], opening: Token, name: str) -> tuple[list[Node], bool]:
        """The statements up to a token of `stops`, and whether the last of them ended a line."""
        raise NotImplementedError

    def note(self, error: Malformed) -> None:
        """Keep a problem."""
        raise NotImplementedError

    def complain(self, error: Malformed) -> None:
        """Keep a problem and go on behind it."""
        raise NotImplementedError

    def directive(self, nodes: list[Node], after_newline: bool) -> bool:
        """`#name`, with or without parentheses; gives whether it ended a line."""
        newline_at_start = after_newline
        start = len(self.taken)
        prefix = self.take().image if self.peek().kind == "SPACE" else ""
        token = self.take()
        more = token.image[: max(token.image.rfind("#"), 0)]
        name = token.image[len(more) + 1 :].strip("{}")
        if more:
            nodes.append(Text(prefix + more))
        is_block = name in BLOCKS or name.startswith("@")
        self.lexer.state = DIRECTIVE
        arguments: list[Argument] = []
        head = Malformed(0, "", "")
        is_good = True
        try:
            has_parentheses = self._left_parenthesis_ahead()
            if has_parentheses:
                self.lexer.is_quick = name != "macro"
                arguments = self._arguments(token, name)
            else:
                self.lexer.pop()
            self._check(name, arguments, token)
            self.lexer.is_quick = True
        except Malformed as error:
            self.lexer.is_quick = True
            if not is_block:
                raise
            head, is_good = error, False
            self.complain(head)
        postfix = ""
        after_newline = False
        if is_block or newline_at_start or name in ("include", "parse"):
            postfix = self.line_end()
            after_newline = bool(postfix)
        if not is_block:
            literal = self._literal(start, more, prefix, postfix)
            nodes.append(self._line(name, arguments, literal, token))
            if more and postfix:
                nodes.append(Text(postfix))
            return after_newline
        body, otherwise, after_newline, tail = self._blocks(name, token, after_newline, newline_at_start)
        if is_good:
            literal = self._literal(start, more, prefix, tail)
            nodes.append(self._block_node(name, arguments, tuple(body), tuple(otherwise), literal, token))
        if more and tail:
            nodes.append(Text(tail))
        return after_newline

    def _literal(self, start: int, more: str, prefix: str, postfix: str) -> str:
        """How a call is written; where text leans on it, its blanks are printed apart."""
        written = self.written(start)
        return written[len(prefix) + len(more) : len(written) - len(postfix)] if more else written

    def line_end(self) -> str:
        """Take the blanks and the new line that end a line, if that is what follows."""
        first = self.peek()
        if first.kind == "NEWLINE":
            return self.take().image
        if first.kind == "SPACE" and self.peek(2).kind == "NEWLINE":
            return self.take().image + self.take().image
        return ""

    def _blocks(
        self, name: str, opening: Token, after_newline: bool, newline_at_start: bool
    ) -> tuple[list[Node], list[Node], bool, str]:
        body, after_newline = self.block(after_newline, CLOSERS, opening, name)
        otherwise: list[Node] = []
        last = body
        blank = self.take().image if after_newline and self.peek().kind == "SPACE" else ""
        if name == "foreach" and self.peek().kind == "ELSE":
            closing = self.take()
            self.close(body, blank, closing)
            if self.line_end():
                after_newline = True
            otherwise, after_newline = self.block(after_newline, frozenset({"END"}), opening, name)
            last, blank = otherwise, ""
        if after_newline and self.peek().kind == "SPACE":
            blank = self.take().image
        return body, otherwise, *self.end(last, blank, opening, name, newline_at_start)

    def close(self, body: list[Node], blank: str, closing: Token) -> None:
        """`$` and `#` that lean on a closing directive are text of the block that it closes."""
        position = closing.image.rfind("#")
        if position > 0:
            body.append(Text(blank + closing.image[:position]))

    def end(self, body: list[Node], blank: str, opening: Token, name: str, newline_at_start: bool) -> tuple[bool, str]:
        """Take the #end of a block; gives whether it ended a line, and the blanks that it swallowed."""
        closing = self.peek()
        if closing.kind != "END":
            if closing.kind == "EOF":
                detail = f"The #{name} that begins here is never closed with #end."
                self.note(Malformed(opening.begin, f"#{name}", "#end", detail))
                return False, ""
            raise self.unexpected(closing, "#end")
        self.take()
        self.close(body, blank, closing)
        tail = self.line_end() if newline_at_start else ""
        return bool(tail), tail

    def _left_parenthesis_ahead(self) -> bool:
        text, at = self.lexer.text, self.lexer.at
        while text[at : at + 1] in (" ", "\t", "\r", "\n"):
            at += 1
        return text[at : at + 1] == "("

    def _right_parenthesis_ahead(self) -> bool:
        token = self.peek()
        if token.kind not in BLANK:
            return token.kind == ")"
        text, at = self.lexer.text, self.lexer.at
        while text[at : at + 1] in (" ", "\t", "\r", "\n"):
            at += 1
        return text[at : at + 1] == ")"

    def _assignment_ahead(self) -> bool:
        self.peek()
        text, at = self.lexer.text, self.lexer.at
        if self.lexer.state != REFERENCE:
            return False
        while text[at : at + 1].isspace():
            at += 1
        return text[at : at + 1] == "="

    def _arguments(self, token: Token, name: str) -> list[Argument]:
        self.skip_blank()
        self.expect("(", "(")
        arguments: list[Argument] = []
        while not self._right_parenthesis_ahead():
            self.skip_blank()
            if self.peek().kind == ",":
                self.take()
                self.skip_blank()
            if self.peek().kind == "LINE_COMMENT_START":
                if name != "macro":
                    raise Malformed(
                        self.peek().begin,
                        "##",
                        "an argument or )",
                        f"A comment cannot stand among #{name}'s arguments.",
                    )
                self.take()
                if self.peek().kind == "LINE_COMMENT":
                    self.take()
                continue
            arguments.append(self._argument(name))
        self.skip_blank()
        self.expect(")", "an argument or )")
        return arguments

    def _argument(self, name: str) -> Argument:
        token = self.peek()
        if name == "macro" and token.kind in ("IDENTIFIER", "{REF") and self._assignment_ahead():
            reference = self.reference()
            self.skip_blank()
            self.expect("=", "=")
            self.skip_blank()
            is_word = self.peek().kind == "WORD"
            return Default(self._defined(reference), nothing(self.take().begin) if is_word else self.value(VALUE))
        if token.kind == "WORD":
            self.take()
            if name in self.known_macros:
                self._refuse(token, name)
            return Word(token.image, token.begin)
        return self.value("an argument: a value, or )")

    def _refuse(self, token: Token, name: str) -> NoReturn:
        raise Malformed(
            token.begin, token.image, VALUE, f"The bare word {token.image} cannot be an argument of the macro #{name}."
        )

    def _check(self, name: str, arguments: list[Argument], token: Token) -> None:
        def refuse(expected: str, found: str = "") -> NoReturn:
            raise Malformed(token.begin, found or f"#{name}", expected, f"#{name} needs {expected}.")

        match name:
            case "foreach":
                if len(arguments) < 3 or isinstance(arguments[2], Word):
                    refuse("($item in a list)")
                if not isinstance(arguments[0], Reference) or not isinstance(arguments[1], Word):
                    refuse("($item in a list)")
            case "macro":
                if not arguments or not isinstance(arguments[0], Word):
                    refuse("a name that is a bare word")
                self._check_parameters(arguments[1:], refuse)
            case "define":
                if len(arguments) != 1 or not isinstance(arguments[0], Reference):
                    refuse("one reference as its argument")
            case "evaluate":
                is_text = isinstance(arguments[0], Constant) and type(arguments[0].value) is str if arguments else False
                if len(arguments) != 1 or not (is_text or isinstance(arguments[0], Interpolated | Reference)):
                    refuse("one string or reference as its argument")
            case "parse":
                if len(arguments) != 1 or isinstance(arguments[0], Word):
                    refuse("one string or reference as its argument")
            case "include":
                if not all(isinstance(a, Expression) for a in arguments):
                    refuse("names of snippets")
            case "break" | "stop":
                if len(arguments) > 1:
                    refuse("at most one argument")

    def _check_parameters(self, parameters: list[Argument], refuse: object) -> None:
        has_default = False
        for parameter in parameters:
            if isinstance(parameter, Default):
                has_default = True
            elif not isinstance(parameter, Reference) or has_default:
                assert callable(refuse)
                refuse("references as parameters, those with a default last")

    def _line(self, name: str, arguments: list[Argument], literal: str, token: Token) -> Node:
        values = tuple(a for a in arguments if not isinstance(a, Word | Default))
        at = self.offset + token.begin
        match name:
            case "evaluate":
                return Evaluate(values[0], at)
            case "parse":
                return Parse(values[0], at)
            case "include":
                return Include(values, at)
            case "break":
                word = self._refused(arguments)
                return Break(Constant(word) if word else values[0] if values else None, at)
            case "stop":
                return Stop(at)
            case _:
                return Call(name, values, None, literal, self._refused(arguments), at)

    def _refused(self, arguments: list[Argument]) -> str:
        return next((a.word for a in arguments if isinstance(a, Word)), "")

    def _block_node(
        self,
        name: str,
        arguments: list[Argument],
        body: tuple[Node, ...],
        otherwise: tuple[Node, ...],
        literal: str,
        token: Token,
    ) -> Node:
        values = tuple(a for a in arguments if not isinstance(a, Word | Default))
        at = self.offset + token.begin
        if name == "foreach":
            item = arguments[0]
            assert isinstance(item, Reference)
            return Foreach(item.name, values[1], body, otherwise, at)
        if name == "define":
            target = arguments[0]
            assert isinstance(target, Reference)
            return Define(self._defined(target), body, at)
        if name == "macro":
            word = arguments[0]
            assert isinstance(word, Word)
            self.macro_names.add(word.word)
            macro = Macro(word.word, tuple(self._parameter(a) for a in arguments[1:]), body, at)
            self.macros.append(macro)
            return macro
        return Call(name[1:], values, body, literal, self._refused(arguments), at)

    def _parameter(self, argument: Argument) -> tuple[str, Expression | None]:
        if isinstance(argument, Default):
            return argument.name, argument.value
        assert isinstance(argument, Reference)
        return self._defined(argument), None

    def _defined(self, reference: Reference) -> str:
        """The name that a definition gives a value to."""
        return reference.name if reference.literal.startswith(f"${reference.name}") else UNREACHABLE
