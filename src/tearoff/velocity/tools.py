"""The tools that every template may use: `$mathTool`, `$numberTool`, `$dateTool` and `$esc`."""

from __future__ import annotations

from collections.abc import Callable

TOOL: dict[tuple[str, int], Callable[..., object]] = {}
