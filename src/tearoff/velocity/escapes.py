"""Escaping for HTML, addresses and scripts."""

from __future__ import annotations


def html(text: str) -> str:
    """The text with `& < > " '` made harmless in HTML text and attributes."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    if "'" in text:
        text = text.replace("'", "&#39;")
    return text
