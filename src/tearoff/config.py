"""Settings from the environment; each has a name, a default and a line in docs/reference/settings.md."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from tearoff.errors import Misconfigured

OWNER_EMAIL = "owner@localhost"

TEMPLATE_LIMITS = {
    "TEAROFF_TEMPLATE_BYTES_MAX": ("template_bytes_max", 10_000_000),
    "TEAROFF_TEMPLATE_OUTPUT_BYTES_MAX": ("output_bytes_max", 100_000_000),
    "TEAROFF_TEMPLATE_STEPS_MAX": ("steps_max", 1_000_000_000),
    "TEAROFF_TEMPLATE_TOKENS_MAX": ("tokens_max", 1_000_000),
    "TEAROFF_TEMPLATE_NESTING_MAX": ("nesting_max", 64),
    "TEAROFF_TEMPLATE_MACRO_DEPTH_MAX": ("macro_depth_max", 64),
    "TEAROFF_TEMPLATE_PARSE_DEPTH_MAX": ("parse_depth_max", 64),
    "TEAROFF_TEMPLATE_EVALUATIONS_MAX": ("evaluations_max", 10_000),
    "TEAROFF_TEMPLATE_RANGE_MAX": ("range_max", 10_000_000),
    "TEAROFF_TEMPLATE_STRING_MAX": ("string_max", 100_000_000),
    "TEAROFF_TEMPLATE_MEMORY_MAX": ("memory_max", 1_000_000_000),
    "TEAROFF_TEMPLATE_DIGITS_MAX": ("digits_max", 4_000),
    "TEAROFF_TEMPLATE_REGEX_SECONDS_MAX": ("regex_seconds_max", 10),
    "TEAROFF_TEMPLATE_RENDER_SECONDS_MAX": ("render_seconds_max", 15),
}
"""Each limit of a template's render: its setting, its name, and the most that it may be set to."""

KEPT_DAYS = {
    "keys": 8,
    "bodies": 30,
    "steps": 180,
    "answers": 120,
    "notices": 90,
    "samples": 400,
    "refusals": 400,
    "guesses": 7,
    "problems": 400,
    "problem_events": 400,
    "rejects": 90,
    "previews": 90,
    "audit": 1100,
}
"""For how many days each kind is kept that the pruner forgets."""
KEPT_DAYS_MIN = {"keys": 8, "samples": 8}
"""What is told for a week must be kept so long: answers to repeated keys, and the stock that forecasts look at."""
KEPT_DAYS_MAX = 36_500


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
    template_limits: dict[str, float] = {}
    kept_days: dict[str, int] = msgspec.field(default_factory=KEPT_DAYS.copy)
    owner_email: str = OWNER_EMAIL
    session_idle: timedelta = timedelta(hours=12)
    session_whole: timedelta = timedelta(days=14)

    @property
    def is_bundled(self) -> bool:
        """Whether the bundled PostgreSQL is used."""
        return self.database_url is None


def _is_prepare_enabled(environ: Mapping[str, str]) -> bool:
    """Whether queries are prepared; who names a way past a pooler has one, and few poolers keep prepared statements."""
    said = environ.get("TEAROFF_DATABASE_PREPARE") or ("off" if environ.get("TEAROFF_DIRECT_URL") else "on")
    if said not in ("on", "off"):
        raise Misconfigured("TEAROFF_DATABASE_PREPARE must be on or off.")
    return said == "on"


def from_environment(environ: Mapping[str, str] = os.environ, data_dir: Path | None = None) -> Settings:
    """Read `TEAROFF_*`; raises Misconfigured with the name of the variable that is wrong."""
    log_format = environ.get("TEAROFF_LOG_FORMAT", "console")
    if log_format not in ("console", "json"):
        raise Misconfigured("TEAROFF_LOG_FORMAT must be console or json.")
    folder = data_dir or (Path(environ["TEAROFF_DATA_DIR"]) if environ.get("TEAROFF_DATA_DIR") else None)
    return Settings(
        database_url=environ.get("TEAROFF_DATABASE_URL") or None,
        direct_url=environ.get("TEAROFF_DIRECT_URL") or None,
        is_prepare_enabled=_is_prepare_enabled(environ),
        data_dir=folder,
        secret_key=environ.get("TEAROFF_SECRET_KEY") or None,
        public_url=environ.get("TEAROFF_PUBLIC_URL") or None,
        source_allow=tuple(part.strip() for part in environ.get("TEAROFF_SOURCE_ALLOW", "").split(",") if part.strip()),
        log_format=log_format,
        template_limits=dict(_template_limits(environ)),
        kept_days=_kept_days(environ.get("TEAROFF_KEEP_DAYS", "")),
        owner_email=environ.get("TEAROFF_OWNER_EMAIL") or OWNER_EMAIL,
        session_idle=timedelta(hours=_whole(environ, "TEAROFF_SESSION_IDLE_HOURS", 12, 24 * 365)),
        session_whole=timedelta(days=_whole(environ, "TEAROFF_SESSION_DAYS", 14, 365)),
    )


def _kept_days(text: str) -> dict[str, int]:
    """The days of every kind, with those that `audit=3650, steps=30` changes; 0 is for ever."""
    days = dict(KEPT_DAYS)
    for part in filter(None, (each.strip() for each in text.split(","))):
        kind, _, amount = (each.strip() for each in part.partition("="))
        least = KEPT_DAYS_MIN.get(kind, 1)
        if kind not in days or not amount.isdecimal() or not (amount == "0" or least <= int(amount) <= KEPT_DAYS_MAX):
            kinds = ", ".join(days)
            raise Misconfigured(
                f"TEAROFF_KEEP_DAYS: {part!r} is none of the kinds {kinds} with a number of days, such as audit=3650; "
                f"0 is for ever, {kind or 'a kind'} is kept for {least} days at least."
            )
        days[kind] = int(amount)
    return days


def _whole(environ: Mapping[str, str], name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`."""
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise Misconfigured(f"{name} must be a whole number from 1 to {most}.")
    return int(text)


def _template_limits(environ: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """The limits that are set, by name; seconds may be fractions, all others are whole numbers."""
    for variable, (name, most) in TEMPLATE_LIMITS.items():
        if text := environ.get(variable):
            is_seconds = "SECONDS" in variable
            try:
                value = float(text) if is_seconds else int(text)
            except ValueError:
                value = 0
            if not 0 < value <= most:
                raise Misconfigured(f"{variable} must be a {'' if is_seconds else 'whole '}number up to {most}.")
            yield name, value


def default_data_dir(environ: Mapping[str, str] = os.environ, *, is_root: bool = False) -> Path:
    """Where the data lives when nobody said: /var/lib/tearoff for root, else the user's data home."""
    if is_root:
        return Path("/var/lib/tearoff")
    home = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "tearoff"
