"""The methods that values have, by type; and that they have no others."""

import pytest
from tests.velocity.rendering import render

from tearoff.velocity import RenderFailed


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$text.length()", "11"),
        ("$text.substring(6) $text.substring(0, 5) $text.substring('6')", "World Hello World"),
        ("$text.indexOf('o') $text.indexOf('o', 5) $text.lastIndexOf('o') $text.indexOf('q')", "4 7 7 -1"),
        ("$text.replace('l', 'L') $text.replaceAll('[aeiou]', '_') $text.replaceFirst('o', '0')", ""),
        ("$text.split(' ')[1] $text.split('o').size() $text.split(',').get(0)", "World 3 Hello World"),
        ("$text.equals('Hello World') $text.equalsIgnoreCase('HELLO world') $text.equals(5)", "true true false"),
        ("$text.startsWith('Hell') $text.endsWith('d') $text.contains('lo W') $text.matches('H.*d')", ""),
        ("$text.charAt(4) $text.concat('!') $text.concat(5) $name.repeat(2)", "o Hello World! Hello World5 OlenaOlena"),
        ("$text.compareTo('Help') $text.compareToIgnoreCase('hello world') $text.hashCode()", "-4 0 -862545276"),
        (
            "$text.toUpperCase() $text.toLowerCase() $text.trim() $text.isEmpty()",
            "HELLO WORLD hello world Hello World false",
        ),
        ("$text.format('%05d|%-5s|%.2f|%,d|%x', 42, 'ab', 2.5, 1234567, 255)", "00042|ab   |2.50|1,234,567|ff"),
    ],
)
def test_texts(expression: str, expected: str) -> None:
    both = {
        "$text.replace('l', 'L') $text.replaceAll('[aeiou]', '_') $text.replaceFirst('o', '0')": (
            "HeLLo WorLd H_ll_ W_rld Hell0 World"
        ),
        "$text.startsWith('Hell') $text.endsWith('d') $text.contains('lo W') $text.matches('H.*d')": (
            "true true true true"
        ),
    }
    assert render(expression) == (expected or both[expression])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$list.size() $list.get(0) $list.contains(2) $list.indexOf(3) $list.isEmpty()", "3 1 true 2 false"),
        ("$list.add(4) $list.add(0, 'x')$list $list.addAll([5]) $list.size()", "true [x, 1, 2, 3, 4] true 6"),
        ("$list.remove(0) $list.set(0, 9) $list $list.removeAll([9]) $list", "1 2 [9, 3] true [3]"),
        ("$list.subList(1, 3) $list.hashCode() $list.equals([1, 2, 3]) $!list.clear()$list", "[2, 3] 30817 true []"),
        ("$map.get('a') $map.containsKey('a') $map.containsValue(9) $map.getOrDefault('z', 0)", "1 true true 0"),
        ("$map.keySet() $map.values() $map.entrySet() $map.size()", "[a, size] [1, 9] [a=1, size=9] 2"),
        (
            "$!map.put('b', 2)$map $map.remove('a') $map.putIfAbsent('b', 3) $map",
            "{a=1, size=9, b=2} 1 2 {size=9, b=2}",
        ),
        ("#set($m = {1: 'i', 'x': 's', true: 't', 1.0: 'd', [1]: 'l'})$m.get(1)$m.get(true)$m $m.size()", ""),
        ("$five.intValue() $half.intValue() $five.doubleValue() $five.compareTo(6) $five.equals(5)", "5 0 5.0 -1 true"),
        ("$yes.toString() $yes.equals(true) $no.hashCode() $half.hashCode()", "true true 1237 1071644672"),
    ],
)
def test_lists_maps_and_numbers(text: str, expected: str) -> None:
    assert render(text) == (expected or "it{1=i, x=s, true=t, 1.0=d, [1]=l} 5")


@pytest.mark.parametrize(
    "text",
    [
        "$text.substring(99)",
        "$text.concat($gone)",
        "$text.substring('x')",
        "$text.matches('(')",
        "$list.get(9)",
        "$list[9]",
        "$five[-1]",
        "#set($list[9] = 1)",
        "#set($r = [1..3])$r.add(4)",
        "$five.compareTo('x')",
        "#foreach($i in $list)$list.add(1)#end",
        "#break($name)",
    ],
)
def test_what_a_method_refuses_fails_the_render(text: str) -> None:
    with pytest.raises(RenderFailed):
        render(text)


def test_a_method_that_is_not_in_the_tables_is_printed_as_written() -> None:
    for text in ("$text.getClass()", "$text.class.name", "$list.stream()", "$five.nosuch(1)", "$map.forEach('x')"):
        assert render(text) == text


def test_replace_of_a_map_changes_nothing_of_the_callers_data() -> None:
    data: dict[str, object] = {"m": {"a": 1}, "seen": [1]}
    text = "$seen $m.replace('a', 2) $m.a"
    assert [render(text, data) for _ in range(2)] == ["[1] 1 2"] * 2
    assert data == {"m": {"a": 1}, "seen": [1]}
