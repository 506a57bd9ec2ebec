"""Channels with their connections, open as long as their settings stay as they are."""

from __future__ import annotations

from collections.abc import Iterable

from tearoff.actions import secrets
from tearoff.channels import registry
from tearoff.channels.contract import Channel
from tearoff.channels.net import Http
from tearoff.clock import Clock
from tearoff.domain.channels import Channel as Definition
from tearoff.store import channels as store
from tearoff.store.db import Tx
from tearoff.store.secrets import Cipher


class OpenChannels:
    """Opens a project's channels and keeps them until their settings or secrets change."""

    def __init__(self, *, cipher: Cipher, http: Http, clock: Clock) -> None:
        self._cipher, self._http, self._clock = cipher, http, clock
        self._open: dict[tuple[int, int], tuple[Definition, Channel]] = {}

    async def find(self, tx: Tx, *, project_id: int, channel_ids: Iterable[int]) -> dict[int, Channel]:
        """The open channels under these ids; raises NotFound or Invalid for one that cannot be opened."""
        found: dict[int, Channel] = {}
        for channel_id in sorted(set(channel_ids)):
            definition = await store.resolve(tx, project_id=project_id, reference=channel_id)
            kept = self._open.get((project_id, channel_id))
            if kept is None or kept[0] != definition:
                channel = self._opened(project_id, definition)
                if kept is not None:
                    await kept[1].close()
                kept = self._open[(project_id, channel_id)] = (definition, channel)
            found[channel_id] = kept[1]
        return found

    async def close(self) -> None:
        """Close every connection."""
        while self._open:
            _, (_, channel) = self._open.popitem()
            await channel.close()

    def _opened(self, project_id: int, definition: Definition) -> Channel:
        opened = secrets.open_all(
            self._cipher, project_id=project_id, kind="channel", key=definition.key, sealed=definition.secret
        )
        return registry.open(definition.kind, definition.settings, opened, http=self._http, clock=self._clock)
