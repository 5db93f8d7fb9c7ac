"""A web face over a real record: the demo's play on a fake fetcher, a clock that a test sets, the app in-process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from fastapi import FastAPI
from office import SEED, URL, Office
from starlette.testclient import TestClient

from monitor.domain.delivery import DeliveryState
from monitor.domain.errors import DeliveryError
from monitor.faces.demo.scenes import mine_ban
from monitor.faces.web.app import create_app
from monitor.settings import Settings, load_settings

BASE = "http://127.0.0.1:8477"
SCENES = mine_ban()
DEAD = "msg_00000000000000000000dead"
TREATY = 'slug = "mine-ban"\nreference = "XXVI-5"\ntitle = "Mine Ban Convention"\n'
SOURCE = f'[[sources]]\nsource = "untc"\nurl = "{URL}"\n'
SUBSCRIPTION = '[[subscriptions]]\nname = "eastern flank"\ncountries = ["baltic", "PL", "FI"]\nchannels = ["console"]\n'


@dataclass
class Town:
    """One installation, its settings and its web face."""

    office: Office
    settings: Settings
    app: FastAPI

    @classmethod
    def build(cls, folder: Path, monitor: str = "") -> Town:
        """Return an installation that has read nothing yet."""
        for name, text in {
            "monitor": monitor,
            "treaties/mine-ban": TREATY + SOURCE,
            "subscriptions": SUBSCRIPTION,
        }.items():
            file = folder / "config" / f"{name}.toml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        settings = load_settings(folder / "config", folder / "state")
        office = Office(folder / "state", datetime(2025, 3, 18, 9, tzinfo=UTC)).with_(seeds=(SEED,))
        town = cls(office, settings, FastAPI())
        town.app = create_app(lambda: town.office.desk, lambda: town.settings, lambda: town.office.now)
        return town

    def play(self, until: int = len(SCENES)) -> Town:
        """Read the play's pages day by day, and send what they give to send."""
        for number, scene in enumerate(SCENES[:until]):
            self.office.now = datetime.combine(scene.day, time(9), UTC)
            self.office.show(scene.treaty, seed=number)
            self.office.check()
            self.office.deliver()
        return self

    def lose_a_row(self) -> str:
        """Show a page on which a party has vanished; return the id of what is held."""
        treaty = SCENES[-1].treaty
        self.office.later(days=1).show(replace(treaty, rows=treaty.rows[1:]), seed=99)
        self.office.check()
        with self.office.storage.begin() as tx:
            return tx.held()[-1].id

    def fail_a_delivery(self) -> str:
        """Let a delivery fail for good; return its id."""
        with self.office.storage.begin() as tx:
            [first, *_] = tx.deliveries()
            again = {"state": DeliveryState.PENDING, "attempts": (), "next_attempt": self.office.now}
            tx.enqueue([replace(first, id=DEAD, **again)])  # type: ignore[arg-type] # fields of a Delivery
        self.office.mail.failures = [DeliveryError("550 no such mailbox", permanent=True)]
        self.office.deliver()
        return DEAD

    def client(self, host: str = BASE, peer: str = "127.0.0.1") -> TestClient:
        """Return a client of the app; redirects are answers to it."""
        return TestClient(
            self.app, base_url=host, raise_server_exceptions=False, follow_redirects=False, client=(peer, 50000)
        )
