"""Tells cheaply of most texts that they say nothing of leaving, before any pattern is tried on them."""

from __future__ import annotations

from monitor.sources.untc.notes.phrase import has_sign
from monitor.sources.untc.notes.spelling import MISSPELT

OF_JOINING = ("ratify", "against ratif", "proceed", "seek", "be a party", "be party")
"""One of these, or of becoming a party, stands wherever joining is refused."""
_STEMS = (
    "terminat", "ceas", "cessation", "stop", "suspen", "resci", "retract", "annul", "cancel", "leav", "left", "quit",
    "resign", "exit", "renounc", "abrogat", "repudiat", "discontinu", "abandon", "departure", "released", "excluded",
    "exclude ", "expel", "participa", "membership", "party until", "member until", "was a party", "was a member",
    "longer", " out of th", "not remain", "continue to be", "unsign", "ab initio", "de-ratif", *OF_JOINING,
)  # fmt: skip
_OF_TEXTS = (
    *MISSPELT, *_STEMS, "revo", "repeal", "seced", "inten", "null", "never", "be bound by the", "its signature",
    "provisional", "to become", "not become", "against becom",
)  # fmt: skip
"""One of these stands in every text of leaving, pausing or disavowing, in any case and however it is spelt."""
_OF_SENTENCES = (
    "withdr", "denounc", "denunciat", *_STEMS, "revo", "resum", "secede", "becom", "be bound by",
    "its signature",
)  # fmt: skip
_JUDGING, _UNDONE = ("consider", "regard", "treat", "deem"), ("disregard", "void", "effect", "been", "itself")


def hinted(text: str) -> bool:
    """Whether a text may speak of leaving: cheap to ask before it is cut into clauses."""
    return has_sign(text.lower(), _OF_TEXTS)


def may_mean(sentence: str) -> bool:
    """Whether a sentence can say of a leaving anything that counts by itself, not only beside a leaving told before.

    Each sense but those of staying, of a refusal and of never having been a party needs one of these stems.
    """
    lowered = sentence.lower()
    if has_sign(lowered, _OF_SENTENCES):
        return True
    return has_sign(lowered, _JUDGING) and has_sign(lowered, _UNDONE)
