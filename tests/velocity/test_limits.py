"""Every limit of Limits stops what it is there to stop, with a message that names it."""

import time
from pathlib import Path

import msgspec
import pytest
from tests.velocity.rendering import render

from tearoff.errors import TemplateError
from tearoff.velocity import DEFAULT, Limits, RenderFailed, TemplateProblems

ENDLESS = "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])x#end#end#end"


def limited(**changes: float) -> Limits:
    return msgspec.structs.replace(DEFAULT, **changes)


@pytest.mark.parametrize(
    ("limits", "text", "reason"),
    [
        (limited(output_bytes_max=100), "#foreach($i in [1..50])four#end", "100 bytes of output"),
        (limited(output_bytes_max=100), "#foreach($i in [1..40])їж#end", "100 bytes of output"),
        (limited(steps_max=1_000), ENDLESS, "1000 steps"),
        (limited(steps_max=1_000), "#macro(m)#foreach($i in [1..9])x#m()#end#end#m()", "steps|deep"),
        (limited(macro_depth_max=5), "#macro(m)#m()#end#m()", "5 deep"),
        (limited(parse_depth_max=3), "#parse('self')", "3 deep"),
        (limited(evaluations_max=10), '#foreach($i in [1..20])#evaluate("text $i")#end', "10 texts"),
        (limited(range_max=100), "#set($r = [1..101])", "100 numbers"),
        (limited(range_max=100), "#foreach($i in [1..999999999])x#end", "100 numbers"),
        (limited(string_max=1_000), "#set($s = 'xxxxxxxxxx')" + '#set($s = "$s$s")' * 9, "1000 characters"),
        (limited(string_max=1_000), "#set($s = 'xxxxxxxxxx')" + "#set($s = $s + $s)" * 9, "1000 characters"),
        (limited(string_max=1_000), "$text.repeat(1000)", "1000 characters"),
        (limited(string_max=1_000), "$text.replace('l', $text.repeat(50))", "1000 characters"),
        (limited(string_max=1_000), "$text.replaceAll('', $text.repeat(90))", "1000 characters"),
        (limited(string_max=1_000), "$text.format('%99999s', 1)", "1000 characters"),
        (limited(memory_max=10_000), "#foreach($i in [1..99999])#set($x = $list.add($i))#end", "10000 characters and"),
        (limited(memory_max=10_000), "#set($l = [1])" + "#set($l = [$l, $l])" * 30 + "$l", "10000 characters and"),
        (limited(digits_max=50), "#set($x = 10)" + "#set($x = $x * $x)" * 9, "50 digits"),
        (limited(regex_seconds_max=0.05), "#set($s = 'a')$s.repeat(40).matches('(a|a)*[^a]')", "0.05 s"),
        (limited(regex_seconds_max=0.05), "#set($s = 'a')$s.repeat(40).replaceAll('(a|a)*[^a]', '')", "0.05 s"),
        (limited(render_seconds_max=0.05, steps_max=10**9), ENDLESS, "0.05 seconds"),
        (limited(render_seconds_max=0.01), '#foreach($i in [1..99999])#set($x = "$i$i")#end', "0.01 seconds"),
        (limited(render_seconds_max=0.01), '#foreach($i in [1..99999])#set($m.k = "$i$i")#end', "0.01 seconds"),
        (
            limited(render_seconds_max=0.05, regex_seconds_max=10),
            "#set($s = 'a')$s.repeat(40).matches('(a|a)*[^a]')",
            "0.05 seconds",
        ),
        (limited(steps_max=100), "#foreach($i in [1..101])x#end", "100 steps"),
        (
            limited(string_max=1_000),
            "#define($b)#foreach($i in [1..999])four#end#end$b.toString()",
            "1000 characters",
        ),
    ],
)
def test_a_render_stops_at_its_limit(limits: Limits, text: str, reason: str) -> None:
    started = time.perf_counter()
    with pytest.raises(RenderFailed, match=reason) as caught:
        render(text, limits=limits, snippets={"self": "#parse('self')"})
    assert caught.value.kind == "limit"
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("limits", "text", "reason"),
    [
        (limited(template_bytes_max=10), "eleven ch..", "10 bytes"),
        (limited(template_bytes_max=10), "шість", ""),
        (limited(template_bytes_max=10), "шість!", "10 bytes"),
        (limited(tokens_max=100), "$a" * 101, "100 tokens"),
        (limited(nesting_max=5), "#if(1)" * 6 + "x" + "#end" * 6, "deep"),
        (limited(nesting_max=5), "#set($x = ((((((1)))))))", "deep"),
        (limited(nesting_max=5), "#set($x = !!!!!!!1)", "deep"),
        (limited(nesting_max=5), "#set($x = [[[[[[1]]]]]])", "deep"),
        (DEFAULT, "#set($x = " + "(" * 5_000 + "1" + ")" * 5_000 + ")", "deep"),
        (DEFAULT, "#set($x = 1" + " + 1" * 5_000 + ")", "too long"),
        (DEFAULT, "#if(1)" * 5_000, "deep"),
        (DEFAULT, "#set($x = " + "9" * 5_000 + ")", "digits"),
    ],
)
def test_a_template_keeps_to_its_limits(limits: Limits, text: str, reason: str) -> None:
    if not reason:
        assert render(text, limits=limits) == text
        return
    with pytest.raises(TemplateProblems, match=reason):
        render(text, limits=limits)


def test_problems_are_not_collected_without_end() -> None:
    with pytest.raises(TemplateProblems) as caught:
        render("#set(x = 1)\n" * 500, limits=limited(problems_max=7))
    assert len(caught.value.problems) <= 8


def test_a_long_message_within_its_limits_renders() -> None:
    text = "#foreach($i in [1..20000])<li>$i $name</li>\n#end"
    assert len(render(text)) > 300_000
    with pytest.raises(TemplateError):
        render(text, limits=limited(steps_max=10_000))


def test_every_limit_is_documented_with_its_default() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/velocity.md").read_text(encoding="utf-8")
    for name in Limits.__struct_fields__:
        value = getattr(DEFAULT, name)
        told = f"{value:,}" if isinstance(value, int) else f"{value:g}"
        assert f"| `{name}` | {told} |" in page, name


def test_a_template_of_nothing_but_references_compiles_in_reasonable_time() -> None:
    started = time.perf_counter()
    render("$a" * 10_000, {"a": ""})
    with pytest.raises(TemplateProblems, match="tokens"):
        render("$a" * 600_000)
    with pytest.raises(TemplateProblems, match="tokens"):
        render("%A|b%" * 100_000)
    assert time.perf_counter() - started < 15
