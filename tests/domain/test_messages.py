"""Messages: what each medium needs in each language, and which language a contact gets."""

from typing import Any

import pytest

from tearoff.domain.messages import Content, EmailText, MessageDefinition, check, language_for, templates_of, text_in

MAIL = {"subject": "Hello", "text": "$data.get('promocode')"}


def message(medium: Any = "email", **changes: Any) -> MessageDefinition:
    return MessageDefinition(**({"key": "hello", "medium": medium, "languages": {"en": MAIL}} | changes))


def test_a_sound_message_has_no_problem() -> None:
    assert check(message()) == []
    assert check(message("sms", languages={"en": {"text": "Hi"}})) == []
    assert check(message("mobilepush", languages={"en": {"title": "Hi", "text": "You", "data": {"a": "b"}}})) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"key": "no key"}, "/key"),
        ({"languages": {}}, "/languages"),
        ({"default_language": "uk"}, "/defaultLanguage"),
        ({"languages": {"en": {"subject": "x"}}}, "/languages/en"),
        ({"languages": {"en": {"subject": "x", "html": "y", "titel": "z"}}}, "/languages/en/titel"),
        ({"languages": {"en": MAIL, "uk": {"text": "y"}}}, "/languages/uk/subject"),
        ({"medium": "sms"}, "/languages/en/subject"),
        ({"medium": "mobilepush", "languages": {"en": {"title": "x"}}}, "/languages/en/text"),
        ({"languages": {"en": {"subject": "x", "html": "y" * 1024 * 1024 + "y"}}}, "/languages/en/html"),
    ],
)
def test_each_rule_names_the_place(changes: dict[str, Any], pointer: str) -> None:
    assert [problem.pointer for problem in check(message(**changes))] == [pointer]


def test_every_template_of_every_language_is_found() -> None:
    push = {"title": "t", "text": "x", "data": {"code": "$data.get('promocode')"}}
    found = dict(templates_of(message("mobilepush", languages={"en": push})))
    assert found == {
        "/languages/en/title": "t",
        "/languages/en/text": "x",
        "/languages/en/data/code": "$data.get('promocode')",
    }


@pytest.mark.parametrize(
    ("wanted", "code"),
    [("uk", "uk"), ("UK", "uk"), ("pt-BR", "pt-BR"), ("pt_br", "pt-BR"), ("en-GB", "en"), ("de", "en"), (None, "en")],
)
def test_the_nearest_language_is_taken(wanted: str | None, code: str) -> None:
    texts = dict.fromkeys(("uk", "pt-BR", "en"), MAIL)
    assert language_for(Content(languages=texts, default_language="en"), wanted) == code


def test_texts_come_typed() -> None:
    assert text_in(message().content, "email", "en") == EmailText(subject="Hello", text="$data.get('promocode')")
