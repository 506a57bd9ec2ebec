"""What can be wrong with a template, and the exceptions that carry it."""

from __future__ import annotations

import msgspec

from tearoff.errors import TemplateError


class TemplateProblem(msgspec.Struct, frozen=True):
    """One thing wrong with a template's text: where, what stood there, what was expected instead.

    `line` and `column` count from 1. `template` is the name given at compile, or the snippet's.
    """

    line: int
    column: int
    found: str
    expected: str
    detail: str
    template: str = ""

    @property
    def sentence(self) -> str:
        """The problem in words, with its place."""
        place = f"line {self.line}, column {self.column}"
        return f"{self.template + ', ' if self.template else ''}{place}: {self.detail}"


class TemplateProblems(TemplateError):
    """A template cannot be compiled; `problems` holds everything that is wrong with it, in reading order."""

    def __init__(self, problems: tuple[TemplateProblem, ...]) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = problems


class RenderFailed(TemplateError):
    """A template compiled, but cannot be rendered over these data.

    `kind` is one of `value` (a method or operation refused its operands), `limit` (a limit of Limits was reached),
    `macro`, `resource`.
    """

    def __init__(self, detail: str, *, line: int, column: int, template: str = "", kind: str = "value") -> None:
        super().__init__(f"{template + ', ' if template else ''}line {line}, column {column}: {detail}")
        self.reason, self.line, self.column, self.template, self.kind = detail, line, column, template, kind


class NeedValue(Exception):  # noqa: N818, RUF100 - it is a question to the caller, not an error of the template
    """A render asked a LazyMap for a key whose value must be fetched first; render again once it is there."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The value of {key!r} is not there yet.")
        self.key = key


class Failure(Exception):  # noqa: N818, RUF100 - never leaves velocity/
    """Raised deep inside a render, where the place in the template is not known; becomes RenderFailed."""

    kind = "value"


class LimitReached(Failure):
    """A limit of Limits was reached."""

    kind = "limit"


class MissingSnippet(Failure):
    """#parse or #include names a snippet that is not there."""

    kind = "resource"


class Malformed(Exception):  # noqa: N818, RUF100 - never leaves velocity/
    """Raised by lexer and parser at the first thing wrong in a construct; becomes a TemplateProblem."""

    def __init__(self, at: int, found: str, expected: str, detail: str = "") -> None:
        super().__init__(detail)
        self.at, self.found, self.expected, self.detail = at, found, expected, detail
