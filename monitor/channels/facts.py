"""Says one change in labelled lines that a person understands: the act, its dates, its rule, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from monitor.channels.wording import clean, web_link

CONFIDENCE = {
    "stated": "stated by the depositary",
    "computed": "computed from the treaty's own rule, not stated by the depositary",
    "calendar": "by the calendar: the day that the depositary stated has come, its page does not yet confirm it",
}
CONDITION = {
    "to come": "the effect depends on a condition of the withdrawal clause and may come later",
    "come": "the withdrawal clause may put the effect off on a condition; the page does not say whether it did",
}
STATEMENTS = {"statement_made", "statement_withdrawn", "territory_extended"}
"""Changes whose text is the participant's own; that of others is the program's."""
NOTICES = {"withdrawal", "partial_withdrawal", "withdrawal_retracted", "suspension", "intention_not_to_become_party"}
"""Acts that are notified; all others are signed or deposited."""
SIGNATURES = {"signature", "definitive_signature"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line; `url` is set where the value is a link."""

    label: str
    value: str
    url: str | None = None


def facts_of(change: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return the lines about one change, or one effect to come, in the order in which they are read.

    Both have the outer contract's shapes; an effect to come has its own `date` and the `clause` that it rests on.
    """
    return tuple(fact for fact in _all(change) if fact.value)


def words(value: object) -> str:
    """Return a word of the contract (`former_party`) as people write it; empty for None."""
    return clean(str(value).replace("_", " ")) if value is not None else ""


def moment(instant: object) -> str:
    """Return an instant of the contract (`2025-08-21T06:00:00Z`) as people write it; other text as it is."""
    text = clean(str(instant))
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at.tzinfo else text


def _all(change: Mapping[str, Any]) -> Iterator[Fact]:
    yield Fact("What is to come" if "date" in change else "What changed", words(change["kind"]))
    yield from _participant(change)
    yield from _act(change, change.get("action"))
    yield Fact("Details", "" if change["kind"] in STATEMENTS else clean(change.get("text") or ""))
    yield Fact("Status", _statuses(words(change.get("status_before")), words(change.get("status_after"))))
    yield Fact("Confidence", _confidence(change))
    yield Fact("Told before", "this corrects what an earlier message said" if change.get("corrects") else "")
    yield from _evidence(change)


def _participant(change: Mapping[str, Any]) -> Iterator[Fact]:
    participant = change.get("participant")
    if participant is None:
        return
    label = "State" if participant.get("kind") in {"state", "former_state"} else "Participant"
    yield Fact(label, clean(participant["name"]))
    yield Fact("Name before", clean(change.get("name_before") or ""))


def _act(change: Mapping[str, Any], action: Mapping[str, Any] | None) -> Iterator[Fact]:
    """Yield the act; where a correction replaces another one, each value that differs with what it was before."""
    if action is None:
        gone = change.get("action_before")
        yield Fact("No longer shown", f"{words(gone['kind'])} of {gone.get('date') or 'no date'}" if gone else "")
        return
    old = change.get("action_before") or action
    act = _corrected(words(old["kind"]), words(action["kind"]))
    yield Fact("Act", "" if act in words(change["kind"]) else act)
    yield Fact("Heading on the page", clean(action.get("heading") or ""))
    noticed, effect = _labels(change["kind"], action["kind"])
    yield Fact(noticed, _corrected(old.get("date"), action.get("date")))
    yield Fact(effect, clean(change.get("date") or _corrected(old.get("effective"), action.get("effective"))))
    if change.get("conditional") or action.get("conditional"):
        yield Fact("Condition", CONDITION["come" if change["kind"] == "withdrawal_effective" else "to come"])
    clause = action.get("article") or change.get("clause")
    article = _corrected(old.get("article") or clause, clause)
    yield Fact("Rests on", f"article {article}" if article else "")


def _corrected(before: str | None, now: str | None) -> str:
    if before == now:
        return clean(now or "")
    return f"{clean(before or 'none')} → {clean(now or 'none')}"


def _labels(change: str, act: str) -> tuple[str, str]:
    """Return what the act's own date and the date of its effect are called."""
    if change == "withdrawal_retracted" and act == "withdrawal":  # the act shown is the one that is taken back
        return "Withdrawal notified on", "Would have had effect"
    return _dated(act), "Date of effect"


def _confidence(change: Mapping[str, Any]) -> str:
    """Say on what the change rests, or the act's date of effect where the change itself is simply on the page."""
    basis = change.get("basis") or (change.get("action") or {}).get("basis") or "stated"
    return CONFIDENCE[basis]


def _statuses(before: str, after: str) -> str:
    if before == after:
        return f"{before} before and after" if before else ""
    return f"{before or 'not known'} before, {after or 'not known'} after"


def _dated(kind: str) -> str:
    if kind in SIGNATURES:
        return "Date of signature"
    return "Date of notification" if kind in NOTICES else "Date of deposit"


def _evidence(change: Mapping[str, Any]) -> Iterator[Fact]:
    links = change.get("links") or {}
    page = web_link(links.get("page"))
    yield Fact("Depositary's page", urlsplit(page).hostname or "" if page else "", page)
    yield _circular(change, links.get("notification"))
    source = f", in source {change['source']}" if change.get("source") else ""
    yield Fact("First seen on", clean(moment(change["first_seen"]) + source) if change.get("first_seen") else "")


def _circular(change: Mapping[str, Any], link: object) -> Fact:
    """Return the number under which the depositary circulated the act, as a link where there is an https address."""
    url = web_link(link)
    circular = url if url and url.startswith("https://") else None
    new = (change.get("action") or {}).get("notification")
    old = (change.get("action_before") or {}).get("notification") or new
    number = _corrected(old, new)
    return Fact("Depositary notification", number or clean(str(link or "")), circular)
