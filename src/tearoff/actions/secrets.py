"""Sealing the secrets of connectors and channels, and opening them where they are used."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tearoff.store.secrets import Cipher, context


def open_all(cipher: Cipher, *, project_id: int, kind: str, key: str, sealed: bytes | None) -> dict[str, str]:
    """The secrets by name of the connector or channel (`kind`) under a key; raises Misconfigured for another cipher."""
    if sealed is None:
        return {}
    return msgspec.json.decode(cipher.open(sealed, context(project_id, kind, key)), type=dict[str, str])


def seal_all(
    cipher: Cipher,
    *,
    project_id: int,
    kind: str,
    key: str,
    secrets: Mapping[str, str] | None,
    before: bytes | None,
) -> bytes | None:
    """What to store: as it was `before` when no secrets are given or they are the same, so that nothing changes."""
    if secrets is None or secrets == open_all(cipher, project_id=project_id, kind=kind, key=key, sealed=before):
        return before
    return cipher.seal(msgspec.json.encode(dict(secrets)), context(project_id, kind, key)) if secrets else None
