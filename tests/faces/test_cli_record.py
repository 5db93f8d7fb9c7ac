from __future__ import annotations

import csv
import io
import json
import os
from datetime import UTC, datetime, timedelta

import pyarrow.parquet
import pytest
from icalendar import Calendar
from support.home import LAST, Home
from support.mailbox import free_port

from monitor.faces.demo.replica import ReplicaRow
from monitor.faces.demo.scenes import Notice
from monitor.faces.export import exported

TODAY = datetime.now(UTC).date()
FAR = TODAY + timedelta(days=180)
NORWAY = Notice("Norway", TODAY - timedelta(days=3), FAR, "CN.900.2030", conditional=True)


def coming(home: Home) -> None:
    """Show a page with a withdrawal that takes effect half a year from now."""
    row = LAST.row("Norway")
    home.show(LAST.with_row(ReplicaRow("Norway", row.cells, (NORWAY.note(),))), datetime.now(UTC))


def test_status_knows_the_legal_date_and_the_day_of_learning(home: Home) -> None:
    home("check")
    (then,) = home("status", "--country", "PL", "--on", "2025-12-31", "--json").json["participations"]
    assert (then["status"], then["pending"]["effective"], then["pending"]["conditional"]) == (
        "party",
        "2026-02-20",
        True,
    )
    (later,) = home("status", "--country", "pol", "--on", "2026-03-01", "--json").json["participations"]
    assert (later["status"], later["basis"], later["conditional"]) == ("former_party", "calendar", True)
    early = home("status", "--country", "Poland", "--known", "2025-06-01", "--json").json
    assert (early["known"], [i["status"] for i in early["participations"]]) == ("2025-06-01", ["party"])
    assert early["participations"][0]["actions"] == []


def test_status_of_a_group_and_of_a_state_without_a_row(home: Home) -> None:
    home("check")
    baltic = home("status", "--country", "baltic", "--treaty", "ban", "--json").json["participations"]
    assert [(i["participant"]["code"], i["status"]) for i in baltic] == [
        ("EE", "former_party"),
        ("LV", "former_party"),
        ("LT", "former_party"),
    ]
    (absent,) = home("status", "-c", "RU", "--json").json["participations"]
    assert (absent["status"], absent["actions"], absent["sources"][0]["source"]) == ("none", [], "untc")


def test_status_of_everybody_as_a_table_fits_80_columns_in_a_pipe(home: Home) -> None:
    home("check")
    said = home("status")
    assert "Norway (NO)" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    assert len(home("status", "--json").json["participations"]) == len(LAST.rows)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("status", "--country", "Turky"), 'did you mean "Turkey"'),
        (("status", "--treaty", "mine-bam"), 'did you mean "mine-ban"'),
        (("status", "--on", "2025-02-30"), "YYYY-MM-DD"),
        (("changes", "--since", "yesterday"), "YYYY-MM-DD"),
        (("changes", "--limit", "99999999999999999999"), "whole number"),
        (("changes", "--limit", "0"), "whole number"),
        (("status", "--country", ""), '"" is no known country'),
        (("changes", "--treaty", ""), 'no treaty ""'),
        (("export", "--format", "csv", "--output", "/"), "Is a directory"),
        (("changes", "--kind", "withdrawl_notified"), "withdrawal_notified"),
        (("changes", "--cuntry", "PL"), "--country"),
        (("stauts",), "status"),
    ],
)
def test_a_wrong_word_is_exit_2_with_what_is_allowed(home: Home, words: tuple[str, ...], sentence: str) -> None:
    said = home(*words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert "Traceback" not in said.err


def test_no_more_changes_than_wanted_are_shown_and_those_are_the_newest(home: Home) -> None:
    home("check")
    every = home("changes", "--json").json["changes"]
    assert len(every) > 2
    assert home("changes", "--limit", "2", "--json").json["changes"] == every[:2]
    refused = home("changes", "--limit", "0")
    assert (refused.code, "--limit" in refused.err) == (2, True)


def test_changes_are_chosen_by_country_group_and_kind(home: Home) -> None:
    home("check")
    shape = home("changes", "--country", "baltic", "--kind", "withdrawal-notified", "--json").json["changes"]
    assert {c["participant"]["code"] for c in shape} == {"EE", "LV", "LT"}
    assert {c["kind"] for c in shape} == {"withdrawal_notified"}
    assert set(shape[0]) >= {"id", "first_seen", "treaty_slug", "source", "evidence", "status_before", "status_after"}
    assert shape[0]["evidence"]["after"]["document"]
    assert home("changes", "--since", FAR.isoformat(), "--json").json == {"changes": []}
    assert "entered into force" in home("changes", "--country", "TO").out


def test_two_kinds_may_be_asked_for(home: Home) -> None:
    home("check")
    shape = home("changes", "-k", "consented", "-k", "entered_into_force", "--json").json["changes"]
    assert {(c["participant"]["code"], c["kind"]) for c in shape} == {
        ("TO", "consented"),
        ("TO", "entered_into_force"),
        ("MH", "entered_into_force"),
    }


def test_upcoming_lists_what_is_to_come_and_writes_a_calendar_with_ids_that_stay(home: Home) -> None:
    coming(home)
    home("check")
    file = home.folder / "upcoming.ics"
    (item,) = home("upcoming", "--ics", str(file), "--json").json["upcoming"]
    assert (item["date"], item["participant"]["code"], item["kind"]) == (
        FAR.isoformat(),
        "NO",
        "withdrawal_effective",
    )
    assert (item["clause"], item["basis"], item["conditional"]) == ("20 (3)", "stated", True)
    (event,) = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert (event.decoded("dtstart"), str(event["status"])) == (FAR, "TENTATIVE")
    home("upcoming", "--ics", str(file))
    (again,) = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert event["uid"] == again["uid"]
    assert "article 20 (3)" in home("upcoming").out


def test_a_calendar_on_stdout_stands_alone(home: Home) -> None:
    home("check")
    said = home("upcoming", "--ics", "-")
    assert (said.code, said.out.split()[0], said.out.split()[-1]) == (0, "BEGIN:VCALENDAR", "END:VCALENDAR")
    both = home("upcoming", "--ics", "-", "--json")
    assert (both.code, both.out, "name a file for the calendar" in both.err) == (2, "", True)


def test_a_calendar_that_cannot_be_written_is_one_sentence(home: Home) -> None:
    said = home("upcoming", "--ics", str(home.folder / "nowhere" / "x.ics"))
    assert said.code == 2
    assert "cannot be written" in said.err


def test_claims_are_not_checkable_before_the_first_page_and_judged_after_it(home: Home) -> None:
    before = home("claims", "--json").json["claims"]
    assert {c["verdict"] for c in before} == {"not_checkable"}
    home("check")
    after = home("claims", "--json").json["claims"]
    assert [c["id"] for c in after] == list(range(1, 23))
    assert {c["verdict"] for c in after[:4]} == {"overtaken"}
    assert after[0]["evidence"]
    assert "overtaken" in home("claims").out


def test_sources_say_how_each_is(home: Home) -> None:
    (new,) = home("sources", "--json").json["sources"]
    assert (new["condition"], new["last_good"], new["failures"], new["baseline"]) == ("new", None, 0, "2025-03-18")
    home("check")
    (read,) = home("sources", "--json").json["sources"]
    assert read["condition"] == "ok"
    assert read["age_seconds"] < 60
    home.watch(f"http://127.0.0.1:{free_port()}/")
    home("check")
    (down,) = home("sources", "--json").json["sources"]
    assert (down["condition"], down["failures"]) == ("unreachable", 1)
    assert down["problem"] in " ".join(home("sources").out.split())


def test_the_record_is_exported_in_four_forms(home: Home) -> None:
    home("check")

    def written(form: str) -> bytes:
        file = home.folder / f"record.{form}"
        assert home("export", "--format", form, "--output", str(file)).code == 0
        return file.read_bytes()

    whole = json.loads(written("json"))
    lines = [json.loads(line) for line in written("jsonl").splitlines()]
    assert len(lines) == len(whole["participations"]) + len(whole["changes"])
    rows = list(csv.DictReader(io.StringIO(written("csv").decode())))
    acts = sum(max(1, len(p["actions"])) for p in whole["participations"])
    assert len(rows) == acts + len(whole["changes"])
    left = [r for r in rows if (r["record"], r["code"], r["action"]) == ("participation", "EE", "withdrawal")]
    assert [(r["date"], r["effective"], r["status"]) for r in left] == [("2025-06-27", "2025-12-27", "former_party")]
    written("parquet")
    table = pyarrow.parquet.read_table(home.folder / "record.parquet")
    assert table.num_rows == len(rows)


def test_an_export_goes_to_stdout_without_a_file(home: Home) -> None:
    home("check")
    with home.process("export", "--format", "csv") as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("record,treaty,")


def test_an_export_and_a_json_document_do_not_share_stdout(home: Home) -> None:
    home("check")
    refused = home("export", "--format", "csv", "--json")
    assert (refused.code, refused.out, "--output" in refused.err) == (2, "", True)
    file = home.folder / "record.csv"
    told = home("export", "--format", "csv", "--output", str(file), "--json")
    assert told.json == {"export": str(file), "format": "csv", "bytes": file.stat().st_size}
    assert set(home("export", "--format", "json", "--json").json) == {"on", "known", "participations", "changes"}


def test_an_export_goes_into_a_pipe_that_is_named_and_the_pipe_stays(home: Home) -> None:
    pipe = home.folder / "pipe"
    os.mkfifo(pipe)
    with home.process("export", "--format", "csv", "--output", str(pipe)) as process:
        out = pipe.read_bytes()
        assert process.wait(timeout=20) == 0
    assert out.startswith(b"record,treaty,")
    assert pipe.is_fifo()


def test_no_cell_of_the_csv_is_a_formula_for_a_spreadsheet(home: Home) -> None:
    home("check")
    changes = home("changes", "--country", "TO", "--json").json
    for change in changes["changes"]:
        change["participant"]["as_written"] = "=HYPERLINK(1)"
    (row, *_) = csv.DictReader(io.StringIO(exported("csv", {"participations": []}, changes).decode()))
    assert row["as_written"] == "'=HYPERLINK(1)"


@pytest.mark.sqlite
def test_a_record_that_is_not_there_is_no_silence(home: Home) -> None:
    home("check")
    said = home.process("changes", "--state", str(home.folder / "stat"))
    out, err = said.communicate(timeout=20)
    assert (said.returncode, "0 changes" in out, "there was no record here yet" in err) == (0, True, True)
    assert home("changes").err == ""


def test_what_was_not_known_then_is_said_of_that_day(home: Home) -> None:
    home("check")
    assert "Nothing was known on 1997-09-18." in home("status", "--known", "1997-09-18").out


def test_a_full_disk_is_no_wrong_use(home: Home) -> None:
    said = home("export", "--format", "csv", "--output", "/dev/full")
    assert (said.code, "No space left on device" in said.err) == (1, True)
