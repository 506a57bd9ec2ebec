"""Project files as plain data: every problem with its file and place; files and environment are handed in."""

from typing import Any

import pytest

from tearoff.domain.pools import PoolDefinition
from tearoff.domain.project_files import RawFile, lean, parse, reference
from tearoff.errors import Invalid


def read(name: str) -> str:
    if name != "mail.html":
        raise FileNotFoundError(2, "No such file or directory")
    return "<p>$data.get('promocode')</p>"


def file(data: Any, name: str = "a.yaml") -> RawFile:
    return RawFile(name, data, read)


def pointers(*files: RawFile) -> list[str]:
    with pytest.raises(Invalid) as error:
        parse(files, {})
    return [problem.pointer for problem in error.value.problems]


def test_several_files_make_one_plan() -> None:
    plan = parse([file({"pools": [{"key": "a"}]}), file({"pools": [{"key": "b"}], "project": {}}, "b.yaml")], {})
    assert [(item.at, item.definition.key) for item in plan.items["pools"]] == [
        ("a.yaml:/pools/0", "a"),
        ("b.yaml:/pools/0", "b"),
    ]
    assert plan.project is not None


def test_every_problem_of_every_file_comes_at_once() -> None:
    first = file({"pool": [], "pools": [{"key": "a", "stat": "x"}, {"key": "b"}], "fields": {"key": "x"}})
    second = file({"pools": [{"key": "b"}], "workflows": [{"key": "w"}]}, "b.yaml")
    assert pointers(first, second) == [
        "a.yaml:/pool",
        "a.yaml:/pools/0/stat",
        "a.yaml:/fields",
        "b.yaml:/workflows/0/blocks",
        "b.yaml:/pools/0/key",
    ]
    assert pointers(file([])) == ["a.yaml:"]
    assert pointers(file({"project": {}}), file({"project": {}}, "b.yaml")) == ["b.yaml:/project"]


def test_the_text_of_a_message_may_stand_in_a_file_of_its_own() -> None:
    def message(name: str) -> RawFile:
        texts = {"en": {"subject": "Hi", "htmlFile": name}}
        return file({"messages": [{"key": "m", "medium": "email", "languages": texts}]})

    [item] = parse([message("mail.html")], {}).items["messages"]
    assert item.definition.languages["en"] == {"subject": "Hi", "html": "<p>$data.get('promocode')</p>"}
    assert pointers(message("gone.html")) == ["a.yaml:/messages/0/languages/en/htmlFile"]


def test_secrets_come_from_the_environment() -> None:
    entry = {"key": "crm", "kind": "bearer", "secrets": {"token": "Bearer-${env:TOKEN}"}}
    [item] = parse([file({"connectors": [entry]})], {"TOKEN": "t0"}).items["connectors"]
    assert item.definition.secrets == {"token": "Bearer-t0"}
    assert pointers(file({"connectors": [entry]})) == ["a.yaml:/connectors/0/secrets/token"]


def test_parameters_of_workflows_are_no_environment() -> None:
    blocks = {"who": {"email": "${env:EMAIL}"}}
    [item] = parse([file({"workflows": [{"key": "w", "blocks": blocks}]})], {"EMAIL": "x"}).items["workflows"]
    assert item.definition.blocks == blocks


def test_fields_of_two_sections_may_share_a_key() -> None:
    fields = [{"key": "CODE", "section": "A"}, {"key": "CODE", "section": "B"}]
    assert len(parse([file({"fields": fields})], {}).items["fields"]) == 2


def test_a_reference_is_a_name_that_a_shell_takes() -> None:
    assert reference("connector", "my-crm.1", "serviceAccount") == "${env:CONNECTOR_MY_CRM_1_SERVICEACCOUNT}"


def test_what_is_so_by_default_is_left_out() -> None:
    assert lean(PoolDefinition(key="a", state="draft")) == {"key": "a", "state": "draft"}
