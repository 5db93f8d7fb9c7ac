"""Mutators that make a document tell of an act, each with the changes that must be reported, and no others."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from mutations.forms import Doc, P, Row
from mutations.phrases import (
    DISAVOWALS,
    NOTICES,
    PARTIAL,
    RETRACTIONS,
    STATEMENTS_WITHDRAWN,
    SUSPENSIONS,
    in_cell,
    in_words,
    spoken,
)
from mutations.scene import Mutant, Scene, bracketed, code_of, day_of, means, moved, standing
from mutations.truth import Truth

Event = Callable[[Scene], Mutant | None]


def _newcomers_row(scene: Scene, cells: dict[int, str]) -> tuple[Doc, str] | None:
    name = scene.newcomer()
    if name is None:
        return None
    row = Row(html.escape(name, quote=False), (), tuple(cells.get(i, "") for i in range(len(scene.doc.headings))))
    return scene.doc.put_row(row, scene.rng.randrange(len(scene.doc.rows) + 1)), name


def joins(scene: Scene) -> Mutant | None:
    """A State without a row consents, by any means that the heading names."""
    code, kind = scene.rng.choice(sorted(means(scene.doc.headings[scene.consenting]).items()))
    day = scene.lately()
    made = _newcomers_row(scene, {scene.consenting: in_cell(day, code)})
    if made is None:
        return None
    return Mutant(scene.doc, made[0].add(parties=1), (Truth("consented", made[1], kind, day, before="none"),))


def signs(scene: Scene) -> Mutant | None:
    """A State without a row signs."""
    day, place = scene.lately(), scene.signing
    made = None if place is None else _newcomers_row(scene, {place: in_cell(day)})
    if made is None:
        return None
    truth = Truth("signed", made[1], "signature", day, before="none", after="signatory")
    return Mutant(scene.doc, made[0].add(signatories=1), (truth,))


def signs_and_ratifies(scene: Scene) -> Mutant | None:
    """A State without a row signs, and consents some days later."""
    day, place = scene.lately(), scene.signing
    if place is None:
        return None
    earlier = day - timedelta(days=scene.rng.randrange(1, 60))
    code, kind = scene.rng.choice(
        [i for i in means(scene.doc.headings[scene.consenting]).items() if i[0] not in {"a", "d"}]
    )
    made = _newcomers_row(scene, {place: in_cell(earlier), scene.consenting: in_cell(day, code)})
    if made is None:
        return None
    truths = (
        Truth("signed", made[1], "signature", earlier, before="none", after="signatory"),
        Truth("consented", made[1], kind, day, before="signatory"),
    )
    return Mutant(scene.doc, made[0].add(1, 1), truths)


def succeeds_to_signature(scene: Scene) -> Mutant | None:
    """A new State takes over the signature of its predecessor."""
    place = scene.signing
    if place is None or "Succession to signature(d)" not in scene.doc.headings[place]:
        return None
    day = scene.lately()
    made = _newcomers_row(scene, {place: in_cell(day, "d")})
    if made is None:
        return None
    truth = Truth("signed", made[1], "succession_to_signature", day, after="signatory")
    return Mutant(scene.doc, made[0].add(signatories=1), (truth,))


def ratifies(scene: Scene) -> Mutant | None:
    """A signatory consents, by any means that the heading names."""
    row = scene.pick(scene.signatories())
    if row is None:
        return None
    codes = [i for i in sorted(means(scene.doc.headings[scene.consenting]).items()) if i[0] not in {"a", "d"}]
    (code, kind), day = scene.rng.choice(codes), scene.lately()
    after = scene.doc.with_row(row, row.put(scene.consenting, in_cell(day, code))).add(parties=1)
    return Mutant(scene.doc, after, (Truth("consented", row.who, kind, day, before="signatory"),))


def applies_provisionally(scene: Scene) -> Mutant | None:
    """A signatory applies the treaty provisionally."""
    row, place = scene.pick(scene.signatories()), scene.provisional
    if row is None or place is None:
        return None
    day = scene.lately()
    after = scene.doc.with_row(row, row.put(place, in_cell(day, "n")))
    truth = Truth(
        "provisionally_applied", row.who, "provisional_application", day, before="signatory", after="provisional"
    )
    return Mutant(scene.doc, after, (truth,))


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


def _left(scene: Scene, doc: Doc, who: str) -> Doc:
    """The document with the row in brackets and the totals less by what stood in it."""
    row, place = doc.find(who), scene.signing
    signed = int(place is not None and standing(row.cells[place]))
    return doc.with_row(row, bracketed(row)).add(-signed, -1)


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
    effect = _effect_of(scene, name, day) if NOTICES[name].months else scene.today + timedelta(days=1)
    due, done, _, truth = _pending(scene, row, name, day, effect)
    later = moment + (effect - scene.today) + timedelta(days=scene.rng.randrange(2))
    after = _left(scene, done, row.who).at(later)
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
    return Mutant(scene.doc, _left(scene, done, row.who), (truth, effective, *_beside(name, row)))


def brackets_come_alone(scene: Scene) -> Mutant | None:
    """One row goes into brackets, and no note says why."""
    row = scene.pick([r for r in scene.bound() if not r.marks])
    if row is None:
        return None
    truth = Truth("withdrawal_effective", row.who, "withdrawal", None, None, after="former_party")
    return Mutant(scene.doc, _left(scene, scene.doc, row.who), (truth,))


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


def consent_is_blanked(scene: Scene) -> Mutant | None:
    """A ratification is taken out of its cell without a word."""
    place = scene.signing
    row = scene.pick([r for r in scene.bound() if place is not None and standing(r.cells[place])])
    if row is None:
        return None
    cell = row.cells[scene.consenting]
    kind = means(scene.doc.headings[scene.consenting]).get(code_of(cell))
    after = scene.doc.with_row(row, row.put(scene.consenting, "")).add(parties=-1)
    if kind is None or any(c for i, c in enumerate(row.cells) if i not in {place, scene.consenting}):
        return None
    return Mutant(scene.doc, after, (Truth("consent_revoked", row.who, kind, day_of(cell), after="signatory"),))


def comes_back(scene: Scene) -> Mutant | None:
    """A former party accedes anew: its row is overwritten, its note stays, or says so."""
    left = withdrawal_both_at_once(scene)
    code = next((c for c, kind in means(scene.doc.headings[scene.consenting]).items() if kind == "accession"), None)
    if left is None or code is None:
        return None
    who = left.expected[0].who  # type: ignore[index]
    assert who
    row, day = left.after.find(who), scene.today
    cells = tuple("" if i != scene.consenting else in_cell(day, code) for i in range(len(row.cells)))
    after = left.after.with_row(row, Row(row.name, row.marks, cells)).add(parties=1)
    told = next(n for n in left.after.notes if n.number in row.marks and n.raw is None)
    if scene.rng.random() < 0.5:
        again = f"On {in_words(day)}, the Government of {spoken(row.who)} re-acceded to the instrument."
        after = after.with_note(told.number, f"{told.markup}<br>{again}")
    return Mutant(left.after, after, (Truth("consented", who, "accession", day, before="former_party"),))


def date_is_corrected(scene: Scene) -> Mutant | None:
    """The depositary prints another day for a consent."""
    row = scene.pick(scene.bound())
    if row is None:
        return None
    cell = row.cells[scene.consenting]
    day = day_of(cell)
    if day is None or day > scene.today - timedelta(days=800):
        return None  # another day may bring another entry into force: other news
    new = day + timedelta(days=scene.rng.choice([-1, 1, 2, 30]))
    after = scene.doc.with_row(row, row.put(scene.consenting, moved(cell, new)))
    return Mutant(scene.doc, after, (Truth("corrected", row.who, day=new),))


def code_is_corrected(scene: Scene) -> Mutant | None:
    """The depositary prints another code for a consent of the same day."""
    row = scene.pick(scene.bound())
    if row is None:
        return None
    cell, kinds = row.cells[scene.consenting], means(scene.doc.headings[scene.consenting])
    others = [(c, k) for c, k in sorted(kinds.items()) if c != code_of(cell) and "succession" not in k]
    day = day_of(cell)
    if not others or day is None or kinds.get(code_of(cell)) in {None, "succession"}:
        return None
    code, kind = scene.rng.choice(others)
    after = scene.doc.with_row(row, row.put(scene.consenting, in_cell(day, code)))
    return Mutant(scene.doc, after, (Truth("corrected", row.who, kind, day),))


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


ALIASES = {
    "Türkiye": "Turkey", "Eswatini": "Swaziland", "Czech Republic": "Czechia", "Cabo Verde": "Cape Verde",
    "Nauru": "Naoero",
    "North Macedonia": "The former Yugoslav Republic of Macedonia", "Turkey": "Türkiye", "Swaziland": "Eswatini",
}  # fmt: skip


def is_renamed(scene: Scene) -> Mutant | None:
    """A row takes another name of the same State."""
    row = scene.pick([r for r in scene.doc.rows if r.who in ALIASES and r.who not in scene.taken])
    if row is None:
        return None
    new = ALIASES[row.who]
    after = scene.doc.with_row(row, row.rename(row.name.replace(row.who, new) if row.who in row.name else new))
    return Mutant(scene.doc, after, (Truth("renamed", new),))


def is_renamed_unheard(scene: Scene) -> Mutant | None:
    """A row takes a name that nobody has heard of yet."""
    rows = [r for r in scene.bound() if r.who in r.name]
    alone = [r for r in rows if sum(o.cells == r.cells for o in scene.doc.rows) == 1]
    row = scene.pick([r for r in alone if f">{r.who}<" not in scene.doc.between])
    if row is None:
        return None
    new = scene.rng.choice(["Zemlandia", "Republic of Ostrovia", "New Caldoria"])
    return Mutant(
        scene.doc, scene.doc.with_row(row, row.rename(row.name.replace(row.who, new))), (Truth("renamed", new),)
    )


_TEXTS = (
    "The Government declares that it understands article 7 as not affecting its obligations under other instruments.",
    "“Pursuant to article 12, the competent authority is the Ministry of Foreign Affairs.”",
)


def _block(doc: Doc, who: str, text: str, section: str, number: int = 99) -> str:
    if doc.form == "export":
        tag = {"dgDec": "Declaration", "dgObj": "Objection"}[section]
        return f'<{tag}><Participant>{who}</Participant><text type="normal">{text}</text></{tag}>'
    return (
        f'<tr align="left" valign="top">\r\n\t\t\t<td>\r\n <div id="{P}{section}_ctl{number}_divMainText"></div>\r\n'
        f'<div id="{P}{section}_ctl{number}_divParticipant" class="heading-two">{who}</div>\r\n'
        f'<div id="{P}{section}_ctl{number}_divText" class="content-two"><p class=\'invisible\'>{who}</p>'
        f"<p align=left><i>Declaration:</i><br></n></p>&nbsp;&nbsp;{text}<br></n><br></div>\r\n </td>\r\n\t\t</tr>"
    )


def _speaks(scene: Scene, section: str) -> Mutant | None:
    doc = scene.doc
    opening = (
        f'id="{P}{section}"' if doc.form == "page" else {"dgDec": "<Declarations>", "dgObj": "<Objections>"}[section]
    )
    at = doc.between.find(opening)
    if at < 0:
        return None
    at = doc.between.index(">", at) + 1
    row = scene.pick([r for r in scene.bound() if f">{r.who}" not in doc.between])
    if row is None:
        return None
    block = _block(doc, html.escape(row.who, quote=False), scene.rng.choice(_TEXTS), section)
    between = doc.between[:at] + "\r\n\t\t" + block + doc.between[at:]
    return Mutant(doc, replace(doc, between=between), (Truth("statement_made", row.who),))


def declares(scene: Scene) -> Mutant | None:
    """A participant makes a declaration."""
    return _speaks(scene, "dgDec")


def objects(scene: Scene) -> Mutant | None:
    """A participant objects."""
    return _speaks(scene, "dgObj")


def declaration_goes(scene: Scene) -> Mutant | None:
    """A participant's declaration is no longer printed."""
    made = declares(scene)
    if made is None:
        return None
    return Mutant(made.after, made.before, (Truth("statement_withdrawn", made.expected[0].who),))  # type: ignore[index]


def withdraws_a_statement(scene: Scene) -> Mutant | None:
    """A note tells of a reservation or declaration withdrawn."""
    row = scene.pick(scene.bound())
    if row is None:
        return None
    day = scene.lately()
    notice = scene.notice(row, day, day + timedelta(days=30))
    after, _ = scene.told(scene.doc, row, notice.fill(scene.rng.choice(STATEMENTS_WITHDRAWN)))
    return Mutant(scene.doc, after, (Truth("statement_withdrawn", row.who),))


def extends_to_territory(scene: Scene) -> Mutant | None:
    """A notification of territorial application is received."""
    row = scene.pick(scene.bound())
    if row is None or scene.doc.form != "page":
        return None
    between, empty = scene.doc.between, re.search(r'(id="[^"]*_tblDec"[^>]*>)\s*(</table>)', scene.doc.between)
    if empty is None:
        return None
    head = "<tr><td>Participant</td><td>Date of receipt of the notification</td><td>Territories</td></tr>"
    line = f"<tr><td>{row.who}</td><td>{in_cell(scene.lately())}</td><td>Isle of Man</td></tr>"
    between = f"{between[: empty.end(1)]}\r\n{head}{line}\r\n{between[empty.start(2) :]}"
    return Mutant(scene.doc, replace(scene.doc, between=between), (Truth("territory_extended", row.who),))


def enters_into_force(scene: Scene) -> Mutant | None:
    """The treaty itself enters into force."""
    doc = scene.doc
    if "XXVI" not in doc.head or "see article XIV" not in doc.head:
        return None
    day = scene.lately()
    head = re.sub(r"\[see article XIV\][^<]*", f"{in_words(day)}, in accordance with article XIV (1). ", doc.head)
    head = head.replace("Not yet in force", "Entry into force")
    return Mutant(doc, replace(doc, head=head), (Truth("treaty_in_force", None),))


def notices_stand_in_a_table(scene: Scene) -> Mutant | None:
    """Several notices at once, in a table inside one note."""
    rows = scene.bound()
    if len(rows) < 2:
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


EVENTS: dict[str, Event] = {
    f.__name__: f
    for f in (
        joins, signs, signs_and_ratifies, succeeds_to_signature, ratifies, applies_provisionally,
        notifies_withdrawal, withdrawal_takes_effect, withdrawal_reaches_its_day, withdrawal_both_at_once,
        brackets_come_alone, retracts, suspends, disavows_signature, withdraws_in_part, consent_is_blanked,
        comes_back, date_is_corrected, code_is_corrected, effect_is_corrected, is_renamed, is_renamed_unheard,
        declares, objects, declaration_goes, withdraws_a_statement, extends_to_territory, enters_into_force,
        notices_stand_in_a_table,
    )
}  # fmt: skip
