"""The language, case by case: what Apache Velocity 2.4.1 prints over the same data, or null where it fails."""

import json
from pathlib import Path

import pytest
from tests.velocity.rendering import NOW, render, shop

from tearoff.errors import TemplateError
from tearoff.velocity import REFERENCE, TemplateProblems, compile

CASES = [json.loads(line) for line in Path(__file__).with_name("cases.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case['group']}" for n, case in enumerate(CASES)])
def test_a_template_prints_what_the_reference_prints(case: dict[str, str | None]) -> None:
    assert case["template"] is not None
    if case["output"] is None:
        with pytest.raises(TemplateError):
            compile(case["template"], dialect=REFERENCE).render(shop(), zone=None, language=None, now=NOW)
        return
    template = compile(case["template"], dialect=REFERENCE)
    for _ in range(2):
        assert template.render(shop(), zone=None, language=None, now=NOW) == case["output"]


def test_the_loop_counter_of_the_vendors_guides_counts_from_one() -> None:
    assert render("#foreach($t in $data.tags)$velocityCount: $t #end$!velocityCount.") == "1: new 2: gift ."
    assert render("#foreach($i in [1..9])$i#if($velocityCount > 2)$foreach.stop()#end#end") == "123"


def test_directives_may_hide_in_html_comments() -> None:
    assert render("<!--#if($yes)--><b>in</b><!--#else-->out<!--#end-->") == "<!----><b>in</b><!---->"


def test_snippets_are_parsed_or_included() -> None:
    snippets = {"head": "<h1>$title</h1>#set($seen = 1)#macro(bold $x)<b>$x</b>#end", "raw": "$title"}
    text = "#set($title = 'T')#parse('head')$seen#bold('x')#include('raw' 'raw')"
    assert render(text, snippets=snippets) == "<h1>T</h1>1<b>x</b>$title$title"
    with pytest.raises(TemplateError, match="no snippet 'foot'"):
        render("#parse('foot')", snippets=snippets)


def test_a_snippet_counts_only_where_it_is_reached_for_the_reference() -> None:
    snippets = {"bad": "#if(", "deep": "x#parse('deep')"}
    text = "#if($no)#parse('bad')#end#parse('deep')."
    template = compile(text, snippets=snippets, dialect=REFERENCE)
    assert template.render(shop(), zone=None, language=None, now=NOW) == "x" * 9 + "."
    with pytest.raises(TemplateProblems, match="bad"):
        compile(text, snippets=snippets)
    with pytest.raises(TemplateError, match="more than 10 deep"):
        render("#parse('deep')", snippets=snippets)


def test_evaluation_may_go_as_deep_as_macros() -> None:
    text = "#set($n = 0)#set($t = '#set($n = $n + 1)#if($n < $most)#evaluate($t)#end')#evaluate($t)$n"
    assert render(text, {"most": 20}) == "20"
    with pytest.raises(TemplateError, match="more than 20 deep"):
        render(text, {"most": 21})


def test_html_escaping_spares_the_templates_own_text() -> None:
    data: dict[str, object] = {"x": "<i>&'\"", "n": 5, "l": ["<"], "m": {}}
    text = "<p title='&'>$x $n $l $gone #set($y = \"$x!\")$y#foreach($c in $l)$c#end</p>"
    escaped = "&lt;i&gt;&amp;&#39;&quot;"
    expected = f"<p title='&'>{escaped} 5 [&lt;] $gone {escaped}!&lt;</p>"
    assert render(text, data, escape_html=True) == expected
    assert render("$esc.html($x) %NAME|<b>%", data, escape_html=True, tags={"NAME": "<"}) == f"{escaped} &lt;"
    assert render("#define($b)<b>$x</b>#end$b", data, escape_html=True) == f"<b>{escaped}</b>"


def test_deep_nesting_compiles_to_functions() -> None:
    loops = "".join(f"#foreach($i{n} in [1..1])" for n in range(40))
    assert render(loops + "x" + "#end" * 40) == "x"
    ifs = "#if($yes)" * 60 + "y" + "#end" * 60
    assert render(ifs) == "y"
    sums = "#set($x = " + "(1 + " * 50 + "1" + ")" * 50 + ")$x"
    assert render(sums) == "51"
    breaks = loops + "a#break b" + "#end" * 40 + " c"
    assert render(breaks) == "a c"
