"""Templates that mean harm: whatever they try, they get text or a refusal of ours."""

import pytest
from tests.velocity.rendering import NOW, render, shop

from tearoff.errors import TemplateError
from tearoff.velocity import LazyMap, compile

INTO_PYTHON = [
    "$text.__class__",
    "$text.__class__.__mro__",
    "$text.__class__()",
    "$text.format('{0.__class__}', $text)",
    "$text.format($text.__class__)",
    "$list.__class__.__base__.__subclasses__()",
    "$list.sort()",
    "$list.append(1)",
    "$map.__init__.__globals__",
    "$map.update({'a': 2})",
    "$map.items()",
    "$text.join",
    "$text.encode('utf-8')",
    "$text.mro()",
    "$dateTool.__class__",
    "$mathTool.__init__()",
    "$esc.__slots__",
    "$foreach.__class__",
    "#foreach($x in $list)$foreach.__class__ $foreach.values $foreach.length#end",
    "$lazy.missing $lazy.values.missing",
    "$lazy.__class__",
    "#foreach($e in $map.entrySet())$e.__class__ $e.__slots__#end",
    "#define($b)x#end$b.function $b.__class__ $b.depth",
    "$text.getClass().forName('java.lang.Runtime')",
    "$text.class.forName('java.lang.Runtime').getRuntime().exec('id')",
    "#set($s = $list.class)$s",
]


@pytest.mark.parametrize("text", INTO_PYTHON)
def test_no_template_reaches_into_python(text: str) -> None:
    context = shop() | {"lazy": LazyMap({}, lambda key: None)}
    try:
        found = compile(text).render(context, zone=None, language=None, now=NOW)
    except TemplateError:
        return
    for word in ("<class", "<function", "<built-in", "<bound", "object at 0x", "'str'", "builtin"):
        assert word not in found


@pytest.mark.parametrize(
    "value",
    ["#set($x = 1)$x", "$data.promocode", "%FIRSTNAME|x%", "#parse('raw')", "${name}", "\\#end #end", "]]#", "*#"],
)
def test_a_value_is_never_parsed(value: str) -> None:
    assert render('$x $!x ${x} #set($y = "$x")$y %TAG%', {"x": value}, tags={"TAG": value}) == " ".join([value] * 5)


@pytest.mark.parametrize(
    "text",
    [
        "#define($a)$b$b#end#define($b)$a$a#end$a",
        '#define($r)#set($x = "$r$r")$x#end$r',
        "#macro(a)#b()#end#macro(b)#a()#end#a()",
        "#set($t = '#evaluate($t)')#evaluate($t)",
        "#set($list[0] = $list)$list $list.hashCode()",
        "#set($map.self = $map)$map $map.hashCode() $map.equals($map)",
        "#set($a = [])#set($b = [])#set($x = $a.add($b))#set($x = $b.add($a))$a",
        "#set($a = [])#set($b = [])#set($x = $a.add($a))#set($x = $b.add($b))#if($a == $b)same#end",
        "#set($l = [])#foreach($i in [1..5000])#set($l = [$l])#end$l",
        "#set($l = [])#foreach($i in [1..5000])#set($l = [$l])#end#if($l == [$l])x#end",
        "#set($a = [1])#set($b = [1])" + "#set($a = [$a, $a])#set($b = [$b, $b])" * 40 + "#if($a == $b)x#end",
        '#set($m = {})#foreach($i in [1..50000])#set($m["$i"] = $m)#end$m.size()',
        "#foreach($i in $list)#set($x = $list.add($i))#end",
        "$text.replaceAll('(.*)*(.*)*(.*)*x', 'y')",
        "$text.split('((a+)+)+$') $text.matches('^(\\w+\\s?)*$!')",
        "$text.replaceAll('o', '$9')",
        "$text.replaceAll('[', '')",
        "$text.format('%s %s %s', 1)",
        "$text.format('%999999999s', 1)",
        "$numberTool.format('#" + "#" * 90 + ".0', 1)",
        "$dateTool.formatDate('yyyy', 99999999999999999999)",
        "$dateTool.addYears('2024-01-01', 2147483647)",
        "$dateTool.currentDate('yyyy', '../../../etc/passwd') $dateTool.currentDate('yyyy', 'localtime')",
        "$list.get(99999999999999999999) $text.charAt(-1)",
        "#set($x = 1e308 * 10)$x #set($y = $x - $x)$y $y.intValue() $x.longValue() #if($y == $y)nan#end",
        "#set($x = '1e999999' * '1e999999')$x",
        "#set($x = '1e-999999' / '3')$x",
        "$!{a|${b|${c|${d|$e}}}}",
        "\x00\x01\x1c\x1c$name\x1c#if(1)\x1c#end\ud800",
        "#[[ never closed",
        "#macro(m $a $a $a)$a#end#m(1 2 3)",
        "#macro(if)x#end#if()y#end",
        "#set($foreach = 1)#foreach($i in $list)$foreach#end$foreach",
        "#foreach($foreach in $list)$foreach#end",
        "#foreach($i in $list)#set($foreach = 5)$foreach.index#end",
        "#set($bodyContent = 1)#macro(m)$bodyContent#end#@m()x#end$bodyContent",
    ],
)
def test_a_hostile_template_gets_text_or_a_refusal(text: str) -> None:
    try:
        found = render(text)
    except TemplateError:
        return
    assert len(found) < 10_000_000


def test_no_name_of_a_template_gets_into_the_compiled_source() -> None:
    names = ["import", "None", "r", "c", "o", "G", "K0", "__builtins__", "lambda", "d", "v", "x"]
    text = "".join(f"#set(${name} = '{name}!')${name} #foreach(${name} in [1])${name}#end " for name in names)
    assert render(text, {}) == "".join(f"{name}! 1 " for name in names)
    quotes = '#set($x = \'""")\\nimport os#\')$x'
    assert render(quotes, {}) == '""")\\nimport os#'
