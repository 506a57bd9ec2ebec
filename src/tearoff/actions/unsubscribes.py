"""One-click unsubscribing (RFC 8058): a sealed link that names the address, and what following it does."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime

import msgspec

from tearoff.errors import Misconfigured, NotFound
from tearoff.store import suppressions
from tearoff.store.db import Tx
from tearoff.store.secrets import Cipher

CONTEXT = b"unsubscribe"


class Whom(msgspec.Struct, frozen=True, array_like=True):
    """Whose mail a link ends."""

    project_id: int
    kind: str
    value: str


def link(cipher: Cipher, public_url: str, *, project_id: int, kind: str, value: str) -> str:
    """The address to put into List-Unsubscribe; nobody can make one for somebody else."""
    sealed = cipher.seal(msgspec.json.encode(Whom(project_id, kind, value)), CONTEXT)
    return f"{public_url.rstrip('/')}/u/{urlsafe_b64encode(sealed).rstrip(b'=').decode()}"


def read(cipher: Cipher, token: str) -> Whom:
    """Whom a link names; raises NotFound for one that we did not make."""
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return msgspec.json.decode(cipher.open(sealed, CONTEXT), type=Whom)
    except (NotBase64, ValueError, Misconfigured, msgspec.DecodeError):
        raise NotFound("link", token[:20]) from None


async def unsubscribe(tx: Tx, whom: Whom, *, now: datetime) -> None:
    """Never write to the address again; twice is as good as once."""
    await suppressions.add(
        tx, project_id=whom.project_id, kind=whom.kind, value=whom.value, reason="unsubscribed", now=now
    )
