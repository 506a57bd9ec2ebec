"""What any text must survive as a template: text or an error of ours comes out, in time, within every limit."""

import json
import time
from pathlib import Path

import msgspec
from tests.velocity.rendering import NOW, shop

from tearoff.errors import TemplateError
from tearoff.velocity import DEFAULT, REFERENCE, VENDOR, compile

SMALL = msgspec.structs.replace(
    DEFAULT,
    steps_max=20_000,
    render_seconds_max=0.5,
    memory_max=1_000_000,
    string_max=50_000,
    range_max=1_000,
    output_bytes_max=200_000,
)
SECONDS_MAX = 5
CASES = Path(__file__).with_name("cases.jsonl")
FOUND = Path(__file__).with_name("found.jsonl")


def survives(text: str) -> None:
    """Render under small limits; raises AssertionError, or whatever else came out."""
    started = time.perf_counter()
    dialect = VENDOR if len(text) % 3 else REFERENCE
    try:
        template = compile(
            text, limits=SMALL, escape_html=len(text) % 2 == 0, snippets={"self": text, "p": "$x"}, dialect=dialect
        )
        found = template.render(shop(), tags={"A": "$x"}, zone=None, language="uk", now=NOW)
        assert isinstance(found, str)
        assert len(found.encode("utf-8", "surrogatepass")) <= SMALL.output_bytes_max
    except TemplateError as error:
        assert str(error)
    assert time.perf_counter() - started < SECONDS_MAX, "too slow"


def texts(path: Path) -> list[str]:
    """The templates of a file of JSON lines."""
    return [json.loads(line)["template"] for line in path.read_text(encoding="utf-8").splitlines()]
