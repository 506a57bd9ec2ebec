"""Every SQL paragraph says why it is there and is used; every use names a paragraph that exists."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tearoff.store import queries

STORE = Path(queries.__file__).parent
NOUNS = sorted(path.stem for path in queries.FOLDER.glob("*.sql"))
MODULES = sorted(path for path in STORE.rglob("*.py") if path.name != "queries.py")

WRITES = re.compile(r"^\s*(UPDATE|DELETE)\b", re.MULTILINE)
PICKS = re.compile(r"\bLIMIT\b|\bFOR (UPDATE|NO KEY UPDATE|SHARE|KEY SHARE)\b|\bSKIP LOCKED\b")
ONCE = ("ARRAY", "AS MATERIALIZED", "=")


def loads(tree: ast.AST) -> dict[str, str]:
    """The names that a module binds to `queries.load("noun")`, with their nouns."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            call = ast.unparse(node.value.func)
            if call in ("queries.load", "load") and isinstance(node.value.args[0], ast.Constant):
                found[ast.unparse(node.targets[0])] = str(node.value.args[0].value)
    return found


def uses(path: Path) -> set[tuple[str, str]]:
    """The (noun, paragraph) pairs that a module names, as an attribute or as a constant in brackets."""
    tree = ast.parse(path.read_text())
    nouns = loads(tree)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in nouns:
            found.add((nouns[ast.unparse(node.value)], node.attr))
        if (
            isinstance(node, ast.Subscript)
            and ast.unparse(node.value) in nouns
            and isinstance(node.slice, ast.Constant)
        ):
            found.add((nouns[ast.unparse(node.value)], str(node.slice.value)))
    return found


def computes(path: Path, noun: str, name: str) -> bool:
    """Whether a name computed in brackets may be this one: by an f-string, or by a constant of the module."""
    tree = ast.parse(path.read_text())
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    slices = [
        node.slice
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and loads(tree).get(ast.unparse(node.value)) == noun
    ]
    return any(
        fnmatch(name, pattern(part)) if isinstance(part, ast.JoinedStr) else name in words
        for part in slices
        if not isinstance(part, ast.Constant)
    )


def pattern(text: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in text.values)


def paragraphs(noun: str) -> list[queries.Paragraph]:
    return queries.parse((queries.FOLDER / f"{noun}.sql").read_text(), noun)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_paragraph_is_used_and_says_why(noun: str) -> None:
    used = {name for path in MODULES for of, name in uses(path) if of == noun}
    rest = [p.name for p in paragraphs(noun) if p.name not in used]
    assert not [name for name in rest if not any(computes(path, noun, name) for path in MODULES)], "nobody asks this"
    assert not [p.name for p in paragraphs(noun) if not p.why.endswith((".", "?", "!"))], "one sentence why"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_use_names_a_paragraph_that_exists(path: Path) -> None:
    assert not [(noun, name) for noun, name in uses(path) if name not in {p.name for p in paragraphs(noun)}]


def test_the_sentence_may_stand_above_or_below_the_name() -> None:
    text = (
        "-- Because.\n-- name: a\nSELECT 1\n\n-- name: b\n-- And\n-- so.\nSELECT 2\n  -- inside\n\n"
        "-- Also.\n-- name: c\nSELECT 3\n"
    )
    found = [(p.name, p.why, p.text) for p in queries.parse(text, "x")]
    assert found == [
        ("a", "Because.", "SELECT 1"),
        ("b", "And so.", "SELECT 2\n  -- inside"),
        ("c", "Also.", "SELECT 3"),
    ]


@pytest.mark.parametrize("text", ["-- name: a\n-- Empty.\n", "-- name: a\nSELECT 1\n-- name: a\nSELECT 2\n"])
def test_an_empty_or_doubled_paragraph_is_refused(text: str) -> None:
    with pytest.raises(LookupError, match="'a'"):
        queries.parse(text, "x")


def test_an_unknown_name_is_named_with_the_file() -> None:
    with pytest.raises(LookupError, match=r"sql/server\.sql has no paragraph 'nonsense'"):
        _ = queries.load("server").nonsense


def rerun(sql: str) -> list[str]:
    """The subqueries of a write that pick or lock rows where a nested loop would run them again for every row.

    Each time they find other rows, and the write takes more than their limit. What is made once is an array, one value
    or a materialized part.
    """
    sql = re.sub(r"--.*", "", sql)
    opened: list[tuple[int, str]] = []
    level, found = "", []
    for at, letter in enumerate(sql):
        if letter == "(":
            opened.append((at, level))
            level = ""
        elif letter == ")" and opened:
            start, outer = opened.pop()
            picks = level.lstrip().startswith("SELECT") and PICKS.search(level)
            if picks and not sql[:start].rstrip().endswith(ONCE):
                found.append(level.strip())
            level = outer
        else:
            level += letter
    return found if WRITES.search(level) else []


@pytest.mark.parametrize("noun", NOUNS)
def test_no_write_picks_its_rows_more_than_once(noun: str) -> None:
    assert not [(p.name, found) for p in paragraphs(noun) for found in rerun(p.text)]


def test_no_function_of_the_database_does_either() -> None:
    texts = [path.read_text() for path in sorted((STORE / "migrations").glob("*.sql"))]
    assert texts
    assert not [found for text in texts for statement in text.split(";") for found in rerun(statement)]


PICKED = "SELECT b.id FROM t b ORDER BY b.id LIMIT 5 FOR UPDATE SKIP LOCKED"


@pytest.mark.parametrize(
    ("sql", "is_rerun"),
    [
        (f"UPDATE t SET x = 1\n  FROM ({PICKED}) q WHERE t.id = q.id", True),
        ("DELETE FROM t USING (SELECT id FROM t LIMIT 5) q WHERE t.id = q.id", True),
        (f"UPDATE t SET x = 1 WHERE id IN ({PICKED})", True),
        (f"WITH q AS ({PICKED})\nUPDATE t SET x = 1 FROM q WHERE t.id = q.id", True),
        (f"WITH q AS MATERIALIZED ({PICKED})\nUPDATE t SET x = 1 FROM q WHERE t.id = q.id", False),
        (f"UPDATE t SET x = 1 WHERE id = ANY (ARRAY(\n{PICKED}))", False),
        (f"UPDATE t SET x = 1 WHERE id = ({PICKED})", False),
        (f"SELECT * FROM ({PICKED}) q", False),
    ],
)
def test_the_shape_that_runs_again_is_known(sql: str, is_rerun: bool) -> None:
    assert bool(rerun(sql)) is is_rerun
