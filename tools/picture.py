"""Makes the pictures of the web face in `docs/pictures/` from the demo's play: overview, treaty, change; day and night.

    make pictures      needs Chromium (apt-get install chromium)

Nothing of it is a depositary's page: the replica writes both treaties, in the project's own words.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, async_playwright

from monitor import bootstrap
from monitor.faces.demo.depositary import Depositary
from monitor.faces.demo.replica import MINE_BAN_COLUMNS, Cell, ReplicaRow, ReplicaTreaty, write_page
from monitor.faces.demo.scenes import mine_ban
from monitor.faces.web.app import create_app, serving
from monitor.pipeline import outbox, rounds
from monitor.settings import Settings, load_settings

TARGET = Path(__file__).parent.parent / "docs" / "pictures"
UNTIL = date(2025, 10, 15)
"""The day on which the pictures are taken: five notices are pending, none has taken effect."""
SIZE = {"width": 1180, "height": 820}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]

MONITOR = '[network]\nallow = ["127.0.0.1/32"]\npause = "0s"\n'
SUBSCRIPTION = '[[subscriptions]]\nname = "the desk"\ncountries = {countries}\nchannels = ["console"]\n'
WATCHED = ["BE", "CZ", "DK", "EE", "FI", "LV", "LT", "NO", "PL", "SK", "SE"]

CLUSTER = """\
Belgium | 2008-12-03 | 2009-12-22
Czech Republic | 2008-12-03 | 2011-09-22
Denmark | 2008-12-03 | 2010-02-12
France | 2008-12-03 | 2009-09-25
Germany | 2008-12-03 | 2009-07-08
Ireland | 2008-12-03 | 2008-12-03
Japan | 2008-12-03 | 2009-07-14 A
Lithuania | 2008-12-03 | 2011-03-24
Norway | 2008-12-03 | 2008-12-03
Slovakia | | 2015-07-24 a
Sweden | 2008-12-03 | 2012-04-23
"""
LEFT = (
    "On 6 September 2024, the Government of Lithuania notified the Secretary-General of its withdrawal from the "
    "Convention (depositary notification <a href='/doc/Publication/CN/2024/CN.347.2024-Eng.pdf'>C.N.347.2024</a>"
    ".TREATIES-XXVI-6). This withdrawal took effect on 6 March 2025, in accordance with article 20 (3)."
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, and the page."""

    name: str
    path: str


def cluster_munitions() -> ReplicaTreaty:
    """Return a second treaty, in which Lithuania has left already."""
    rows = (_row(*(part.strip() for part in line.split("|"))) for line in CLUSTER.splitlines())
    return ReplicaTreaty(
        reference="XXVI-6",
        title="Convention on Cluster Munitions",
        chapter_name="DISARMAMENT",
        place_and_date="Dublin, 30 May 2008",
        in_force="1 August 2010, by article 17 (1).",
        columns=MINE_BAN_COLUMNS,
        rows=tuple(rows),
    )


def _row(name: str, signed: str, consented: str) -> ReplicaRow:
    day, _, code = consented.partition(" ")
    cells = Cell(date.fromisoformat(signed)) if signed else None, Cell(date.fromisoformat(day), code)
    row = ReplicaRow(name, cells, (LEFT,) if name == "Lithuania" else ())
    return row.bracketed() if name == "Lithuania" else row


def configuration(folder: Path, depositary: Depositary) -> Settings:
    """Return the settings of an installation that watches both treaties."""
    files = {"monitor": MONITOR, "subscriptions": SUBSCRIPTION.format(countries=WATCHED)}
    for treaty in (mine_ban()[0].treaty, cluster_munitions()):
        source = f'[[sources]]\nsource = "untc"\nurl = "{depositary.address(treaty.path)}"\n'
        files[f"treaties/{treaty.reference}"] = f'reference = "{treaty.reference}"\n{source}'
    for name, text in files.items():
        file = folder / "config" / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return load_settings(folder / "config", folder / "state")


async def play_and_shoot(settings: Settings, depositary: Depositary) -> None:
    """Play the play until the day of the pictures, and take them."""
    with (settings.state_dir.parent / "said").open("w") as said:
        async with bootstrap.build(settings, patient=False, stream=said) as desk:
            now = datetime.now(UTC)
            for number, scene in enumerate(s for s in mine_ban() if s.day <= UNTIL):
                now = datetime.combine(scene.day, time(9), UTC)
                for treaty in (scene.treaty, cluster_munitions()):
                    depositary.show(treaty.reference, write_page(treaty, now, seed=number))
                    watched = desk.watched((treaty.reference,))
                    await rounds.check_round(desk, watched, lambda: now, lambda _: None)  # noqa: B023 - called at once
                await outbox.deliver_due(desk, lambda: now)  # noqa: B023 - same
            with desk.storage.begin(read_only=True) as tx:
                poland = tx.changes(participant="PL")[0].id
            shots = (
                Shot("overview", "/"),
                Shot("treaty", "/treaties/mine-ban"),
                Shot("change", f"/changes/{poland}"),
            )
            app = create_app(lambda: desk, lambda: settings, lambda: now)
            async with serving(app, "127.0.0.1", 0) as address:
                await _shoot((address or "").rstrip("/"), shots)


async def _shoot(base: str, shots: tuple[Shot, ...]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for scheme in ("light", "dark"):
            await _in_scheme(browser, base, shots, scheme)
        await browser.close()


async def _in_scheme(browser: Browser, base: str, shots: tuple[Shot, ...], scheme: str) -> None:
    context = await browser.new_context(
        base_url=base,
        viewport=SIZE,  # type: ignore[arg-type] # a dict of its two keys
        color_scheme=scheme,  # type: ignore[arg-type] # "light" or "dark"
        locale="en-GB",
        timezone_id="Europe/Warsaw",
    )
    for shot in shots:
        page = await context.new_page()
        await page.goto(shot.path, wait_until="networkidle")
        await page.screenshot(path=TARGET / f"{shot.name}-{scheme}.png")
        await page.close()
    await context.close()


def main() -> int:
    """Make all pictures."""
    if not shutil.which("chromium"):
        sys.stderr.write("no browser: apt-get install chromium\n")
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        depositary = stack.enter_context(Depositary())
        folder = Path(stack.enter_context(TemporaryDirectory()))
        asyncio.run(play_and_shoot(configuration(folder, depositary), depositary))
    return 0


if __name__ == "__main__":
    sys.exit(main())
