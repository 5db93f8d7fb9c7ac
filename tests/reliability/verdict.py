"""What must hold of a year in which the program was killed, however often: nothing missing, and no tales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from reliability.installation import Installation, Receipt
from reliability.play import MINES, play

UPCOMING = {
    (MINES, "MH", "entered_into_force"),
    (MINES, "FI", "withdrawal_effective"),
    (MINES, "PL", "withdrawal_effective"),
}
"""Effects told of beforehand: one was pending when the seed was written, of the others one subscription is reminded."""


def assert_nothing_lost(
    installation: Installation, record: dict[str, list[tuple[Any, ...]]], receipts: Iterable[Receipt]
) -> None:
    """Compare with an undisturbed year: the same record, every alert under its own id, repeats only after a death."""
    assert installation.record() == record
    assert {(r.channel, r.id) for r in installation.receipts()} == {(r.channel, r.id) for r in receipts}
    assert _contents_per_id(installation) == {1}
    assert all(times <= installation.lost()[each.strip("<>").split("@")[0]] for each, times in _repeats(installation))
    assert {state for (state,) in installation.rows("SELECT state FROM delivery")} == {"sent"}
    assert_only_true_news(installation)
    assert_evidence_is_kept(installation)


def _repeats(installation: Installation) -> Iterable[tuple[str, int]]:
    return installation.repeats().items()


def _contents_per_id(installation: Installation) -> set[int]:
    contents = defaultdict(set)
    for receipt in installation.receipts():
        contents[receipt.id].add(receipt.content)
    return {len(each) for each in contents.values()}


def assert_only_true_news(installation: Installation) -> None:
    """See that the record and the alerts tell of what happened on the pages and the calendar, once, and of no more."""
    news = sorted(change for day in play() for change in day.news)
    assert installation.rows("SELECT treaty, participant, kind FROM change") == news
    told = set()
    for hook in installation.hook.hooks:
        assert hook.verified, hook.error
        data = hook.payload["data"]
        treaty = data["treaty"] if isinstance(data["treaty"], str) else data["treaty"]["reference"]
        what = (treaty, data["participant"]["code"], data["kind"])
        told.add((hook.payload["type"], *what))
    expected = {("treaty.status_changed", *change) for change in news}
    assert told == expected | {("treaty.effect_upcoming", *effect) for effect in UPCOMING}


def assert_evidence_is_kept(installation: Installation) -> None:
    """See that every page to which the record refers lies in the archive, and is entered with its headers."""
    entered = set(installation.rows("SELECT sha256 FROM document"))
    referred = set(installation.rows("SELECT document FROM reading UNION SELECT seen_document FROM reading"))
    assert referred <= entered
    archive = installation.state / "documents"
    assert [sha for (sha,) in entered if not (archive / sha[:2] / f"{sha}.zst").is_file()] == []
