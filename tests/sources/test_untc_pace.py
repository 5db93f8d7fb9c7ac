"""What makes reading quick says the same as what it stands in for, and costs no more than its input grows."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.domain.participant import Names
from monitor.sources.untc import regions
from monitor.sources.untc.markup import fold, paragraphs, plain
from monitor.sources.untc.notes import EndNote, endings, idioms, read_note, senses, unbinding
from monitor.sources.untc.notes.asides import straightened
from monitor.sources.untc.notes.clauses import clauses
from monitor.sources.untc.notes.hints import hinted, may_mean
from monitor.sources.untc.notes.own import UNNAMED
from monitor.sources.untc.notes.sense import Sense
from monitor.sources.untc.notes.voice import sentences, tidy
from monitor.sources.untc.tables import rows, texts

WRITTEN = tomllib.loads((Path(__file__).parent / "end_notes.toml").read_text("utf-8"))
NOTES = sorted({case["text"] for cases in WRITTEN.values() for case in cases})
BESIDE_A_LEAVING = {Sense.STAYS, Sense.REFUSED, Sense.NOT_PARTY}
BLANKS = "".join(c for c in map(chr, range(0x3100)) if c.isspace())
TAGS = st.sampled_from(
    [
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<th>",
        "<br>",
        "<sup>",
        "</sup>",
        "<SUP><A>",
        "</A></SUP>",
        "<table>",
        "</table>",
    ]
)
MARKUP = st.lists(st.one_of(TAGS, st.sampled_from([" 1, 2 ", "Chad", "&nbsp;", "\t", "*", "é", "\ufdd0", "&#xFDD1;"])))


@given(st.text(alphabet=BLANKS + "    ab\u201c", max_size=900))
def test_a_text_of_any_length_is_folded_as_its_words_joined(text: str) -> None:
    assert fold(text) == " ".join(text.split())


@given(MARKUP)
def test_a_table_is_walked_as_its_tree_stands(parts: list[str]) -> None:
    source = "<table>" + "".join(parts)
    cleaned = re.sub("[\ufdd0-\ufdd2]|&#xFDD[0-2]", "\ufffd", source)
    root = etree.fromstring(cleaned.encode(), etree.HTMLParser(encoding="utf-8"))
    walked = [[" ".join("".join(c.itertext()).split()) for c in tr.iterchildren("td", "th")] for tr in root.iter("tr")]
    assert [list(row) for row in texts(source)] == walked
    for row in rows(source):
        for place in row.marked:
            assert len(row.label(place).text) <= len(row.texts[place])


@given(st.lists(st.sampled_from(["id", "ID", " ", "=", "\n", '"', "'", "x_", "tblgrid", "dgDec", "<div ", "text"])))
def test_the_parts_of_a_page_are_those_that_an_id_begins(parts: list[str]) -> None:
    text = "".join(parts)
    marked = re.compile(r"[iI][dD]\s*=\s*[\"'](?:[\w$]*_)?(?P<id>" + "|".join(regions.MARKERS) + r")[\"']")
    assert sum(map(len, regions.slices(text).values())) == len(marked.findall(text))


@pytest.mark.parametrize("text", NOTES, ids=lambda text: text[:60])
def test_no_sense_of_a_note_is_missed_for_want_of_a_sign(text: str) -> None:
    for sentence in sentences(tidy(text)):
        for clause in clauses(sentence.text, UNNAMED):
            said = straightened(clause.text)
            phrases = [phrase for _, phrase in senses._FIXED]
            phrases += [*endings.QUITTING, *unbinding.UNBINDING, idioms.PAUSING, unbinding.VOCABULARY]
            for phrase in phrases:
                assert phrase.stands_in(said, said.lower()) == bool(phrase.pattern.search(said))
            meant = senses.senses(clause.text) - BESIDE_A_LEAVING
            assert may_mean(sentence.text) or not meant
            assert may_mean(sentence.text) <= hinted(text) or not meant


def test_sentences_put_by_are_heard_once_a_leaving_is_told(names: Names) -> None:
    text = (
        "Norway acceded to the Convention on 3 March 1990. The text was circulated on 4 April 1990. "
        "Norway denounced the Convention on 5 May 1999."
    )
    acts = read_note(EndNote(7, text), (names.resolve("Norway"),), names).acts
    assert [(act.kind.value, str(act.date)) for _, act in acts] == [
        ("accession", "1990-03-03"),
        ("withdrawal", "1999-05-05"),
    ]


def _grows(work: Callable[[str], object], piece: str, count: int) -> float:
    """Return by how much the work grows where its input grows eightfold: 8 in proportion, 64 by its square."""

    def cost(text: str) -> float:
        taken = []
        for _ in range(3):
            start = time.process_time()
            work(text)
            taken.append(time.process_time() - start)
        return max(min(taken), 0.000_5)

    return cost(piece * count * 8) / cost(piece * count)


@pytest.mark.parametrize("work", [plain, paragraphs, rows, regions.slices], ids=lambda work: work.__name__)
@pytest.mark.parametrize(
    "piece", ["<sup>", "<!--", "<p class='invisible'>", "<table>", "</", "id = ", "id='", "&#", " \xa0", "<td>1<sup>"]
)
def test_markup_that_nobody_closes_costs_in_proportion(work: Callable[[str], object], piece: str) -> None:
    assert _grows(work, piece, 1_000) < 30
