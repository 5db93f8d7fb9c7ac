from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from support.home import LAST, MONITOR, Home

from monitor.faces.cli.app import app
from monitor.settings import starter_files

ANSWERS = [("status",), ("status", "--json"), ("export", "--format", "csv"), ("--help",), ("demo",)]


def test_init_writes_the_starter_files_and_never_overwrites(home: Home) -> None:
    where = home.folder / "new"
    first = home("init", str(where), "--json").json
    assert [Path(p).relative_to(where).as_posix() for p in first["written"]] == list(starter_files())
    assert (where / "state" / "monitor.sqlite3").is_file()
    (where / "config" / "groups.toml").write_text("# mine\n", "utf-8")
    (where / "config" / "channels.toml").unlink()
    second = home("init", str(where), "--json").json
    assert [Path(p).name for p in second["written"]] == ["channels.toml"]
    assert (where / "config" / "groups.toml").read_text("utf-8") == "# mine\n"
    assert "channels.toml" in home("init", str(where)).out


def test_init_says_where_to_go_on(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    new = home.folder / "new"
    assert f"Next in {new}: treaty-monitor check" in home("init", str(new)).out
    assert f"treaty-monitor --config {home.config} --state {home.state} check" not in home("init").out
    apart = home("init", "--config", str(new / "here"), "--state", str(new / "there")).out
    assert f"Next: treaty-monitor --config {new / 'here'} --state {new / 'there'} check" in apart
    monkeypatch.chdir(new)
    with pytest.raises(SystemExit):
        app(["init"], prog_name="treaty-monitor")
    assert "Next: treaty-monitor check" in home.capsys.readouterr().out


def test_what_init_writes_is_ready(home: Home) -> None:
    where = home.folder / "new"
    home("init", str(where))
    there = ("--config", str(where / "config"), "--state", str(where / "state"))
    assert home("config", "check", *there).code == 0
    assert len(home("claims", "--json", *there).json["claims"]) == 22
    assert {s["treaty_slug"] for s in home("sources", "--json", *there).json["sources"]} == {
        "mine-ban",
        "cluster-munitions",
    }


def test_init_says_what_is_in_the_way(home: Home) -> None:
    (home.folder / "file").write_text("", "utf-8")
    said = home("init", str(home.folder / "file"))
    assert (said.code, len(said.err.splitlines())) == (2, 1)


def test_a_disk_that_is_full_leaves_no_half_file_that_the_next_init_would_leave_alone(home: Home) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))  # bytes that any file may have

    new = home.folder / "new"
    with home.process("init", str(new), preexec_fn=limited) as process:
        assert process.wait(timeout=20) == 1
    assert [file for file in new.rglob("*") if file.is_file()] == []
    assert home("init", str(new), "--json").json["kept"] == []


def test_every_mistake_of_the_configuration_is_listed_at_once(home: Home) -> None:
    home.write("monitor.toml", 'timezone = "Europe/Warsow"\ncontacts = "x"\n')
    home.write("subscriptions.toml", '[[subscriptions]]\nname = "x"\ncountries = ["Polnd"]\nchannels = ["mail"]\n')
    said = home("config", "check")
    assert said.code == 2
    for part in ("Europe/Warsaw", "contacts", 'did you mean "Poland"', "subscriptions[0].channels"):
        assert part in said.out
    for words in (("status",), ("check",), ("run",)):
        other = home(*words)
        assert (other.code, len(other.err.splitlines())) == (2, 4)
        assert "Traceback" not in other.err


def test_a_channel_that_cannot_be_built_is_a_mistake_before_anything_starts(home: Home) -> None:
    home.write("secret", "whsec_!\n")
    home.write(
        "channels.toml",
        '[hook]\ntype = "webhook"\nurl = "https://example.org/"\nsecret = "file:secret"\n'
        '[mail]\ntype = "email"\nserver = "smtp://example.org"\nfrom = "m@example.org"\npassword = "env:TM_NO_SUCH"\n'
        '[gone]\ntype = "file"\npath = "/no/such/folder/alerts.jsonl"\n[here]\ntype = "file"\npath = "alerts.jsonl"\n',
    )
    said = home("config", "check", "--json")
    keys = [mistake["key"] for mistake in said.json["mistakes"]]
    assert (said.code, sorted(keys)) == (2, ["gone.path", "hook.secret", "mail.password"])
    assert home("check").code == 2
    assert not home.state.exists() or not any(home.state.glob("alerts*"))


def test_a_configuration_that_is_not_there_says_how_to_begin(home: Home) -> None:
    said = home("status", "--config", str(home.folder / "nowhere"))
    assert (said.code, "treaty-monitor init" in said.err) == (2, True)


def test_the_effective_configuration_and_its_schema_are_shown(home: Home) -> None:
    shown = home("config", "show", "--json").json
    assert shown["treaties"][0]["reference"] == "XXVI-5"
    schema = home("config", "schema", "--json").json
    assert "treaties/*.toml" in schema
    assert home("config", "schema").out.startswith("{")


def test_the_environment_names_the_folders(home: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "sources", "--json"],
        env=os.environ | {"TREATY_MONITOR_CONFIG": str(home.config), "TREATY_MONITOR_STATE": str(home.state)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, '"mine-ban"' in done.stdout) == (0, True)


@pytest.mark.sqlite
def test_a_backup_comes_back_as_the_same_record(home: Home) -> None:
    home("check")
    before = home("changes", "--json").json
    file = home.folder / "record.tar.gz"
    assert home("backup", str(file), "--json").json["backup"] == str(file)
    other = str(home.folder / "other")
    assert home("restore", str(file), "--state", other).code == 0
    assert home("changes", "--json", "--state", other).json == before
    again = home("restore", str(file), "--state", other)
    assert (again.code, "record here already" in again.err) == (2, True)
    assert home("restore", str(file), "--state", other, "--replace").code == 0
    assert home("restore", str(home.folder / "none.tar.gz"), "--state", str(home.folder / "third")).code == 2


@pytest.mark.sqlite
def test_the_pages_of_a_backup_come_back_to_where_the_configuration_keeps_them(home: Home) -> None:
    pages = home.folder / "pages"
    home.write("monitor.toml", f'documents = "{pages}"\n{MONITOR}')
    home("check")
    change = home("changes", "--json").json["changes"][0]["evidence"]["after"]["document"]
    kept = {path.name: path.read_bytes() for path in pages.rglob("*") if path.is_file()}
    assert any(change in name for name in kept)
    file = home.folder / "record.tar.gz"
    assert home("backup", str(file)).code == 0
    pages.rename(home.folder / "lost")
    assert home("restore", str(file), "--replace").code == 0
    assert {path.name: path.read_bytes() for path in pages.rglob("*") if path.is_file()} == kept


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("status", "--help"), ("held", "--help")])
def test_help_and_version_load_no_database_no_network_no_markup(words: tuple[str, ...]) -> None:
    heavy = ["sqlalchemy", "httpx", "lxml", "bs4", "apscheduler", "structlog", "asyncio", "jinja2"]
    heavy += ["pydantic"] if len(words) == 1 else []  # Typer itself loads it for the options of a command
    script = f"""
import sys
from monitor.faces.cli.app import app
try:
    app({list(words)!r}, prog_name="treaty-monitor")
finally:
    print(sorted(set({heavy!r}) & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


def commands(home: Home, *group: str) -> list[str]:
    """Return the names that a help page lists as commands."""
    lines = home(*group, "--help").out.split("Options of every command", 1)[1].splitlines()
    return [line.split()[1] for line in lines if line.startswith("│ ") and line[2].isalpha()]


def test_every_command_is_there_and_its_help_has_an_example(home: Home) -> None:
    names = commands(home)
    assert set(names) >= {
        *("init", "run", "check", "status", "changes", "upcoming", "subscriptions", "claims", "extract", "compare"),
        *("held", "deliver", "deliveries", "channels", "sources", "treaties", "countries", "config", "demo"),
        *("backup", "restore", "export"),
    }
    for name in names:
        assert "Example: treaty-monitor" in home(name, "--help").out.replace("\n", " ")
        for part in commands(home, name) if name in {"held", "deliveries", "channels", "subscriptions"} else []:
            assert "Example: treaty-monitor" in home(name, part, "--help").out


def test_help_says_what_holds_without_an_option(home: Home) -> None:
    assert "today without it" in home("status", "--help").out  # what stands in brackets, Rich takes for its own
    assert "./config" in home("status", "--help").out
    assert "init [OPTIONS] [DIR]" in home("init", "--help").out


def test_countries_are_shown_with_their_groups(home: Home) -> None:
    assert home("countries", "show", "Turkey", "--json").json["code"] == "TR"
    assert "nato" in home("countries", "show", "TUR", "--json").json["groups"]
    assert {c["code"] for c in home("countries", "show", "Baltic", "--json").json["countries"]} == {"EE", "LV", "LT"}
    said = home("countries", "show", "Turky")
    assert (said.code, 'did you mean "Turkey"' in said.err) == (2, True)
    listed = home("countries", "--json").json
    assert {"nato", "baltic", "eu", "p5"} <= set(listed["groups"])
    assert "Estonia" in home("countries", "list").out


def test_a_word_that_is_a_country_and_a_group_is_shown_as_both_as_it_is_understood_elsewhere(home: Home) -> None:
    both = home("countries", "show", "eu", "--json").json
    assert (both["code"], both["group"], len(both["countries"])) == ("EU", "eu", 27)
    assert "Estonia" in home("countries", "show", "eu").out
    assert set(home("countries", "show", "EU", "--json").json) == {"code", "name", "kind", "groups"}


def test_treaties_are_listed_watched_or_only_known(home: Home) -> None:
    listed = home("treaties", "--json").json["treaties"]
    assert len(listed) >= 60
    assert [t["slug"] for t in listed if t["watched"]] == ["mine-ban"]
    shown = home("treaties", "show", "XXVI-5", "--json").json
    assert (shown["withdrawal"]["article"], shown["withdrawal"]["notice"]["amount"]) == ("20", 6)
    assert home("treaties", "show", "mine-bam").code == 2
    assert "Mine Ban" in home("treaties", "show", "mine-ban").out
    assert "leaving: 6 months, exact, article 20, conditional" in home("treaties", "show", "mine-ban").out
    assert "leaving: 1 year, exact, article 127" in home("treaties", "show", "XVIII-10").out


def test_how_often_a_page_is_asked_for_is_said_as_it_was_written(home: Home) -> None:
    home.watch("http://127.0.0.1:9/never-asked", 'every = "1h"\nwhen_quiet = "1d"\n')
    assert "every 1h, when quiet 1d" in home("treaties", "show", "mine-ban").out
    (source,) = home("sources", "--json").json["sources"]
    assert (source["every_seconds"], source["when_quiet_seconds"], source["stale"]) == (3600.0, 86400.0, True)
    home.watch("http://127.0.0.1:9/never-asked", 'every = "12h"\nwhen_quiet = "1h"\n')
    assert "sources[0].when_quiet" in home("config", "check").out


def test_a_reader_that_has_read_enough_ends_nothing_badly(home: Home) -> None:
    home.show(LAST)
    home("check")
    with home.process("status") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.wait(timeout=20)
        assert process.stderr is not None
        assert (process.returncode, process.stderr.read()) == (0, "")


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
@pytest.mark.parametrize("full", [True, False], ids=["a full disk", "closed"])
def test_an_answer_that_cannot_be_written_is_one_sentence(home: Home, words: tuple[str, ...], full: bool) -> None:  # noqa: FBT001 - of pytest
    home("check")
    with (
        Path("/dev/full").open("w") as disk,
        home.process(*words, stdout=disk, preexec_fn=None if full else lambda: os.close(1)) as process,
    ):
        _, err = process.communicate(timeout=20)
    assert (process.returncode, len(err.splitlines())) == (1, 1)
    assert "the answer cannot be written to stdout: " in err


def test_alerts_for_a_stdout_that_is_closed_wait_and_come_into_no_answer(home: Home) -> None:
    home("check")
    with home.process("deliver", preexec_fn=lambda: os.close(1)) as process:
        _, err = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in err) == (1, False)
    assert {d["state"] for d in home("deliveries", "--json").json["deliveries"]} == {"pending"}
    home.alter("update delivery set next_attempt = created")
    with home.process("deliver", "--json", preexec_fn=lambda: os.close(2)) as process:
        out, _ = process.communicate(timeout=20)
    assert list(json.loads(out)) == ["sent", "retried", "dead"]


@pytest.mark.parametrize("columns", ["0", "1", "40"])
def test_no_width_of_a_terminal_hides_an_answer(home: Home, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    home("check")
    monkeypatch.setenv("COLUMNS", columns)
    assert {"Finland", "former"} <= set(home("status").out.split())


@pytest.mark.parametrize("words", [("--help",), ("status", "--help"), ("--version",)])
def test_a_help_text_that_nobody_reads_to_its_end_is_no_failure(home: Home, words: tuple[str, ...]) -> None:
    assert _into_a_closed_pipe(home, "stdout", words) == 0


def test_a_wrong_use_is_one_also_where_nobody_reads_of_it(home: Home) -> None:
    assert _into_a_closed_pipe(home, "stderr", ("status", "--on", "tomorrow")) == 2
    assert _into_a_closed_pipe(home, "stderr", ("stauts",)) == 2


def _into_a_closed_pipe(home: Home, stream: str, words: tuple[str, ...]) -> int:
    reading, writing = os.pipe()
    os.close(reading)
    with home.process(*words, **{stream: writing}) as process:
        os.close(writing)
        out, err = process.communicate(timeout=20)
    assert (out or "", err or "") == ("", "")
    return process.returncode


@pytest.mark.parametrize("words", [("--help",), ("status", "--on", "x")])
@pytest.mark.parametrize("width", [{"COLUMNS": "0"}, {"TERMINAL_WIDTH": "0"}, {"TERMINAL_WIDTH": "wide"}])
def test_no_width_of_a_terminal_hides_a_help_text_or_a_usage_error(
    home: Home, words: tuple[str, ...], width: dict[str, str]
) -> None:
    with home.process(*words, env=os.environ | width) as process:
        said = "".join(process.communicate(timeout=20))
    assert "Usage: treaty-monitor" in said
    assert "2025-12-27" in said or words == ("--help",)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_letters_that_stdout_does_not_take_are_spelt_out(home: Home, encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    with home.process("countries", "show", "nato", env=environment, encoding=encoding) as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert ("T\\xfcrkiye" if encoding == "ascii" else "Türkiye") in out


@pytest.mark.sqlite
def test_a_backup_into_a_folder_is_a_wrong_use(home: Home) -> None:
    home("check")
    said = home("backup", str(home.folder))
    assert (said.code, "record.tar.gz" in said.err, len(said.err.splitlines())) == (2, True, 1)


def test_only_errors_are_told_to_who_wants_it_quiet(home: Home) -> None:
    with home.process("extract", "-", "--verbose", "--config", "nowhere", stdin=subprocess.DEVNULL) as loud:
        assert "going on with what the program ships" in loud.communicate(timeout=20)[1]
    with home.process("claims", "--quiet") as quiet:
        assert quiet.communicate(timeout=20)[1] == ""
