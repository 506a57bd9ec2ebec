"""Merge tags of the vendor, `%FIRSTNAME|there%`, found in text that is no directive."""

from __future__ import annotations

import re

import msgspec

from tearoff.velocity.nodes import Node, Tag, Text

_TAG = re.compile(
    r"%(?!(?:[0-9A-F]{2})%)(PC_[^%|$#\\\r\n<>\"]{1,200}|[A-Z][A-Z0-9_]*(?:\.[A-Za-z0-9_]+)*)(?:\|([^%\r\n]{0,1000}))?%"
)


class MergeTag(msgspec.Struct, frozen=True):
    """A merge tag that a template uses: its name, and the text after `|`, if any."""

    name: str
    fallback: str | None = None


def split(text: str) -> list[Node]:
    """The text as Text and Tag nodes; two hex digits between percent signs are an escaped address, not a tag."""
    if "%" not in text:
        return [Text(text)] if text else []
    nodes: list[Node] = []
    at = 0
    for match in _TAG.finditer(text):
        if match.start() > at:
            nodes.append(Text(text[at : match.start()]))
        nodes.append(Tag(match[1], match[2], match[0]))
        at = match.end()
    if at < len(text):
        nodes.append(Text(text[at:]))
    return nodes
