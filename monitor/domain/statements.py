"""What participants have newly said, taken back, or extended to territories, between two readings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    changes = [i for i in items if isinstance(i, Change)]
    return _told_once(changes), tuple(i for i in items if isinstance(i, Finding))


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
    for before, after in zip(gone, come, strict=False):
        yield from _edited(treaty, before, after)
    for statement in come[len(gone) :]:
        yield _told(treaty, _made(statement.kind), statement.participant, statement.text)
    for statement in gone[len(come) :]:
        if statement.kind is not StatementKind.WITHDRAWN:
            yield _told(treaty, ChangeKind.STATEMENT_WITHDRAWN, statement.participant, statement.text)


def _made(kind: StatementKind) -> ChangeKind:
    if kind is StatementKind.TERRITORY:
        return ChangeKind.TERRITORY_EXTENDED
    return ChangeKind.STATEMENT_WITHDRAWN if kind is StatementKind.WITHDRAWN else ChangeKind.STATEMENT_MADE


def _edited(treaty: str, before: Statement, after: Statement) -> Iterator[Change | Finding]:
    """Yield what was added to or taken out of a text; an edit that does neither is a note for the operator."""
    gone, come = _difference(before.text, after.text)
    alike = SequenceMatcher(None, " ".join(gone), " ".join(come), autojunk=False).quick_ratio()
    if gone and come and alike > _SMALL:
        text = f"the text of {after.participant.name} ({after.kind.value}) was edited without becoming another"
        yield Finding(Level.NOTE, "statement-edited", text, after.participant.key)
        return
    old, new = _plain_of(gone), _plain_of(come)
    if come and not (new and new in old):  # a sentence may have been cut short, or have gone on
        yield _told(treaty, _made(after.kind), after.participant, " ".join(come))
    if gone and not (old and old in new) and after.kind is not StatementKind.WITHDRAWN:
        yield _told(treaty, ChangeKind.STATEMENT_WITHDRAWN, after.participant, " ".join(gone))


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


def _by_note(change: Change) -> bool:
    return bool(re.search(r"\bwithdr[ae]w", change.text or "", re.IGNORECASE))
