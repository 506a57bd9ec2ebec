"""A template's text to its tree; finds every problem of the text in one go."""

from __future__ import annotations

from tearoff.velocity.directives import DIRECTIVES, WORDS, DirectiveParser
from tearoff.velocity.lexer import Token
from tearoff.velocity.limits import Limits
from tearoff.velocity.nodes import Expression, If, Macro, Node, Reference, Set, Text
from tearoff.velocity.problems import Malformed, TemplateProblem
from tearoff.velocity.tags import split
from tearoff.velocity.tokens import SENTINEL

BRANCHES = frozenset({"ELSEIF", "ELSE", "END"})
FIXED = frozenset({"if", "end", "set", "else", "elseif"})
LITERAL = frozenset(
    {
        "DOT",
        ")",
        "(",
        "INTEGER",
        "DECIMAL",
        "STRING",
        "ESCAPE",
        "{REF",
        "}REF",
        "EMPTY_INDEX",
        "PIPE",
        "SPACE",
        "SUFFIX",
        "||REF",
    }
)
QUICK = frozenset({"TEXT", "NEWLINE", "INLINE_TEXT"})
STATEMENT = "text, a reference or a directive"


class Parser(DirectiveParser):
    """Reads a whole template; `problems` holds what was wrong, `macros` what it defines, inner ones first."""

    def __init__(
        self,
        text: str,
        limits: Limits,
        *,
        offset: int = 0,
        depth: int = 0,
        has_tags: bool = True,
        macros: list[Macro] | None = None,
        known_macros: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(text, limits, offset, depth, has_tags)
        self.problems: list[TemplateProblem] = []
        self.macros = macros if macros is not None else []
        self.macro_names = {macro.name for macro in self.macros}
        self.known_macros = known_macros
        self.blocks: list[tuple[Token, str]] = []

    def template(self) -> tuple[Node, ...]:
        """The tree of the whole text."""
        nodes: list[Node] = []
        after_newline = True
        while self._kind() != "EOF":
            after_newline = self._guarded(nodes, after_newline)
        try:
            return self._joined(nodes)
        except Malformed as error:
            self.note(error)
            return ()

    def interpolate(self, text: str, at: int) -> tuple[Node, ...]:
        inner = Parser(
            text,
            self.limits,
            offset=at,
            depth=self.depth,
            has_tags=self.has_tags,
            macros=self.macros,
            known_macros=self.known_macros,
        )
        nodes = inner.template()
        self.macro_names |= inner.macro_names
        if inner.problems:
            first = inner.problems[0]
            raise Malformed(at - self.offset, first.found, first.expected, f"In this string, {first.detail}")
        return nodes

    def note(self, error: Malformed) -> None:
        line, column = self.lexer.place(error.at)
        detail = error.detail or f"Found {error.found} where {error.expected} should stand."
        self.problems.append(TemplateProblem(line, column, error.found, error.expected, detail))

    def complain(self, error: Malformed) -> None:
        """Keep a problem, and go on where its line or its block ends; after too many, at the end of the text."""
        self.note(error)
        self.ahead.clear()
        text = self.lexer.text
        if len(self.problems) >= self.limits.problems_max or len(self.taken) > self.limits.tokens_max:
            self.lexer.resync(len(text))
            return
        ends = [text.find(mark, error.at + 1) for mark in ("\n", "#end", "#{end}", "#else", "#{else}")]
        self.lexer.resync(min((end for end in ends if end >= 0), default=len(text)))

    def _kind(self) -> str:
        while True:
            try:
                return self.peek().kind
            except Malformed as error:
                self.complain(error)

    def _guarded(self, nodes: list[Node], after_newline: bool) -> bool:
        token = self.ahead[0]
        if token.kind in QUICK:
            self.take()
            nodes.append(Text(token.literal))
            return token.kind != "INLINE_TEXT"
        depth = self.depth
        try:
            return self.statement(nodes, after_newline)
        except Malformed as error:
            self.depth = depth
            self.complain(error)
            return False

    def _joined(self, nodes: list[Node]) -> tuple[Node, ...]:
        """Neighbouring texts made one, then searched for merge tags."""
        joined: list[Node] = []
        run: list[str] = []
        for node in nodes:
            if type(node) is Text:
                run.append(node.text)
                continue
            if run:
                joined += self._text("".join(run))
                run.clear()
            joined.append(node)
        if run:
            joined += self._text("".join(run))
        return tuple(joined)

    def _text(self, text: str) -> list[Node]:
        if self.has_tags:
            nodes = split(text)
            if len(nodes) > self.limits.tokens_max:
                most = self.limits.tokens_max
                raise Malformed(0, "more", f"at most {most} tokens", f"The template has more than {most} tokens.")
            return nodes
        return [Text(text)] if text else []

    def block(self, after_newline: bool, stops: frozenset[str], opening: Token, name: str) -> tuple[list[Node], bool]:
        nodes: list[Node] = []
        self.deeper(opening.begin)
        while True:
            kind = self._kind()
            if kind == "EOF" or kind in stops:
                break
            if after_newline and kind == "SPACE" and self._second() in stops:
                break
            after_newline = self._guarded(nodes, after_newline)
        self.depth -= 1
        return list(self._joined(nodes)), after_newline

    def _second(self) -> str:
        try:
            return self.peek(2).kind
        except Malformed:
            return ""

    def statement(self, nodes: list[Node], after_newline: bool) -> bool:
        """One statement, appended to `nodes`; gives whether it ended a line."""
        token = self.peek()
        kind = token.kind
        leads = after_newline and kind == "SPACE"
        what = self.peek(2).kind if leads else kind
        if what == "IF":
            return self._if(nodes, after_newline)
        if kind == "REFERENCE":
            nodes.append(self.reference())
            return False
        if kind == "IDENTIFIER" or (kind == "{REF" and self.peek(2).kind == "IDENTIFIER"):
            nodes.append(self._printed(token))
            return False
        if kind == "LINE_COMMENT_START":
            self._lone(nodes, self.take(), "##")
            if self.peek().kind == "LINE_COMMENT":
                self.take()
            return True
        if kind == "COMMENT":
            leaning = self.take().image.partition("#*")
            if leaning[1] and (lead := token.special + leaning[0]):
                nodes.append(Text(lead))
            return False
        if kind == "TEXTBLOCK":
            image = self.take().image
            nodes.append(Text(image[3:-3]))
            return False
        if what == "SET":
            return self._set(nodes, after_newline)
        if kind == "ESCAPED_DIRECTIVE":
            escaped = self.take()
            escaped.image = self._escaped(escaped.image)
            nodes.append(Text(escaped.image))
            return False
        if kind == "DOUBLE_ESCAPE":
            nodes.append(Text(self._escapes()))
            return False
        if what in WORDS:
            return self.directive(nodes, after_newline)
        return self._plain(nodes, after_newline)

    def _lone(self, nodes: list[Node], token: Token, mark: str) -> None:
        lead = token.special + token.image[: token.image.rfind(mark)]
        if lead:
            nodes.append(Text(lead))

    def _printed(self, token: Token) -> Reference | Text:
        reference = self.reference()
        if not reference.name:
            return Text(reference.absent)
        return reference

    def _plain(self, nodes: list[Node], after_newline: bool) -> bool:
        token = self.peek()
        kind = token.kind
        if kind in LITERAL:
            self.take()
            nodes.append(Text(token.literal))
            return after_newline if kind == "||REF" else kind == "SUFFIX"
        if kind == "LONE_SYMBOL":
            self.take()
            nodes.append(Text(token.literal[:-1]))
            return False
        if kind == "ZERO_WIDTH":
            self.take()
            if self.peek().kind == "EOF":
                if token.special:
                    nodes.append(Text(token.special))
                return after_newline
            nodes.append(Text(token.literal if token.image != SENTINEL else token.special + SENTINEL))
            return False
        self.take()
        raise self.unexpected(token, STATEMENT)

    def is_directive(self, name: str) -> bool:
        """Whether a backslash before `#name` has something to escape."""
        return name in DIRECTIVES or name in self.macro_names or name in self.known_macros

    def _escaped(self, image: str) -> str:
        last = image.rfind("\\")
        tag = image[last + 1 :]
        name = tag[1:].strip("{}")
        if name in FIXED or self.is_directive(name):
            return image[: last // 2] + tag
        return image

    def _escapes(self) -> str:
        count = 0
        while self.peek().kind == "DOUBLE_ESCAPE":
            self.take()
            count += 1
        following = self.peek()
        is_control = following.kind in BRANCHES or following.kind == "IF" or self.is_directive(following.image[1:])
        return ("\\" if is_control else "\\\\") * count

    def _lead(self, token_kinds: frozenset[str]) -> tuple[str, Token, str]:
        """Blanks before a directive, its first token, and the `$` and `#` that lean on it."""
        blank = self.take().image if self.peek().kind == "SPACE" else ""
        token = self.take()
        mark = token.image.rfind("#")
        return blank, token, token.image[:mark] if mark > 0 else ""

    def _set(self, nodes: list[Node], after_newline: bool) -> bool:
        blank, token, more = self._lead(frozenset({"SET"}))
        if more:
            nodes.append(Text(blank + more))
        self.skip_blank()
        if self.peek().kind not in ("REFERENCE", "IDENTIFIER", "{REF"):
            raise self.unexpected(self.peek(), "a reference to set")
        target = self.reference()
        self.skip_blank()
        self.expect("=", "=")
        value = self.expression()
        self.expect(")", "an operator or )")
        self.lexer.in_set = False
        nodes.append(Set(target, value, self.offset + token.begin))
        postfix = self.line_end() if after_newline else ""
        if more and postfix:
            nodes.append(Text(postfix))
        return bool(postfix)

    def _condition(self) -> Expression | None:
        """The condition in parentheses; None after a problem with it."""
        try:
            self.skip_blank()
            self.expect("(", "(")
            condition = self.expression()
            self.expect(")", "an operator or )")
        except Malformed as error:
            self.complain(error)
            return None
        return condition

    def _if(self, nodes: list[Node], after_newline: bool) -> bool:
        newline_at_start = after_newline
        blank, token, more = self._lead(frozenset({"IF"}))
        if more:
            nodes.append(Text(blank + more))
        branches: list[tuple[Expression, tuple[Node, ...]]] = []
        otherwise: tuple[Node, ...] = ()
        opening, stops, kind = token, BRANCHES, "IF"
        while True:
            condition = None if kind == "ELSE" else self._condition()
            if self.line_end():
                after_newline = True
            body, after_newline = self.block(after_newline, stops, opening, "if")
            leads = after_newline and self.peek().kind == "SPACE"
            kind = self.peek(2).kind if leads else self.peek().kind
            tail_blank = self.take().image if leads else ""
            is_last = kind not in ("ELSEIF", "ELSE") or stops is not BRANCHES
            closing = self.peek()
            if is_last:
                after_newline, tail = self.end(body, tail_blank, token, "if", newline_at_start)
            else:
                self.take()
                self.close(body, tail_blank, closing)
            if condition is None:
                otherwise = tuple(body)
            else:
                branches.append((condition, tuple(body)))
            if is_last:
                break
            if kind == "ELSE":
                stops = frozenset({"END"})
        nodes.append(If(tuple(branches), otherwise, self.offset + token.begin))
        if more and tail:
            nodes.append(Text(tail))
        return after_newline
