"""What the program ships: the catalogue's facts, groups, the seed, and the wheel that carries the starter files."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from monitor.domain.claim import ClaimKind
from monitor.domain.errors import ConfigurationError
from monitor.domain.treaty import EntryRule, Period, Rounding, Unit, WithdrawalClause
from monitor.settings import load_seeds, rules_for, shipped_catalogue, shipped_groups, shipped_names, starter_files
from monitor.settings.resolve import circles, codes_of, expanded

ROOT = Path(__file__).resolve().parents[2]
DAYS, MONTHS, YEARS = Unit.DAYS, Unit.MONTHS, Unit.YEARS

CLAUSES = [
    ("XXVI-5", "20", Period(6, MONTHS), True),
    ("XXVI-6", "20", Period(6, MONTHS), True),
    ("XXVI-3", "XVI", Period(90, DAYS), False),
    ("XXVI-4", "IX", Period(6, MONTHS), False),
    ("XXVI-8", "24", Period(90, DAYS), False),
    ("XXVI-9", "17", Period(12, MONTHS), True),
    ("XXVI-2", "9", Period(1, YEARS), True),
    ("XVIII-10", "127", Period(1, YEARS), False),
    ("V-2", "44", Period(1, YEARS), False),
    ("IV-9", "31", Period(1, YEARS), False),
    ("IV-2", "21", Period(1, YEARS), False),
    ("IV-11", "52", Period(1, YEARS), False),
    ("IV-15", "48", Period(1, YEARS), False),
    ("IV-13", "89", Period(12, MONTHS, Rounding.FIRST_OF_NEXT_MONTH), False),
    ("IV-5", "12", Period(3, MONTHS), False),
    ("XXVII-7-d", "28", Period(1, YEARS), False),
]


@pytest.mark.parametrize(("reference", "article", "period", "conditional"), CLAUSES)
def test_withdrawal_clauses_are_those_of_the_treaties(
    reference: str, article: str, period: Period, *, conditional: bool
) -> None:
    clause = rules_for(reference).withdrawal
    assert clause is not None
    assert (clause.article, clause.period, clause.conditional) == (article, period, conditional)


@pytest.mark.parametrize(("reference", "years"), [("IV-13", "five"), ("XXVII-7-d", "three")])
def test_a_clause_that_needs_years_in_force_says_so(reference: str, years: str) -> None:
    clause = rules_for(reference).withdrawal
    assert clause is not None
    assert clause.remark == f"not before {years} years in force for the State"


@pytest.mark.parametrize("reference", ["IV-4", "IV-3", "IV-8"])
def test_a_treaty_without_a_withdrawal_clause_says_so(reference: str) -> None:
    clause = rules_for(reference).withdrawal
    assert clause == WithdrawalClause(None, None, remark="the treaty has no withdrawal clause")


def test_the_mine_ban_enters_into_force_on_the_first_of_the_sixth_month() -> None:
    assert rules_for("XXVI-5").entry == EntryRule("17 (2)", Period(6, MONTHS, Rounding.FIRST_OF_MONTH))


def test_the_catalogue_is_long_and_its_slugs_are_unique() -> None:
    slugs = [entry.slug for entry in shipped_catalogue().values()]
    assert len(slugs) >= 60
    assert len(slugs) == len(set(slugs))
    assert shipped_catalogue()["XXVI-5"].slug == "mine-ban"
    assert shipped_catalogue()["XXVI-6"].slug == "cluster-munitions"


def test_treaties_of_several_tracks_are_marked_also_outside_the_catalogue() -> None:
    tracks = ["II-1", "VI-18", "VII-2", "VII-4", "VII-9", "VIII-2", "VIII-5", "X-2-b", "X-9", "XIII-2", "XIV-7"]
    tracks += ["XIX-34", "XVIII-2"]
    assert all(rules_for(reference).split_tracks for reference in tracks)
    assert not any(rules_for(reference).split_tracks for reference in shipped_catalogue() if reference not in tracks)


def test_shipped_groups_have_only_known_members_and_no_circle() -> None:
    groups, names = shipped_groups(), shipped_names()
    unknown = [m for members in groups.values() for m in members if m not in groups and names.lookup(m) is None]
    assert unknown == []
    assert circles(groups, names) == ()
    codes = expanded(groups, names)
    assert codes["baltic"] == {"EE", "LV", "LT"}
    assert {name: len(codes[name]) for name in ("nato", "eu", "p5", "g7", "g20", "nordic")} == {
        "nato": 32,
        "eu": 27,
        "p5": 5,
        "g7": 7,
        "g20": 21,
        "nordic": 5,
    }


def test_capitals_mean_the_union_and_small_letters_its_members() -> None:
    names = shipped_names()
    groups = expanded(shipped_groups(), names)
    assert codes_of("EU", names, groups) == {"EU"}
    assert codes_of("eu", names, groups) == groups["eu"]
    assert "EU" in groups["g20"]


def test_the_seed_has_the_articles_claims() -> None:
    [seed] = load_seeds(None)
    assert (seed.reference, seed.dated) == ("XXVI-5", dt.date(2025, 3, 18))
    assert [claim.id for claim in seed.claims] == list(range(1, 23))
    by_id = {claim.id: claim for claim in seed.claims}
    assert [by_id[i].about for i in range(1, 5)] == [("PL",), ("LT",), ("LV",), ("EE",)]
    assert {by_id[i].kind for i in range(1, 5)} == {ClaimKind.WITHDRAWAL_ANNOUNCED}
    assert (by_id[5].kind, by_id[5].about, by_id[5].year) == (ClaimKind.BOUND, ("PL",), 2012)
    assert [(by_id[i].about, by_id[i].year) for i in (6, 7, 8)] == [(("LT",), 2005), (("LV",), 2005), (("EE",), 2005)]
    assert [by_id[i].about for i in range(9, 14)] == [("RU",), ("CN",), ("IN",), ("PK",), ("US",)]
    assert [by_id[i].never_signed for i in range(9, 14)] == [True, True, False, False, True]
    assert (by_id[14].kind, by_id[14].number) == (ClaimKind.COUNT, 160)
    assert (by_id[15].kind, by_id[15].about) == (ClaimKind.SIGNED, ("UA",))
    assert (by_id[16].kind, by_id[16].year) == (ClaimKind.IDENTITY, 1997)
    assert [by_id[i].about for i in range(17, 21)] == [("RU",), ("MM",), ("IR",), ("KP",)]
    assert {by_id[i].kind for i in (17, 18, 19, 20, 22)} == {ClaimKind.OUTSIDE}
    assert (by_id[21].kind, by_id[21].about) == (ClaimKind.GROUP, ("PL", "LT", "LV", "EE"))


def test_the_seed_says_it_in_its_own_words(treaty_pages: Path) -> None:
    article = treaty_pages.parent / "seed" / "article.txt"
    if not article.is_file():
        pytest.skip(f"the article is not at hand: no file {article}")
    words = article.read_text("utf-8").lower().split()
    five = {" ".join(words[i : i + 5]) for i in range(len(words) - 4)}
    for claim in load_seeds(None)[0].claims:
        said = claim.statement.lower().split()
        assert not five & {" ".join(said[i : i + 5]) for i in range(len(said) - 4)}, claim.statement


def test_a_seed_in_the_state_folder_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    assert len(load_seeds(tmp_path)[0].claims) == 22
    (tmp_path / "seed").mkdir()
    assert load_seeds(tmp_path) == ()
    text = (
        'reference = "XXVI-6"\ndated = 2024-01-01\ntitle = "x"\n[[claims]]\nid = 1\nkind = "signed"\nabout = ["pol"]\n'
    )
    (tmp_path / "seed" / "x.toml").write_text(text + 'statement = "y"\n')
    [seed] = load_seeds(tmp_path)
    assert (seed.reference, seed.claims[0].about) == ("XXVI-6", ("PL",))


def test_a_wrong_seed_is_said_in_full(tmp_path: Path) -> None:
    (tmp_path / "seed").mkdir()
    text = (
        'reference = "XXVI-6"\ndated = "soon"\n[[claims]]\nid = 1\nkind = "signd"\nabout = ["Polnd"]\nstatement = "y"\n'
    )
    (tmp_path / "seed" / "x.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_seeds(tmp_path)
    assert {m.key for m in caught.value.mistakes} == {"dated", "title", "claims[0].kind", "claims[0].about[0]"}


def test_the_starter_files_are_the_repositorys_own() -> None:
    files = starter_files()
    assert {"config/monitor.toml", "config/treaties/mine-ban.toml", "state/seed/mine-ban.toml"} <= set(files)
    assert all((ROOT / name).read_text("utf-8") == text for name, text in files.items())


def test_the_wheel_carries_configuration_seed_and_data(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    if subprocess.run([sys.executable, "-c", "import hatchling"], check=False, capture_output=True).returncode:
        pytest.skip("hatchling, which builds the wheel, is not installed")
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own interpreter
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    look = "import json; from monitor.settings import starter_files; print(json.dumps(sorted(starter_files())))"
    found = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", f"import sys; sys.path.insert(0, '.'); {look}"],
        cwd=tmp_path / "installed",
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == str(sorted(starter_files())).replace("'", '"')
