"""`tearoff velocity` and `tearoff template check`: JSON lines in and out, problems with their places."""

import json
from pathlib import Path

from click.testing import CliRunner

from tearoff.cli import tearoff


def ask(*cases: dict[str, object] | str) -> list[dict[str, object]]:
    lines = "\n".join(case if isinstance(case, str) else json.dumps(case) for case in cases)
    result = CliRunner().invoke(tearoff, ["velocity"], input=lines, catch_exceptions=False)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.output.splitlines()]


def test_each_line_is_answered_in_order() -> None:
    answers = ask(
        {"id": "a", "template": "Hi $name%NAME|x%", "context": {"name": "Ann"}},
        {"id": "b", "template": "#set($x = )", "context": {}},
        {"id": "c", "template": "one\n $l.get(3)", "context": {"l": []}},
        {"id": "d", "template": "#parse('x')#include('y')", "context": {}, "resources": [{"name": "x", "text": "X"}]},
        {"id": "e", "template": "#foreach($i in [1..999999])$i#end", "context": {}},
        "no json",
    )
    assert answers[0] == {"id": "a", "output": "Hi Ann%NAME|x%"}
    assert [answer.get("error_class") for answer in answers[1:]] == [
        "ParseErrorException",
        "MethodInvocationException",
        "ResourceNotFoundException",
        "LimitReached",
        "BadLine",
    ]
    assert [(answer.get("line"), answer.get("column")) for answer in answers[1:3]] == [(1, 11), (2, 2)]


def test_the_cases_of_a_session_share_macros_and_snippets() -> None:
    answers = ask(
        {"id": "1", "session": "s", "template": "#macro(m $x)<$x>#end", "resources": {"f": "F"}},
        {"id": "2", "session": "s", "template": "#m(1)#parse('f')#macro(m)later#end"},
        {"id": "3", "session": "s", "template": "#m(2)"},
        {"id": "4", "session": "t", "template": "#m(3)"},
    )
    assert [answer.get("output") for answer in answers] == ["", "<1>F", "<2>", "#m(3)"]


def test_a_macro_may_call_what_a_later_case_of_its_session_defines() -> None:
    answers = ask(
        {"id": "1", "session": "s", "template": "#macro(outer)#inner(1)#end#outer()"},
        {"id": "2", "session": "s", "template": "#macro(inner $x)<$x>#end#outer()"},
    )
    assert [answer.get("output") for answer in answers] == ["#inner(1)", "<1>"]


def test_a_property_that_is_not_here_is_refused_by_name() -> None:
    [strict, same] = ask(
        {"id": "1", "template": "x", "properties": {"runtime.strict_mode.enable": True}},
        {"id": "2", "template": "x", "properties": {"parser.space_gobbling": "lines", "velocimacro.max_depth": 3}},
    )
    assert strict["error_class"] == "PropertyRefused"
    assert "runtime.strict_mode.enable" in str(strict["error"])
    assert same == {"id": "2", "output": "x"}


def test_check_prints_every_problem_with_its_place(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    good.write_text("Hi $name\n")
    bad.write_text("#if($x)\n#set(a = 1)\n", encoding="utf-8")
    result = CliRunner().invoke(tearoff, ["template", "check", str(good)])
    assert (result.exit_code, result.output) == (0, "1 template without problems.\n")
    result = CliRunner().invoke(tearoff, ["template", "check", str(good), str(bad)])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{bad}:1:1: The #if that begins here is never closed with #end.",
        f"{bad}:2:6: Found a where a reference to set should stand.",
    ]
