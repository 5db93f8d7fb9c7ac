"""Mutators that make the end notes tell of leaving, pausing and returning, each with what must be reported."""

from __future__ import annotations

from datetime import date, timedelta

from mutations.forms import Doc, Row
from mutations.phrases import (
    DISAVOWALS,
    NOTICES,
    PARTIAL,
    RETRACTIONS,
    SUSPENSIONS,
    in_cell,
    in_words,
    spoken,
)
from mutations.scene import HALF, Mutant, Scene, day_of, left, means
from mutations.truth import Truth

PAIR, THREE = 2, 3
LONG_AGO = 1975
"""Before this year a first departure would lie before most treaties."""


def _pending(scene: Scene, row: Row, name: str, day: date, effect: date) -> tuple[Doc, Doc, int, Truth]:
    """The document with a notice not yet effective, and the same with the words of its effect."""
    phrase, notice = NOTICES[name], scene.notice(row, day, effect)
    due, number = scene.told(scene.doc, row, notice.fill(phrase.due))
    truth = Truth(
        "withdrawal_notified", row.who, "withdrawal", day, effect, phrase.conditional,
        notice.circulated if phrase.cites else None,
    )  # fmt: skip
    return due, due.with_note(number, notice.fill(phrase.done)), number, truth


def _effect_of(scene: Scene, name: str, day: date, *, past: bool = False) -> date:
    if months := NOTICES[name].months:
        return _months_on(day, months)
    return (
        scene.today - timedelta(days=scene.rng.randrange(3, 60))
        if past
        else day + timedelta(days=scene.rng.randrange(120, 400))
    )


def _months_on(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = 28 + next(n for n in (3, 2, 1, 0) if n == 0 or _is_day(year, month, 28 + n))
    return date(year, month, min(day.day, last))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def notifies_withdrawal(scene: Scene) -> Mutant | None:
    """A party gives notice: only a note is new."""
    return _notified(scene, scene.phrase())


def _notified(scene: Scene, name: str) -> Mutant | None:
    row = scene.pick(scene.bound())
    if row is None:
        return None
    day = scene.lately()
    due, _, _, truth = _pending(scene, row, name, day, _effect_of(scene, name, day))
    return Mutant(scene.doc, due, (truth, *_beside(name, row)))


def _beside(name: str, row: Row) -> tuple[Truth, ...]:
    """What a phrase tells beside the notice."""
    return (
        (Truth("statement_withdrawn", row.who),) if "decision to withdraw the declaration" in NOTICES[name].due else ()
    )


def withdrawal_takes_effect(scene: Scene) -> Mutant | None:
    """A notice that the earlier document shows as pending has taken effect: brackets, other words, lower totals."""
    row, name = scene.pick(scene.bound()), scene.phrase()
    if row is None or scene.doc.stamp is None:
        return None
    moment = scene.doc.stamp
    day = (
        _months_on(scene.today, -NOTICES[name].months) + timedelta(days=1)
        if NOTICES[name].months
        else scene.today - timedelta(days=200)
    )
    if any(d >= day for c in row.cells if (d := day_of(c))):
        return None  # it consented after that day
    effect = _effect_of(scene, name, day) if NOTICES[name].months else scene.today + timedelta(days=1)
    due, done, _, truth = _pending(scene, row, name, day, effect)
    later = moment + (effect - scene.today) + timedelta(days=scene.rng.randrange(2))
    after = left(scene, done, row.who).at(later)
    change = Truth(
        "withdrawal_effective",
        row.who,
        "withdrawal",
        day,
        effect,
        after="former_party",
        notification=truth.notification,
    )
    return Mutant(due, after, (change,))


def withdrawal_reaches_its_day(scene: Scene) -> Mutant | None:
    """The day of a pending notice has come, and the page shows no more than a later stamp."""
    mutant = withdrawal_takes_effect(scene)
    if mutant is None or mutant.after.stamp is None:
        return None
    return Mutant(mutant.before, mutant.before.at(mutant.after.stamp), mutant.expected)


def withdrawal_both_at_once(scene: Scene) -> Mutant | None:
    """A withdrawal, long in effect when it is first seen."""
    row, name = scene.pick(scene.bound()), scene.phrase()
    if row is None:
        return None
    months = NOTICES[name].months
    day = _months_on(scene.today, -months) - timedelta(days=20) if months else scene.today - timedelta(days=300)
    since = min((d for c in row.cells if (d := day_of(c))), default=day)
    if since >= day:
        return None
    _, done, _, truth = _pending(scene, row, name, day, _effect_of(scene, name, day, past=True))
    truth = Truth("withdrawal_notified", row.who, "withdrawal", day, truth.effective, notification=truth.notification)
    effective = Truth("withdrawal_effective", row.who, "withdrawal", day, truth.effective, after="former_party")
    return Mutant(scene.doc, left(scene, done, row.who), (truth, effective, *_beside(name, row)))


def retracts(scene: Scene) -> Mutant | None:
    """A pending notice is taken back, in a second paragraph of its note."""
    row, name = scene.pick(scene.bound()), scene.phrase()
    if row is None:
        return None
    day = scene.lately() - timedelta(days=30)
    effect = _effect_of(scene, name, day)
    due, _, number, _ = _pending(scene, row, name, day, effect)
    notice = scene.notice(row, day, effect)
    told = due.note(number)
    assert told
    words = notice.fill(scene.rng.choice(RETRACTIONS))
    after = due.with_note(number, f"{told.markup.split('<br><br></div>')[0]}<br><br>{words}")
    return Mutant(due, after, (Truth("withdrawal_retracted", row.who, "withdrawal", day, effect),))


def _by_note(scene: Scene, rows: list[Row], words: tuple[str, ...], kind: str, act: str) -> Mutant | None:
    row = scene.pick(rows)
    if row is None:
        return None
    day = scene.lately()
    notice = scene.notice(row, day, day + timedelta(days=90))
    after, _ = scene.told(scene.doc, row, notice.fill(scene.rng.choice(words)))
    return Mutant(scene.doc, after, (Truth(kind, row.who, act, day),))


def suspends(scene: Scene) -> Mutant | None:
    """A party suspends the treaty's operation for itself."""
    return _by_note(scene, scene.bound(), SUSPENSIONS, "suspension_notified", "suspension")


def disavows_signature(scene: Scene) -> Mutant | None:
    """A signatory says that it will not become a party."""
    return _by_note(scene, scene.signatories(), DISAVOWALS, "signature_disavowed", "intention_not_to_become_party")


def withdraws_in_part(scene: Scene) -> Mutant | None:
    """A party leaves for one of its territories only."""
    rows = [r for r in scene.bound() if r.who.startswith(("United Kingdom", "Netherlands", "Denmark", "France"))]
    return _by_note(scene, rows, PARTIAL, "withdrawal_notified", "partial_withdrawal")


def comes_back(scene: Scene) -> Mutant | None:
    """A former party accedes anew: its row is overwritten, its note stays, or says so."""
    left = withdrawal_both_at_once(scene)
    code = next((c for c, kind in means(scene.doc.headings[scene.consenting]).items() if kind == "accession"), None)
    if left is None or code is None:
        return None
    who = left.expected[0].who  # type: ignore[index]
    assert who
    row, day = left.after.find(who), scene.today
    if day_of(row.cells[scene.consenting].strip("[] ")) == day:
        return None  # nobody comes back on the day of the first consent
    cells = tuple("" if i != scene.consenting else in_cell(day, code) for i in range(len(row.cells)))
    after = left.after.with_row(row, Row(row.name, row.marks, cells)).add(parties=1)
    told = next(n for n in left.after.notes if n.number in row.marks and n.raw is None)
    if scene.rng.random() < HALF:
        again = f"On {in_words(day)}, the Government of {spoken(row.who)} re-acceded to the instrument."
        after = after.with_note(told.number, f"{told.markup}<br>{again}")
    return Mutant(left.after, after, (Truth("consented", who, "accession", day, before="former_party"),))


def effect_is_corrected(scene: Scene) -> Mutant | None:
    """The depositary states another day of effect for a pending notice."""
    row = scene.pick(scene.bound())
    if row is None:
        return None
    name = scene.rng.choice([n for n, p in NOTICES.items() if not p.months])
    day = scene.lately()
    effect = day + timedelta(days=200)
    due, _, number, _ = _pending(scene, row, name, day, effect)
    told, new = due.note(number), effect + timedelta(days=scene.rng.choice([1, 30, -20]))
    assert told
    after = due.with_note(number, told.markup.replace(in_words(effect), in_words(new)))
    return Mutant(due, after, (Truth("corrected", row.who, "withdrawal", day, new),))


def notices_stand_in_a_table(scene: Scene) -> Mutant | None:
    """Several notices at once, in a table inside one note."""
    rows = scene.bound()
    if len(rows) < PAIR:
        return None
    chosen = scene.rng.sample(rows, 2)
    day = scene.lately()
    effect = day + timedelta(days=365)
    lines = "".join(f"<tr><td>{r.who}</td><td>{in_cell(day)}</td><td>{in_cell(effect)}</td></tr>" for r in chosen)
    markup = (
        "The following Parties have notified the Secretary-General of their withdrawal from the Convention on the dates"
        " indicated hereinafter:<br><table class='table'><tr><td>Participant</td><td>Date of notification</td>"
        f"<td>Date of effect</td></tr>{lines}</table>"
    )
    after, number = scene.told(scene.doc, chosen[0], markup)
    other = after.find(chosen[1].who)
    after = after.with_row(other, other.mark(number))
    return Mutant(
        scene.doc, after, tuple(Truth("withdrawal_notified", r.who, "withdrawal", day, effect) for r in chosen)
    )


def two_notify_in_one_note(scene: Scene) -> Mutant | None:
    """Two parties give notice together, in a note that both rows carry."""
    rows = scene.bound()
    if len(rows) < PAIR:
        return None
    one, other = scene.rng.sample(rows, 2)
    day = scene.lately()
    effect = day + timedelta(days=180)
    words = (
        f"On {in_words(day)}, the Governments of {spoken(one.who)} and {spoken(other.who)} each deposited with the"
        f" Secretary-General a notification of withdrawal. The withdrawals will take effect on {in_words(effect)}."
    )
    after, number = scene.told(scene.doc, one, words)
    second = after.find(other.who)
    truths = tuple(Truth("withdrawal_notified", r.who, "withdrawal", day, effect) for r in (one, other))
    return Mutant(scene.doc, after.with_row(second, second.mark(number)), truths)


def three_governments_notify(scene: Scene) -> Mutant | None:
    """Three parties give notice together, each with its Government and its own day of effect."""
    rows = scene.bound()
    if len(rows) < THREE:
        return None
    chosen = scene.rng.sample(rows, THREE)
    day = scene.lately()
    effects = [day + timedelta(days=180 + n) for n in range(THREE)]
    one, two, three = (f"the Government of {spoken(r.who)}" for r in chosen)
    on = ", ".join(f"for {spoken(r.who)} on {in_words(e)}" for r, e in zip(chosen, effects, strict=True))
    words = (
        f"On {in_words(day)}, {one}, {two} and {three} each deposited with the Secretary-General a notification of"
        f" withdrawal. The withdrawals will take effect {on}."
    )
    after, number = scene.told(scene.doc, chosen[0], words)
    for other in chosen[1:]:
        row = after.find(other.who)
        after = after.with_row(row, row.mark(number))
    truths = (Truth("withdrawal_notified", r.who, "withdrawal", day, e) for r, e in zip(chosen, effects, strict=True))
    return Mutant(scene.doc, after, tuple(truths))


def leaves_a_second_time(scene: Scene) -> Mutant | None:
    """A State that had left and come back gives notice anew; the note already told of the first time."""
    row = scene.pick(scene.bound())
    back = row and day_of(row.cells[scene.consenting])
    if row is None or not back or back.year < LONG_AGO:
        return None
    day, gov = scene.lately(), f"the Government of {spoken(row.who)}"
    effect, left = day + timedelta(days=190), back - timedelta(days=400)
    first = (
        f"On {in_words(left - timedelta(days=300))}, {gov} deposited an instrument of denunciation, with effect from"
        f" {in_words(left)}. On {in_words(back)}, {gov} re-acceded to the Convention."
    )
    second = (
        f" On {in_words(day)}, {gov} notified the Secretary-General that it had decided to denounce the Convention for"
        f" the second time with effect from {in_words(effect)}."
    )
    before, number = scene.told(scene.doc, row, first)
    truth = Truth("withdrawal_notified", row.who, "withdrawal", day, effect)
    return Mutant(before, before.with_note(number, first + second), (truth,))


OF_NOTES = (
    notifies_withdrawal, withdrawal_takes_effect, withdrawal_reaches_its_day, withdrawal_both_at_once, retracts,
    suspends, disavows_signature, withdraws_in_part, comes_back, effect_is_corrected, notices_stand_in_a_table,
    two_notify_in_one_note, three_governments_notify, leaves_a_second_time,
)  # fmt: skip
