"""Sentences of our own in the manner of a depositary, filled with a State, a treaty and days (see phrases.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads as the list it is
_THE = re.compile(
    r"^(?:United|Netherlands|Russian|Republic|Lao|Democratic|Central|Dominican Rep|Marshall|Philippines|Comoros"
    r"|Maldives|Solomon|Czech|Holy|Syrian|Gambia|Sudan|Niger$|Bahamas|Congo|European|State of|Cook)"
)


def in_words(day: date) -> str:
    """Return a date as end notes print it: 3 July 2025."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def in_cell(day: date, code: str = "") -> str:
    """Return a date as cells print it: 3 Jul 2025 a."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year} {code}".strip()


def spoken(name: str) -> str:
    """Return a participant's name as a sentence speaks of it."""
    if name == "Netherlands (Kingdom of the)":
        return "the Netherlands"
    if inverted := re.fullmatch(r"(.+) \((\w.* of)\)", name):
        return f"the {inverted[2]} {inverted[1]}"
    bare = re.sub(r" \(The\)$", "", name)
    return f"the {bare}" if _THE.match(bare) else bare


@dataclass(frozen=True)
class Notice:
    """What a note is to tell: who leaves what, notified when, with which effect, circulated as."""

    who: str
    treaty: str
    day: date
    effect: date
    circulated: str
    link: str

    def fill(self, template: str) -> str:
        state = spoken(self.who)
        days = {"day": self.day, "effect": self.effect, "earlier": self.day - timedelta(days=9)}
        return template.format(
            gov=f"the Government of {state}",
            Gov=f"The Government of {state}",
            state=state,
            State=state[:1].upper() + state[1:],
            treaty=self.treaty,
            cn=self.link,
            later=in_words(self.day + timedelta(days=4)),
            **{name: in_words(day) for name, day in days.items()},
        )


@dataclass(frozen=True)
class Phrase:
    """One way of telling a notice, before its effect (`due`) and after it (`done`)."""

    due: str
    done: str
    conditional: bool = False
    cites: bool = False
    months: int = 0
    """If not 0, the effect is told as this many months after the notice, without its day."""
    beside: str | None = None
    """The kind of a change that the words tell beside the notice."""


PAST = {
    "will take effect": "took effect", "shall take effect": "took effect", "Takes effect": "Took effect",
    "is to take effect": "took effect", "will become effective": "became effective", "will cease": "ceased",
    "shall accordingly cease": "accordingly ceased",
}  # fmt: skip
"""How the depositary rewords a note once the day of effect has come."""


def _past(words: str) -> str:
    for due, done in PAST.items():
        words = words.replace(due, done)
    return words


_DATA = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
NOTICES = {name: Phrase(**{"done": _past(told["due"]), **told}) for name, told in _DATA["notices"].items()}
RETRACTIONS, SUSPENSIONS, DISAVOWALS, PARTIAL, STATEMENTS_WITHDRAWN, UNRELATED = (
    tuple(told["text"] for told in _DATA[sort])
    for sort in ("retractions", "suspensions", "disavowals", "partial", "statements", "unrelated")
)
