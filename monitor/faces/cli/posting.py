"""What the commands on deliveries, channels and subscriptions do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any, TextIO

from monitor import bootstrap
from monitor.domain.alert import Subscription
from monitor.domain.errors import UsageError
from monitor.faces import decisions, questions
from monitor.faces.cli.face import Face
from monitor.faces.cli.round import alerts_to
from monitor.faces.cli.trouble import among
from monitor.faces.clock import utc_now
from monitor.pipeline import disabling, leaving, outbox, rehearsal, report, trial
from monitor.pipeline.desk import Desk
from monitor.settings import Settings

Shape = dict[str, Any]

IN_OTHER_HANDS = 10.0
"""Seconds for which a test waits when a daemon beside it has taken the message up."""


def deliver(face: Face) -> Shape:
    """Send what is due, and return how many were sent, will be tried again, failed for good."""
    return asyncio.run(_deliver(face.settings(), alerts_to(face)))


async def _deliver(settings: Settings, stream: TextIO) -> Shape:
    async with bootstrap.build(settings, patient=False, stream=stream) as desk:
        return asdict(await outbox.deliver_due(desk, utc_now))


def retry(settings: Settings, ids: tuple[str, ...]) -> Shape:
    """Make deliveries due again. Raises UsageError, and changes nothing, if one is unknown or was sent."""
    with bootstrap.record(settings) as desk:
        return decisions.retry(desk, ids, utc_now())


def subscriptions(settings: Settings) -> Shape:
    """Return who hears of what, each with the recipients who have left it."""
    with bootstrap.record(settings) as desk:
        return questions.subscriptions(questions.Office(desk, settings, utc_now()))


def readmit(settings: Settings, name: str, recipient: str) -> Shape:
    """Let a recipient who has left a subscription hear of it again. Raises UsageError."""
    _subscription(settings, name)
    with bootstrap.record(settings) as desk:
        back = leaving.readmit(desk.storage, name, recipient, utc_now())
    return {"readmitted": back.recipient, "subscription": back.subscription}


def channels(settings: Settings) -> Shape:
    """Return the configured channels, each with how the record knows it: failing, or disabled, since when and why."""
    with bootstrap.record(settings) as desk:
        return questions.channels(questions.Office(desk, settings, utc_now()))


def enable(settings: Settings, name: str) -> Shape:
    """Enable a channel; return how many deliveries are due over it. Raises UsageError."""
    _configured(settings, name)
    with bootstrap.record(settings) as desk:
        return {"enabled": name, "due": disabling.enable(desk.storage, name, utc_now())}


def try_out(face: Face, name: str, to: tuple[str, ...]) -> Shape:
    """Send a test message over a channel; return its deliveries with what came of them. Raises UsageError."""
    settings = face.settings()
    _configured(settings, name)
    return asyncio.run(_try_out(settings, name, to, alerts_to(face)))


async def _try_out(settings: Settings, name: str, to: tuple[str, ...], stream: TextIO) -> Shape:
    async with bootstrap.build(settings, patient=False, stream=stream) as desk:
        ids = await asyncio.to_thread(trial.enqueue, desk, name, to, utc_now())
        await outbox.deliver_due(desk, utc_now)
        return {"deliveries": await _settled(desk, ids)}


async def _settled(desk: Desk, ids: frozenset[str]) -> list[Shape]:
    """Return these deliveries as soon as each has been tried, by this process or by a daemon beside it."""
    until = asyncio.get_running_loop().time() + IN_OTHER_HANDS
    while True:
        shape = await asyncio.to_thread(report.deliveries, desk)
        ours: list[Shape] = [d for d in shape["deliveries"] if d["id"] in ids]
        if all(d["attempts"] for d in ours) or asyncio.get_running_loop().time() > until:
            return ours
        await asyncio.sleep(0.2)


def rehearse(settings: Settings, name: str, since: date) -> Shape:
    """Return what a subscription would have sent. Raises UsageError."""
    chosen = _subscription(settings, name)
    with bootstrap.rehearsal(settings) as desk:
        return rehearsal.rehearse(desk, chosen, since, utc_now())


def _subscription(settings: Settings, name: str) -> Subscription:
    chosen = next((s for s in settings.subscriptions if s.name == name), None)
    if chosen is None:
        raise _unknown("subscription", name, [s.name for s in settings.subscriptions])
    return chosen


def _configured(settings: Settings, channel: str) -> None:
    """Raise UsageError if there is no channel of this name."""
    if settings.channel(channel) is None:
        raise _unknown("channel", channel, [one.name for one in settings.channels])


def _unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    return UsageError(f'there is no {what} "{name}"{among(name, known)}')
