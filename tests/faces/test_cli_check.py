from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.home import FIRST, LAST, Home
from support.mailbox import SilentServer, free_port

MAINTENANCE = b"<!DOCTYPE html><html><body>United Nations Treaty Collection: under maintenance</body></html>"
PLAYED = {
    *((code, "withdrawal_notified") for code in ("EE", "LV", "LT", "FI", "PL")),
    *((code, "withdrawal_effective") for code in ("EE", "LV", "LT", "FI", "PL")),
    *((code, "entered_into_force") for code in ("MH", "TO")),
    ("TO", "consented"),
}
"""What the page of February 2026 brings to somebody who knows only the seed, on any day after 20 February 2026."""


def test_a_first_check_against_the_seed_reports_the_acts_since_then_and_their_effects(home: Home) -> None:
    said = home("check", "--json")
    assert (said.code, said.err) == (0, "")
    (check,) = said.json["checks"]
    assert (check["treaty"], check["slug"], check["source"], check["outcome"]) == (
        "XXVI-5",
        "mine-ban",
        "untc",
        "changed",
    )
    assert {(c["participant"]["code"], c["kind"]) for c in said.json["changes"]} == PLAYED
    poland = next(c for c in said.json["changes"] if (c["participant"]["code"], c.get("basis")) == ("PL", "calendar"))
    assert (poland["kind"], poland["conditional"]) == ("withdrawal_effective", True)


def test_a_second_check_of_a_page_with_a_new_stamp_and_state_reports_nothing(home: Home) -> None:
    home("check")
    home.show(LAST, datetime(2026, 2, 4, 8, tzinfo=UTC), seed=9)
    said = home("check", "--json")
    assert said.code == 0
    assert [c["outcome"] for c in said.json["checks"]] == ["unchanged"]
    assert said.json["changes"] == []


def test_people_read_a_table_and_the_changes(home: Home) -> None:
    said = home("check", "mine-ban")
    assert said.code == 0
    assert "Poland (PL)" in said.out
    assert "mine-ban (untc): note: the page's status is as at" in said.out
    assert max(map(len, said.out.splitlines())) <= 80


@pytest.mark.sqlite
def test_options_may_stand_before_and_after_the_command(home: Home) -> None:
    assert home("check", "XXVI-5", "--json", "-q").json["checks"][0]["outcome"] == "changed"
    assert home("--json", "check", "--state", str(home.folder / "other")).json["checks"][0]["outcome"] == "changed"
    assert (home.folder / "other" / "monitor.sqlite3").is_file()


def test_deliver_sends_at_once_and_json_keeps_the_console_channel_off_stdout(home: Home) -> None:
    said = home("check", "--deliver", "--json")
    assert said.code == 0
    assert said.json["deliveries"] == {"sent": 7, "retried": 0, "dead": 0}
    assert "Poland: withdrawal notified" in said.err
    assert [d["state"] for d in home("deliveries", "--json").json["deliveries"]] == ["sent"] * 7


def test_an_unknown_treaty_is_a_usage_error_with_the_nearest_word(home: Home) -> None:
    said = home("check", "mine-bam")
    assert said.code == 2
    assert 'did you mean "mine-ban"' in said.err
    assert "Traceback" not in said.err


def test_a_refused_page_is_exit_3_with_its_json(home: Home) -> None:
    home.depositary.show("XXVI-5", MAINTENANCE)
    said = home("check", "--json")
    assert said.code == 3
    assert [c["outcome"] for c in said.json["checks"]] == ["refused"]
    assert said.json["checks"][0]["findings"][0]["level"] == "refuse"
    assert said.json["changes"] == []


def test_a_site_that_cannot_be_reached_is_exit_4_and_the_rest_is_still_checked(home: Home) -> None:
    home.write(
        "treaties/cluster.toml",
        f'reference = "XXVI-6"\n[[sources]]\nsource = "untc"\nurl = "http://127.0.0.1:{free_port()}/"\n',
    )
    said = home("check", "--json")
    assert said.code == 4
    assert {c["slug"]: c["outcome"] for c in said.json["checks"]} == {
        "mine-ban": "changed",
        "cluster-munitions": "unreachable",
    }


def test_a_refused_and_an_unreachable_page_together_are_exit_3(home: Home) -> None:
    home.depositary.show("XXVI-5", MAINTENANCE)
    home.write(
        "treaties/cluster.toml",
        f'reference = "XXVI-6"\n[[sources]]\nsource = "untc"\nurl = "http://127.0.0.1:{free_port()}/"\n',
    )
    assert home("check").code == 3


def test_many_sources_on_a_silent_host_end_with_the_first_of_them(home: Home) -> None:
    with SilentServer() as silent:
        home.write("monitor.toml", '[network]\nallow = ["127.0.0.1/32"]\npause = "0s"\ntimeout = "1s"\n')
        home.watch(f"http://127.0.0.1:{silent.port}/")
        for number in range(1, 40):
            name = f"IV-{number}"
            text = f'reference = "{name}"\nslug = "t{number}"\n[[sources]]\nsource = "untc"\n'
            home.write(f"treaties/{name}.toml", f'{text}url = "http://127.0.0.1:{silent.port}/{number}"\n')
        began = time.monotonic()
        said = home("check", "--json")
    assert time.monotonic() - began < 10
    assert (said.code, len(said.json["checks"])) == (4, 40)


def test_a_delivery_that_fails_for_good_is_exit_5(home: Home) -> None:
    home.write("channels.toml", '[hook]\ntype = "webhook"\nurl = "http://10.0.0.1/h"\nsecret = "file:secret"\n')
    home.write("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
    home.write("subscriptions.toml", '[[subscriptions]]\nname = "x"\ncountries = ["PL"]\nchannels = ["hook"]\n')
    home("check")
    said = home("deliver", "--json")  # a private address that is not allowed: nothing is ever sent there
    assert said.code == 5
    assert said.json["dead"] == 2


def test_a_file_in_the_place_of_the_state_is_one_sentence(home: Home) -> None:
    home.state.write_text("not a directory", "utf-8")
    said = home("check")
    assert said.code == 1
    assert str(home.state) in said.err
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) == 1


def test_a_row_that_is_gone_is_held_and_a_person_decides(home: Home) -> None:
    home.show(FIRST, datetime(2025, 3, 18, tzinfo=UTC))
    assert home("check", "--json").json["checks"][0]["outcome"] in {"baseline", "changed"}
    home.show(replace(FIRST, rows=tuple(r for r in FIRST.rows if r.name != "Oman")), datetime(2025, 3, 19, tzinfo=UTC))
    said = home("check", "--json")
    assert (said.code, said.json["checks"][0]["outcome"]) == (0, "held")
    (held,) = home("held", "--json").json["held"]
    assert (held["row"], held["changes"][0]["kind"]) == ("OM", "record_vanished")
    assert held["id"] in home("held", "list").out
    accepted = home("held", "accept", held["id"], "--json")
    assert [(c["kind"], c["participant"]["code"]) for c in accepted.json["changes"]] == [("record_vanished", "OM")]
    assert home("held", "--json").json == {"held": []}
    assert home("held", "reject", held["id"]).code == 2


def test_what_was_rejected_is_held_no_more(home: Home) -> None:
    home.show(FIRST, datetime(2025, 3, 18, tzinfo=UTC))
    home("check")
    home.show(replace(FIRST, rows=tuple(r for r in FIRST.rows if r.name != "Oman")), datetime(2025, 3, 19, tzinfo=UTC))
    home("check")
    (held,) = home("held", "--json").json["held"]
    rejected = home("held", "reject", held["id"], "--json").json
    assert [h["state"] for h in rejected["held"]] == ["rejected"]
    assert home("held", "--json").json == {"held": []}
    assert len(home("held", "list", "--all", "--json").json["held"]) == 1


def test_a_round_that_finds_nothing_new_loads_no_more_than_it_needs(home: Home) -> None:
    home("check")
    heavy = {"alembic", "apprise", "aiosmtplib", "apscheduler", "bs4", "click", "cryptography", "fastapi", "filelock"}
    heavy |= {"jinja2", "lxml", "prometheus_client", "pyarrow", "pygments", "rich", "sqlalchemy.orm", "structlog"}
    script = f"""
import atexit, sys
from monitor.__main__ import main
atexit.register(lambda: print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr))
main()
"""
    words = [*home.options, "check", "--json"]
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert [check["outcome"] for check in json.loads(done.stdout)["checks"]] == ["unchanged"]
