"""Answers questions from the record: who stands where, what changed, what is to come, what the claims are worth."""

from monitor.pipeline.report.events import Wanted, changes, claims, number_of_changes, upcoming
from monitor.pipeline.report.readings import end_of, excerpts_of, judged, known_of
from monitor.pipeline.report.saved import extracted, remarks
from monitor.pipeline.report.sending import SOUND, channels, deliveries, departures
from monitor.pipeline.report.standings import Question, part_of_status, status
from monitor.pipeline.report.watch import Totals, held, sources, totals

__all__ = [
    "SOUND",
    "Question",
    "Totals",
    "Wanted",
    "changes",
    "channels",
    "claims",
    "deliveries",
    "departures",
    "end_of",
    "excerpts_of",
    "extracted",
    "held",
    "judged",
    "known_of",
    "number_of_changes",
    "part_of_status",
    "remarks",
    "sources",
    "status",
    "totals",
    "upcoming",
]
