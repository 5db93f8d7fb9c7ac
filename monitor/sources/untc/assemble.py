"""What is printed, put together into a snapshot: the one way through for pages and exports."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from lxml import etree

from monitor.domain.participant import Names
from monitor.domain.snapshot import Finding, Level, Reading, Snapshot, Statement, StatementKind
from monitor.sources.untc.attach import attach
from monitor.sources.untc.grid import read_grid, unknown_name
from monitor.sources.untc.header import read_header
from monitor.sources.untc.notes import Treaty, read_note
from monitor.sources.untc.printed import Printed, PrintedStatement
from monitor.sources.untc.refusal import Unreadable, note, refuse
from monitor.sources.untc.totals import reconcile, tally

log = logging.getLogger(__name__)


def reading(printed: Callable[[], Printed], names: Names, expected: str | None) -> Reading:
    """Return the reading of what `printed` gives; anything refused, there or later, leaves it without a snapshot."""
    try:
        snapshot, findings = _assemble(printed(), names, expected)
    except Unreadable as error:
        return Reading(None, error.findings)
    except etree.LxmlError as error:
        return Reading(None, (refuse("unparsable", f"the document's markup cannot be parsed: {error}"),))
    except (
        Exception
    ) as error:  # the door promises a reading for any bytes; the trace goes to the log, the fault to the operator
        log.exception("the reader failed on a document")
        return Reading(None, (refuse("reader-failed", f"the reader failed: {type(error).__name__}: {error}"),))
    if faults := tuple(f for f in findings if f.level is Level.REFUSE):
        return Reading(None, (*faults, *(f for f in findings if f.level is not Level.REFUSE)))
    return Reading(snapshot, findings)


def _assemble(printed: Printed, names: Names, expected: str | None) -> tuple[Snapshot, tuple[Finding, ...]]:
    _same_treaty(printed.header.reference, expected)
    grid = read_grid(printed, names)
    header = read_header(printed.header, printed.headings)
    counted, about_totals = reconcile(header.stated, tally(grid, header.reference), printed.form)
    read = partial(read_note, treaty=Treaty(header.title, header.concluded))
    attached = attach(grid.rows, printed.notes, names, strict=printed.form == "page", read=read)
    statements, about_names = _statements(printed.statements, names)
    snapshot = Snapshot(
        header=header,
        participations=attached.participations,
        statements=(*statements, *attached.statements),
        counted=counted,
        columns=printed.headings[1:],
        form=printed.form,
    )
    findings = (*printed.findings, *_lines(printed))
    return snapshot, _once(*findings, *about_totals, *grid.findings, *attached.findings, *about_names)


def _same_treaty(reference: str, expected: str | None) -> None:
    if expected and expected.casefold() != reference.casefold():
        raise Unreadable(refuse("other-treaty", f"the document is of treaty {reference}, asked for was {expected}"))


def _lines(printed: Printed) -> tuple[Finding, ...]:
    if printed.form == "page" and printed.header.stamp is None:
        return (note("no-stamp", 'the page prints no "status as at" that can be read'),)
    return ()


def _statements(
    printed: tuple[PrintedStatement, ...], names: Names
) -> tuple[tuple[Statement, ...], tuple[Finding, ...]]:
    """Return one statement per participant and section (per line for territories), and unknown names."""
    joined: dict[tuple[str, str], Statement] = {}
    findings = []
    for one in printed:
        who = names.resolve(one.name)
        if not who.code:
            findings.append(unknown_name(who))
        key = (one.kind.value, who.key + (one.text if one.kind is StatementKind.TERRITORY else ""))
        before = joined.get(key)
        same = before is None or one.kind is StatementKind.TERRITORY
        joined[key] = Statement(who, one.kind, one.text if same or not before else f"{before.text} {one.text}".strip())
    return tuple(joined.values()), tuple(findings)


def _once(*findings: Finding) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))
