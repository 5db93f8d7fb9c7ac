"""Short ways to write rows and pages for tests of the domain."""

from __future__ import annotations

from datetime import date, datetime, time

from monitor.domain.action import ActionKind, Basis, TreatyAction
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.participation import Participation
from monitor.domain.snapshot import Header, Snapshot, Statement, Totals
from monitor.domain.treaty import EntryRule, Period, Rounding, Rules, Unit, WithdrawalClause

MINE_BAN = Rules(
    withdrawal=WithdrawalClause("20 (3)", Period(6, Unit.MONTHS), conditional=True),
    entry=EntryRule("17 (2)", Period(6, Unit.MONTHS, Rounding.FIRST_OF_MONTH)),
)
NO_RULES = Rules()


def day(text: str) -> date:
    return date.fromisoformat(text)


def state(code: str, name: str | None = None) -> Participant:
    return Participant(code, name or code, name or code, ParticipantKind.STATE)


def cell(kind: ActionKind, when: str, *, bracketed: bool = False) -> TreatyAction:
    return TreatyAction(kind=kind, date=day(when), bracketed=bracketed)


def signed(when: str, *, bracketed: bool = False) -> TreatyAction:
    return cell(ActionKind.SIGNATURE, when, bracketed=bracketed)


def ratified(when: str, *, bracketed: bool = False) -> TreatyAction:
    return cell(ActionKind.RATIFICATION, when, bracketed=bracketed)


def acceded(when: str, *, bracketed: bool = False) -> TreatyAction:
    return cell(ActionKind.ACCESSION, when, bracketed=bracketed)


def notice(when: str, effective: str | None = None, **more: object) -> TreatyAction:
    return TreatyAction(
        kind=ActionKind.WITHDRAWAL,
        date=day(when),
        effective=day(effective) if effective else None,
        basis=Basis.STATED if effective else None,
        note=1,
        **more,  # type: ignore[arg-type]
    )


def told(kind: ActionKind, when: str) -> TreatyAction:
    return TreatyAction(kind=kind, date=day(when), note=1)


def row(code: str, *acts: TreatyAction, name: str | None = None, in_grid: bool = True) -> Participation:
    return Participation(state(code, name), acts, in_grid)


def page(
    *rows: Participation,
    as_at: str = "2026-02-03",
    in_force: str | None = "1999-03-01",
    statements: tuple[Statement, ...] = (),
    form: str = "page",
) -> Snapshot:
    header = Header(
        reference="XXVI-5",
        title="Convention on mines",
        stamp=datetime.combine(day(as_at), time(10, 16)) if form == "page" else None,
        concluded=date(1997, 9, 18),
        earliest=date(1997, 9, 18),
        entry_into_force=day(in_force) if in_force else None,
        stated=Totals(None, None),
    )
    return Snapshot(header, rows, statements, form=form)
