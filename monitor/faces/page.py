"""The web page beside a daemon's work: it comes up after the first check has begun, and moves where a reload moves it.

Nothing of it is loaded before, and nothing that goes wrong with it keeps the daemon from watching.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.domain.errors import ConfigurationError
from monitor.faces.tally import Tally
from monitor.pipeline.desk import Desk
from monitor.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

logger = logging.getLogger(__name__)

Serving = Callable[["FastAPI", str, int], AbstractAsyncContextManager[str | None]]


class Page:
    """Serves the page in the running loop. Desk and configuration are asked for anew by every request."""

    def __init__(
        self,
        desk_of: Callable[[], Desk],
        settings_of: Callable[[], Settings],
        clock: Callable[[], datetime],
        tally: Tally,
    ) -> None:
        self._parts = desk_of, settings_of, clock, tally
        self._settings_of = settings_of
        self._app: FastAPI | None = None
        self._place: tuple[str, int] | None = None
        self._serving: asyncio.Task[None] | None = None

    async def settle(self) -> None:
        """Serve at the address that the configuration names now; where it is served there already, change nothing."""
        web = self._settings_of().web
        if self._place == (web.host, web.port) and self._serving is not None and not self._serving.done():
            return
        await self.close()
        self._place = web.host, web.port
        self._serving = asyncio.create_task(self._serve(web.host, web.port))

    async def close(self) -> None:
        """Serve no longer; answers in hand are finished."""
        if self._serving is not None:
            self._serving.cancel()
            with suppress(asyncio.CancelledError):
                await self._serving

    async def _serve(self, host: str, port: int) -> None:
        try:
            app, serving = await asyncio.to_thread(self._loaded)
            async with serving(app, host, port) as address:
                if address is None:
                    return  # said by whoever tried
                logger.info("the page is at %s", address)
                await asyncio.Event().wait()
        except ConfigurationError as error:
            logger.error("the page cannot be served: %s", error)  # noqa: TRY400 - the user's mistake, no trace
        except Exception:
            logger.exception("the page cannot be served; going on without it")

    def _loaded(self) -> tuple[FastAPI, Serving]:
        from monitor.faces.web.app import create_app, serving  # noqa: PLC0415 - half a second that no check waits for

        if self._app is None:
            self._app = create_app(*self._parts)
        return self._app, serving
