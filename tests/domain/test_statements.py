"""What is said is told once: not when a text moves to another section, nor when a line beside it goes or comes."""

from __future__ import annotations

import pytest
from builders import MINE_BAN, page, ratified, row, state

from monitor.domain.change import Comparison
from monitor.domain.compare import compare
from monitor.domain.plausibility import weigh
from monitor.domain.snapshot import Statement, StatementKind

ROWS = tuple(row(code, ratified("1998-07-23")) for code in ("FR", "GB"))
FIRST = "Declaration: France understands article 1 to allow joint operations with other States."
SECOND = "France will apply article 9 provisionally to its territories overseas."
DECLARED, OBJECTED = StatementKind.DECLARATION, StatementKind.OBJECTION
GIBRALTAR, BERMUDA = "1 Jan 2001: Gibraltar", "2 Feb 2002: Bermuda, Jersey"
Said = tuple[StatementKind, str]


def between(before: tuple[Said, ...], after: tuple[Said, ...], who: str = "FR") -> Comparison:
    sides = (tuple(Statement(state(who), *said) for said in side) for side in (before, after))
    return compare(*(page(*ROWS, statements=side) for side in sides), MINE_BAN)


def told(found: Comparison) -> list[tuple[str, str | None]]:
    return [(c.kind.value, c.text) for c in found.changes]


@pytest.mark.parametrize("section", [OBJECTED, StatementKind.ARTICLE_DECLARATION, StatementKind.NOTIFICATION])
def test_a_text_that_moves_to_another_section_is_neither_made_nor_withdrawn(section: StatementKind) -> None:
    both = f"{FIRST} {SECOND}"
    assert told(between(((DECLARED, FIRST),), ((section, FIRST),))) == []
    assert told(between(((DECLARED, both),), ((DECLARED, FIRST), (section, f"Declaration: {SECOND}")))) == []


def test_what_comes_with_a_text_that_moves_is_told_alone() -> None:
    found = between(((DECLARED, FIRST),), ((OBJECTED, f"{FIRST} {SECOND}"),))
    assert told(found) == [("statement_made", SECOND)]


def test_a_sentence_that_goes_is_told_without_another_that_is_only_edited() -> None:
    edited = FIRST.replace("understands", "interprets")
    assert told(between(((DECLARED, f"{FIRST} {SECOND}"),), ((DECLARED, edited),))) == [("statement_withdrawn", SECOND)]


def of_territories(before: tuple[str, ...], *after: str) -> list[tuple[str, str | None]]:
    sides = (tuple((StatementKind.TERRITORY, line) for line in side) for side in (before, after))
    return told(between(*sides, who="GB"))


def test_a_line_on_territories_is_known_by_its_places_or_by_its_day() -> None:
    later, more = BERMUDA.replace("2 Feb", "20 Mar"), f"{BERMUDA}, Montserrat"
    assert of_territories((GIBRALTAR, BERMUDA), GIBRALTAR, later) == []
    assert of_territories((GIBRALTAR, BERMUDA), later) == [("statement_withdrawn", GIBRALTAR)]
    assert of_territories((BERMUDA,), GIBRALTAR, later) == [("territory_extended", GIBRALTAR)]
    assert [kind for kind, _ in of_territories((GIBRALTAR, BERMUDA), more)] == [
        "territory_extended",
        "statement_withdrawn",
    ]


def test_a_section_that_is_gone_with_the_texts_of_several_waits_for_a_second_fetch() -> None:
    said = tuple(Statement(state(code), DECLARED, f"{code} declares this.") for code in ("FR", "GB"))
    found = compare(page(*ROWS, statements=said), page(*ROWS), MINE_BAN)
    assert weigh(found, ()).changes == ()
    one = compare(page(*ROWS, statements=said[:1]), page(*ROWS), MINE_BAN)
    assert [c.kind.value for c in weigh(one, ()).changes] == ["statement_withdrawn"]
