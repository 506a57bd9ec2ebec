"""Jumps out of loops and renders."""

from __future__ import annotations


class NeedCopy(Exception):  # noqa: N818, RUF100 - a jump: the render begins anew
    """A method changes data that its template was not expected to change, and that are still the caller's."""


class BreakOut(Exception):  # noqa: N818, RUF100 - a jump, not an error
    """Leaves the innermost loop, or the one whose Scope is given."""

    def __init__(self, scope: object = None) -> None:
        super().__init__()
        self.scope = scope


class StopRender(Exception):  # noqa: N818, RUF100 - a jump, not an error
    """Ends the whole render with what it has."""
