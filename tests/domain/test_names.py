"""The curated table of names against every name that depositaries are known to write, and against garbage."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.domain.names import NameEntry, NameTable, alphabetical, normalised, without_footnotes
from monitor.domain.participant import ParticipantKind
from monitor.settings.shipped import shipped_names, shipped_participants

TABLE = shipped_names()
STATES = {ParticipantKind.STATE, ParticipantKind.FORMER_STATE, ParticipantKind.TERRITORY}
SPELLINGS = [(spelling, e.code) for e in shipped_participants() for spelling in (e.name, *e.aliases)]


@pytest.fixture(scope="module")
def written(treaty_pages: Path) -> dict[str, Any]:
    """Return the names as depositaries write them, with the answers."""
    path = treaty_pages.parent / "names" / "names.json"
    if not path.is_file():
        pytest.skip(f"the collection of names is not at hand: no file {path}")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_every_current_name_resolves_and_is_canonical(written: dict[str, Any]) -> None:
    assert len(written["current"]) == 198
    wrong = [(n, c) for n, c in written["current"] if (TABLE.resolve(n).code, TABLE.resolve(n).name) != (c, n)]
    assert wrong == []


def test_every_variant_resolves(written: dict[str, Any]) -> None:
    wrong = [row for row in written["variants"] if TABLE.resolve(row[0]).code != row[1] and row[1] != "-"]
    assert wrong == []


def test_euratom_is_an_organisation_and_not_the_union() -> None:
    found = TABLE.resolve("European Atomic Energy Community")
    assert (found.code, found.kind) == ("X-EURATOM", ParticipantKind.ORGANISATION)


def test_footnote_marks_are_removed_and_the_name_kept_as_the_page_has_it(written: dict[str, Any]) -> None:
    for raw, code in written["with_footnotes"]:
        found = TABLE.resolve(raw)
        assert found.code == code, raw
        assert not set(found.as_written) & set("0123456789[*"), raw
        assert raw.startswith(found.as_written), raw


def test_dissolved_states_have_codes_of_their_own(written: dict[str, Any]) -> None:
    current = {code for _, code in written["current"]}
    for name, code in written["former"]:
        found = TABLE.resolve(name)
        if code == "own-code":
            assert found.code is not None
            assert found.code not in current, name
            assert found.kind is ParticipantKind.FORMER_STATE
        else:
            assert found.code == code, name


def test_what_is_no_state_never_resolves_to_one(written: dict[str, Any]) -> None:
    wrong = [name for name in written["not_states"] if TABLE.resolve(name).kind in STATES]
    assert wrong == []


@pytest.mark.parametrize("word", ["Participant", "Total", "Republic", "Northern Ireland", "Abkhazia", "Korea", ""])
def test_a_word_that_names_nobody_stays_unknown_under_its_own_name(word: str) -> None:
    found = TABLE.resolve(word)
    assert (found.code, found.kind, found.name, found.as_written) == (None, ParticipantKind.UNKNOWN, word, word)


def test_every_name_of_the_collection_in_2015_resolves(written: dict[str, Any]) -> None:
    assert [name for name in written["seen_2015"] if TABLE.resolve(name).code is None] == []


def test_the_shipped_table_has_every_code_of_the_contract() -> None:
    codes = {participant.code for participant in TABLE.all()}
    dissolved = {"YUCS", "CSHH", "CSXX", "DDDE", "SUHH", "VDVN", "YDYE", "ZRCD", "ANHH", "RHZW", "PCHH"}
    assert dissolved | {"EU", "VA", "PS", "CK", "NU", "XK", "X-EURATOM"} <= codes


def test_alpha3_codes_are_unique() -> None:
    alpha3 = [entry.alpha3 for entry in shipped_participants() if entry.alpha3]
    assert len(alpha3) == len(set(alpha3))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("pl", "PL"),
        ("POL", "PL"),
        ("est", "EE"),
        ("uk", "GB"),
        ("usa", "US"),
        ("SOUTH KOREA", "KR"),
        ("vatican", "VA"),
        ("Russia", "RU"),
        ("Kosovo", "XK"),
        ("turkiye", "TR"),
        ("x-who", "X-WHO"),
        ("ddde", "DDDE"),
    ],
)
def test_a_user_may_write_codes_names_and_aliases_in_any_case(typed: str, code: str) -> None:
    found = TABLE.lookup(typed)
    assert found is not None
    assert found.code == code


def test_a_page_is_never_read_by_codes() -> None:
    assert TABLE.resolve("PL").code is None


def test_a_mistyped_name_gets_the_nearest_one_as_a_hint_and_no_answer() -> None:
    assert TABLE.lookup("Polnd") is None
    assert TABLE.nearest("Polnd") == "Poland"
    assert TABLE.nearest("qqqqqq") is None


def test_the_republic_of_china_is_not_china() -> None:
    assert TABLE.resolve("Republic of China").code == "TW"
    assert TABLE.resolve("People\u2019s Republic of China").code == "CN"


@given(
    st.sampled_from(SPELLINGS),
    st.sampled_from(["", " 5", " 5, 6", "3,4", "8", " [13]", "*", "  (1)", " 5 , 6", "²", " 1, 2 *"]),
    st.sampled_from([str.upper, str.lower, str.title, str.casefold]),
    st.sampled_from([("'", "\u2019"), ("'", "\u2018"), ("-", "\u2013"), (" ", "\u00a0"), (" ", " \n\t ")]),
)
def test_case_spaces_typography_and_footnotes_never_change_the_answer(
    known: tuple[str, str], mark: str, case: Any, typography: tuple[str, str]
) -> None:
    spelling, code = known
    if normalised(case(spelling)) != normalised(spelling):
        return  # a case that Unicode cannot fold back, or str.title after an apostrophe
    assert TABLE.resolve(case(spelling).replace(*typography) + mark).code == code


@given(st.text(max_size=300))
def test_any_text_gives_a_participant_and_only_known_spellings_a_code(text: str) -> None:
    found = TABLE.resolve(text)
    known = {normalised(spelling) for spelling, _ in SPELLINGS}
    assert (found.code is not None) == (normalised(without_footnotes(text)) in known)


def test_a_page_full_of_marks_takes_no_time() -> None:
    assert without_footnotes("1*, " * 40 + "x").endswith("x")
    assert without_footnotes("7" * 100_000 + "x").endswith("x")


def _entry(code: str, name: str) -> NameEntry:
    return NameEntry(code, name, ParticipantKind.STATE)


def test_letters_with_marks_stand_beside_those_without() -> None:
    names = ["Croatia", "Côte d'Ivoire", "Costa Rica", "Tuvalu", "Türkiye", "Åland", "Zimbabwe", "albania"]
    ordered = ["Åland", "albania", "Costa Rica", "Côte d'Ivoire", "Croatia", "Türkiye", "Tuvalu", "Zimbabwe"]
    assert sorted(names, key=alphabetical) == ordered


def test_one_spelling_for_two_participants_is_refused() -> None:
    with pytest.raises(ValueError, match="both AA and BB"):
        NameTable([_entry("AA", "Ruritania"), _entry("BB", "RURITANIA")])


def test_extra_spellings_resolve_but_cannot_take_over_a_canonical_name() -> None:
    entries = [_entry("AA", "Ruritania"), _entry("BB", "Graustark")]
    assert NameTable(entries, {"Kingdom of Ruritania": "AA"}).resolve("kingdom of ruritania").code == "AA"
    with pytest.raises(ValueError, match="is the name of BB"):
        NameTable(entries, {"Graustark": "AA"})


def test_every_participant_of_the_real_exports_resolves(treaty_pages: Path) -> None:
    exports = sorted((treaty_pages / "xml").glob("*.xml"))
    assert exports
    unknown = {name for export in exports for name in _participants(export) if TABLE.resolve(name).code is None}
    assert unknown == set()


def _participants(export: Path) -> Iterator[str]:
    tree = etree.fromstring(export.read_bytes(), etree.XMLParser(recover=True, resolve_entities=False))
    cells = [*tree.iterfind(".//Participants/Table//Tbody//Row/Entry[1]"), *tree.iterfind(".//Declaration/Participant")]
    for cell in cells:
        text = html.unescape("".join(str(part) for part in cell.itertext()))
        yield re.sub(r"<superscript>.*?</superscript>", "", text, flags=re.DOTALL)
