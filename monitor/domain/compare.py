"""Compares two readings of one treaty, and says what has changed: rows by participant, never by position.

It does not judge whether the later reading is believable as a whole (see plausibility) and knows no record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.change import Change, ChangeKind, Comparison
from monitor.domain.pairing import LEAVING, ActDiff, pair
from monitor.domain.participation import Participation
from monitor.domain.rowchange import Side, row_changes
from monitor.domain.snapshot import Finding, Level, Snapshot
from monitor.domain.standing import consents, is_bracketed, judging_day, law_of, withdrawals
from monitor.domain.statements import statement_changes
from monitor.domain.treaty import Rules


def compare(
    before: Snapshot,
    after: Snapshot,
    rules: Rules,
    *,
    since: date | None = None,
    until: date | None = None,
    halted: Mapping[str, date] = MappingProxyType({}),
) -> Comparison:
    """Return the typed changes from one reading to the next.

    `since` and `until` are the days on which the two are judged, by default the pages' own; effects that fall
    between them by the calendar are changes too, so that a snapshot compared with itself over a span of days
    gives what the days alone have brought. `halted` are the rows, by participant's key, that were known on an earlier
    day than the others. Both snapshots must carry the effects that `complete` computes.
    """
    days = (since or judging_day(before), until or judging_day(after))
    matches = match_rows(before, after)
    held = tuple(_vanished(after, matches))
    doubtful = (*(_doubtful(matches) if held else ()), *_moved(matches))
    changes = [*_of_treaty(before, after, days), *_renamed(after, matches)]
    changes += _of_rows(before, after, rules, matches, _Days(*days, halted))
    renamed = {m.before.participant.key: m.after.participant.key for m in matches if m.before and m.after}
    said, findings = statement_changes(after.header.reference, before, after, renamed)
    return Comparison((*changes, *said), tuple(c for c, _ in held), (*findings, *doubtful, *(f for _, f in held)))


@dataclass(frozen=True, slots=True)
class Match:
    """One participant's row in both readings; None where a reading has none."""

    before: Participation | None
    after: Participation | None

    @property
    def keys(self) -> frozenset[str]:
        """The participant's keys: two where a name that is not known has taken the place of one."""
        return frozenset(p.participant.key for p in (self.before, self.after) if p)

    @property
    def lost(self) -> bool:
        """Whether the row is gone from the grid, though a note still names the participant."""
        rows = self.before, self.after
        return rows[0] is not None and rows[0].in_grid and rows[1] is not None and not rows[1].in_grid


def match_rows(before: Snapshot, after: Snapshot) -> tuple[Match, ...]:
    """Match rows by participant; a row that is gone and a new one with the very same acts are one, renamed."""
    old = {p.participant.key: p for p in before.participations}
    new = {p.participant.key: p for p in after.participations}
    gone = {k: p for k, p in old.items() if k not in new and p.in_grid}
    come = {k: p for k, p in new.items() if k not in old and p.in_grid}
    successors = {k: _successor(p, gone, come) for k, p in gone.items()}
    taken = {s for s in successors.values() if s}
    matches = [Match(p, new.get(k) or new.get(successors.get(k) or "")) for k, p in old.items()]
    return (*matches, *(Match(None, p) for k, p in new.items() if k not in old and k not in taken))


def _successor(row: Participation, gone: dict[str, Participation], come: dict[str, Participation]) -> str | None:
    """Return the one new row that repeats this vanished row's dates, if no other row does the same."""
    dates = _dates(row)
    twins = [k for k, p in come.items() if _repeats(p, dates) and not _two_states(row, p)]
    rivals = [k for k, p in gone.items() if _dates(p) == dates]
    return twins[0] if dates and len(twins) == 1 and len(rivals) == 1 else None


def _repeats(row: Participation, dates: tuple[tuple[ActionKind, date | None], ...]) -> bool:
    """Whether a row has the very same acts; a name that nobody knows may bring a new one with it."""
    return _dates(row) == dates or (row.participant.code is None and set(dates) <= set(_dates(row)))


def _two_states(row: Participation, other: Participation) -> bool:
    """Whether two rows are of two States that both exist (dissolved ones have codes of four letters): no rename."""
    codes = {row.participant.code, other.participant.code}
    return len(codes) > 1 and all(code and len(code) == len("FR") for code in codes)


def _dates(row: Participation) -> tuple[tuple[ActionKind, date | None], ...]:
    return tuple((a.kind, a.date) for a in row.actions if a.from_grid)


def _renamed(after: Snapshot, matches: tuple[Match, ...]) -> Iterator[Change]:
    for match in matches:
        if match.before is None or match.after is None or match.before.claimed:
            continue
        old, new = match.before.participant, match.after.participant
        if old.as_written == new.as_written or not (match.after.in_grid and match.before.in_grid):
            continue
        if _folded(old.as_written) != _folded(new.as_written):
            yield Change(
                kind=ChangeKind.RENAMED,
                treaty=after.header.reference,
                participant=new,
                name_before=old.as_written,
            )


def _folded(name: str) -> str:
    return "".join(name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()).casefold()


def _of_treaty(before: Snapshot, after: Snapshot, days: tuple[date, date]) -> Iterator[Change]:
    """Yield the treaty's own entry into force: one change, not one for each State."""
    was, now = before.header.entry_into_force, after.header.entry_into_force
    known = was is not None and was <= days[0]
    if now is not None and now <= days[1] and not known and (was is None or was > days[0]):
        yield Change(
            kind=ChangeKind.TREATY_IN_FORCE,
            treaty=after.header.reference,
            participant=None,
            text=f"in force since {now.isoformat()}",
        )


@dataclass(frozen=True, slots=True)
class _Days:
    """The days on which two readings are judged; `halted` rows are judged on days of their own before."""

    since: date
    until: date
    halted: Mapping[str, date]

    def before(self, match: Match) -> date:
        """Return the day on which a row is judged in the earlier reading."""
        return min((self.halted[key] for key in match.keys & self.halted.keys()), default=self.since)


def _of_rows(
    before: Snapshot, after: Snapshot, rules: Rules, matches: tuple[Match, ...], days: _Days
) -> Iterator[Change]:
    laws = law_of(before, rules), law_of(after, rules)
    for match in matches:
        if match.after is None or match.lost:
            continue
        then, now = Side(match.before, laws[0], days.before(match)), Side(match.after, laws[1], days.until)
        yield from row_changes(after.header.reference, then, now)


def _vanished(after: Snapshot, matches: tuple[Match, ...]) -> Iterator[tuple[Change, Finding]]:
    """Yield what the later page no longer carries and no depositary ever takes back silently: rows, and notices."""
    for match in matches:
        row = match.before
        if row is None or row.claimed:
            continue
        if match.after is None or match.lost:
            if row.in_grid:
                yield _gone(after, row, None, f"the row of {row.participant.name} is no longer on the page")
            continue
        for act in pair(row, match.after).gone:
            if act.bracketed:
                what = act.kind.replace("_", " ")
                text = f"{row.participant.name}'s {what} of {act.date}, in brackets, is no longer there"
                yield _gone(after, row, act, text)
            elif _should_stand(act, match.after):
                told = "notice of withdrawal" if act.kind is ActionKind.WITHDRAWAL else act.kind.replace("_", " ")
                text = f"the note on {row.participant.name}'s {told} of {act.date} is no longer on the page"
                yield _gone(after, row, act, text)


def _doubtful(matches: tuple[Match, ...]) -> Iterator[Finding]:
    """Yield a hold for each new row that may be a vanished one: by a name that nobody knows, or by the very dates."""
    gone = [_dates(m.before) for m in matches if m.before and m.before.in_grid and (m.after is None or m.lost)]
    for match in matches:
        row = match.after
        if match.before is None and row and row.in_grid and (row.participant.code is None or _dates(row) in gone):
            text = f'"{row.participant.as_written}" is new, and may be the row that has vanished under another name'
            yield Finding(Level.HOLD, "unknown-successor", text, row.participant.key)


def _moved(matches: tuple[Match, ...]) -> Iterator[Finding]:
    """Yield a hold for each row between which a notice seems to have moved: the mark of its note has slipped."""
    rows = [(row, *_exchanged(pair(m.before, m.after))) for m in matches if (row := m.after or m.before)]
    moved = {notice for _, left, _ in rows for notice in left} & {notice for _, _, come in rows for notice in come}
    for row, left, come in rows:
        if moved & (left | come):
            text = f"a notice stands in another row than before, and {row.participant.name} is one of the two"
            yield Finding(Level.HOLD, "note-moved", text, row.participant.key)


_Notice = tuple[ActionKind, date | None]


def _exchanged(diff: ActDiff) -> tuple[set[_Notice], set[_Notice]]:
    """Return the notices that a row shows no more, and those that it did not show: also one for another."""
    left = _notices((*diff.gone, *(old for old, _ in diff.corrected)))
    come = _notices((*diff.new, *(new for _, new in diff.corrected)))
    return left - come, come - left


def _notices(acts: Iterable[TreatyAction]) -> set[_Notice]:
    return {(a.kind, a.date) for a in acts if a.kind in LEAVING}


def _should_stand(act: TreatyAction, row: Participation) -> bool:
    """Whether a notice has vanished although the row does not show that it has lapsed: by brackets, or by a consent.

    A retraction must stand as long as its notice does: without it the notice would take effect.
    """
    if act.kind is ActionKind.INTENTION_NOT_TO_BECOME_PARTY and consents(row):
        return False
    if act.kind is ActionKind.WITHDRAWAL_RETRACTED and not withdrawals(row):
        return False
    return act.kind in LEAVING and row.in_grid and not is_bracketed(row)


def _gone(after: Snapshot, row: Participation, act: TreatyAction | None, text: str) -> tuple[Change, Finding]:
    change = Change(
        kind=ChangeKind.RECORD_VANISHED,
        treaty=after.header.reference,
        participant=row.participant,
        action=act,
        text=text,
    )
    return change, Finding(
        Level.HOLD, "row-vanished" if act is None or act.from_grid else "note-vanished", text, row.participant.key
    )


def rewind(snapshot: Snapshot, day: date) -> Snapshot:
    """Return the snapshot as far as it tells of acts up to a day: the record that a page of that day would have given.

    Used for the first official reading against a seed: what the page has beyond its own rewound self is news.
    """
    rows = (_rewound(p, day) for p in snapshot.participations)
    entry = snapshot.header.entry_into_force
    header = replace(
        snapshot.header,
        stamp=snapshot.header.stamp and snapshot.header.stamp.replace(year=day.year, month=day.month, day=day.day),
        entry_into_force=entry if entry and entry <= day else None,
    )
    return replace(snapshot, header=header, participations=tuple(p for p in rows if p.actions))


def _rewound(row: Participation, day: date) -> Participation:
    left_later = any(a.kind is ActionKind.WITHDRAWAL and (a.effective or a.date or date.min) > day for a in row.actions)
    acts = (a for a in row.actions if a.date is None or a.date <= day)
    return replace(row, actions=tuple(replace(a, bracketed=False) if left_later and a.bracketed else a for a in acts))
