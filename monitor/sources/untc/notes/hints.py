"""Tells cheaply of most texts that they say nothing of leaving, before any pattern is tried on them."""

from __future__ import annotations

from monitor.sources.untc.notes.spelling import MISSPELT

OF_JOINING = ("ratify", "against ratif", "proceed", "seek", "be a party", "be party")
"""One of these, or of becoming a party, stands wherever joining is refused."""
_STEMS = (
    "terminat", "ceas", "cessation", "stop", "suspen", "resci", "retract", "annul", "cancel", "leav", "left", "quit",
    "resign", "exit", "renounc", "abrogat", "repudiat", "discontinu", "abandon", "departure", "released", "exclu",
    "expel", "participat", "membership", "until", "longer", " out of th", "not remain", "continue to be", "unsign",
    "ab initio", "de-ratif", *OF_JOINING,
)  # fmt: skip
_OF_TEXTS = (
    *MISSPELT, *_STEMS, "revo", "repeal", "seced", "inten", "null", "never", "becom", "be bound by the",
    "its signature", "provisional",
)  # fmt: skip
"""One of these stands in every text of leaving, pausing or disavowing, in any case and however it is spelt."""
_OF_SENTENCES = (
    "withdr", "denounc", "denunciat", *_STEMS, "revo", "resum", "secede", "becom", "be bound by",
    "its signature",
)  # fmt: skip
_JUDGING, _UNDONE = ("consider", "regard", "treat", "deem"), ("disregard", "void", "effect", "been", "itself")


def hinted(text: str) -> bool:
    """Whether a text may speak of leaving: cheap to ask before it is cut into clauses."""
    return any(map(text.lower().__contains__, _OF_TEXTS))


def may_mean(sentence: str) -> bool:
    """Whether a sentence can say of a leaving anything that counts by itself, not only beside a leaving told before.

    Each sense but those of staying, of a refusal and of never having been a party needs one of these stems.
    """
    lowered = sentence.lower()
    if any(map(lowered.__contains__, _OF_SENTENCES)):
        return True
    return any(map(lowered.__contains__, _JUDGING)) and any(map(lowered.__contains__, _UNDONE))
