"""The interface of velocity/: what a caller passes in and gets back."""

from datetime import UTC, datetime

import pytest

from tearoff.errors import TemplateError
from tearoff.velocity import LazyMap, MergeTag, NeedValue, RenderFailed, TemplateProblems, compile

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


def render(text: str, data: dict[str, object] | None = None, **options: object) -> str:
    tags = options.pop("tags", None)
    template = compile(text, **options)  # type: ignore[arg-type]
    return template.render(data or {}, tags=tags, zone=None, language=None, now=NOW)  # type: ignore[arg-type]


def test_a_code_is_read_from_data_and_from_the_top_level() -> None:
    context: dict[str, object] = {"data": {"promocode": "SPRING-7"}, "code": "SPRING-7"}
    assert render("$!data.get('promocode') $data.promocode $!code $!nothing", context) == "SPRING-7 SPRING-7 SPRING-7 "


def test_a_render_changes_nothing_of_its_data() -> None:
    data: dict[str, object] = {"data": {"items": ["a"], "sum": 1}}
    template = compile("$!data.items.add('b')$data.items.size()#set($data.sum = 5)$data.sum")
    for _ in range(2):
        assert template.render(data, zone=None, language=None, now=NOW) == "true25"
    assert data == {"data": {"items": ["a"], "sum": 1}}


def test_a_macro_that_one_render_makes_is_unknown_to_the_next() -> None:
    template = compile("#evaluate($source)#made()")
    for source, expected in (("#macro(made)yes#end", "yes"), ("", "#made()")):
        assert template.render({"source": source}, zone=None, language=None, now=NOW) == expected


def test_all_problems_of_a_template_come_at_once() -> None:
    with pytest.raises(TemplateProblems) as caught:
        compile("#set(a = 1)\n$fine\n#if($x\nyes\n#end\n#set($b = )\n#foreach($i in)x#end\n#end", name="mail")
    assert [(p.line, p.column) for p in caught.value.problems] == [(1, 6), (4, 1), (6, 11), (7, 1), (8, 1)]
    assert all(p.found and p.expected and p.template == "mail" for p in caught.value.problems)
    assert isinstance(caught.value, TemplateError)


def test_a_failed_render_names_its_place() -> None:
    with pytest.raises(RenderFailed) as caught:
        render("one\n  $list.get(3)", {"list": [1]}, name="mail")
    assert (caught.value.line, caught.value.column, caught.value.template) == (2, 3, "mail")


def test_merge_tags_are_values_and_never_templates() -> None:
    text = "Hi %FIRSTNAME|there%: %PC_NewYear_1_7% #set($a = '%LIST.FIELD|x%')$a 100%"
    template = compile(text)
    assert template.merge_tags == (
        MergeTag("FIRSTNAME", "there"),
        MergeTag("PC_NewYear_1_7", None),
        MergeTag("LIST.FIELD", "x"),
    )
    tags = {"FIRSTNAME": "#set($x = 1)$data", "PC_NewYear_1_7": "NY-1"}
    assert render(text, tags=tags) == "Hi #set($x = 1)$data: NY-1 x 100%"
    assert render("%FIRSTNAME|there%", tags={"FIRSTNAME": ""}) == "there"
    assert render("/q=%D0%9F%D1%80&x=%AB%") == "/q=%D0%9F%D1%80&x=%AB%"


def test_the_tags_and_the_problems_of_parsed_snippets_are_the_templates() -> None:
    snippets = {
        "head": "%PC_GENERAL% #parse('foot')",
        "foot": "%EMAIL|%#parse('head')",
        "other": "%TOWN%",
        "bad": "#if",
    }
    assert compile("%SMS%#parse('head')", snippets=snippets).merge_tags == (
        MergeTag("SMS", None),
        MergeTag("PC_GENERAL", None),
        MergeTag("EMAIL", ""),
    )
    assert compile("#include('other')", snippets=snippets).merge_tags == ()
    assert len(compile("#parse($name)", snippets=snippets).merge_tags) == 3
    with pytest.raises(TemplateProblems) as caught:
        compile("#parse('bad')", snippets=snippets)
    assert caught.value.problems[0].template == "bad"


def test_a_lazy_map_is_asked_for_what_it_lacks_however_it_is_read() -> None:
    asked: list[str] = []

    def missing(key: str) -> object:
        asked.append(key)
        return None if key == "nothing" else key.upper()

    data = LazyMap({"known": 1}, missing)
    text = "$data.known $data.weather $data.get('stock') $!data.get(\"computed$n\") $!data.nothing $data.weather"
    assert render(text, {"data": data, "n": 5}) == "1 WEATHER STOCK COMPUTED5  WEATHER"
    assert asked == ["weather", "stock", "computed5", "nothing"]


def test_a_value_that_must_be_fetched_first_passes_through_the_render() -> None:
    def missing(key: str) -> object:
        raise NeedValue(key)

    for text in ("$data.get('stock')", "$data.stock", '$!data.get("sto$ck")'):
        with pytest.raises(NeedValue) as caught:
            render(text, {"data": LazyMap({}, missing), "ck": "ck"})
        assert caught.value.key == "stock"
    assert render("#if(false)$data.stock#end", {"data": LazyMap({}, missing)}) == ""


def test_half_a_character_is_written_as_a_question_mark() -> None:
    for text in ("$x.substring(0, 2)", "a$x.charAt(1)", '#set($y = "a\\uD83D")$y'):
        assert render(text, {"x": "a😀"}) == "a?"
    assert render('$x.substring(1)#set($y = "\\uD83D\\uDE00")$y', {"x": "a😀"}) == "😀😀"
