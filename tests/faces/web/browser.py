"""A real browser (Debian's Chromium) in a thread of its own, and the app on a real socket for it to visit.

Playwright's loop would stand in the way of every other loop of the thread in which it runs, hence its own.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from monitor.faces.web.app import serving

T = TypeVar("T")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 120.0
expect.set_options(timeout=15_000)  # CI is busy, too
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def found() -> str | None:
    """Return where a browser is, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One browser for all tests; each visit has a window of its own and must end without an error or a foreign host."""

    def __init__(self, program: str) -> None:
        self._thread = ThreadPoolExecutor(1, "browser")
        self._playwright, self._chromium = self._thread.submit(_launched, program).result(PATIENCE)

    def visit(self, base: str, walk: Callable[[Page], T], **options: Any) -> T:
        """Walk through the pages of a service and return what the walk returns."""
        return self._thread.submit(self._visit, base, walk, options).result(PATIENCE)

    def _visit(self, base: str, walk: Callable[[Page], T], options: dict[str, Any]) -> T:
        context = self._chromium.new_context(base_url=base, locale="en-GB", **({"viewport": DESK} | options))
        page = context.new_page()
        page.set_default_timeout(15_000)
        trouble: list[str] = []
        page.on("console", lambda m: trouble.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        context.on("request", lambda asked: _expect(trouble, base, asked.url))
        try:
            result = walk(page)
        finally:
            context.close()
        assert trouble == []
        return result

    def close(self) -> None:
        """End the browser."""
        self._thread.submit(self._chromium.close).result(PATIENCE)
        self._thread.submit(self._playwright.stop).result(PATIENCE)
        self._thread.shutdown()


def _launched(program: str) -> tuple[Playwright, Chromium]:
    playwright = sync_playwright().start()
    return playwright, playwright.chromium.launch(executable_path=program, args=FLAGS)


def _expect(trouble: list[str], base: str, url: str) -> None:
    if urlsplit(url).netloc != urlsplit(base).netloc:
        trouble.append(f"another host was asked: {url}")


def findings(page: Page) -> list[str]:
    """Return what axe-core finds on the page that is open, one line each."""
    response = Axe().run(page).response
    return [
        f"{v['impact']} {v['id']}: {v['help']}; {[n['html'][:160] for n in v['nodes'][:3]]}"
        for v in response["violations"]
    ]


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an app from a thread while the block lasts; yield its address, without a slash at the end."""
    told: Future[str] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with serving(app, "127.0.0.1", 0) as address:
            told.set_result((address or "").rstrip("/"))
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="served")
    thread.start()
    try:
        yield told.result(PATIENCE)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        loop.close()
