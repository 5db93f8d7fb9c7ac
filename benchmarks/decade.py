"""An installation of 500 treaties after ten years: read once by the real pipeline, then changed at the usual rate.

The first reading of every page is that of the program itself. What follows is compared, recorded and stored by its own
functions, from readings made here: a page written and read for each of 5,500 changes would take ten minutes more.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path

from pages import reference, treaty
from simulated import Depositary

from monitor import bootstrap
from monitor.domain.action import CONSENT, ActionKind, TreatyAction
from monitor.domain.change import RecordedChange
from monitor.domain.compare import compare
from monitor.domain.delivery import Attempt, Delivery, DeliveryState, Outcome
from monitor.domain.participation import Participation
from monitor.domain.snapshot import Snapshot
from monitor.domain.standing import complete
from monitor.domain.treaty import Treaty, WatchedSource
from monitor.pipeline.desk import Desk
from monitor.pipeline.ledger import Entry, publish
from monitor.pipeline.lookahead import look_ahead
from monitor.pipeline.notify import as_text, told
from monitor.pipeline.rounds import check_batch
from monitor.settings import Settings, load_settings
from monitor.settings.shipped import starter_files
from monitor.storage.interface import Condition

YEARS = 10
BEGIN = datetime(2026, 2, 3, 9, tzinfo=UTC)
NOW = BEGIN.replace(year=BEGIN.year + YEARS)
PER_YEAR = 1.1
"""Changes of one treaty in a year: nine treaties had 28 differing readings in 34 months."""
LEAVING = 10
"""One act in so many is a notice of withdrawal."""
DELIVERIES = 10_000
SUBSCRIPTIONS = """\
[[subscriptions]]
name = "eastern flank"
countries = ["baltic", "PL", "FI"]
channels = ["console"]
reminders = [90, 30, 7, 1, 0]

[[subscriptions]]
name = "everyone who leaves"
kinds = ["withdrawal_notified", "withdrawal_retracted", "withdrawal_effective"]
channels = ["console"]
reminders = [30]

[[subscriptions]]
name = "everything, once a week"
channels = ["console"]
digest = "weekly"
"""
RULES = """\
[rules]
withdrawal = { article = "51", period = "1 year" }
entry = { article = "49", period = "6 months" }
"""


def configured(place: Path, treaties: int) -> Settings:
    """Write the configuration of an installation that watches so many treaties of the suite; return it."""
    config, state = place / "config", place / "state"
    (config / "treaties").mkdir(parents=True, exist_ok=True)
    (config / "monitor.toml").write_text('contact = "bench@example.org"\n', encoding="utf-8")
    (config / "subscriptions.toml").write_text(SUBSCRIPTIONS, encoding="utf-8")
    for page in range(treaties):
        number = reference(page)
        source = f'[[sources]]\nsource = "untc"\nurl = "https://depositary.example/{number}"\n'
        text = f'reference = "{number}"\ntitle = "Convention number {number}"\n{source}{RULES}'
        (config / "treaties" / f"{number}.toml").write_text(text, encoding="utf-8")
    for name, text in starter_files().items():
        if name.startswith("state/"):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
    return load_settings(config, state)


@contextmanager
def after_ten_years(place: Path, treaties: int) -> Iterator[tuple[Desk, Settings]]:
    """Yield the desk and the configuration of such an installation; a folder that has one already is taken as it is."""
    settings = configured(place, treaties)
    with bootstrap.record(settings) as desk:
        with desk.storage.begin() as tx:
            made = tx.tally()
        if not made:
            _watch(desk)
        yield desk, settings


def _watch(desk: Desk) -> None:
    """Read every page, then let ten years pass."""
    depositary = Depositary(lambda: BEGIN)
    depositary.treaties = {t.reference: treaty(n, BEGIN.date()) for n, t in enumerate(desk.treaties)}
    reading = replace(desk, fetcher=depositary, subscriptions=())
    asyncio.run(check_batch(reading, desk.watched(), lambda: BEGIN, lambda _: None))
    chance = random.Random(1)  # noqa: S311 - material, no secret
    changes = [change for t, source in desk.watched() for change in _live(reading, t, source, chance)]
    with desk.storage.begin() as tx:
        tx.enqueue(islice(_deliveries(changes), DELIVERIES))


def _live(desk: Desk, watched: Treaty, source: WatchedSource, chance: random.Random) -> list[RecordedChange]:
    """Let one treaty live through the years: an act each time, and the effects that days have brought meanwhile."""
    found: list[RecordedChange] = []
    with desk.storage.begin() as tx:
        known = tx.latest(watched.reference, source.key)
        state = tx.source(watched.reference, source.key)
        if known is None or state is None:
            raise ValueError(f"{watched.reference} was not read")
        before, since = known.snapshot, BEGIN.date()
        for at in _instants(chance):
            after = complete(_with_an_act(before, at, chance), watched.rules)
            news = compare(before, after, watched.rules, since=since, until=at.date()).changes
            found += publish(desk, tx, Entry(watched, source, at), news, (before, after), (known, known.document))
            tx.store_snapshot(watched.reference, source.key, after, at, known.document)
            before, since = after, at.date()
        look_ahead(desk, tx, (watched.reference, source.key), before, since)
        good = {"condition": Condition.OK, "last_checked": NOW, "last_good": NOW, "next_due": NOW + timedelta(hours=12)}
        tx.save_source(replace(state, **good, calendar_until=NOW.date()))  # type: ignore[arg-type]
    return found


def _instants(chance: random.Random) -> list[datetime]:
    span = (NOW - BEGIN).total_seconds()
    return sorted(BEGIN + timedelta(seconds=chance.randrange(int(span))) for _ in range(round(PER_YEAR * YEARS)))


def _with_an_act(page: Snapshot, at: datetime, chance: random.Random) -> Snapshot:
    """Return the page of that moment with one act more: a consent, or a party's notice of withdrawal."""
    day = at.date() - timedelta(days=3)
    leaving = chance.randrange(LEAVING) == 0
    rows = [row for row in page.participations if _bound(row) is leaving]
    row = chance.choice(rows or list(page.participations))
    act = TreatyAction(kind=ActionKind.WITHDRAWAL, date=day, note=99) if leaving else _accession(day)
    more = replace(row, actions=(*row.actions, act))
    header = replace(page.header, stamp=at.replace(tzinfo=None))
    return replace(page, header=header, participations=tuple(more if p is row else p for p in page.participations))


def _accession(day: date) -> TreatyAction:
    return TreatyAction(kind=ActionKind.ACCESSION, date=day, bracketed=False)


def _bound(row: Participation) -> bool:
    return any(act.kind in CONSENT for act in row.actions)


def _deliveries(changes: list[RecordedChange]) -> Iterator[Delivery]:
    """Yield messages on the changes, newest last, again and again to other recipients; one in a hundred has failed."""
    ordered = sorted(changes, key=lambda change: change.first_seen)
    for n, item in enumerate(cycle(ordered)):
        state, outcome = (DeliveryState.DEAD, Outcome.DEAD) if n % 100 == 0 else (DeliveryState.SENT, Outcome.SENT)
        yield Delivery(
            id=f"msg_{sha256(str(n).encode()).hexdigest()[:24]}",
            channel="desk-mail",
            recipient=f"reader-{n // len(ordered)}@example.org",
            body=as_text({"type": "treaty.status_changed", "data": told(item)}),
            created=item.first_seen,
            next_attempt=item.first_seen,
            state=state,
            alert=f"alr_{n}",
            subscription="eastern flank",
            change_ids=(item.id,),
            attempts=(Attempt(item.first_seen, outcome, "250 accepted"),),
        )
