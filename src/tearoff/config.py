"""Settings from the environment; each has a name, a default and a line in docs/reference/settings.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tearoff.errors import Misconfigured


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an operator may set."""

    database_url: str | None = None
    direct_url: str | None = None
    is_prepare_enabled: bool = True
    data_dir: Path | None = None
    secret_key: str | None = None
    public_url: str | None = None
    source_allow: tuple[str, ...] = ()
    log_format: str = "console"

    @property
    def is_bundled(self) -> bool:
        """Whether the bundled PostgreSQL is used."""
        return self.database_url is None


def from_environment(environ: Mapping[str, str] = os.environ, data_dir: Path | None = None) -> Settings:
    """Read `TEAROFF_*`; raises Misconfigured with the name of the variable that is wrong."""
    log_format = environ.get("TEAROFF_LOG_FORMAT", "console")
    if log_format not in ("console", "json"):
        raise Misconfigured("TEAROFF_LOG_FORMAT must be console or json.")
    folder = data_dir or (Path(environ["TEAROFF_DATA_DIR"]) if environ.get("TEAROFF_DATA_DIR") else None)
    return Settings(
        database_url=environ.get("TEAROFF_DATABASE_URL") or None,
        direct_url=environ.get("TEAROFF_DIRECT_URL") or None,
        is_prepare_enabled=environ.get("TEAROFF_DATABASE_PREPARE", "on") != "off",
        data_dir=folder,
        secret_key=environ.get("TEAROFF_SECRET_KEY") or None,
        public_url=environ.get("TEAROFF_PUBLIC_URL") or None,
        source_allow=tuple(part.strip() for part in environ.get("TEAROFF_SOURCE_ALLOW", "").split(",") if part.strip()),
        log_format=log_format,
    )


def default_data_dir(environ: Mapping[str, str] = os.environ, *, is_root: bool = False) -> Path:
    """Where the data lives when nobody said: /var/lib/tearoff for root, else the user's data home."""
    if is_root:
        return Path("/var/lib/tearoff")
    home = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "tearoff"
