"""Jumps out of loops and renders."""

from __future__ import annotations


class BreakOut(Exception):  # noqa: N818, RUF100 - a jump, not an error
    """Leaves the innermost loop, or the one whose Scope is given."""

    def __init__(self, scope: object = None) -> None:
        super().__init__()
        self.scope = scope


class StopRender(Exception):  # noqa: N818, RUF100 - a jump, not an error
    """Ends the whole render with what it has."""
