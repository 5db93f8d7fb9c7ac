"""What the daemon says of itself in the log: what it watches, what it knows, when it checks next, where alerts go."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from monitor.domain import wire
from monitor.domain.snapshot import Finding, Level
from monitor.faces.spans import ago, counted, how_often, minute
from monitor.pipeline import report, rounds
from monitor.pipeline.desk import Desk
from monitor.pipeline.outbox import Sent
from monitor.pipeline.outcome import Checked
from monitor.settings import Settings

logger = logging.getLogger(__name__)

Shape = dict[str, Any]


def beginning(desk: Desk, settings: Settings, now: datetime) -> None:
    """Say what is watched and how fresh it is, when the next check is due, and where alerts go."""
    for source in report.sources(desk, now)["sources"]:
        logger.info(
            "watching %s (%s, %s) %s; %s; %s",
            *(source["title"], source["treaty_slug"], source["source"]),
            how_often(source["every_seconds"], source["when_quiet_seconds"]),
            *(_known(source, now), _next(source, now)),
        )
    logger.info("%s", _alerts(settings))
    logger.info("%s", _trouble(settings))


def round_over(desk: Desk, results: tuple[Checked, ...], now: datetime) -> None:
    """Say what each check came to, and when it is tried or due again."""
    found = report.sources(desk, now, tuple(result.treaty for result in results))["sources"]
    items = {(s["treaty"], s["source"]): s for s in found}
    for result in results:
        source = items[result.treaty.reference, result.source.key]
        if result.outcome in _WELL:
            logger.info("%s (%s): %s%s; %s", *_named(result), result.outcome, _news(result), _next(source, now))
        else:
            logger.warning(
                "%s (%s): %s: %s; %s; trying again at %s",
                *(*_named(result), result.outcome, source["problem"] or _reasons(result)),
                *(_known(source, now), minute(source["next_due"]) or "the next tick"),
            )
        for finding in result.findings:
            logger.log(
                _loudness(result, finding), "%s (%s): %s: %s", *_named(result), finding.level.value, finding.text
            )


def in_short(desk: Desk) -> str:
    """Return one line for a service manager: how many sources are read well, the last round, the next."""
    how = rounds.in_outline(desk)
    told = f"last round {minute(wire.instant(how.last))}" if how.last else "no round yet"
    due = minute(wire.instant(how.due)) or "now"
    return f"{how.well} of {how.watched} sources read well; {told}; next check {due}"


def sent(what: Sent) -> None:
    """Say what came of the deliveries that were due, if any were."""
    if what != Sent():
        logger.info("sent %d, to be tried again %d, failed for good %d", what.sent, what.retried, what.dead)


_WELL = {"unchanged", "changed", "baseline"}


def _loudness(result: Checked, finding: Finding) -> int:
    """Return at which level a finding is logged: a note on a page that was read is told nowhere else."""
    only_here = finding.level is Level.NOTE and result.outcome in {*_WELL, "held"}
    return logging.INFO if only_here else logging.DEBUG


def _named(result: Checked) -> tuple[str, str]:
    return result.treaty.slug, result.source.key


def _news(result: Checked) -> str:
    return f" ({counted(len(result.changes), 'change')})" if result.changes else ""


def _reasons(result: Checked) -> str:
    return "; ".join(f.text for f in result.findings) or "no reason given"


def _known(source: Shape, now: datetime) -> str:
    """Return how fresh what is known is: the last good reading, else the baseline with its age."""
    if source["last_good"]:
        return f"last read well {ago(source['age_seconds'])}"
    if source["baseline"]:
        days = (now.date() - date.fromisoformat(source["baseline"])).days
        return f"never read yet, showing the baseline of {source['baseline']}, {days} days old"
    return "never read yet, no baseline"


def _next(source: Shape, now: datetime) -> str:
    due = source["next_due"]
    waiting = due and datetime.fromisoformat(due) > now
    return f"next check at {minute(due)}" if waiting else "next check now"


def _alerts(settings: Settings) -> str:
    used = dict.fromkeys(name for s in settings.subscriptions for name in s.channels)
    file = settings.config_dir / "channels.toml"
    if not used:
        return (
            f"nobody is subscribed: no alerts go out until {settings.config_dir / 'subscriptions.toml'} names somebody"
        )
    if set(used) == {"console"}:
        return f"alerts go to the console until a channel is configured in {file}"
    return f"alerts go to {', '.join(used)}"


def _trouble(settings: Settings) -> str:
    channels = settings.operator.channels
    return f"trouble is told to {', '.join(channels)}" if channels else "trouble is told in this log alone"
