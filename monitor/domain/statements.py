"""What participants have newly said, taken back, or extended to territories, between two readings."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from monitor.domain.change import Change, ChangeKind
from monitor.domain.participant import Participant
from monitor.domain.snapshot import Finding, Level, Snapshot, Statement, StatementKind

_SENTENCE = re.compile(r"(?<=[.;:!?”\"])\s+")
_SMALL = 0.9
"""Texts more alike than this, with as much gone as come, were edited by the depositary, not made anew."""


def statement_changes(
    treaty: str, before: Snapshot, after: Snapshot, renamed: Mapping[str, str]
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Return statements made and withdrawn, territories added, and a note on every text that was only edited.

    `renamed` gives the later key of a participant whose name changed to one that is not known, by its earlier key; a
    section may follow the new name or still print the old one. A page and an export are not compared here: they
    print the same texts too differently for a difference to be news.
    """
    if before.form != after.form or before.statements == after.statements:
        return (), ()
    new = _texts(after)
    old = {_followed(key, new, renamed): texts for key, texts in _texts(before).items()}
    keys = sorted(old.keys() | new.keys())
    items = [item for key in keys for item in _of_one(treaty, old.get(key, ()), new.get(key, ()))]
    changes = _told_once([i for i in items if isinstance(i, Change)])
    changes = tuple(told for change in changes for told in _not_moved(change, changes))
    findings = [i for i in items if isinstance(i, Finding)]
    return changes, (*findings, *_emptied({kind for _, kind in old} - {kind for _, kind in new}, old, changes))


_Key = tuple[str, StatementKind]


def _followed(key: _Key, later: Mapping[_Key, object], renamed: Mapping[str, str]) -> _Key:
    """Return the key under which the later page carries the texts that the earlier one carries under this one."""
    return key if key in later else (renamed.get(key[0], key[0]), key[1])


def _texts(snapshot: Snapshot) -> dict[_Key, tuple[Statement, ...]]:
    grouped: dict[_Key, tuple[Statement, ...]] = {}
    for statement in snapshot.statements:
        key = (statement.participant.key, statement.kind)
        grouped[key] = (*grouped.get(key, ()), statement)
    return grouped


def _of_one(treaty: str, old: tuple[Statement, ...], new: tuple[Statement, ...]) -> Iterator[Change | Finding]:
    """Yield what one participant's texts of one section became."""
    if old == new:
        return
    old_texts, new_texts = {_plain(s.text) for s in old}, {_plain(s.text) for s in new}
    gone = [s for s in old if _plain(s.text) not in new_texts]
    come = [s for s in new if _plain(s.text) not in old_texts]
    for before, after in _paired(gone, come):
        gone.remove(before)
        come.remove(after)
        yield from _edited(treaty, before, after)
    for statement in come:
        yield _told(treaty, _made(statement.kind), statement.participant, statement.text)
    for statement in gone:
        if statement.kind is not StatementKind.WITHDRAWN:
            yield _told(treaty, ChangeKind.STATEMENT_WITHDRAWN, statement.participant, statement.text)


def _paired(gone: list[Statement], come: list[Statement]) -> list[tuple[Statement, Statement]]:
    """Return which text has taken which one's place: of lines on territories one of the same places or the same day."""
    pairs: list[tuple[Statement, Statement]] = []
    for alike in (_same_places, _same_day) if come and come[0].kind is StatementKind.TERRITORY else (_same_section,):
        for before in gone:
            taken = {id(one) for pair in pairs for one in pair}
            after = next((s for s in come if id(s) not in taken and alike(before, s)), None)
            if after and id(before) not in taken:
                pairs.append((before, after))
    return pairs


def _same_section(one: Statement, other: Statement) -> bool:
    return one.kind is other.kind


def _same_places(one: Statement, other: Statement) -> bool:
    return _plain(one.text.rpartition(": ")[2]) == _plain(other.text.rpartition(": ")[2])


def _same_day(one: Statement, other: Statement) -> bool:
    return one.text.partition(": ")[0] == other.text.partition(": ")[0]


def _made(kind: StatementKind) -> ChangeKind:
    if kind is StatementKind.TERRITORY:
        return ChangeKind.TERRITORY_EXTENDED
    return ChangeKind.STATEMENT_WITHDRAWN if kind is StatementKind.WITHDRAWN else ChangeKind.STATEMENT_MADE


def _edited(treaty: str, before: Statement, after: Statement) -> Iterator[Change | Finding]:
    """Yield what was added to or taken out of a text; an edit that does neither is a note for the operator."""
    gone, come = _difference(before.text, after.text)
    alike = SequenceMatcher(None, " ".join(gone), " ".join(come), autojunk=False).quick_ratio()
    moved = after.kind is StatementKind.TERRITORY and _same_places(before, after)
    if gone and come and (moved or alike > _SMALL):
        text = f"the text of {after.participant.name} ({after.kind.value}) was edited without becoming another"
        yield Finding(Level.NOTE, "statement-edited", text, after.participant.key)
        return
    _leave_out_edited(gone, come)
    old, new = _plain_of(gone), _plain_of(come)
    if come and not (new and new in old):  # a sentence may have been cut short, or have gone on
        yield _told(treaty, _made(after.kind), after.participant, " ".join(come))
    if gone and not (old and old in new) and after.kind is not StatementKind.WITHDRAWN:
        yield _told(treaty, ChangeKind.STATEMENT_WITHDRAWN, after.participant, " ".join(gone))


def _leave_out_edited(gone: list[str], come: list[str]) -> None:
    """Take out the sentences that were only edited: beside another one that is new or gone they are no news."""
    for one in tuple(gone):
        if other := next((s for s in come if _alike(s, one)), None):
            gone.remove(one)
            come.remove(other)


def _alike(one: str, other: str) -> bool:
    """Whether two sentences differ in little; what is cheap to know is asked first, for a long text has hundreds."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return all(ratio() > _SMALL for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))


def _plain_of(sentences: list[str]) -> str:
    return _plain(" ".join(sentences))


def _difference(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the sentences that only the earlier text has, and those that only the later one has."""
    old, new = _SENTENCE.split(before), _SENTENCE.split(after)
    old_plain, new_plain = {_plain(s) for s in old}, {_plain(s) for s in new}
    return [s for s in old if _plain(s) not in new_plain], [s for s in new if _plain(s) not in old_plain]


def _plain(text: str) -> str:
    """Return a text without what typography, spacing and footnote marks may change without meaning."""
    return re.sub(r"[\W\d_]+" if not re.search(r"[^\W\d_]", text) else r"[\W_]+", "", text).casefold()


def _told(treaty: str, kind: ChangeKind, who: Participant, text: str) -> Change:
    return Change(kind=kind, treaty=treaty, participant=who, text=text)


def _told_once(changes: list[Change]) -> tuple[Change, ...]:
    """Drop the withdrawal that a section shows where an end note tells of the same one, and doubles by id."""
    noted = {c.key for c in changes if c.kind is ChangeKind.STATEMENT_WITHDRAWN and _by_note(c)}
    kept = [c for c in changes if c.kind is not ChangeKind.STATEMENT_WITHDRAWN or _by_note(c) or c.key not in noted]
    return tuple({c.id: c for c in kept}.values())


def _not_moved(change: Change, changes: tuple[Change, ...]) -> Iterator[Change]:
    """Yield the change without the sentences that stand in another section instead: nobody made or withdrew those."""
    opposite = _OPPOSITES.get(change.kind)
    there = {_plain(s) for c in changes if c.kind is opposite and c.key == change.key for s in _sentences(c)}
    kept = [s for s in _sentences(change) if _plain(s) not in there]
    if len(kept) == len(_sentences(change)):
        yield change
    elif any(not s.endswith(":") for s in kept):  # what introduces a text ("Declaration:") says nothing alone
        yield replace(change, text=" ".join(kept))


_OPPOSITES = {
    ChangeKind.STATEMENT_MADE: ChangeKind.STATEMENT_WITHDRAWN,
    ChangeKind.STATEMENT_WITHDRAWN: ChangeKind.STATEMENT_MADE,
}


def _sentences(change: Change) -> list[str]:
    return _SENTENCE.split(change.text or "")


def _emptied(
    emptied: Container[StatementKind], old: Mapping[_Key, object], changes: tuple[Change, ...]
) -> Iterator[Finding]:
    """Yield a hold if a section with the texts of several is on the page no more: it may have lost it on the way."""
    withdrawn = {c.key for c in changes if c.kind is ChangeKind.STATEMENT_WITHDRAWN}
    lost = {who for who, kind in old if kind in emptied and who in withdrawn}
    if len(lost) > 1:
        text = f"a section is no longer on the page, with the texts of {len(lost)} participants"
        yield Finding(Level.HOLD, "section-vanished", text)


def _by_note(change: Change) -> bool:
    return bool(re.search(r"\bwithdr[ae]w", change.text or "", re.IGNORECASE))
