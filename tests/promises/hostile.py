"""Requests made from the contract itself: bodies that would be right, with one value in them that nobody meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
DEPTH_MAX = 6
HOSTILE: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**31, 2**63, 10**30, 1e308, 1.5),
    *("", " ", "\0", "a\0b", "\U0001f600", "\u202e", "x" * 20_000, "'; --", "${x}", "%s %(now)s", "<script>"),
    *(
        "NaN",
        "Infinity",
        "-infinity",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-02-30",
        "9" * 400,
    ),
    *([], [None], [[]], {}, {"": ""}, {"a\0": 1}, {"x": {"y": [1, "\0"]}}, ["\0"], [10**30]),
)
"""What stands in the place of a value: edges of every type, and what PostgreSQL, JSON or a template may stumble on."""

SAMPLES = {"date-time": "2026-03-01T12:00:00Z", "date": "2026-03-01", "decimal": "1.5", "uuid": "0" * 32}


class Contract:
    """An OpenAPI document."""

    def __init__(self, document: Schema) -> None:
        self._document = document

    def body_of(self, method: str, path: str) -> Any:
        """A body that fits the route; None when it takes none."""
        found = self._operation(method, path).get("requestBody", {}).get("content", {}).get("application/json")
        return None if found is None else self.example(found["schema"])

    def queries_of(self, method: str, path: str) -> list[str]:
        """The names of the route's query parameters."""
        found = self._operation(method, path).get("parameters", [])
        return [parameter["name"] for parameter in found if parameter["in"] == "query"]

    def _operation(self, method: str, path: str) -> Schema:
        found: Schema = self._document["paths"].get(path, {}).get(method.lower(), {})
        return found

    def example(self, schema: Schema, depth: int = 0) -> Any:
        """A value that fits a schema, with everything in it that may be there."""
        if "$ref" in schema:
            return self.example(self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], depth)
        for either in ("oneOf", "anyOf", "allOf"):
            if either in schema:
                chosen = [one for one in schema[either] if one.get("type") != "null"] or schema[either]
                return self.example(chosen[0], depth)
        if "const" in schema or "enum" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        kind = schema.get("type")
        kind = next((one for one in kind if one != "null"), None) if isinstance(kind, list) else kind
        match kind:
            case "object":
                inner = schema.get("properties", {}) if depth < DEPTH_MAX else {}
                return {name: self.example(one, depth + 1) for name, one in inner.items()}
            case "array":
                return [self.example(schema.get("items", {}), depth + 1)] if depth < DEPTH_MAX else []
            case "integer" | "number":
                return max(1, schema.get("minimum", 1))
            case "boolean":
                return False
        return SAMPLES.get(schema.get("format", ""), "owned"[: schema.get("maxLength", 5)])


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a body, the body itself among them."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in inner:
        yield from places(item, (*at, name))


def spoilt(value: Any, at: tuple[Any, ...], hostile: Any) -> Any:
    """The body with another value at the path."""
    if not at:
        return hostile
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = spoilt(value[at[0]], at[1:], hostile)
    return copy
