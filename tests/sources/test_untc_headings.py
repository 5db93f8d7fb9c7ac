from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.action import ActionKind as Kind
from monitor.sources.untc.headings import Column, read_heading

CONSENTS = "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"
CODES = ("", "A", "AA", "a", "d")
HEADINGS = (
    CONSENTS,
    CONSENTS.upper().replace("(D)", "(d)").replace("N(A)", "N(a)"),
    "Signature, Succession to signature(d)",
    "Signature ad referendum (s)",
    "Confirmation of signature ad referendum(C)",
    "Definitive signature(s), Acceptance(A), Succession to the Convention as amended(d)",
    "Act of formal confirmation(c), Accession(a), Ratification",
    "Participation(P), Simplified procedure(p)",
    "Consent to be bound(P), Succession to definitive signature(d)",
    "Signature without reservation as to acceptance(s), Provisional acceptance",
    "Notification of provisional application",
    "Provisional application under article 23(n)",
)
APART = (", ", ",", " ", "", " / ", "; ", " and ", " or ", ". ", " - ", " \u2013 ", " \u00b7 ")
"""What may stand between two words of a heading, a forgotten comma or blank included."""


@pytest.mark.parametrize(
    ("heading", "code", "kind"),
    [
        (CONSENTS, "", Kind.RATIFICATION),
        (CONSENTS, "AA", Kind.APPROVAL),
        ("Approval(AA), Acceptance(A), Accession(a), Ratification", "", Kind.RATIFICATION),
        ("Accession(a), Succession(d), Ratification", "d", Kind.SUCCESSION),
        ("Signature, Succession to signature(d)", "", Kind.SIGNATURE),
        ("Signature, Succession to signature(d)", "d", Kind.SUCCESSION_TO_SIGNATURE),
        ("Signature", "d", Kind.SUCCESSION_TO_SIGNATURE),
        ("Signature, Signature ad referendum (s)", "s", Kind.SIGNATURE),
        ("Signature ad referendum (s)", "s", Kind.SIGNATURE),
        ("Definitive signature(s), Acceptance(A), Succession(d)", "s", Kind.DEFINITIVE_SIGNATURE),
        ("Signature", "s", Kind.DEFINITIVE_SIGNATURE),
        ("Confirmation of signature ad referendum(C)", "C", Kind.CONFIRMATION_OF_SIGNATURE),
        ("Consent to be bound(P), Succession(d)", "P", Kind.CONSENT_TO_BE_BOUND),
        ("Participation(P), Simplified procedure(p)", "P", Kind.PARTICIPATION),
        ("Participation(P), Simplified procedure(p)", "p", Kind.CONSENT_TO_BE_BOUND),
        ("Formal confirmation(c), Accession(a), Ratification", "c", Kind.FORMAL_CONFIRMATION),
        ("Act of formal confirmation(c)", "c", Kind.FORMAL_CONFIRMATION),
        ("Provisional application(n)", "n", Kind.PROVISIONAL_APPLICATION),
        ("Provisional application under article 23(n)", "n", Kind.PROVISIONAL_APPLICATION),
        ("Notification of provisional application", "", Kind.PROVISIONAL_APPLICATION),
        ("Definitive acceptance", "", Kind.ACCEPTANCE),
        ("Definitive signature of the Protocol, Acceptance of the Protocol", "", Kind.DEFINITIVE_SIGNATURE),
        ("Application", "", Kind.OTHER),
        ("Extension", "", Kind.OTHER),
        ("Notification under article 21 (1)", "", Kind.OTHER),
        ("Provisional acceptance", "", Kind.OTHER),
        ("Accession(a)", "", Kind.ACCESSION),
    ],
)
def test_the_heading_decides_what_a_code_means(heading: str, code: str, kind: Kind) -> None:
    assert read_heading(heading).meaning(code) is kind


def test_a_comma_inside_a_sentence_separates_nothing() -> None:
    heading = "Participation in the Treaty by virtue of ratification, accession or succession to the Protocol of 1999"
    column = read_heading(heading)
    assert column.kinds == {Kind.PARTICIPATION}
    assert not column.unknown


def test_word_order_carries_no_meaning() -> None:
    one, other = (
        read_heading(CONSENTS),
        read_heading("Succession(d), Accession(a), Ratification, Approval(AA), Acceptance(A)"),
    )
    assert {code: one.meaning(code) for code in ("", "a", "A", "AA", "d")} == {
        code: other.meaning(code) for code in ("", "a", "A", "AA", "d")
    }


def test_a_word_that_no_rule_knows_is_told_and_is_another_act() -> None:
    column = read_heading("Solemn promise(z), Ratification")
    assert column.unknown == ("Solemn promise",)
    assert column.meaning("z") is Kind.OTHER


def test_a_code_that_nothing_explains_has_no_meaning() -> None:
    with pytest.raises(KeyError):
        read_heading(CONSENTS).meaning("q")


@given(order=st.permutations(CONSENTS.split(", ")), apart=st.sampled_from(APART), small=st.booleans())
def test_whatever_parts_the_words_and_in_whatever_order_they_mean_the_same(
    order: list[str], apart: str, *, small: bool
) -> None:
    heading = apart.join(part[0].lower() + part[1:] if small else part for part in order)
    column, usual = read_heading(heading), read_heading(CONSENTS)
    assert {code: column.meaning(code) for code in CODES} == {code: usual.meaning(code) for code in CODES}
    assert not column.unknown
    assert not column.ambiguous


@pytest.mark.parametrize("apart", APART)
def test_the_words_of_a_column_of_signatures_are_told_apart_too(apart: str) -> None:
    column = read_heading(apart.join(("Signature", "Succession to signature(d)")))
    assert [column.meaning(code) for code in ("", "d")] == [Kind.SIGNATURE, Kind.SUCCESSION_TO_SIGNATURE]


@pytest.mark.parametrize("heading", ["Accession, Succession(d), Ratification", "Ratification, Accession, Succession"])
def test_a_ratification_beside_a_word_that_has_lost_its_code_is_still_what_has_none(heading: str) -> None:
    column = read_heading(heading)
    assert [column.meaning(code) for code in ("", "a", "d")] == [Kind.RATIFICATION, Kind.ACCESSION, Kind.SUCCESSION]
    assert column.ambiguous


@pytest.mark.parametrize(
    "heading",
    [
        "Definitive signature of the Protocol, Acceptance of the Protocol",
        "Acceptance of the Protocol, Definitive signature of the Protocol",
    ],
)
def test_where_several_words_have_no_code_their_order_decides_nothing(heading: str) -> None:
    assert read_heading(heading).meaning("") is Kind.DEFINITIVE_SIGNATURE


@pytest.mark.parametrize(
    "heading",
    [
        "Signature ad referendum (s)",
        "Provisional application under article 23(n)",
        "Notification of provisional application",
        "Notification under article 21 (1)",
        "Confirmation of signature ad referendum(C)",
        "Succession to definitive signature(d)",
        "Deposit of the instrument of ratification",
    ],
)
def test_one_act_told_in_several_words_stays_one(heading: str) -> None:
    assert len(read_heading(heading).words) == 1


@pytest.mark.parametrize(
    "heading", ["Withdrawal", "Notification of withdrawal", "Date of denunciation", "Declaration of withdrawal"]
)
def test_a_column_of_leaving_is_known_to_no_rule(heading: str) -> None:
    assert read_heading(heading).unknown == (heading,)


def slips(heading: str) -> Iterator[str]:
    """Every way to miss a letter of a heading: left out, doubled, put before its neighbour, or another for it."""
    for i, letter in enumerate(heading):
        before, after = heading[:i], heading[i + 1 :]
        yield before + after
        yield before + letter + letter + after
        yield before + after[:1] + letter + after[1:]
        yield from (before + other + after for other in "aeox (")


@pytest.mark.parametrize("heading", HEADINGS)
def test_no_slip_of_a_letter_makes_one_act_of_another_without_a_doubt(heading: str) -> None:
    codes = (*CODES, "s", "P", "p", "n", "c", "C")

    def meanings(column: Column) -> list[Kind]:
        return [column.meaning(code) for code in codes]

    right = read_heading(heading)
    assert not right.unknown
    for written in slips(heading):
        column = read_heading(written)
        assert column.unknown or meanings(column) == meanings(right), written


@pytest.mark.parametrize(
    "heading",
    [
        "Ratification of the Convention as amended, Accession to the Convention as amended(a)",
        "Ratification (Annexes I and II), Accession (a) to the Protocol",
        "Consent to be bound by Protocol V(P), Acceptance in respect of Annex A(A)",
        "Signature subject to ratification, Provisional application as from 1 January 1995(n)",
        "Ratification, Accession(a), Succession(d) 2",
        "Notification of objection, Declarations under article 287, Territorial application",
    ],
)
def test_what_a_heading_adds_to_a_word_of_acts_puts_it_in_no_doubt(heading: str) -> None:
    assert not read_heading(heading).unknown


@pytest.mark.parametrize(
    ("heading", "unknown"),
    [
        ("Ratification, Acceptance(A), Approval(A)", ("Acceptance", "Approval")),
        ("Ratification, Accession(A)", ("Accession",)),
        ("Ratification, Accession(q)", ("Accession",)),
        ("Signature, Succession to the signature(d)", ("Succession to the signature",)),
    ],
)
def test_a_code_that_is_anothers_is_told(heading: str, unknown: tuple[str, ...]) -> None:
    assert read_heading(heading).unknown == unknown
