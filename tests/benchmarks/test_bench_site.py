"""The pages of the benchmark: read without a doubt, and news exactly where the benchmark says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import httpx
import pytest
from origin import running
from pages import Site, file_name, reference, write_site

from monitor.domain.compare import compare
from monitor.domain.snapshot import Snapshot
from monitor.domain.treaty import Rules
from monitor.settings.shipped import shipped_names
from monitor.sources.registry import readers

TODAY = date(2026, 5, 4)
READER = readers(shipped_names())["untc"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return write_site(tmp_path_factory.mktemp("bench") / "site", 60, TODAY)


def read(site: Site, state: str, page: int) -> Snapshot:
    reading = READER.read((site.folder / state / file_name(page)).read_bytes(), reference(page))
    assert reading.findings == ()
    assert reading.snapshot is not None
    return reading.snapshot


def test_a_page_has_the_measure_of_a_real_one(site: Site) -> None:
    assert 260_000 < site.bytes_per_page < 300_000
    assert len(read(site, "first", 0).participations) == 195


def test_only_the_named_pages_have_news_and_only_the_named_news(site: Site) -> None:
    told = set()
    for page in range(site.pages):
        before, after = (read(site, state, page) for state in ("first", "changed"))
        comparison = compare(before, after, Rules(), since=TODAY, until=TODAY)
        assert comparison.held == ()
        told |= {(page, c.kind, c.participant.code) for c in comparison.changes if c.participant}
    assert told == {(one.page, one.kind, one.participant) for one in site.news}


def test_an_unchanged_volatile_page_differs_in_bytes_and_not_in_fingerprint(site: Site) -> None:
    for page in range(0, site.pages, 10):
        first, later = ((site.folder / state / file_name(page)).read_bytes() for state in ("first", "unchanged"))
        assert first != later
        assert READER.fingerprint(first) == READER.fingerprint(later)


def test_a_conditional_round_changes_no_other_file(site: Site) -> None:
    changed = {one.page for one in site.news}
    same = {
        page
        for page in range(site.pages)
        if (site.folder / "first" / file_name(page)).samefile(site.folder / "conditional-changed" / file_name(page))
    }
    assert same == set(range(site.pages)) - changed


def test_too_few_pages_are_no_site(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="multiple of 20, at least 60"):
        write_site(tmp_path, 40, TODAY)


def test_the_origin_serves_the_state_that_it_was_told_to(site: Site, tmp_path: Path) -> None:
    with running(tmp_path / "origin", site.folder) as origin:
        mark = origin.mark()
        seen = []
        for state in ("first", "changed"):
            origin.show("volatile", state)
            seen.append(httpx.get(origin.address("volatile") + file_name(7)).content)
        assert seen == [(site.folder / state / file_name(7)).read_bytes() for state in ("first", "changed")]
        assert origin.statuses(mark) == {200: 2}
