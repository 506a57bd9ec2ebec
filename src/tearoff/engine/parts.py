"""What the actors work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tearoff.channels.http_source import Sources
from tearoff.channels.net import Http
from tearoff.clock import Clock
from tearoff.config import Settings
from tearoff.engine.open_channels import OpenChannels
from tearoff.engine.versions import Versions
from tearoff.store.db import Database
from tearoff.store.secrets import Cipher


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an actor takes at once, and for how long; batches are in items."""

    run_batch_max: int = 500
    delivery_batch_max: int = 200
    source_batch_max: int = 64
    lease: timedelta = timedelta(seconds=20)
    source_lease: timedelta = timedelta(seconds=150)
    sources_per_run_max: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """The parts of a running engine process; `boot.py` puts it together."""

    db: Database
    clock: Clock
    settings: Settings
    cipher: Cipher
    http: Http
    sources: Sources
    channels: OpenChannels
    versions: Versions
    limits: Limits = Limits()
