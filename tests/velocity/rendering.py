"""One call to render a text over data, for the tests of the language."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from tearoff.velocity import DEFAULT, Limits, compile

NOW = datetime(2024, 5, 1, 12, 30, 5, tzinfo=UTC)


def shop() -> dict[str, object]:
    """A fresh top-level context with a value of every kind."""
    return {
        "data": {
            "promocode": "SPRING-7",
            "items": [{"name": "Tea", "qty": 2, "price": 3.5}, {"name": "Cup", "qty": 1, "price": 10}],
            "tags": ["new", "gift"],
            "prices": {"tea": 3.5, "cup": 10},
            "nothing": None,
            "blank": "",
        },
        "name": "Olena",
        "five": 5,
        "minus": -7,
        "half": 0.5,
        "big": 3_000_000_000,
        "yes": True,
        "no": False,
        "text": "Hello World",
        "list": [1, 2, 3],
        "empty": [],
        "map": {"a": 1, "size": 9},
        "html": '<b>"Tom & Jerry\'s"</b>',
    }


def render(
    text: str,
    data: dict[str, object] | None = None,
    *,
    limits: Limits = DEFAULT,
    escape_html: bool = False,
    snippets: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
    zone: tzinfo | None = None,
    language: str | None = None,
) -> str:
    """The text over `data`, or over `shop()`."""
    template = compile(text, limits=limits, escape_html=escape_html, snippets=snippets)
    context = shop() if data is None else data
    return template.render(context, tags=tags, zone=zone, language=language, now=NOW)
