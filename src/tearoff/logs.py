"""Structured logs: one change of state, one event, in the past tense. A code is never written out."""

from __future__ import annotations

import logging
import re
import sys

import structlog

VALUES = re.compile(r"^(?:DETAIL|CONTEXT|QUERY|LINE \d+): .*?(?=^\s*$|\Z)", re.M | re.S)
"""What PostgreSQL says beside its error: it quotes the values of the row or of the document."""


def configure(log_format: str = "console", level: int = logging.INFO) -> None:
    """Send logs to standard error, as lines for people (`console`) or one JSON object each (`json`)."""
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_values,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def without_values(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The event without the values that a database error quotes: one of them may be a code."""
    return {name: VALUES.sub("", value) if isinstance(value, str) else value for name, value in event.items()}


def get_logger(actor: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose events carry the name of the actor."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(actor=actor)
    return logger


def masked(code: str) -> str:
    """A code as it may be shown: the first four and the last two characters of long ones, less of short ones."""
    if len(code) <= 4:
        return "…"
    if len(code) <= 8:
        return f"{code[:2]}…"
    return f"{code[:4]}…{code[-2:]}"
