"""The depositary's number of a treaty: put together from what is printed, and taken apart into addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.domain.errors import UsageError

SITE = "https://treaties.un.org"
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_REFERENCE = re.compile(r"(?P<chapter>[IVXLC]+)(?:-(?P<part>[A-Z]))?-(?P<rest>[0-9]+(?:-[0-9A-Za-z]+)*)")
_CHAPTER = re.compile(r"\bCHAPTER\s+(?P<chapter>[IVXLC]+)\b", re.IGNORECASE)
_PART = re.compile(r"(?P<part>[A-Z])(?:\.|\s|$)")
_NUMBER = re.compile(r"(?P<number>[0-9]+)\s*\.?(?:\s*(?P<sub>[a-z]{1,2}|[0-9]{1,3})[.)]?)?")
_NUMBERED_TITLE = re.compile(r"(?P<number>[0-9]+)\s*\.\s*(?:(?P<sub>[a-z]{1,2})[.)]?\s+)?(?P<title>\S.*)")
_NOTIFICATION = re.compile(r"C\.?N\.(?P<count>[0-9]+)\.(?P<year>[0-9]{4})\b")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_LAST_OF_FIRST_VOLUME = 12


@dataclass(frozen=True, slots=True)
class Numbered:
    """A treaty's number within its chapter, and its title: "2. a" with "Additional Protocol to …"."""

    number: str
    sub: str
    title: str


def split_title(lines: tuple[str, ...]) -> Numbered | None:
    """Return number and title from the non-empty lines in which a page prints them, None if there is no number.

    The number stands on a line of its own; where all is on one line, a letter after the number belongs to it.
    """
    if not lines:
        return None
    if len(lines) > 1 and (found := _NUMBER.fullmatch(lines[0])):
        return Numbered(found["number"], found["sub"] or "", " ".join(lines[1:]))
    found = _NUMBERED_TITLE.fullmatch(" ".join(lines))
    return Numbered(found["number"], found["sub"] or "", found["title"]) if found else None


def compose(chapter: str, part: str, number: str, sub: str = "") -> str | None:
    """Return `XI-A-5` for "CHAPTER XI", "A. Customs Matters", "5" and ""; None without chapter or number."""
    found = _CHAPTER.search(chapter)
    number = number.strip(" .")
    if not found or not number.isdecimal():
        return None
    letter = _PART.match(part.strip())
    parts = (found["chapter"].upper(), letter["part"] if letter else "", number, sub.strip(" .()"))
    return "-".join(p for p in parts if p)


def with_part(reference: str, elsewhere: str) -> str:
    """Return the reference with the part of its chapter, where only an address on the page tells it (`XI-A-5`)."""
    found = _REFERENCE.fullmatch(elsewhere)
    if found and found["part"] and reference == f"{found['chapter']}-{found['rest']}":
        return found[0]
    return reference


def _take_apart(reference: str) -> tuple[str, int]:
    found = _REFERENCE.fullmatch(reference)
    if not found or not _ROMAN.fullmatch(found["chapter"]):
        raise UsageError(
            f'"{reference}" is not a number of the UN Treaty Collection; it looks like XXVI-5, XXVI-2-a or XI-A-5'
        )
    values = [_VALUES[letter] for letter in found["chapter"]]
    signed = [-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True)]
    return found["chapter"], sum(signed)


def is_reference(text: str) -> bool:
    """Return whether a text has the form of a number of the collection."""
    found = _REFERENCE.fullmatch(text)
    return bool(found and _ROMAN.fullmatch(found["chapter"]))


def notification_address(number: str) -> str | None:
    """Return the address of a depositary notification's text by its number, `C.N.360.2025.TREATIES-XXVI-5`."""
    found = _NOTIFICATION.match(number)
    return f"{SITE}/doc/Publication/CN/{found['year']}/CN.{found['count']}.{found['year']}-Eng.pdf" if found else None


def page_address(reference: str) -> str:
    """Return the address of a treaty's status page; UsageError for what is no number of the collection."""
    _, chapter = _take_apart(reference)
    return f"{SITE}/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no={reference}&chapter={chapter}&clang=_en"


def export_address(reference: str) -> str:
    """Return the address of a treaty's XML export; UsageError for what is no number of the collection.

    Volume I holds chapters I to XII. Where a page links its own export, that link is the better one.
    """
    roman, chapter = _take_apart(reference)
    volume = "I" if chapter <= _LAST_OF_FIRST_VOLUME else "II"
    return f"{SITE}/doc/Publication/MTDSG/Volume%20{volume}/Chapter%20{roman}/{reference}.en.xml"
