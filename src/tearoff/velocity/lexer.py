"""Text to tokens, on demand: what a character means depends on the state that the parser and lexer share.

The states and their precedence are those of the reference engine's grammar, so that what is text and what is a
directive is decided alike down to odd corners such as `$$[` or `#foo  (`. `$` and `#` join the token that follows.
A sentinel character ends every text, so that a lone `$` or `#` at the end is a token of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right

import msgspec

from tearoff.velocity.problems import Malformed
from tearoff.velocity.tokens import (
    ALT_VAL,
    COMMENTS,
    DEFAULT,
    DIRECTIVE,
    EXPECTED,
    IN_FORMAL_COMMENT,
    IN_LINE_COMMENT,
    IN_MULTI_LINE_COMMENT,
    IN_TEXT_BLOCK,
    INLINE_TEXT,
    JOINS,
    LOOSENS,
    PRE_DIRECTIVE,
    PRE_REFERENCE,
    QUICK,
    QUICK_STATES,
    QUICK_WORD,
    REFERENCE,
    REFINDEX,
    REFMOD2,
    REFMOD3,
    REFMODIFIER,
    SENTINEL,
    SINGLES,
    STANDS,
    TABLES,
    candidates,
    tail,
)


class Token(msgspec.Struct, gc=False):
    """A piece of the text; `special` is text before it that no rule wanted, which is printed as it stands.

    `match` is there where the token is a whole reference.
    """

    kind: str
    image: str
    begin: int
    end: int
    special: str = ""
    match: re.Match[str] | None = None

    @property
    def literal(self) -> str:
        """What the token prints when it is plain text."""
        return self.special + self.image


class Lexer:
    """Gives tokens one by one; `state` may be switched by the parser between two of them."""

    def __init__(self, text: str) -> None:
        self.text = text + SENTINEL
        self.size = len(self.text)
        self.at = 0
        self.state = DEFAULT
        self.stack: list[tuple[int, int, int, int]] = []
        self.opened = self.closed = self.curly = self.comment = 0
        self.in_set = False
        self.is_quick = True
        self._lines: list[int] | None = None

    def place(self, at: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset."""
        if self._lines is None:
            self._lines = [0]
            find = self.text.find
            newline = find("\n")
            while newline >= 0:
                self._lines.append(newline + 1)
                newline = find("\n", newline + 1)
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def resync(self, at: int) -> None:
        """Go on as plain text from `at`; for the parser, after something malformed."""
        self.at, self.state, self.in_set = at, DEFAULT, False
        self.stack.clear()
        self.opened = self.closed = self.curly = 0

    def push(self) -> None:
        """Remember the state; brackets are counted anew."""
        self.stack.append((self.state, self.opened, self.closed, self.curly))
        self.opened = self.curly = 0

    def pop(self) -> bool:
        """Return to the remembered state; False when none is left, which means plain text."""
        if not self.stack:
            self.opened, self.state = 0, DEFAULT
            return False
        self.state, self.opened, self.closed, self.curly = self.stack.pop()
        return True

    def next(self) -> Token:
        """The next token; kind EOF at the end. Raises Malformed where no rule fits."""
        text, special = self.text, ""
        while True:
            begin = at = self.at
            if begin >= self.size:
                return Token("EOF", "", begin, begin, special)
            lead = text[at]
            if lead == "$" or lead == "#":
                if not special and (quick := self._quick(text, begin, lead)) is not None:
                    return quick
            elif (single := SINGLES[self.state].get(lead)) is not None:
                self.at = at + 1
                alone = Token(single, lead, begin, at + 1, special)
                if single in ACTIONS:
                    ACTIONS[single](self, alone)
                return alone
            elif lead == " " and self.state == DIRECTIVE and text[at + 1] not in " \t":
                self.at = at + 1
                return Token("SPACE", " ", begin, at + 1, special)
            while True:
                kind, role, end = "", STANDS, at
                lead = text[at]
                found = None if lead in "#$" else TABLES[self.state].get(lead)
                for name, match, becomes in found or candidates(self.state, text, at):
                    m = match(text, at)
                    if m is not None and (stop := m.end()) > end:
                        kind, role, end = name, becomes, stop
                if role != JOINS:
                    break
                self.at = at = end
                self._more(kind)
                if self.state in COMMENTS:
                    comment = self._comment(begin)
                    if comment is None:
                        return Token("EOF", "", self.size, self.size, special)
                    comment.special = special
                    return comment
            if not kind:
                raise Malformed(at, shown(text[at : at + 1]), EXPECTED.get(self.state, "something else"))
            self.at = end
            if role == LOOSENS:
                special += loose(text[begin:end]) if end - begin > 1 else ""
                self.at = end - 1
                self.pop()
                continue
            if kind == "TEXT" and text[end] not in NO_TEXT and (rest := INLINE_TEXT(text, end)) is not None:
                kind, self.at = "INLINE_TEXT", rest.end()
                end = self.at
            token = Token(kind, text[begin:end], begin, end, special)
            action = ACTIONS.get(kind)
            if action is not None:
                action(self, token)
            return token

    def _quick(self, text: str, begin: int, lead: str) -> Token | None:
        """The token of a common reference or directive in one step, as the rules would find it in many."""
        if lead == "$":
            if self.is_quick and self.state in QUICK_STATES and (found := QUICK(text, begin)) is not None:
                self.at = found.end()
                return Token("REFERENCE", found[0], begin, self.at, "", found)
        elif lead == "#" and self.state == DEFAULT and (found := QUICK_WORD(text, begin)) is not None:
            self.at = found.end()
            kind = CONTROLS.get(found[1], "WORD")
            if kind not in ("END", "ELSE"):
                self.push()
                self.state = PRE_DIRECTIVE if kind == "WORD" else DIRECTIVE
            return Token(kind, found[0], begin, self.at)
        return None

    def _more(self, kind: str) -> None:
        """What follows `$`, `#`, `#*` and `#[[` is lexed in a state of its own."""
        state = self.state
        if kind == "DOLLAR":
            if state in (REFERENCE, PRE_REFERENCE):
                self.pop()
            self._enter(PRE_REFERENCE)
        elif kind == "HASH":
            if state in (REFERENCE, PRE_REFERENCE, REFMODIFIER):
                self.pop()
            if self.state == REFMOD3:
                self.state = DEFAULT
            self._enter(PRE_DIRECTIVE)
        elif kind == "TEXT_BLOCK_START":
            self._enter(IN_TEXT_BLOCK)
        elif kind == "FORMAL_COMMENT_START":
            self.at -= 1
            self._enter(IN_FORMAL_COMMENT)
        else:
            self._enter(IN_MULTI_LINE_COMMENT)

    def _enter(self, state: int) -> None:
        if self.state not in (PRE_REFERENCE, PRE_DIRECTIVE):
            self.push()
        self.state = state

    def _comment(self, begin: int) -> Token | None:
        """Read a comment or text block to its end; None when the text ends first and that is allowed."""
        text, state, opened = self.text, self.state, self.at
        match = COMMENTS[state](text, opened)
        end = match.end() if match is not None else opened
        self.at = end
        if state == IN_TEXT_BLOCK:
            if not text.startswith("]]#", end):
                raise Malformed(begin, "#[[", "]]#", "The text block that begins here is never closed with ]]#.")
            self.at = end + 3
            self.pop()
            return Token("TEXTBLOCK", text[begin : self.at], begin, self.at)
        if not text.startswith("*#", end):
            if state == IN_FORMAL_COMMENT and end < len(text):
                self.at = end + 1
                return Token("ZERO_WIDTH", SENTINEL, end, self.at)
            return None
        start = tail(text, opened, end)
        image = text[begin if start == opened else start : end + 2]
        self.at = end + 2
        self.pop()
        if self.state in (REFERENCE, REFMOD3):
            self.pop()
        return Token("COMMENT", image, begin, self.at)


CONTROLS = {"end": "END", "else": "ELSE", "if": "IF", "elseif": "ELSEIF"}
NO_TEXT = frozenset("$#\\ \t\r\n" + SENTINEL)
"""What does not go on with a text after a line's end: blanks may belong to a directive."""
_LOOSE = re.compile(r"(\\+\$)[\s\S]?|([#$])")


def loose(image: str) -> str:
    """The part of an unwanted prefix that is printed: `$`, `#`, and backslashes before a `$`."""
    return "".join(match[1] or match[2] for match in _LOOSE.finditer(image))


def shown(image: str) -> str:
    """A token's text for a problem report."""
    if image in ("", SENTINEL):
        return "the end"
    return {"\n": "a new line", "\r": "a new line", " ": "a space", "\t": "a tab"}.get(image, image)


def _round_close(lexer: Lexer, _: Token) -> None:
    while True:
        if lexer.opened > 0:
            if lexer.opened == lexer.closed + 1:
                lexer.pop()
            else:
                lexer.closed += 1
            return
        if not lexer.pop():
            return


def _curly_close(lexer: Lexer, _: Token) -> None:
    while lexer.curly == 0 and lexer.state != DEFAULT:
        lexer.pop()
    if lexer.state not in (DEFAULT, DIRECTIVE, REFMOD2):
        lexer.pop()


def _map_close(lexer: Lexer, _: Token) -> None:
    lexer.curly -= 1
    if lexer.state == ALT_VAL and lexer.curly == 0:
        lexer.pop()


def _curly_open(lexer: Lexer, _: Token) -> None:
    lexer.curly += 1


def _round_open(lexer: Lexer, _: Token) -> None:
    lexer.opened += 1
    if lexer.state == REFMODIFIER:
        lexer.state = REFMOD2


def _set_open(lexer: Lexer, _: Token) -> None:
    lexer.push()
    lexer.in_set = True
    lexer.state = DIRECTIVE
    lexer.opened += 1


def _index_open(lexer: Lexer, _: Token) -> None:
    lexer.push()
    lexer.state = REFINDEX


def _pipe(lexer: Lexer, _: Token) -> None:
    if lexer.curly == 1:
        lexer.state = ALT_VAL
    else:
        lexer.pop()


def _pop(lexer: Lexer, _: Token) -> None:
    lexer.pop()


def _newline(lexer: Lexer, _: Token) -> None:
    lexer.in_set = False


def _line_comment_open(lexer: Lexer, _: Token) -> None:
    if lexer.state in (REFERENCE, PRE_REFERENCE):
        lexer.pop()
    lexer.push()
    lexer.state = IN_LINE_COMMENT
    lexer.comment = lexer.at
    match = COMMENTS[IN_LINE_COMMENT](lexer.text, lexer.at)
    if match is not None:
        lexer.at = match.end()


def _line_comment_close(lexer: Lexer, token: Token) -> None:
    token.image = lexer.text[tail(lexer.text, lexer.comment, token.begin) : token.end]
    lexer.pop()
    if lexer.state in (REFERENCE, REFMOD3):
        lexer.pop()


def _string(lexer: Lexer, _: Token) -> None:
    if lexer.state == DIRECTIVE and not lexer.in_set and lexer.opened == 0:
        lexer.pop()


def _integer(lexer: Lexer, token: Token) -> None:
    if token.image.endswith(".."):
        lexer.at -= 2
        token.end -= 2
        token.image = token.image[:-2]
    if lexer.opened == 0 and not lexer.in_set and lexer.state not in (REFMOD2, REFINDEX, ALT_VAL):
        lexer.pop()


def _decimal(lexer: Lexer, _: Token) -> None:
    if lexer.opened == 0 and not lexer.in_set and lexer.state not in (REFMOD2, ALT_VAL):
        lexer.pop()


def _identifier(lexer: Lexer, _: Token) -> None:
    if lexer.state == PRE_REFERENCE:
        lexer.state = REFERENCE


def _dot(lexer: Lexer, token: Token) -> None:
    lexer.at -= 1
    token.end -= 1
    token.image = "."
    lexer.state = REFMODIFIER


def _switch_directive(lexer: Lexer, _: Token) -> None:
    lexer.state = DIRECTIVE


def _method_close(lexer: Lexer, _: Token) -> None:
    lexer.state = REFMOD3


ACTIONS = {
    "LONE_SYMBOL": _pop,
    "[INDEX": _index_open,
    "||REF": _pop,
    "PIPE": _pipe,
    "INDEX]": _pop,
    "{": _curly_open,
    "}": _map_close,
    "(": _round_open,
    ")": _round_close,
    "METHOD)": _method_close,
    "SET": _set_open,
    "LINE_COMMENT_START": _line_comment_open,
    "LINE_COMMENT": _line_comment_close,
    "NEWLINE": _newline,
    "SUFFIX": _pop,
    "STRING": _string,
    "END": _pop,
    "ELSE": _pop,
    "IF": _switch_directive,
    "ELSEIF": _switch_directive,
    "INTEGER": _integer,
    "DECIMAL": _decimal,
    "IDENTIFIER": _identifier,
    "DOT": _dot,
    "{REF": _curly_open,
    "}REF": _curly_close,
}
