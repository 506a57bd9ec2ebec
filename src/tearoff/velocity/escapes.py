"""Escaping for HTML, addresses and scripts."""

from __future__ import annotations

from urllib.parse import quote_plus


def html(text: str) -> str:
    """The text with `& < > " '` made harmless in HTML text and attributes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#39;")


def address(text: str) -> str:
    """The text as a value in an address's query, in UTF-8."""
    return quote_plus(text, errors="replace")


_SCRIPT = {"'": "\\'", '"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def script(text: str) -> str:
    """The text as it may stand between quotes in JavaScript, even inside HTML."""
    return "".join(_SCRIPT.get(c) or (f"\\u{ord(c):04X}" if c < " " or c in "<>&\u2028\u2029" else c) for c in text)
