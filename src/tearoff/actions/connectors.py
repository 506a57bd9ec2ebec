"""Setting up connectors, and their credentials as a source's call wants them."""

from __future__ import annotations

from datetime import datetime

from tearoff.actions.secrets import open_all, seal_all
from tearoff.channels.http_source import ApiKey, Auth, Basic, Bearer
from tearoff.domain.connectors import SECRETS, Connector, ConnectorDefinition, check
from tearoff.domain.definitions import Put
from tearoff.errors import Conflict, Invalid
from tearoff.store import connectors as store
from tearoff.store.db import Tx
from tearoff.store.secrets import Cipher


async def put(
    tx: Tx, *, project_id: int, connector: ConnectorDefinition, cipher: Cipher, now: datetime, at: str = ""
) -> Put:
    """The connector as it now stands; raises Invalid with every problem."""
    before = await store.find(tx, project_id=project_id, reference=connector.key)
    keeps = before is not None and before.kind == connector.kind
    if problems := check(connector, at, is_new=not keeps):
        raise Invalid(*problems)
    secret = seal_all(
        cipher,
        project_id=project_id,
        kind="connector",
        key=connector.key,
        secrets=connector.secrets,
        before=before.secret if before else None,
    )
    return await store.put(tx, project_id=project_id, connector=connector, secret=secret, now=now)


async def remove(tx: Tx, *, project_id: int, connector: Connector) -> None:
    """Forget a connector that no source uses; raises Conflict for one in use."""
    if not await store.remove(tx, project_id=project_id, connector_id=connector.connector_id):
        raise Conflict(f"The connector {connector.key!r} is used by a source.")


def auth_of(connector: Connector, *, project_id: int, cipher: Cipher) -> Auth:
    """The credentials as a call carries them; raises Misconfigured when they do not open."""
    secrets = open_all(cipher, project_id=project_id, kind="connector", key=connector.key, sealed=connector.secret)
    secret = secrets.get(SECRETS[connector.kind], "")
    match connector.kind:
        case "basic":
            return Basic(str(connector.settings.get("username", "")), secret)
        case "bearer":
            return Bearer(secret)
        case "apiKey":
            return ApiKey(str(connector.settings["name"]), secret, connector.settings.get("place", "header"))
