"""Mutators that make the rows tell of an act, each with the changes that must be reported, and no others."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

from mutations.forms import Doc, Row
from mutations.phrases import (
    in_cell,
)
from mutations.scene import Mutant, Scene, bracketed, code_of, day_of, left, means, moved, standing
from mutations.truth import Truth


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


def brackets_come_alone(scene: Scene) -> Mutant | None:
    """One row goes into brackets, and no note says why."""
    row = scene.pick([r for r in scene.bound() if not r.marks])
    if row is None:
        return None
    truth = Truth("withdrawal_effective", row.who, "withdrawal", None, None, after="former_party")
    return Mutant(scene.doc, left(scene, scene.doc, row.who), (truth,))


def signature_is_struck_out(scene: Scene) -> Mutant | None:
    """A signature goes into brackets, and no note says why."""
    row, place = scene.pick(scene.signatories()), scene.signing
    if row is None or place is None:
        return None
    act = "succession_to_signature" if code_of(row.cells[place]) == "d" else "signature"
    truth = Truth("signature_disavowed", row.who, act, day_of(row.cells[place]))
    return Mutant(scene.doc, scene.doc.with_row(row, bracketed(row)).add(-1), (truth,))


def consent_alone_in_brackets(scene: Scene) -> Mutant | None:
    """Only the consent goes into brackets; the signature stands."""
    row, place = scene.pick([r for r in scene.bound() if not r.marks]), scene.consenting
    if row is None or any(c for i, c in enumerate(row.cells) if i not in {place, scene.signing}):
        return None
    cell = row.cells[place]
    after = scene.doc.with_row(row, row.put(place, f"[{cell}]" if code_of(cell) else f"[{cell} ]")).add(0, -1)
    return Mutant(scene.doc, after, (Truth("withdrawal_effective", row.who, "withdrawal", None, after="former_party"),))


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


def is_renamed_throughout(scene: Scene) -> Mutant | None:
    """A row takes a name that nobody has heard of yet, and so do its declarations."""
    doc = scene.doc
    alone = [r for r in scene.bound() if sum(o.cells == r.cells for o in doc.rows) == 1 and len(r.who) > len("Congo")]
    row = scene.pick([r for r in alone if r.who in r.name and f">{r.who}" in doc.between])
    if row is None:
        return None
    new = scene.rng.choice(["Zemlandia", "Republic of Ostrovia"])
    after = doc.with_row(row, row.rename(row.name.replace(row.who, new)))
    written = re.compile(rf">{re.escape(row.who)}(?=\s*(?:<|&lt;))")  # Guinea is no part of Guinea-Bissau
    after = replace(after, between=written.sub(f">{new}", after.between))
    return Mutant(doc, after, (Truth("renamed", new),))


def is_renamed_but_for_its_statements(scene: Scene) -> Mutant | None:
    """A row takes an unheard name; its declarations still stand under the old one."""
    mutant = is_renamed_throughout(scene)
    return mutant and replace(mutant, after=replace(mutant.after, between=scene.doc.between))


OF_ROWS = (
    joins, signs, signs_and_ratifies, succeeds_to_signature, ratifies, applies_provisionally,
    brackets_come_alone, signature_is_struck_out, consent_alone_in_brackets, consent_is_blanked,
    date_is_corrected, code_is_corrected, is_renamed, is_renamed_unheard, is_renamed_throughout,
    is_renamed_but_for_its_statements,
)  # fmt: skip
