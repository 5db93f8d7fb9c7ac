"""Sets up what the program says of itself on stderr: text for people, JSON for machines, one line per event."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

QUIETER = ("apscheduler", "asyncio", "httpcore", "httpx", "mail.log", "sqlalchemy", "alembic")
"""Libraries whose chatter is of no use to an operator; their warnings are."""


LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG)


def configure(verbosity: int, *, as_json: bool = False) -> None:
    """Write the log to stderr from a level on: -1 errors, 0 warnings, 1 what happens, 2 everything."""
    level = LEVELS[max(0, min(verbosity + 1, len(LEVELS) - 1))]
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        *([structlog.stdlib.add_logger_name] if as_json else []),  # a machine filters by it; people read past it
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(as_json=as_json)],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIETER:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _ending(*, as_json: bool) -> list[Any]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(sort_keys=True)]
    colours = sys.stderr.isatty()
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)]
