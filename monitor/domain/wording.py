"""Says a change in plain words: titles, summaries and excerpts for people who read no JSON."""

from __future__ import annotations

from datetime import date

from monitor.domain.action import Basis, TreatyAction
from monitor.domain.change import Change, ChangeKind
from monitor.domain.participation import Participation

SAID = {
    ChangeKind.SIGNED: "signed",
    ChangeKind.CONSENTED: "consent to be bound",
    ChangeKind.ENTERED_INTO_FORCE: "entered into force",
    ChangeKind.PROVISIONALLY_APPLIED: "provisional application",
    ChangeKind.WITHDRAWAL_NOTIFIED: "withdrawal notified",
    ChangeKind.WITHDRAWAL_RETRACTED: "withdrawal retracted",
    ChangeKind.WITHDRAWAL_EFFECTIVE: "withdrawal effective",
    ChangeKind.SUSPENSION_NOTIFIED: "suspension notified",
    ChangeKind.CONSENT_REVOKED: "consent revoked",
    ChangeKind.SIGNATURE_DISAVOWED: "signature disavowed",
    ChangeKind.CORRECTED: "record corrected",
    ChangeKind.RENAMED: "renamed",
    ChangeKind.STATEMENT_MADE: "statement made",
    ChangeKind.STATEMENT_WITHDRAWN: "statement withdrawn",
    ChangeKind.TERRITORY_EXTENDED: "territory extended",
    ChangeKind.ACT_RECORDED: "act recorded",
    ChangeKind.TREATY_IN_FORCE: "treaty in force",
    ChangeKind.RECORD_VANISHED: "record vanished",
}

RESTS_ON = {
    Basis.STATED: "as the depositary states",
    Basis.COMPUTED: "computed from the treaty's own rule",
    Basis.CALENDAR: "by the calendar: the day that the depositary stated has come, its page does not yet confirm it",
}


def say(change: Change) -> str:
    """Return the change in two or three words: "withdrawal notified", "accession"."""
    if change.kind is ChangeKind.CONSENTED and change.action:
        return change.action.kind.value.replace("_", " ")
    if change.action and change.action.kind.value == "partial_withdrawal":
        return "withdrawal for part of its territory notified"
    return SAID[change.kind]


def title(changes: tuple[Change, ...], treaty_title: str) -> str:
    """Return the subject of a message: "Poland: withdrawal notified, Mine Ban Convention"."""
    first = changes[0]
    who = first.participant.name if first.participant else treaty_title
    said = " and ".join(dict.fromkeys(say(c) for c in changes))
    return f"{who}: {said}, {treaty_title}" if first.participant else f"{treaty_title}: {said}"


def summary(change: Change, treaty_title: str) -> str:
    """Return one or two full sentences on what happened, when, and on what that rests."""
    who = f"{change.participant.name} ({treaty_title})" if change.participant else treaty_title
    parts = [f"{who}: {say(change)}", *_when(change)]
    text = ", ".join(p for p in parts if p) + "."
    if change.basis and change.basis is not Basis.STATED:
        text += f" The effect is {RESTS_ON[change.basis]}."
    if change.conditional:
        text += " It is subject to a condition of the treaty."
    return text


def _when(change: Change) -> list[str]:
    act = change.action
    if change.name_before:
        return [f"formerly written {change.name_before}"]
    if act is None and change.action_before:
        return [f"no longer shown: {act_in_words(change.action_before)}"]
    if act is None:
        text = _shortened(change.text or "")
        return [f"“{text}”" if change.participant else text] if text else []
    said = [f"act of {spoken(act.date)}" if act.date else "no notice is shown"]
    if act.without_effect:
        said.append("without effect")
    elif act.effective:
        said.append(f"effect on {spoken(act.effective)}")
    if act.article:
        said.append(f"article {act.article}")
    if act.notification:
        said.append(act.notification)
    if change.action_before:
        said.append(f"before: {act_in_words(change.action_before)}")
    return said


def _shortened(text: str, most: int = 400) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def spoken(day: date) -> str:
    """Return a date as people write it: 27 June 2025."""
    return f"{day.day} {day:%B %Y}"


def act_in_words(act: TreatyAction) -> str:
    """Return one act as a row of the page shows it: "accession 12 May 2004 [bracketed]"."""
    text = f"{act.kind.value.replace('_', ' ')} {spoken(act.date) if act.date else '(no date)'}"
    text += f", effective {spoken(act.effective)}" if act.effective and not act.without_effect else ""
    text += ", without effect" if act.without_effect else ""
    text += f", {act.notification}" if act.notification else ""
    return text + (" [bracketed]" if act.bracketed else "")


def excerpt(row: Participation | None) -> str:
    """Return a row in words, as evidence beside the document it was read from."""
    if row is None:
        return "no row on the page"
    return f"{row.participant.as_written}: " + "; ".join(act_in_words(a) for a in row.actions)
