"""JSON bodies of data sources: how a text of the data is written between the quotes of a template."""

from __future__ import annotations

import re
from typing import Any

import msgspec

DEPTH_MAX = 100
"""How deep texts are looked for; what is nested deeper no template prints."""

ESCAPING = re.compile(r"\$!?\{?esc\.")


def in_quotes(value: Any, depth: int = 0) -> Any:
    """The value with its texts, also those inside it, as JSON writes them between quotes; keys stay."""
    if isinstance(value, str):
        return msgspec.json.encode(value).decode()[1:-1]
    if depth < DEPTH_MAX and isinstance(value, dict):
        return {key: in_quotes(item, depth + 1) for key, item in value.items()}
    if depth < DEPTH_MAX and isinstance(value, list):
        return [in_quotes(item, depth + 1) for item in value]
    return value


def quotes_itself(template: str) -> bool:
    """Whether a template escapes values by itself, so that nobody must do it again."""
    return ESCAPING.search(template) is not None
