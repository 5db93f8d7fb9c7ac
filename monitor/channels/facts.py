"""Says one change in labelled lines that a person understands: the act, its dates, its rule, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from monitor.channels.wording import clean, web_link

CONFIDENCE = {
    "stated": "stated by the depositary",
    "computed": "computed from the treaty's own rule, not stated by the depositary",
    "calendar": "by the calendar: the day that the depositary stated has come, its page does not yet confirm it",
}
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


def _all(change: Mapping[str, Any]) -> Iterator[Fact]:
    yield Fact("What is to come" if "date" in change else "What changed", words(change["kind"]))
    yield from _participant(change)
    yield from _act(change, change.get("action"))
    yield from _before(change)
    yield Fact("Status", _statuses(words(change.get("status_before")), words(change.get("status_after"))))
    yield Fact("Confidence", _confidence(change))
    yield from _evidence(change)


def _participant(change: Mapping[str, Any]) -> Iterator[Fact]:
    participant = change.get("participant")
    if participant is None:
        return
    label = "State" if participant.get("kind") in {"state", "former_state"} else "Participant"
    yield Fact(label, clean(participant["name"]))
    yield Fact("Name before", clean(change.get("name_before") or ""))


def _act(change: Mapping[str, Any], action: Mapping[str, Any] | None) -> Iterator[Fact]:
    if action is None:
        return
    act = words(action["kind"])
    yield Fact("Act", "" if act in words(change["kind"]) else act)
    yield Fact("Heading on the page", clean(action.get("heading") or ""))
    yield Fact(_dated(action["kind"]), clean(action.get("date") or ""))
    yield Fact("Date of effect", clean(change.get("date") or action.get("effective") or ""))
    if change.get("conditional") or action.get("conditional"):
        yield Fact("Condition", "the effect depends on a condition of the withdrawal clause and may come later")
    article = action.get("article") or change.get("clause")
    yield Fact("Rests on", f"article {clean(article)}" if article else "")


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


def _before(change: Mapping[str, Any]) -> Iterator[Fact]:
    old = change.get("action_before")
    if old is not None:
        dates = [f"{words(old['kind'])} of {old.get('date') or 'an unknown date'}"]
        dates += [f"with effect on {old['effective']}"] if old.get("effective") else []
        yield Fact("Before this correction", clean(", ".join(dates)))
    yield Fact("Statement", clean(change.get("text") or ""))


def _evidence(change: Mapping[str, Any]) -> Iterator[Fact]:
    links, action = change.get("links") or {}, change.get("action") or {}
    page, circular = web_link(links.get("page")), web_link(links.get("notification"))
    yield Fact("Depositary's page", urlsplit(page).hostname or "" if page else "", page)
    number = clean(action.get("notification") or "") or circular or ""
    yield Fact("Depositary notification", number, circular)
    source = f", in source {change['source']}" if change.get("source") else ""
    yield Fact("First seen on", clean(change["first_seen"] + source) if change.get("first_seen") else "")
