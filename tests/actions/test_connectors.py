"""Connectors, channels and sources over a real database: secrets are sealed, and missing names are refused."""

from datetime import datetime
from typing import Any

import pytest

from tearoff.actions import channels, connectors, sources
from tearoff.channels.http_source import ApiKey, Basic, Bearer
from tearoff.domain.channels import ChannelDefinition
from tearoff.domain.connectors import ConnectorDefinition
from tearoff.domain.sources import SourceDefinition
from tearoff.errors import Conflict, Invalid, Misconfigured
from tearoff.store import channels as stored_channels
from tearoff.store import connectors as store
from tearoff.store import sources as stored_sources
from tearoff.store.db import Database
from tearoff.store.secrets import Cipher

CIPHER = Cipher("a key that is long enough")
CRM = ConnectorDefinition(key="crm", kind="basic", settings={"username": "api"}, secrets={"password": "very-secret"})


async def test_a_secret_is_sealed_and_putting_it_again_changes_nothing(
    db: Database, project: int, now: datetime
) -> None:
    async with db.transaction() as tx:
        changes = [
            (await connectors.put(tx, project_id=project, connector=each, cipher=CIPHER, now=now)).change
            for each in (
                CRM,
                CRM,
                ConnectorDefinition(key="crm", kind="basic", settings={"username": "api"}),
                ConnectorDefinition(key="crm", kind="basic", secrets={"password": "other"}),
            )
        ]
        assert changes == ["created", "unchanged", "unchanged", "changed"]
        stored = await store.resolve(tx, project_id=project, reference="crm")
        assert stored.secret is not None
        assert b"other" not in stored.secret
        assert connectors.auth_of(stored, project_id=project, cipher=CIPHER) == Basic("", "other")
        with pytest.raises(Misconfigured):
            connectors.auth_of(stored, project_id=project + 1, cipher=CIPHER)


async def test_each_kind_becomes_its_credentials(db: Database, project: int, now: datetime) -> None:
    wanted: list[tuple[ConnectorDefinition, Any]] = [
        (CRM, Basic("api", "very-secret")),
        (ConnectorDefinition(key="b", kind="bearer", secrets={"token": "t"}), Bearer("t")),
        (
            ConnectorDefinition(
                key="k", kind="apiKey", settings={"name": "X-Key", "place": "query"}, secrets={"value": "v"}
            ),
            ApiKey("X-Key", "v", "query"),
        ),
    ]
    async with db.transaction() as tx:
        for connector, auth in wanted:
            await connectors.put(tx, project_id=project, connector=connector, cipher=CIPHER, now=now)
            stored = await store.resolve(tx, project_id=project, reference=connector.key)
            assert connectors.auth_of(stored, project_id=project, cipher=CIPHER) == auth


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"key": "a b"}, ["/key"]),
        ({"settings": {"user": "x"}}, ["/settings/user"]),
        ({"secrets": None}, ["/secrets/password"]),
        ({"secrets": {"pasword": "x"}}, ["/secrets/password", "/secrets/pasword"]),
        ({"kind": "apiKey", "secrets": {"value": "x"}, "settings": {}}, ["/settings/name"]),
    ],
)
async def test_a_wrong_connector_is_refused_with_every_problem(
    db: Database, project: int, now: datetime, changes: dict[str, Any], pointers: list[str]
) -> None:
    given = {"key": "crm", "kind": "basic", "settings": {"username": "api"}, "secrets": {"password": "x"}} | changes
    async with db.transaction() as tx:
        with pytest.raises(Invalid) as error:
            connector = ConnectorDefinition(**given)
            await connectors.put(tx, project_id=project, connector=connector, cipher=CIPHER, now=now)
    assert [problem.pointer for problem in error.value.problems] == pointers


async def test_a_source_reads_by_its_name_and_names_its_connector(db: Database, project: int, now: datetime) -> None:
    source = SourceDefinition(
        key="write-back",
        name="my source",
        method="POST",
        url="https://example.test/api/v1/contact",
        body='{"value": "$data.get(\'promocode\')"}',
        connector="crm",
    )
    async with db.transaction() as tx:
        with pytest.raises(Invalid, match="no connector 'crm'"):
            await sources.put(tx, project_id=project, source=source, now=now)
        await connectors.put(tx, project_id=project, connector=CRM, cipher=CIPHER, now=now)
        changes = [(await sources.put(tx, project_id=project, source=source, now=now)).change for _ in "ab"]
        assert changes == ["created", "unchanged"]
        stored = await stored_sources.find_by_name(tx, project_id=project, name="my source")
        assert stored is not None
        assert (stored.definition.body, stored.connector_key) == (source.body, "crm")
        crm = await store.resolve(tx, project_id=project, reference="crm")
        with pytest.raises(Conflict):
            await connectors.remove(tx, project_id=project, connector=crm)
        twin = SourceDefinition(key="twin", name="my source", url="https://example.test")
        with pytest.raises(Invalid, match="Another source has the name"):
            await sources.put(tx, project_id=project, source=twin, now=now)


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"url": "ftp://x"}, ["/url"]),
        ({"method": "GET"}, ["/body"]),
        ({"headers": {"bad name": "x"}}, ["/headers/bad name"]),
        ({"body": "$data.get(‘x’)"}, ["/body"]),
        ({"body": "#if(", "url": "https://x/#foreach("}, ["/url", "/body"]),
    ],
)
async def test_a_wrong_source_is_refused_with_every_problem(
    db: Database, project: int, now: datetime, changes: dict[str, Any], pointers: list[str]
) -> None:
    given = {"key": "s", "method": "POST", "url": "https://example.test", "body": "{}"} | changes
    async with db.transaction() as tx:
        with pytest.raises(Invalid) as error:
            await sources.put(tx, project_id=project, source=SourceDefinition(**given), now=now)
    assert list(dict.fromkeys(problem.pointer for problem in error.value.problems)) == pointers


async def test_a_channel_is_checked_by_its_kind_and_keeps_its_secrets(
    db: Database, project: int, now: datetime
) -> None:
    settings = {"host": "mail.example.test", "port": 25, "tls": "none", "username": "me"}
    smtp = ChannelDefinition(key="smtp", kind="email", medium="email", settings=settings, secrets={"password": "p"})
    async with db.transaction() as tx:
        changes = [
            (await channels.put(tx, project_id=project, channel=smtp, cipher=CIPHER, now=now)).change for _ in "ab"
        ]
        assert changes == ["created", "unchanged"]
        stored = await stored_channels.resolve(tx, project_id=project, reference="smtp")
        assert channels.secrets_of(stored, project_id=project, cipher=CIPHER) == {"password": "p"}
        first = await stored_channels.find_first(tx, project_id=project, medium="email")
        assert first == stored
        wrong = ChannelDefinition(key="smtp", kind="email", medium="sms", settings={"hots": "x"})
        with pytest.raises(Invalid) as error:
            await channels.put(tx, project_id=project, channel=wrong, cipher=CIPHER, now=now)
        pointers = [problem.pointer for problem in error.value.problems]
        assert pointers[0] == "/medium"
        assert any(pointer.startswith("/settings/ho") for pointer in pointers)
