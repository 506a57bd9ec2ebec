"""XML from strangers as plain values: no DTD, no entities of their own, nothing fetched, bounded depth and size.

An element with neither attributes nor children is its text. Any other is a dict: children by name (a list where a name
repeats), attributes as `@name`, its own text as `#text`.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

DEPTH_MAX = 64
ELEMENTS_MAX = 100_000


class XmlRefused(ValueError):
    """The document is not well-formed, or holds what a data document needs not."""


class Builder:
    """Collects what expat reports; the root is the one child of the outermost dict."""

    def __init__(self) -> None:
        self.stack: list[tuple[dict[str, Any], list[str]]] = [({}, [])]
        self.names: list[str] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.count += 1
        if len(self.names) >= DEPTH_MAX or self.count > ELEMENTS_MAX:
            raise XmlRefused(f"more than {DEPTH_MAX} levels or {ELEMENTS_MAX} elements")
        self.names.append(name)
        self.stack.append(({f"@{key}": value for key, value in attributes.items()}, []))

    def text(self, data: str) -> None:
        """Text within the current element."""
        self.stack[-1][1].append(data)

    def end(self, _name: str) -> None:
        """The current element ends and becomes a value of its parent."""
        children, pieces = self.stack.pop()
        text = "".join(pieces).strip()
        if children and text:
            children["#text"] = text
        put(self.stack[-1][0], self.names.pop(), children or text)


def put(parent: dict[str, Any], name: str, value: Any) -> None:
    """Add a child; the second of a name makes a list."""
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]


def refuse_doctype(*_: object) -> None:
    """A DTD is where entities are defined; a data document has none."""
    raise XmlRefused("it has a DOCTYPE, which is not read")


def parse(body: bytes) -> dict[str, Any]:
    """The document as `{root: value}`; raises XmlRefused with the place of the error."""
    builder = Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = builder.start
    parser.CharacterDataHandler = builder.text
    parser.EndElementHandler = builder.end
    try:
        parser.Parse(body, True)
    except XmlRefused:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: an encoding that it cannot read
        raise XmlRefused(str(error)) from error
    return builder.stack[0][0]
