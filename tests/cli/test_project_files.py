"""`tearoff apply` and `tearoff export`: all or nothing, twice is once, and what is exported makes the same project."""

from datetime import datetime
from pathlib import Path

import pytest

from tearoff.cli.project_files import apply_files, export_text, sentences
from tearoff.domain import project_yaml
from tearoff.errors import Invalid, Misconfigured
from tearoff.store import fields, messages, projects, workflows
from tearoff.store import pools as stored_pools
from tearoff.store.db import Database
from tearoff.store.secrets import Cipher

CIPHER = Cipher("a key that is long enough")
ENVIRON = {"CRM_PASSWORD": "very-secret", "CONNECTOR_CRM_PASSWORD": "very-secret", "CHANNEL_SMTP_PASSWORD": "p"}
PROJECT = """
project: {timeZone: Europe/Kyiv, sender: Shop <shop@example.test>}
fields:
  - {key: PROMOCODE, name: Promo code}
  - {key: LEVEL, type: COMBOBOX, allowed: [gold, silver]}
pools:
  - {key: birthday, description: Birthday gifts}
eventTypes:
  - {key: birthday, name: A birthday, params: [{name: EmailAddress, required: true}]}
connectors:
  - {key: crm, kind: basic, settings: {username: api}, secrets: {password: "${env:CRM_PASSWORD}"}}
channels:
  - key: smtp
    kind: email
    medium: email
    settings: {host: mail.example.test, port: 25, tls: none, username: me}
    secrets: {password: p}
sources:
  - key: write-back
    name: my source
    method: POST
    url: https://crm.example.test/api/v1/contact
    connector: crm
    body: |
      {"channels": [{"type": "email", "value": "$data.get('EmailAddress')"}],
       "fields": [{"id": "1", "value": "$data.get('promocode')"}]}
messages:
  - key: birthday
    medium: email
    channel: smtp
    languages:
      uk: {subject: "З днем народження", htmlFile: mail.html}
      "no": {subject: Gratulerer, text: "$!data.get('promocode')"}
workflows:
  - key: birthday
    active: true
    blocks:
      start: {kind: start, eventType: birthday, exits: {next: code}, ui: {x: 1, y: 2}}
      code:
        kind: getPromoCode
        days: 10
        type: birthday
        saveToField: PROMOCODE
        exits: {found: mail}
      mail: {kind: message, message: birthday, email: "${EmailAddress}", exits: {next: end}}
      end: {kind: end}
  - {key: idea, blocks: {start: {kind: start, eventType: nameday, exits: {next: end}}, end: {kind: end}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mail.html").write_text("<p>$!data.get('promocode')</p>\n<p>Вітаємо</p>\n")
    (tmp_path / "project.yaml").write_text(PROJECT)
    return tmp_path


async def name_of(db: Database, project: int) -> str:
    async with db.transaction() as tx:
        return (await projects.get(tx, project_id=project)).name


async def apply(db: Database, project: int, *files: Path, now: datetime, is_dry: bool = False) -> list[str]:
    name = await name_of(db, project)
    lines = await apply_files(db, files, project=name, cipher=CIPHER, environ=ENVIRON, now=now, is_dry=is_dry)
    return [f"{line.change} {line.noun} {line.key}" for line in lines]


async def test_a_project_is_made_from_its_files_and_a_second_time_changes_nothing(
    db: Database, project: int, now: datetime, folder: Path
) -> None:
    first = await apply(db, project, folder / "project.yaml", now=now)
    assert first == [
        "changed project settings",
        "created field PROMOCODE",
        "created field LEVEL",
        "created pool birthday",
        "created event type birthday",
        "created connector crm",
        "created channel smtp",
        "created source write-back",
        "created message birthday",
        "created workflow birthday",
        "created workflow idea",
    ]
    second = await apply(db, project, folder / "project.yaml", now=now)
    assert {line.split()[0] for line in second} == {"unchanged"}
    assert len(second) == len(first)
    async with db.transaction() as tx:
        live = await workflows.list_active(tx, project_id=project, event_type_keys=["birthday", "nameday"])
        assert [(each.event_type_key, each.version) for each in live] == [("birthday", 1)]
        message = await messages.resolve(tx, project_id=project, reference="birthday")
        assert "Вітаємо" in message.content.languages["uk"]["html"]
        assert message.content.default_language == "uk"


async def test_an_edit_changes_just_that(db: Database, project: int, now: datetime, folder: Path) -> None:
    await apply(db, project, folder / "project.yaml", now=now)
    (folder / "mail.html").write_text("<p>$!data.get('promocode')</p>")
    edited = PROJECT.replace("days: 10", "days: 5").replace("[gold, silver]", "[gold]")
    (folder / "project.yaml").write_text(edited)
    lines = await apply(db, project, folder / "project.yaml", now=now)
    assert [line for line in lines if not line.startswith("unchanged")] == [
        "changed field LEVEL",
        "changed message birthday",
        "changed workflow birthday",
    ]
    (folder / "project.yaml").write_text(edited.replace("active: true", "active: false"))
    lines = await apply(db, project, folder / "project.yaml", now=now)
    assert [line for line in lines if not line.startswith("unchanged")] == ["changed workflow birthday"]


async def test_a_dry_run_tells_and_keeps_nothing(db: Database, project: int, now: datetime, folder: Path) -> None:
    told = await apply(db, project, folder / "project.yaml", now=now, is_dry=True)
    assert told[1:] and all(line.startswith("created") for line in told[1:])
    async with db.transaction() as tx:
        assert await stored_pools.list_page(tx, project_id=project) == []
    assert await apply(db, project, folder / "project.yaml", now=now) == told


async def test_all_problems_come_with_file_and_place_and_nothing_is_kept(
    db: Database, project: int, now: datetime, folder: Path
) -> None:
    wrong = (
        PROJECT.replace("$!data.get('promocode')", "$!data.get(‘promocode’)")
        .replace("type: birthday", "type: xmas")
        .replace("connector: crm", "connector: gone")
        .replace("Europe/Kyiv", "Europe/Nowhere")
    )
    (folder / "wrong.yaml").write_text(wrong)
    with pytest.raises(Invalid) as error:
        await apply(db, project, folder / "wrong.yaml", now=now)
    at = f"{folder / 'wrong.yaml'}:"
    assert [problem.pointer for problem in error.value.problems] == [
        f"{at}/project/timeZone",
        f"{at}/sources/0/connector",
        f"{at}/messages/0/languages/no/text",
        f"{at}/workflows/0/blocks/code/type",
    ]
    assert "write $!data.get('promocode')" in sentences(error.value.problems)[2]
    async with db.transaction() as tx:
        assert await stored_pools.list_page(tx, project_id=project) == []


async def test_files_that_cannot_be_read_are_all_named(db: Database, project: int, now: datetime, folder: Path) -> None:
    (folder / "torn.yaml").write_text("pools: [")
    with pytest.raises(Invalid) as error:
        await apply(db, project, folder / "torn.yaml", folder / "gone.yaml", now=now)
    assert [problem.pointer for problem in error.value.problems] == [
        f"{folder / 'torn.yaml'}:",
        f"{folder / 'gone.yaml'}:",
    ]


async def test_what_is_exported_makes_the_same_project_again(
    db: Database, project: int, now: datetime, folder: Path, tmp_path: Path
) -> None:
    await apply(db, project, folder / "project.yaml", now=now)
    text = await export_text(db, project=await name_of(db, project), cipher=CIPHER)
    assert "very-secret" not in text
    assert "password: ${env:CONNECTOR_CRM_PASSWORD}" in text
    exported = tmp_path / "exported.yaml"
    exported.write_text(text)
    assert {line.split()[0] for line in await apply(db, project, exported, now=now)} == {"unchanged"}
    async with db.transaction() as tx:
        fresh = await projects.add(tx, name=f"copy of {project}", time_zone="UTC", now=now)
    assert fresh is not None
    await apply(db, fresh, exported, now=now)
    assert await export_text(db, project=f"copy of {project}", cipher=CIPHER) == text


async def test_an_unknown_project_is_named(db: Database, folder: Path, now: datetime) -> None:
    with pytest.raises(Misconfigured, match="no project 'nobody'"):
        await apply_files(db, [folder / "project.yaml"], project="nobody", cipher=CIPHER, environ=ENVIRON, now=now)


async def test_ids_in_workflows_are_exported_as_keys(db: Database, project: int, now: datetime, folder: Path) -> None:
    await apply(db, project, folder / "project.yaml", now=now)
    async with db.transaction() as tx:
        message = await messages.resolve(tx, project_id=project, reference="birthday")
        [level] = (await fields.find(tx, project_id=project, refs=["LEVEL"])).values()
        blocks = {
            "code": {"kind": "getPromoCode", "saveToField": level.field_id, "exits": {"found": "mail"}},
            "mail": {"kind": "message", "message": message.message_id, "exits": {"next": "end"}},
        }
        await workflows.put(tx, project_id=project, key="ids", name="", draft={"blocks": blocks}, now=now)
    text = await export_text(db, project=await name_of(db, project), cipher=CIPHER)
    [entry] = [each for each in project_yaml.load(text, "")["workflows"] if each["key"] == "ids"]
    assert entry["blocks"]["code"]["saveToField"] == "PERSONAL.LEVEL"
    assert entry["blocks"]["mail"]["message"] == "birthday"
