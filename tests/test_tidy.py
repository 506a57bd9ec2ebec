"""Style that a linter does not know, as a test. The list of exceptions may only shrink."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src" / "tearoff").rglob("*.py"))
PYTHON = sorted(
    [*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py"), *(ROOT / "examples").rglob("*.py")]
)
TYPESCRIPT = sorted(path for path in (ROOT / "console" / "src").rglob("*.ts*") if path.name != "schema.d.ts")
TYPESCRIPT_LINES_MAX = 300
LONGER = {f"console/src/i18n/{language}/workflows.ts" for language in ("en", "uk")}
"""The words of one page, which are loaded together."""
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
SHAPELESS = {"utils", "helpers", "common", "misc", "manager", "service", "services", "base"}
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE|WITH\s+\w+\s+AS)\b",
    re.I | re.S,
)
CLOCK = re.compile(r"datetime\.now\(|datetime\.utcnow\(|time\.time\(|time\.monotonic\(|date\.today\(")
BANNER = re.compile(r"^\s*#\s*([-=*#~_]{4,}|.*[-=*#~]{6,}\s*$)")
HISTORY = re.compile(
    r"#.*\b(no longer|used to be|previously|was changed|old version|legacy code|refactored|TODO|FIXME|XXX)\b", re.I
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_file_keeps_to_the_fences(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert text.count("\n") <= FILE_LINES_MAX, "find the rooms in this file"
    assert not set(path.stem.split("_")) & SHAPELESS, "name the file by what it holds"
    assert ast.get_docstring(tree) or not text.strip(), "a sentence at the top of the module"
    long = [
        f"{f.name} ({f.end_lineno - f.lineno + 1})"
        for f in functions(tree)
        if f.end_lineno - f.lineno >= FUNCTION_LINES_MAX
    ]
    assert not long, f"functions over {FUNCTION_LINES_MAX} lines: {long}"
    lines = text.splitlines()
    assert not [n for n, line in enumerate(lines, 1) if BANNER.match(line)], "no banner comments"
    if path != Path(__file__):
        assert not [n for n, line in enumerate(lines, 1) if HISTORY.search(line)], "history is git's"


def test_the_console_keeps_to_its_fence() -> None:
    long = {name(path) for path in TYPESCRIPT if path.read_text().count("\n") > TYPESCRIPT_LINES_MAX}
    assert len(TYPESCRIPT) > 100
    assert long == LONGER, "find the rooms in these files"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_sql_and_the_clock_stay_in_their_rooms(path: Path) -> None:
    text = path.read_text()
    if "store" not in path.parts:
        strings = [
            n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        ]
        assert not [s[:60] for s in strings if SQL.match(s)], "SQL only under store/"
    if path.name != "clock.py":
        assert not CLOCK.search(text), "only clock.py reads the clock"


@pytest.mark.parametrize("path", [p for p in SOURCES if "engine" not in p.parts], ids=name)
def test_a_broad_except_stands_only_at_an_actors_edge(path: Path) -> None:
    handlers = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ExceptHandler)]
    broad = [
        h.lineno
        for h in handlers
        if h.type is None or (isinstance(h.type, ast.Name) and h.type.id in ("Exception", "BaseException"))
    ]
    assert not [n for n in broad if not reraises(path, n)]


def reraises(path: Path, line: int) -> bool:
    handler = next(
        n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ExceptHandler) and n.lineno == line
    )
    return isinstance(handler.body[-1], ast.Raise)


def test_no_two_functions_have_one_body() -> None:
    bodies: dict[str, list[str]] = defaultdict(list)
    for path in SOURCES:
        for f in functions(ast.parse(path.read_text())):
            body = f.body[1:] if ast.get_docstring(f) else f.body
            if len(body) > 2:
                bodies["\n".join(ast.dump(s) for s in body)].append(f"{name(path)}:{f.name}")
    assert not [places for places in bodies.values() if len(places) > 1]
