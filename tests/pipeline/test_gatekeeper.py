"""A decision on a held row covers what it saw: whatever comes to the row after it is neither lost nor let through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from office import URL, Office
from sqlalchemy import update

from monitor.domain.change import ChangeKind
from monitor.domain.errors import UsageError
from monitor.domain.participation import Status
from monitor.domain.plausibility import Limits
from monitor.faces.demo.replica import Cell, ReplicaRow, ReplicaStatement, ReplicaTreaty
from monitor.faces.demo.scenes import FINLAND, mine_ban
from monitor.pipeline.decide import accept, reject
from monitor.pipeline.desk import Patience
from monitor.pipeline.outcome import Checked
from monitor.pipeline.upcoming import coming
from monitor.storage import tables

BASE = mine_ban()[0].treaty
FIJI = BASE.with_row(ReplicaRow("Fiji", (None, Cell(date(2028, 1, 15), "a"))))
"""A deposit that lies in the future: held until a second fetch agrees."""
DECLARED = replace(FIJI, declarations=(*BASE.declarations, ReplicaStatement("Fiji", "Fiji declares.")))
UNCLEAR = "On 3 May 2025, the Government of Finland told the Secretary-General that it cannot ratify the Convention."
BACK = (
    "On 9 January 2026, the Government of Finland notified the Secretary-General of the retraction of its withdrawal."
)
CLEARED = "Mine Ban Convention: the row of FJ is no longer held back"
CONSENTED, STATED = ("FJ", ChangeKind.CONSENTED), ("FJ", ChangeKind.STATEMENT_MADE)


@pytest.fixture
def open_office(office: Office) -> Office:
    """An office that knows the page as it was before anything was held."""
    office.now = datetime(2025, 7, 1, 8, tzinfo=UTC)
    office.show(BASE)
    office.check()
    return office


def finland(*notes: str) -> ReplicaTreaty:
    return replace(BASE, rows=tuple(replace(r, notes=notes) if r.name == "Finland" else r for r in BASE.rows))


def news(result: Checked) -> list[tuple[str, ChangeKind]]:
    return sorted((c.change.key or "", c.change.kind) for c in result.changes)


def checks(office: Office, shown: ReplicaTreaty, hours: int = 3) -> tuple[str, list[tuple[str, ChangeKind]]]:
    """Show a page, some hours later, and check it."""
    office.later(hours=hours).show(shown)
    result = office.check()
    return result.outcome, news(result)


def test_a_statement_of_a_held_row_goes_out_with_the_row(open_office: Office) -> None:
    assert checks(open_office, DECLARED) == ("held", [])
    assert checks(open_office, DECLARED) == ("changed", [CONSENTED, STATED])
    assert checks(open_office, DECLARED) == ("unchanged", [])


def test_what_comes_to_a_held_row_waits_for_a_second_fetch_of_its_own(open_office: Office) -> None:
    assert checks(open_office, FIJI) == ("held", [])
    assert checks(open_office, DECLARED) == ("held", [])
    assert checks(open_office, DECLARED) == ("changed", [CONSENTED, STATED])
    assert open_office.told("ops@example.org") == [*["Mine Ban Convention: the row of FJ is held back"] * 2, CLEARED]
    first, second, _ = (body["data"]["summary"] for body in open_office.bodies("ops@example.org"))
    assert "It would tell: Fiji: accession. Decide with" in first
    assert "It would tell: Fiji: accession; Fiji: statement made. Decide with" in second


def test_what_a_held_row_no_longer_shows_does_not_go_out_with_it(open_office: Office) -> None:
    assert checks(open_office, DECLARED) == ("held", [])
    assert checks(open_office, FIJI) == ("changed", [CONSENTED])


def test_what_comes_to_a_rejected_row_is_held_anew_and_told_to_the_operator(open_office: Office) -> None:
    checks(open_office, FIJI)
    (held,) = (h for h in _held(open_office))
    reject(open_office.desk, held)
    assert checks(open_office, FIJI) == ("unchanged", [])
    assert len(open_office.told("ops@example.org")) == 1
    assert checks(open_office, DECLARED) == ("held", [])
    assert len(open_office.told("ops@example.org")) == 2


def test_what_is_accepted_is_the_row_as_it_was_last_shown(open_office: Office) -> None:
    gone = replace(BASE, rows=tuple(r for r in BASE.rows if r.name != "Finland"))
    declared = replace(gone, declarations=(*BASE.declarations, ReplicaStatement("Finland", "Finland declares.")))
    for shown in (gone, declared, gone, gone):
        assert checks(open_office, shown, hours=12) == ("held", [])
    (held,) = _held(open_office)
    accepted = accept(open_office.desk, held, open_office.now)
    assert news(accepted) == [("FI", ChangeKind.RECORD_VANISHED)]
    assert checks(open_office, gone, hours=12) == ("unchanged", [])


def test_nothing_is_accepted_of_what_is_no_longer_watched(open_office: Office) -> None:
    checks(open_office, FIJI)
    (held,), (treaty,) = _held(open_office), open_office.desk.treaties
    for watched in ((), (replace(treaty, sources=()),)):
        with pytest.raises(UsageError, match="watched"):
            accept(replace(open_office.desk, treaties=watched), held, open_office.now)
    assert news(accept(open_office.desk, held, open_office.now)) == [CONSENTED]


def test_an_older_page_undoes_nothing_however_often_it_is_shown(open_office: Office) -> None:
    older = open_office.fetcher.pages[URL]
    assert checks(open_office, finland(FINLAND.note()), hours=300)[0] == "changed"
    open_office.fetcher.pages[URL] = older
    for _ in range(3):
        assert open_office.later(hours=12).check().outcome == "held"
    assert checks(open_office, finland(FINLAND.note()), hours=12) == ("unchanged", [])


def test_what_happens_in_a_row_whose_note_stays_illegible_goes_out(open_office: Office) -> None:
    assert checks(open_office, finland(UNCLEAR)) == ("held", [])
    assert checks(open_office, finland(UNCLEAR)) == ("unchanged", [])
    notified = finland(UNCLEAR, FINLAND.note())
    assert checks(open_office, notified, hours=300) == ("changed", [("FI", ChangeKind.WITHDRAWAL_NOTIFIED)])
    assert checks(open_office, notified) == ("unchanged", [])


@pytest.mark.parametrize("first", [datetime(2026, 1, 9, 20, tzinfo=UTC), datetime(2026, 1, 10, 8, tzinfo=UTC)])
def test_an_effect_that_a_day_brings_while_a_row_is_held_goes_out_with_the_row(
    open_office: Office, first: datetime
) -> None:
    notified(open_office, first)
    told = [of_finland(open_office, UNCLEAR, FINLAND.note()) for _ in range(4)]
    assert told[0] == []
    assert [t for t in told if t] == [[ChangeKind.WITHDRAWAL_EFFECTIVE]]


@pytest.mark.parametrize("by_hand", [False, True])
def test_so_does_one_that_a_record_from_before_has_kept_with_the_hold(open_office: Office, *, by_hand: bool) -> None:
    notified(open_office, datetime(2026, 1, 10, 8, tzinfo=UTC))
    assert of_finland(open_office, UNCLEAR, FINLAND.note()) == []
    with open_office.storage.engine.begin() as connection:
        connection.execute(update(tables.held).values(halted=None))
    if by_hand:
        (held,) = _held(open_office)
        assert news(accept(open_office.desk, held, open_office.now)) == [("FI", ChangeKind.WITHDRAWAL_EFFECTIVE)]
    told = [of_finland(open_office, UNCLEAR, FINLAND.note()) for _ in range(3)]
    assert [t for t in told if t] == ([] if by_hand else [[ChangeKind.WITHDRAWAL_EFFECTIVE]])


def test_an_effect_whose_notice_is_taken_back_meanwhile_does_not(open_office: Office) -> None:
    notified(open_office, datetime(2026, 1, 10, 8, tzinfo=UTC))
    assert of_finland(open_office, UNCLEAR, FINLAND.note()) == []
    told = [of_finland(open_office, UNCLEAR, FINLAND.note(), BACK) for _ in range(3)]
    assert [t for t in told if t] == [[ChangeKind.WITHDRAWAL_RETRACTED]]


def test_an_effect_that_was_told_is_not_told_again_with_what_comes_later(open_office: Office) -> None:
    notified(open_office, datetime(2026, 1, 10, 8, tzinfo=UTC))
    for _ in range(2):
        of_finland(open_office, UNCLEAR, FINLAND.note())
    known = finland(UNCLEAR, FINLAND.note())
    said = (*known.declarations, ReplicaStatement("Finland", "Finland declares."))
    told = checks(open_office, replace(known, declarations=said), hours=12)[1]
    assert [kind for key, kind in told if key == "FI"] == [ChangeKind.STATEMENT_MADE]


def notified(office: Office, then: datetime) -> None:
    """Let Finland's notice be known, and twelve hours pass until an instant."""
    checks(office, finland(FINLAND.note()), hours=300)
    office.now = then
    office.later(hours=-12)


def of_finland(office: Office, *notes: str) -> list[ChangeKind]:
    """Return what a check is to tell of Finland twelve hours later; days bring effects to others, too."""
    return [kind for key, kind in checks(office, finland(*notes), hours=12)[1] if key == "FI"]


def test_what_vanishes_in_such_a_row_waits_for_a_person(open_office: Office) -> None:
    for _ in range(2):
        checks(open_office, finland(UNCLEAR, FINLAND.note()), hours=300)
    for _ in range(3):
        assert checks(open_office, finland(UNCLEAR), hours=12) == ("held", [])


def test_a_leaving_noted_on_the_wrong_row_is_nobodys_alarm(open_office: Office) -> None:
    bearer = BASE.rows[0]
    shown = replace(BASE, rows=(replace(bearer, notes=(*bearer.notes, FINLAND.note())), *BASE.rows[1:]))
    open_office.now = datetime(2025, 7, 12, 8, tzinfo=UTC)
    assert checks(open_office, shown) == ("held", [])
    assert open_office.told() == []
    assert open_office.told("ops@example.org") == ["Mine Ban Convention: the row of FI is held back"]


def without(name: str, treaty: ReplicaTreaty = BASE) -> ReplicaTreaty:
    return replace(treaty, rows=tuple(r for r in treaty.rows if r.name != name))


@pytest.mark.parametrize("seeded", [True, False])
def test_a_row_that_is_held_at_first_sight_is_no_news_when_it_clears(office: Office, *, seeded: bool) -> None:
    office = office if seeded else office.with_(seeds=())
    told = [checks(office, finland(UNCLEAR)) for _ in range(3)]
    assert told == [("held", []), ("unchanged", []), ("unchanged", [])]
    assert checks(office, finland(UNCLEAR, FINLAND.note()), hours=3000)[1] == [("FI", ChangeKind.WITHDRAWAL_NOTIFIED)]


def test_a_page_out_of_a_cache_takes_no_consent_away_however_often_it_is_shown(open_office: Office) -> None:
    signed, day = BASE.with_row(ReplicaRow("Fiji", (Cell(date(2025, 6, 1)), None))), date(2025, 7, 5)
    bound = BASE.with_row(ReplicaRow("Fiji", (Cell(date(2025, 6, 1)), Cell(day))))
    assert checks(open_office, signed) == ("changed", [("FJ", ChangeKind.SIGNED)])
    older = open_office.fetcher.pages[URL]
    assert checks(open_office, bound, hours=200) == ("changed", [CONSENTED])
    open_office.fetcher.pages[URL] = older
    assert [open_office.later(hours=12).check().outcome for _ in range(3)] == ["held"] * 3
    assert checks(open_office, bound) == ("unchanged", [])


def test_another_reader_of_the_page_takes_nothing_held_for_known(open_office: Office) -> None:
    assert checks(open_office, FIJI) == ("held", [])
    open_office.with_(reader_version="another")
    assert checks(open_office, FIJI) == ("changed", [CONSENTED])


def test_nor_where_an_older_version_has_not_noted_since_when_it_is_held(open_office: Office) -> None:
    assert checks(open_office, FIJI) == ("held", [])
    with open_office.storage.begin() as tx:
        for held in tx.held():
            tx.hold(replace(held, halted=None))
    open_office.with_(reader_version="another")
    assert checks(open_office, FIJI) == ("changed", [CONSENTED])


def test_a_notice_that_has_slipped_to_another_row_is_nobodys_alarm_however_long_it_stands(open_office: Office) -> None:
    checks(open_office, finland(FINLAND.note()), hours=300)
    slipped = FINLAND.note().replace("the Government of Finland", "the Government")
    france = replace(BASE, rows=tuple(replace(r, notes=(slipped,)) if r.name == "France" else r for r in BASE.rows))
    assert [checks(open_office, france) for _ in range(4)] == [("held", [])] * 4
    assert checks(open_office, finland(FINLAND.note())) == ("unchanged", [])


def test_so_is_one_of_a_state_that_has_left_and_one_in_the_place_of_another(open_office: Office) -> None:
    sweden = FINLAND.note().replace("Finland", "Sweden").replace("10 July 2025", "9 July 2025")
    gone = finland(FINLAND.note(effected=True)).row("Finland").bracketed()
    known = BASE.with_row(gone).with_row(replace(BASE.row("Sweden"), notes=(sweden,)))
    assert checks(open_office, known, hours=4700)[0] == "changed"
    slipped = tuple(n.replace("the Government of Sweden", "the Government") for n in (sweden,))
    others = tuple(n.replace("the Government of Finland", "the Government") for n in gone.notes)
    shown = known.with_row(replace(gone, notes=slipped)).with_row(replace(BASE.row("Sweden"), notes=()))
    shown = shown.with_row(replace(BASE.row("France"), notes=others))
    assert [checks(open_office, shown) for _ in range(4)] == [("held", [])] * 4


def test_what_may_be_a_vanished_row_under_another_name_waits_as_long_as_that(open_office: Office) -> None:
    slip = without("Finland").with_row(ReplicaRow("Fynland", (None, Cell(date(2012, 1, 10), "a"))))
    assert [checks(open_office, slip) for _ in range(4)] == [("held", [])] * 4


def test_a_row_that_is_held_under_a_new_name_stays_known_under_the_old_one(open_office: Office) -> None:
    renamed = ReplicaRow("Fynland", (Cell(date(2030, 1, 1)), Cell(date(2012, 1, 9), "a")))
    assert checks(open_office, without("Finland").with_row(renamed)) == ("held", [])
    assert checks(open_office, BASE) == ("unchanged", [])


def test_the_treatys_entry_into_force_on_a_day_announced_is_no_alarm_for_each_state(seedless: Office) -> None:
    announced = replace(BASE, in_force="1 June 2025, by article 17 (1).")
    seedless.now = datetime(2025, 5, 30, 8, tzinfo=UTC)
    told = [checks(seedless, announced, hours=24)[1] for _ in range(4)]
    assert told == [[], [("", ChangeKind.TREATY_IN_FORCE)], [], []]


SIGNED_TOO = BASE.with_row(
    ReplicaRow("Finland", (Cell(date(2030, 1, 1)), Cell(date(2012, 1, 9), "a")), (FINLAND.note(),))
)
"""Finland's notice, and a signature that cannot be: its row waits for a second fetch, or is rejected."""
ALREADY_NOTIFIED = finland(FINLAND.note())
RENUMBERED = finland(UNCLEAR, FINLAND.note()).with_row(replace(BASE.row("Albania"), notes=("A note.",)))


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param((finland(UNCLEAR, FINLAND.note()), ALREADY_NOTIFIED), id="words that are mended"),
        pytest.param((finland(UNCLEAR, FINLAND.note()), RENUMBERED, RENUMBERED), id="a note under another number"),
        pytest.param((without("Finland"), without("Finland"), ALREADY_NOTIFIED), id="a row that comes back"),
        pytest.param((BASE, BASE, ALREADY_NOTIFIED), id="a note that comes back"),
        pytest.param((SIGNED_TOO, None, None, SIGNED_TOO, SIGNED_TOO), id="a site that is down over the day"),
    ],
)
def test_an_effect_of_a_day_on_which_its_row_was_held_is_told_once(
    open_office: Office, meanwhile: tuple[ReplicaTreaty | None, ...]
) -> None:
    notified(open_office, datetime(2026, 1, 10, 0, tzinfo=UTC))
    told = [kind for shown in meanwhile for kind in _of_finland(open_office, shown)]
    assert told[-1:] == [ChangeKind.WITHDRAWAL_EFFECTIVE]
    assert told.count(ChangeKind.WITHDRAWAL_EFFECTIVE) == 1
    assert _of_finland(open_office, meanwhile[-1]) == []


def test_a_page_that_is_held_as_a_whole_loses_no_effect_of_a_held_row(open_office: Office) -> None:
    notified(open_office, datetime(2026, 1, 10, 0, tzinfo=UTC))
    older = open_office.fetcher.pages[URL]
    assert _of_finland(open_office, SIGNED_TOO) == []
    open_office.fetcher.pages[URL] = older
    assert open_office.later(hours=12).check().outcome == "held"
    told = [kind for _ in range(3) for kind in _of_finland(open_office, SIGNED_TOO)]
    assert told.count(ChangeKind.WITHDRAWAL_EFFECTIVE) == 1


@pytest.mark.parametrize("rejected_after", [0, 2])
def test_a_rejected_row_goes_on_as_it_was_known(open_office: Office, rejected_after: int) -> None:
    notified(open_office, datetime(2026, 1, 10, 0, tzinfo=UTC))
    before = [_of_finland(open_office, without("Finland")) for _ in range(1 + rejected_after)]
    (held,) = _held(open_office)
    reject(open_office.desk, held)
    after = [_of_finland(open_office, without("Finland")) for _ in range(4)]
    assert [kind for kinds in before for kind in kinds] == []
    assert [kind for kinds in after for kind in kinds] == [ChangeKind.WITHDRAWAL_EFFECTIVE]


def test_what_was_rejected_goes_out_by_no_second_fetch_of_what_came_later(open_office: Office) -> None:
    checks(open_office, FIJI)
    (held,) = _held(open_office)
    reject(open_office.desk, held)
    assert [checks(open_office, DECLARED) for _ in range(4)] == [("held", [])] * 4
    (held,) = _held(open_office)
    assert news(accept(open_office.desk, held, open_office.now)) == [CONSENTED, STATED]


UNCLEAR_TOO = FIJI.with_row(replace(FIJI.row("Fiji"), notes=(UNCLEAR.replace("Finland", "Fiji"),)))
MASS_CORRECTION = FIJI.with_row(ReplicaRow("Albania", (Cell(date(1998, 9, 9)), Cell(date(2000, 3, 1)))))


@pytest.mark.parametrize(
    "shown",
    [pytest.param(UNCLEAR_TOO, id="of the same row"), pytest.param(MASS_CORRECTION, id="of the whole page")],
)
def test_nor_by_that_of_another_hold(open_office: Office, shown: ReplicaTreaty) -> None:
    open_office.with_(limits=Limits(corrections=0))
    checks(open_office, FIJI)
    reject(open_office.desk, *_held(open_office))
    assert [checks(open_office, shown) for _ in range(4)] == [("held", [])] * 4
    assert len(open_office.told("ops@example.org")) == 2
    assert "rejected" in open_office.bodies("ops@example.org")[-1]["data"]["summary"]
    assert checks(open_office, FIJI) == ("unchanged", [])


def test_a_page_that_is_held_as_a_whole_is_told_once_though_a_day_brings_an_effect(open_office: Office) -> None:
    notified(open_office, datetime(2026, 1, 9, 20, tzinfo=UTC))
    open_office.with_(limits=Limits(corrections=0), patience=Patience(confirm_after=timedelta(hours=24)))
    shown = finland(FINLAND.note()).with_row(MASS_CORRECTION.row("Albania"))
    told = [_of_finland(open_office, shown) for _ in range(4)]
    assert told == [[], [ChangeKind.WITHDRAWAL_EFFECTIVE], [], []]
    held = "Mine Ban Convention: a whole reading is held back"
    assert open_office.told("ops@example.org") == [held, held.replace("is held", "is no longer held")]


def _of_finland(office: Office, shown: ReplicaTreaty | None) -> list[ChangeKind]:
    """Return what a check tells of Finland twelve hours later; None where the site shows no page of a treaty."""
    office.later(hours=12).show(shown or b"<html>maintenance</html>")
    return [kind for key, kind in news(office.check()) if key == "FI"]


DENIED = FINLAND.note() + " The withdrawal did not take effect."


def test_an_effect_that_the_page_denies_is_neither_announced_nor_told(open_office: Office) -> None:
    notified(open_office, datetime(2026, 1, 3, 8, tzinfo=UTC))
    told = [kind for _ in range(30) for kind in _of_finland(open_office, finland(DENIED))]
    assert told == [ChangeKind.CORRECTED]
    with open_office.storage.begin(read_only=True) as tx:
        ahead = coming(open_office.desk, tx, open_office.desk.treaties[0], datetime(2026, 1, 4, tzinfo=UTC))
    assert "FI" not in {item.participant.key for item in ahead}
    open_office.told()
    assert "without effect" in open_office.bodies()[-1]["data"]["summary"]


def test_an_effect_that_the_calendar_told_and_the_page_denies_is_corrected(open_office: Office) -> None:
    notified(open_office, datetime(2026, 1, 10, 8, tzinfo=UTC))
    assert _of_finland(open_office, finland(FINLAND.note())) == [ChangeKind.WITHDRAWAL_EFFECTIVE]
    open_office.later(hours=12).show(finland(DENIED))
    assert open_office.check().outcome == "held"
    open_office.later(hours=12).show(finland(DENIED))
    (corrected,) = open_office.check().changes
    assert (corrected.change.kind, corrected.change.status_after) == (ChangeKind.CORRECTED, Status.PARTY)
    assert corrected.corrects is not None


def _held(office: Office) -> list[str]:
    with office.storage.begin(read_only=True) as tx:
        return [h.id for h in tx.held()]
