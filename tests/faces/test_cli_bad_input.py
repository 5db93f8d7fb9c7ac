"""Bad input is a user, a site or a disk talking: one clear sentence, the right exit code, never a traceback."""

from __future__ import annotations

import gzip
import re
import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.certificates import Authority
from support.home import LAST, Home
from support.mailbox import SilentServer
from support.site import HANG_UP, LocalSite, Page, endless

from monitor.faces.demo.replica import write_page
from monitor.faces.demo.serving import Answer

PAGE = write_page(LAST, datetime(2026, 2, 3, tzinfo=UTC))
HTML = {"Content-Type": "text/html; charset=utf-8"}
BOMB = gzip.compress(b"<html>" + b"\0" * 20_000_000)
LOGIN = b"<!DOCTYPE html><html>United Nations Treaty Collection<form><input type='password'></form></html>"


@pytest.fixture
def site(home: Home) -> Iterator[LocalSite]:
    """Return a site that is watched at /page and answers as a test says."""
    with LocalSite() as made:
        home.write(
            "monitor.toml", '[network]\nallow = ["127.0.0.1/32"]\npause = "0s"\nretries = 0\nmax_bytes = 1000000\n'
        )
        home.watch(f"{made.url}/page")
        yield made


UNREACHED = {
    "404": Answer(404),
    "429": Answer(429, {"Retry-After": "3600"}),
    "503": Answer(503),
    "connection": HANG_UP,
    "redirect": Answer(302, {"Location": "/page"}),
    "bytes|limit|MB": Answer(200, HTML, b"x" * 2_000_000),
    "bytes|limit|large": Answer(200, HTML | {"Content-Encoding": "gzip"}, BOMB),
}


@pytest.mark.parametrize(("said", "answer"), UNREACHED.items(), ids=list(UNREACHED))
def test_a_site_in_trouble_is_exit_4_and_one_sentence(home: Home, site: LocalSite, said: str, answer: Answer) -> None:
    site.put("/page", answer)
    one = home("check", "--json")
    assert (one.code, [c["outcome"] for c in one.json["checks"]]) == (4, ["unreachable"])
    (finding,) = one.json["checks"][0]["findings"]
    assert re.search(said, finding["text"], re.IGNORECASE)
    assert "Traceback" not in one.err
    assert home("claims", "--json").json["claims"][0]["verdict"] == "not_checkable"


def test_an_endless_page_is_cut_off(home: Home, site: LocalSite) -> None:
    site.put("/page", lambda _: Answer(200, HTML, endless()))
    assert home("check").code == 4


def test_a_name_that_does_not_exist_and_a_wrong_certificate_are_exit_4(home: Home) -> None:
    home.watch("https://treaties.invalid/page")
    said = home("check", "--json")
    assert (said.code, "treaties.invalid" in said.json["checks"][0]["findings"][0]["text"]) == (4, True)
    with LocalSite(tls=Authority().server()) as site:
        home.watch(f"{site.url}/page")
        said = home("check", "--json")
    assert (said.code, "certificate" in said.json["checks"][0]["findings"][0]["text"]) == (4, True)


def test_a_page_that_robots_disallow_is_a_state_of_the_source(home: Home, site: LocalSite) -> None:
    site.robots("User-agent: *\nDisallow: /page\n")
    site.put("/page", Page(PAGE))
    said = home("check", "--json")
    assert (said.code, said.json["checks"][0]["outcome"]) == (4, "disallowed")
    home.watch(f"{site.url}/page", 'robots = "ignore"\n')
    assert home("check", "--json").json["checks"][0]["outcome"] == "changed"


def test_a_private_address_is_refused_until_it_is_allowed(home: Home, site: LocalSite) -> None:
    site.put("/page", Page(PAGE))
    home.write("monitor.toml", "")
    said = home("check", "--json")
    assert (said.code, "127.0.0.1/32" in said.json["checks"][0]["findings"][0]["text"]) == (4, True)
    assert site.received == []


REFUSED = {
    "cut": PAGE[: len(PAGE) // 2],
    "login": LOGIN,
    "no participants": PAGE.replace(b"tblgrid", b"tblnone"),
    "empty": b"",
    "another treaty": write_page(replace(LAST, reference="XXVI-7"), datetime(2026, 2, 3, tzinfo=UTC)),
    "not text": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=list(REFUSED))
def test_a_page_that_cannot_be_believed_is_exit_3_and_nothing_of_it_is_stored(
    home: Home, site: LocalSite, body: bytes
) -> None:
    site.put("/page", Page(body))
    said = home("check", "--json")
    assert (said.code, said.json["checks"][0]["outcome"], said.json["changes"]) == (3, "refused", [])
    assert any(f["level"] == "refuse" for f in said.json["checks"][0]["findings"])
    assert home("changes", "--json").json == {"changes": []}
    assert home("deliveries", "--json").json == {"deliveries": []}


@pytest.mark.sqlite
def test_a_full_disk_is_one_sentence_and_the_record_stays_whole(home: Home) -> None:
    home("check")
    before = home("changes", "--json").json
    home.show(LAST, datetime(2026, 2, 4, tzinfo=UTC), seed=4)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # bytes that any file may have: less than a page needs

    with home.process("check", preexec_fn=limited) as process:
        _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    assert home("changes", "--json").json == before


def test_a_database_of_a_newer_version_is_left_alone(home: Home) -> None:
    home("check")
    home.alter("update alembic_version set version_num = '9999'")
    for words in (("status",), ("check",), ("run",)):
        said = home(*words)
        assert (said.code, "newer" in said.err, "Traceback" in said.err) == (1, True, False)


def test_wrong_toml_names_file_and_line(home: Home) -> None:
    home.write("groups.toml", "baltic = [\n")
    said = home("check")
    assert (said.code, "groups.toml" in said.err, len(said.err.splitlines())) == (2, True, 1)


def test_what_nobody_foresaw_is_one_line_and_with_verbose_the_trace(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr("monitor.pipeline.report.claims", broken)
    said = home("claims")
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "KeyError: 'oops' (repeat with --verbose" in said.err
    assert "Traceback" in home("claims", "-v").err


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Let what a test starts hear SIGINT: a suite in the background of a shell has it ignored, and they with it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_ends_a_check_without_a_trace(home: Home) -> None:
    with SilentServer() as silent:
        home.watch(f"http://127.0.0.1:{silent.port}/page")
        with home.process("check", "-v") as process:
            assert silent.called.wait(20)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in err) == (130, False)


def test_what_a_terminal_would_obey_is_spelt_out_and_no_word_goes_on_for_ever(home: Home) -> None:
    said = home("status", "--country", "PL\x1b[31m\u202e\u200b")
    assert (said.code, said.err) == (2, 'treaty-monitor: "PL\\x1b[31m\\u202e\\u200b" is no known country or group\n')
    assert len(home("status", "--country", "a" * 100_000).err) < 6_000


@pytest.mark.sqlite
def test_another_programs_database_in_the_place_of_the_record_is_left_alone(home: Home) -> None:
    home.state.mkdir(exist_ok=True)
    with closing(sqlite3.connect(home.state / "monitor.sqlite3")) as stranger:
        stranger.execute("CREATE TABLE notes (text)")
    before = (home.state / "monitor.sqlite3").read_bytes()
    for words in (("status",), ("check",), ("run",), ("backup", str(home.folder / "copy"))):
        said = home(*words)
        assert (said.code, "another program (it holds notes)" in said.err, len(said.err.splitlines())) == (1, True, 1)
    assert (home.state / "monitor.sqlite3").read_bytes() == before


@pytest.mark.sqlite
def test_a_state_folder_that_cannot_be_made_is_not_said_to_be_new(home: Home) -> None:
    said = home("status", "--state", "/dev/null")
    assert (said.code, len(said.err.splitlines())) == (1, 1)
