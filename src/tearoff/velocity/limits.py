"""Everything that a template may use up, each with a name; the defaults fit messages and stop abuse."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much of everything one template, and one render of it, may use.

    Sizes are in characters for text and in elements for lists and maps; times are in seconds.
    """

    template_bytes_max: int = 2_000_000
    """Text of a template or of one snippet, in UTF-8."""
    output_bytes_max: int = 10_000_000
    """Result of a render, in UTF-8."""
    steps_max: int = 1_000_000
    """Nodes executed in one render, counting every turn of every loop."""
    tokens_max: int = 40_000
    """Pieces of a template: texts, references, and the parts of directives."""
    nesting_max: int = 64
    """Directives in directives, and expressions in expressions."""
    problems_max: int = 50
    """Problems reported of one template; the rest is not looked for."""
    macro_depth_max: int = 20
    """Macros calling macros; the reference engine's own number."""
    parse_depth_max: int = 10
    """Snippets parsing snippets, and #evaluate in #evaluate."""
    evaluations_max: int = 200
    """Distinct texts that #evaluate and #parse compile in one render."""
    range_max: int = 100_000
    """Numbers in one `[a..b]`."""
    string_max: int = 1_000_000
    """Length of one string that a template builds."""
    memory_max: int = 32_000_000
    """Characters and elements that one render builds in all, freed or not."""
    digits_max: int = 1_000
    """Decimal digits of one number."""
    regex_seconds_max: float = 0.25
    """Time of one regular expression of a template."""
    render_seconds_max: float = 2.0
    """Time of one render."""


DEFAULT = Limits()
