"""What watches the service: is it alive, is what it knows fresh, and how much has it done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import JSONResponse, Response

from monitor.domain.delivery import DeliveryState
from monitor.faces.questions import Office
from monitor.faces.tally import Tally
from monitor.faces.web.api import refusals
from monitor.faces.web.counter import InOffice
from monitor.pipeline import report
from monitor.storage.interface import Condition

Shape = dict[str, Any]

health = APIRouter(tags=["service"])


def stale(office: Office) -> list[Shape]:
    """Return the sources whose last good reading is missing or older than patience allows, and why."""
    return [
        {"treaty": s["treaty"], "source": s["source"], "last_good": s["last_good"], "problem": s["problem"]}
        for s in report.sources(office.desk, office.now)["sources"]
        if s["stale"]
    ]


@health.get(
    "/healthz",
    responses={200: {"description": "All work goes on"}, 503: {"description": "Some work shows no sign of life"}},
)
def healthz(request: Request) -> Response:
    """Whether the process answers, and its work goes on; nothing of what it knows."""
    stuck = request.app.state.tally.stuck()
    shape = {"status": "stuck", "stuck": list(stuck)} if stuck else {"status": "ok"}
    return JSONResponse(shape, 503 if stuck else 200, {"Cache-Control": "no-store"})


@health.get(
    "/readyz",
    responses={
        200: {"description": "Every source is fresh"},
        503: {"description": "Some source is not"},
        **refusals(401),
    },
)
def readyz(office: InOffice) -> Response:
    """Ready only while every source has been read well lately; says which have not."""
    waiting = stale(office)
    shape = {"status": "waiting" if waiting else "ready", "stale": waiting}
    return JSONResponse(shape, 503 if waiting else 200, {"Cache-Control": "no-store"})


@health.get(
    "/metrics",
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Metrics"},
        **refusals(401),
    },
    response_class=Response,
)
def metrics(request: Request, office: InOffice) -> Response:
    """Metrics for Prometheus."""
    now = CollectorRegistry()
    now.register(_Found(office, request.app.state.tally))
    return Response(generate_latest(now), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


class _Found(Collector):
    """Reads the record and the daemon's tally once, for one answer."""

    def __init__(self, office: Office, tally: Tally) -> None:
        self._office, self._tally = office, tally

    def collect(self) -> Iterable[Metric]:
        office = self._office
        sources = report.sources(office.desk, office.now)["sources"]
        conditions = Counter(s["condition"] for s in sources)
        yield _by("condition", "sources", "Watched sources by condition", Condition, conditions)
        yield _ages(sources)
        totals = report.totals(office.desk)
        yield _by("state", "deliveries", "Deliveries by state", DeliveryState, totals.deliveries)
        yield GaugeMetricFamily("treaty_monitor_changes", "Changes of the record", totals.changes)
        yield GaugeMetricFamily("treaty_monitor_held", "Rows and readings held back", totals.held)
        yield from _done(self._tally)


def _by(label: str, what: str, about: str, words: Iterable[str], found: Mapping[Any, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"treaty_monitor_{what}", about, labels=[label])
    for word in words:
        family.add_metric([str(word)], found.get(word, 0))
    return family


def _ages(sources: list[Shape]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "treaty_monitor_source_age_seconds", "Age of the last good reading", labels=["treaty", "source"]
    )
    for source in sources:
        if source["age_seconds"] is not None:
            family.add_metric([source["treaty"], source["source"]], source["age_seconds"])
    return family


def _done(tally: Tally) -> Iterable[Metric]:
    yield CounterMetricFamily("treaty_monitor_rounds", "Rounds of checks since the start", tally.rounds)
    checks = CounterMetricFamily("treaty_monitor_checks", "Checks since the start, by outcome", labels=["outcome"])
    for outcome, number in sorted(tally.outcomes.items()):
        checks.add_metric([outcome], number)
    yield checks
    last = tally.last.timestamp() if tally.last else 0
    yield GaugeMetricFamily("treaty_monitor_last_round_timestamp_seconds", "When the last round ended; 0: none", last)
