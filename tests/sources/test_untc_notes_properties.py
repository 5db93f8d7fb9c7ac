"""What holds for the reading of any end note, however it is worded or damaged."""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.action import ActionKind, Basis
from monitor.domain.participant import Participant, ParticipantKind
from monitor.domain.snapshot import Level
from monitor.settings import shipped_names
from monitor.sources.untc.notes import EndNote, read_note

NAMES = shipped_names()
CHAD = NAMES.resolve("Chad")
STATES = [p for p in NAMES.all() if p.kind is ParticipantKind.STATE]
LEAVING = re.compile(
    r"withdr|denoun|denunc|terminat|ceas|suspen|no longer|revo|rescin|resciss|retract|not |intention|leav|left|deemed"
    r"|cancel|annul|stop",
    re.IGNORECASE,
)
VOCABULARY = """
    the Government of Chad Mali notified the Secretary-General on 5 May 1999 31 February its decision to withdraw
    withdrawal from of denunciation denounced reservation declaration Convention Protocol effect with took will take
    signed ratified acceded instrument suspend suspension operation not accepted a party “ ” " ( ) : ; . , and which
    respectively article 20 (3) C.N.5.1999.TREATIES-1 In accordance intention become notification subject condition
    See rescind revoke same date one year after receipt Participant
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n"])
TEXTS = st.text(max_size=300) | st.lists(WORDS, max_size=60).map(" ".join)
DAYS = st.dates(dt.date(1946, 1, 1), dt.date(2090, 12, 31))


def day(date: dt.date) -> str:
    return f"{date.day} {date:%B} {date.year}"


@given(
    TEXTS, st.lists(st.lists(st.lists(st.text(max_size=12), max_size=4).map(tuple), max_size=4).map(tuple), max_size=2)
)
def test_no_text_and_no_table_makes_the_reading_fail(text: str, tables: list[tuple[tuple[str, ...], ...]]) -> None:
    for bearers in ((), (CHAD,), (CHAD, NAMES.resolve("Mali"))):
        read_note(EndNote(1, text, tuple(tables)), bearers, NAMES)


@given(TEXTS)
def test_a_text_without_the_vocabulary_of_leaving_tells_no_act(text: str) -> None:
    if not LEAVING.search(text):
        assert not read_note(EndNote(1, text), (CHAD,), NAMES).acts


@given(st.sampled_from(STATES), DAYS, DAYS, st.sampled_from(["took", "will take", "shall take"]))
def test_a_dated_notice_is_read_for_every_state_and_every_day(
    state: Participant, notified: dt.date, effective: dt.date, verb: str
) -> None:
    text = (
        f"On {day(notified)}, the Government of {state.name} deposited with the Secretary-General a notification of "
        f"withdrawal. The withdrawal {verb} effect for {state.name} on {day(effective)} under article 20 (3)."
    )
    for bearers, who in (((state,), None), ((), state)):
        ((named, act),) = read_note(EndNote(3, text), bearers, NAMES).acts
        assert (named.code if named else None) == (who.code if who else None)
        assert (act.kind, act.date, act.effective, act.basis, act.took_effect, act.article) == (
            *(ActionKind.WITHDRAWAL, notified, effective, Basis.STATED, verb == "took", "20 (3)"),
        )


@given(st.sampled_from(STATES), DAYS)
def test_a_withdrawn_reservation_is_a_statement_of_every_state(state: Participant, when: dt.date) -> None:
    text = f"On {day(when)}, the Government of {state.name} decided to withdraw the reservation to article 5."
    reading = read_note(EndNote(1, text), (), NAMES)
    assert [named and named.code for named, _ in reading.withdrawn_statements] == [state.code]
    assert not reading.acts


@given(DAYS, st.integers(1, 9), st.sampled_from(["day", "month", "year"]))
def test_a_stated_period_is_counted_from_the_notification(notified: dt.date, count: int, unit: str) -> None:
    text = f"On {day(notified)}, Chad denounced the Convention, with effect {count} {unit}s after receipt."
    ((_, act),) = read_note(EndNote(1, text), (CHAD,), NAMES).acts
    assert act.effective
    assert act.basis is Basis.COMPUTED
    if unit == "day":
        assert act.effective == notified + dt.timedelta(days=count)
    else:
        months = count * (12 if unit == "year" else 1)
        assert (act.effective.year * 12 + act.effective.month) - (notified.year * 12 + notified.month) == months
        assert act.effective.day == notified.day or (act.effective + dt.timedelta(days=1)).day == 1


@settings(max_examples=60)
@given(DAYS, st.sampled_from(["32 {m} {y}", "{d} Zzber {y}", "{d} {m}", "{d} {m} {y}7", "{m} {y}", "{d} {y}"]))
def test_a_damaged_day_of_notice_holds_the_row_and_tells_no_act(when: dt.date, form: str) -> None:
    damaged = form.format(d=when.day, m=f"{when:%B}", y=when.year)
    text = f"On {damaged}, the Government of Chad deposited with the Secretary-General a notification of withdrawal."
    reading = read_note(EndNote(1, text), (CHAD,), NAMES)
    assert not reading.acts
    assert [(f.level, f.rule, f.row) for f in reading.findings] == [(Level.HOLD, "unreadable-note", "TD")]
