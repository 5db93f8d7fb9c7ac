"""Sets up what the program says of itself on stderr: text for people, JSON for machines, one line per event."""

from __future__ import annotations

import logging
import sys
from typing import Any

QUIETER = ("alembic", "apscheduler", "asyncio", "httpcore", "httpx", "mail.log", "sqlalchemy", "uvicorn")
"""Libraries whose chatter is of no use to an operator; their warnings are."""


LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG)


def configure(verbosity: int, *, as_json: bool = False) -> None:
    """Write the log to stderr from a level on: -1 errors, 0 warnings, 1 what happens, 2 everything."""
    level = LEVELS[max(0, min(verbosity + 1, len(LEVELS) - 1))]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FromTheFirstLine(as_json=as_json))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIETER:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


class _FromTheFirstLine(logging.Formatter):
    """Formats by structlog, loaded with the first line: most commands have nothing to log."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json
        self._inner: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        self._inner = self._inner or _structured(as_json=self._as_json)
        return self._inner.format(record)


def _structlog() -> Any:
    """Return the library, loaded without rich, of which it would make coloured traces: half of what it takes."""
    modules: dict[str, Any] = sys.modules
    alone = modules.setdefault("rich", None) is None  # to Python, this is a module that cannot be had
    try:
        import structlog  # noqa: PLC0415 - see above
    finally:
        if alone:
            del modules["rich"]
    return structlog


def _structured(*, as_json: bool) -> logging.Formatter:
    structlog = _structlog()
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        *([structlog.stdlib.add_logger_name] if as_json else []),  # a machine filters by it; people read past it
    ]
    if as_json:
        ending: list[Any] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(sort_keys=True)]
    else:
        plain = structlog.dev.plain_traceback
        ending = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    written: logging.Formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending]
    )
    return written
