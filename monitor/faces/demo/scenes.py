"""The demo's play: what the replica of the Mine Ban page shows from March 2025 to February 2026, day by day.

States and dates are those of the public record (dates of deposit and of effect); every sentence is our own. Thirty-two
of the treaty's participants stand for all. Nothing here reads or checks: the play is what the monitor has to notice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from monitor.domain.change import ChangeKind
from monitor.faces.demo.replica import (
    MINE_BAN_COLUMNS,
    MONTHS,
    Cell,
    ReplicaRow,
    ReplicaStatement,
    ReplicaTreaty,
)

REFERENCE = "XXVI-5"
ARTICLE = "20 (3)"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification of withdrawal: who, received when, effective when, circulated under which number."""

    who: str
    received: date
    effective: date
    circulated: str
    conditional: bool = False

    def note(self, *, effected: bool = False) -> str:
        """Return the end note, before the effect or after it."""
        verb = "took effect" if effected else "will take effect"
        condition = "" if effected or not self.conditional else ", subject to the condition of that paragraph"
        return (
            f"On {_long(self.received)}, the Government of {self.who} notified the Secretary-General of its withdrawal "
            f"from the Convention (depositary notification {_link(self.circulated)}). This withdrawal {verb} on "
            f"{_long(self.effective)}, in accordance with article {ARTICLE}{condition}."
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """One day of the play: what the page shows, and the changes that a monitor must then report, by participant.

    `news` is complete: anything else reported on that day is a false alarm.
    """

    day: date
    caption: str
    treaty: ReplicaTreaty
    news: tuple[tuple[str, ChangeKind], ...] = ()


ESTONIA = Notice("Estonia", date(2025, 6, 27), date(2025, 12, 27), "CN.360.2025")
LATVIA = Notice("Latvia", date(2025, 6, 27), date(2025, 12, 27), "CN.361.2025")
LITHUANIA = Notice("Lithuania", date(2025, 6, 27), date(2025, 12, 27), "CN.362.2025")
FINLAND = Notice("Finland", date(2025, 7, 10), date(2026, 1, 10), "CN.372.2025")
POLAND = Notice("Poland", date(2025, 8, 20), date(2026, 2, 20), "CN.421.2025", conditional=True)


def mine_ban() -> tuple[Scene, ...]:
    """Return the play in order; the first scene is the baseline, of which nobody is told."""
    baseline = _baseline()
    tonga = baseline.with_row(ReplicaRow("Tonga", (None, Cell(date(2025, 6, 25), "a"))))
    baltic = _notified(tonga, ESTONIA, LATVIA, LITHUANIA)
    finland = _notified(baltic, FINLAND)
    poland = _notified(finland, POLAND)
    baltic_out = _effected(poland, ESTONIA, LATVIA, LITHUANIA)
    finland_out = _effected(baltic_out, FINLAND)
    notified, effective, force = (
        ChangeKind.WITHDRAWAL_NOTIFIED,
        ChangeKind.WITHDRAWAL_EFFECTIVE,
        ChangeKind.ENTERED_INTO_FORCE,
    )
    three = ("EE", "LV", "LT")
    return (
        Scene(date(2025, 3, 18), "the baseline", baseline),
        Scene(date(2025, 6, 25), "Tonga accedes", tonga, (("TO", ChangeKind.CONSENTED),)),
        Scene(date(2025, 6, 27), "three notices of withdrawal", baltic, tuple((c, notified) for c in three)),
        Scene(date(2025, 7, 10), "Finland's notice; every later note moves on", finland, (("FI", notified),)),
        Scene(date(2025, 8, 20), "Poland's notice, under a condition", poland, (("PL", notified),)),
        Scene(date(2025, 9, 1), "the calendar: in force for the Marshall Islands", poland, (("MH", force),)),
        Scene(date(2025, 10, 15), "a new stamp and a new page state, no news", poland),
        Scene(date(2025, 12, 1), "the calendar: in force for Tonga", poland, (("TO", force),)),
        Scene(date(2025, 12, 27), "three withdrawals take effect", baltic_out, tuple((c, effective) for c in three)),
        Scene(date(2026, 1, 10), "Finland's withdrawal takes effect", finland_out, (("FI", effective),)),
        Scene(date(2026, 2, 3), "a new stamp, no news", finland_out),
        Scene(date(2026, 2, 20), "the calendar: Poland's day has come", finland_out, (("PL", effective),)),
    )


def _notified(treaty: ReplicaTreaty, *notices: Notice) -> ReplicaTreaty:
    for notice in notices:
        treaty = treaty.with_row(replace(treaty.row(notice.who), notes=(notice.note(),)))
    return treaty


def _effected(treaty: ReplicaTreaty, *notices: Notice) -> ReplicaTreaty:
    for notice in notices:
        row = replace(treaty.row(notice.who), notes=(notice.note(effected=True),))
        treaty = treaty.with_row(row.bracketed())
    return treaty


def _baseline() -> ReplicaTreaty:
    return ReplicaTreaty(
        reference=REFERENCE,
        title="Convention on the Prohibition of the Use, Stockpiling, Production and Transfer of Anti-Personnel Mines "
        "and on their Destruction",
        chapter_name="DISARMAMENT",
        place_and_date="Oslo, 18 September 1997",
        in_force="1 March 1999, by article 17 (1).",
        columns=MINE_BAN_COLUMNS,
        rows=tuple(_row(line) for line in _PARTICIPANTS.splitlines()),
        declarations=(
            ReplicaStatement("Lithuania", "Holds to the Convention's principles from the day of its signature."),
            ReplicaStatement(
                "Poland", "Joint operations with States outside the Convention are not by themselves a breach."
            ),
        ),
    )


def _row(line: str) -> ReplicaRow:
    name, signed, consented = (part.strip() for part in line.split("|"))
    return ReplicaRow(name, (_parsed(signed), _parsed(consented)), _OTHER_NOTES.get(name, ()))


def _parsed(text: str) -> Cell | None:
    """Return the cell of "2012-01-09 a"; None for an empty one."""
    if not text:
        return None
    day, _, code = text.partition(" ")
    return Cell(date.fromisoformat(day), code)


def _link(circulated: str) -> str:
    """Return the link and the number of a depositary notification, given as "CN.360.2025"."""
    year = circulated.rsplit(".", maxsplit=1)[-1]
    address = f"/doc/Publication/CN/{year}/{circulated}-Eng.pdf"
    return f"<a href='{address}' target='_blank'>{circulated.replace('CN', 'C.N')}</a>.TREATIES-{REFERENCE}"


def _long(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


_OTHER_NOTES = {
    "Netherlands (Kingdom of the)": ("At first for the part of the Kingdom that lies in Europe.",),
    "United Kingdom of Great Britain and Northern Ireland": ("Since 3 April 2002 also for Jersey.",),
}

_PARTICIPANTS = """\
Albania | 1998-09-08 | 2000-02-29
Austria | 1997-12-03 | 1998-06-29
Belarus | | 2003-09-03 a
Belgium | 1997-12-03 | 1998-09-04
Bosnia and Herzegovina | 1997-12-03 | 1998-09-08
Canada | 1997-12-03 | 1997-12-03
Czech Republic | 1997-12-03 | 1999-10-26
Côte d'Ivoire | 1997-12-03 | 2000-06-30
Denmark | 1997-12-04 | 1998-06-08
Estonia | | 2004-05-12 a
Finland | | 2012-01-09 a
France | 1997-12-03 | 1998-07-23
Germany | 1997-12-03 | 1998-07-23
Holy See | 1997-12-04 | 1998-02-17
Ireland | 1997-12-03 | 1997-12-03
Japan | 1997-12-03 | 1998-09-30 A
Latvia | | 2005-07-01 a
Lithuania | 1999-02-26 | 2003-05-12
Marshall Islands | 1997-12-04 | 2025-03-12
Montenegro | | 2006-10-23 d
Netherlands (Kingdom of the) | 1997-12-03 | 1999-04-12 A
Niue | 1997-12-03 | 1998-04-15
Norway | 1997-12-03 | 1998-07-09
Oman | | 2014-08-20 a
Poland | 1997-12-04 | 2012-12-27
Slovakia | 1997-12-03 | 1999-02-25 AA
South Sudan | | 2011-11-11 d
State of Palestine | | 2017-12-29 a
Sweden | 1997-12-04 | 1998-11-30
Türkiye | | 2003-09-25 a
Ukraine | 1999-02-24 | 2005-12-27
United Kingdom of Great Britain and Northern Ireland | 1997-12-03 | 1998-07-31
"""
