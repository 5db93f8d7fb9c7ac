"""Checks the claims of a secondary text against the depositary's page, each with the rows that show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from monitor.domain.action import SIGNING, ActionKind, TreatyAction
from monitor.domain.claim import Claim, ClaimKind, Verdict, VerdictKind
from monitor.domain.participation import Participation, Status
from monitor.domain.snapshot import Snapshot
from monitor.domain.standing import Law, consents, law_of, standing, withdrawals
from monitor.domain.treaty import Rules
from monitor.domain.wording import act_in_words, excerpt, spoken

Answer = tuple[VerdictKind, str]


@dataclass(frozen=True, slots=True)
class Official:
    """The page that claims are checked against: its snapshot, the treaty's rules, its document, the day of asking."""

    snapshot: Snapshot
    rules: Rules
    document: str | None
    today: date

    @property
    def law(self) -> Law:
        """The law under which the page's rows stand."""
        return law_of(self.snapshot, self.rules)

    def row(self, claim: Claim) -> Participation | None:
        """Return the row of the one participant that a claim is about."""
        return self.snapshot.find(claim.about[0]) if claim.about else None

    def status(self, row: Participation | None) -> Status:
        """Return where a row stands on the day of asking."""
        return standing(row, self.today, self.law).status if row else Status.NONE


def judge(claim: Claim, official: Official | None) -> Verdict:
    """Return the verdict on one claim; without an official page every verdict is `not_checkable`."""
    if official is None:
        return Verdict(claim, VerdictKind.NOT_CHECKABLE, "no official page read yet")
    kind, explanation = _CHECKS[claim.kind](claim, official)
    return Verdict(claim, kind, explanation, _evidence(claim, official))


def _evidence(claim: Claim, official: Official) -> tuple[dict[str, object], ...]:
    """Return the rows that a claim is about (or the page's totals), with note, act dates and document."""
    head = official.snapshot.header
    as_at = head.as_at.isoformat() if head.as_at else None
    base: dict[str, object] = {"document": official.document, "as_at": as_at, "treaty": head.reference}
    if not claim.about:
        totals = {"signatories": head.stated.signatories, "parties": head.stated.parties}
        concluded = head.concluded.isoformat() if head.concluded else None
        return (base | {"title": head.title, "concluded": concluded, "stated_totals": totals},)
    return tuple(base | _shown(official.snapshot.find(key), key) for key in claim.about)


def _shown(row: Participation | None, key: str) -> dict[str, object]:
    acts = row.actions if row else ()
    return {
        "participant": key,
        "row": excerpt(row),
        "dates": [a.date.isoformat() for a in acts if a.date],
        "notes": sorted({a.note for a in acts if a.note is not None}),
        "notifications": [a.notification for a in acts if a.notification],
    }


def _announced(claim: Claim, official: Official) -> Answer:
    """A recommendation to leave is overtaken by the notice itself (VCLT 67)."""
    row = official.row(claim)
    notices = withdrawals(row) if row else ()
    if not notices:
        return VerdictKind.NOT_CHECKABLE, "a political statement; the page shows no notice of withdrawal"
    return VerdictKind.OVERTAKEN, f"notice deposited: {_notice_in_words(notices[-1], official)}"


def _notice_in_words(notice: TreatyAction, official: Official) -> str:
    text = act_in_words(notice)
    spoken_of = notice.took_effect or notice.without_effect
    if notice.effective and notice.effective <= official.today and not spoken_of:
        return f"{text}; the day has come, the page does not yet confirm it"
    return f"{text}; subject to a condition" if notice.conditional else text


def _bound(claim: Claim, official: Official) -> Answer:
    row = official.row(claim)
    consent = consents(row)[0] if row and consents(row) else None
    if consent is None or consent.date is None:
        return VerdictKind.CONTRADICTED, "the page shows no consent to be bound"
    year = f"{consent.kind.value} on {spoken(consent.date)}"
    if consent.date.year == claim.year:
        signed = next((a.date for a in row.actions if a.kind in SIGNING and a.date), None) if row else None
        also = f"; it had signed on {spoken(signed)}" if signed else ""
        return VerdictKind.SUPPORTED, f"{year}{also}"
    return VerdictKind.CONTRADICTED, f"{year}, not in {claim.year}"


def _signed_by(claim: Claim, official: Official) -> Answer:
    """The text says "signing"; joining by accession, or signature followed by ratification, supports it in part."""
    row = official.row(claim)
    signed = next((a for a in row.actions if a.kind is ActionKind.SIGNATURE and a.date), None) if row else None
    consent = consents(row)[0] if row and consents(row) else None
    limit = date(claim.year or date.max.year, 12, 31)
    joined = [a for a in (signed, consent) if a and a.date and a.date <= limit]
    if not joined:
        return VerdictKind.CONTRADICTED, f"no signature or consent to be bound by {claim.year}"
    acts = "; ".join(act_in_words(a) for a in joined)
    if signed in joined and consent not in joined:
        return VerdictKind.SUPPORTED, acts
    how = f"it is bound by {consent.kind.value}, not by signature alone" if consent else "it signed only"
    return VerdictKind.SUPPORTED_IN_PART, f"{acts}; {how}"


def _absent(claim: Claim, official: Official) -> Answer:
    row = official.row(claim)
    if official.status(row) in {Status.NONE, Status.SIGNATORY} and not (row and consents(row)):
        signed = [a for a in (row.actions if row else ()) if a.kind in SIGNING]
        if not signed:
            return VerdictKind.SUPPORTED, "the page has no row for it: neither signature nor consent to be bound"
        kind = VerdictKind.CONTRADICTED if claim.never_signed else VerdictKind.SUPPORTED_IN_PART
        return kind, f"not bound, but it signed: {act_in_words(signed[0])}"
    return VerdictKind.CONTRADICTED, f"the page shows: {excerpt(row)}"


def _count(claim: Claim, official: Official) -> Answer:
    stated, number = official.snapshot.header.stated, claim.number or 0
    text = f"the page prints {stated.signatories} signatories and {stated.parties} parties"
    if stated.signatories is not None and stated.signatories > number:
        return VerdictKind.SUPPORTED, text
    if stated.parties is not None and stated.parties > number:
        return VerdictKind.SUPPORTED_IN_PART, f"{text}: it is the parties that exceed {number}, not the signatories"
    return VerdictKind.CONTRADICTED, text


def _signed(claim: Claim, official: Official) -> Answer:
    row = official.row(claim)
    signed = next((a for a in row.actions if a.kind is ActionKind.SIGNATURE and a.date), None) if row else None
    status = official.status(row)
    if status in {Status.PARTY, Status.CONTRACTING} and row:
        return VerdictKind.SUPPORTED_IN_PART, f"more than a signatory: {excerpt(row)}"
    if signed is None:
        return VerdictKind.CONTRADICTED, "the page shows no signature"
    return VerdictKind.SUPPORTED, act_in_words(signed)


def _identity(claim: Claim, official: Official) -> Answer:
    head = official.snapshot.header
    if head.concluded and head.concluded.year == claim.year:
        return VerdictKind.SUPPORTED, f"concluded on {spoken(head.concluded)}: {head.title}"
    return VerdictKind.CONTRADICTED, f"the page gives: {head.title}, concluded {head.concluded}"


def _group(claim: Claim, official: Official) -> Answer:
    """Neighbours and alliances are no matter of a membership page; only that the States have rows is shown."""
    rows = [key for key in claim.about if official.snapshot.find(key)]
    return (
        VerdictKind.NOT_CHECKABLE,
        f"borders and alliances are outside what the page shows; {len(rows)} of {len(claim.about)} have a row on it",
    )


def _outside(claim: Claim, official: Official) -> Answer:
    row = official.row(claim)
    text = f"outside what a membership page can show; its membership there: {official.status(row).value}"
    suspended = any(a.kind is ActionKind.SUSPENSION for a in row.actions) if row else False
    if row and not suspended:
        text += "; the page shows no notice of suspension"
    return VerdictKind.NOT_CHECKABLE, text


_CHECKS: dict[ClaimKind, Callable[[Claim, Official], Answer]] = {
    ClaimKind.WITHDRAWAL_ANNOUNCED: _announced,
    ClaimKind.BOUND: _bound,
    ClaimKind.SIGNED_BY: _signed_by,
    ClaimKind.NOT_PARTICIPANT: _absent,
    ClaimKind.COUNT: _count,
    ClaimKind.SIGNED: _signed,
    ClaimKind.IDENTITY: _identity,
    ClaimKind.GROUP: _group,
    ClaimKind.OUTSIDE: _outside,
}
