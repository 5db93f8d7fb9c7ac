"""The main job, whole, on the real Mine Ban page: from the article's claims to alerts in an inbox and a receiver."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from support.site import LocalSite, Page

from monitor.faces.demo.inbox import HookReceiver, Inbox

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes here").decode()
PATH = "/Pages/ViewDetails.aspx"
EXPECTED = {
    ("EE", "withdrawal_notified", "2025-06-27"),
    ("EE", "withdrawal_effective", "2025-06-27"),
    ("LV", "withdrawal_notified", "2025-06-27"),
    ("LV", "withdrawal_effective", "2025-06-27"),
    ("LT", "withdrawal_notified", "2025-06-27"),
    ("LT", "withdrawal_effective", "2025-06-27"),
    ("FI", "withdrawal_notified", "2025-07-10"),
    ("FI", "withdrawal_effective", "2025-07-10"),
    ("PL", "withdrawal_notified", "2025-08-20"),
    ("PL", "withdrawal_effective", "2025-08-20"),
    ("TO", "consented", "2025-06-25"),
    ("TO", "entered_into_force", "2025-06-25"),
    ("MH", "entered_into_force", "2025-03-12"),
}


@dataclass
class Stage:
    """The real page on loopback, an inbox, a receiver, and an installation that knows them."""

    folder: Path
    site: LocalSite
    inbox: Inbox
    hooks: HookReceiver

    def __call__(self, *words: str) -> Any:
        """Run a command as a user does, and return its JSON."""
        options = ["--config", "config", "--state", "state", "--json"]
        ran = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "monitor", *words, *options],
            cwd=self.folder,
            env=os.environ | {"HOOK_SECRET": SECRET},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def stored(self) -> list[tuple[str, int]]:
        """Return the kept pages."""
        return sorted((p.name, p.stat().st_size) for p in (self.folder / "state" / "documents").rglob("*.zst"))


@pytest.fixture
def stage(tmp_path: Path, real_page: Callable[[str], bytes]) -> Iterator[Stage]:
    with LocalSite() as site, Inbox() as inbox, HookReceiver(SECRET) as hooks:
        site.put(PATH, Page(real_page("html/ottawa.html"), etag=False))
        made = Stage(tmp_path, site, inbox, hooks)
        configure(made)
        yield made


def configure(stage: Stage) -> None:
    """Write a configuration with the keys of the contract, and no others."""
    url = f"{stage.site.url}{PATH}?src=TREATY&mtdsg_no=XXVI-5&chapter=26&clang=_en"
    files = {
        "monitor.toml": '[network]\nallow = ["127.0.0.1/32"]\npause = "0s"\n',
        "treaties/mine-ban.toml": 'slug = "mine-ban"\nreference = "XXVI-5"\ntitle = "Mine Ban Convention"\n'
        f'[[sources]]\nsource = "untc"\nurl = "{url}"\nevery = "12h"\n',
        "channels.toml": f'[desk-mail]\ntype = "email"\nserver = "smtp://127.0.0.1:{stage.inbox.port}"\n'
        f'from = "treaty-monitor@example.org"\n[case-system]\ntype = "webhook"\nurl = "{stage.hooks.url}"\n'
        'secret = "env:HOOK_SECRET"\n',
        "subscriptions.toml": '[[subscriptions]]\nname = "all"\ntreaties = ["mine-ban"]\ncountries = "all"\n'
        'kinds = "all"\nchannels = ["desk-mail", "case-system"]\nrecipients = ["desk@example.org"]\n',
    }
    for name, text in files.items():
        file = stage.folder / "config" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def told(answer: Any) -> set[tuple[str, str, str]]:
    return {(c["participant"]["code"], c["kind"], c["action"]["date"]) for c in answer["changes"]}


def test_the_first_check_reports_exactly_the_acts_and_effects_since_the_article_and_delivers_them(stage: Stage) -> None:
    before = stage("claims")["claims"]
    assert {c["explanation"] for c in before} == {"no official page read yet"}

    answer = stage("check", "--deliver")
    assert [c["outcome"] for c in answer["checks"]] == ["changed"]
    assert told(answer) == EXPECTED
    assert len(answer["changes"]) == len(EXPECTED)

    bodies = [json.loads(hook.body)["data"] for hook in stage.hooks.hooks]
    assert {(b["participant"]["code"], b["kind"], b["action"]["date"]) for b in bodies} == EXPECTED
    assert all(hook.verified for hook in stage.hooks.hooks)
    mails = [message_from_bytes(mail.raw, policy=policy.default) for mail in stage.inbox.mails]
    assert len(mails) == 7  # one for each State: its changes are told together
    assert "[treaty-monitor] Tonga: accession and entered into force, Mine Ban Convention" in {
        mail["Subject"] for mail in mails
    }
    assert len({mail["Message-ID"] for mail in mails}) == 7


def test_a_second_check_with_a_new_page_state_and_stamp_reports_nothing_and_stores_nothing(
    stage: Stage, real_page: Callable[[str], bytes]
) -> None:
    stage("check", "--deliver")
    kept, sent = stage.stored(), len(stage.hooks.hooks)
    page = real_page("html/ottawa.html").replace(b"03-02-2026 10:16:18", b"05-02-2026 09:00:00")
    page = re.sub(rb'(__VIEWSTATE" value=")[^"]{60}', rb"\g<1>" + b"A" * 60, page)
    stage.site.put(PATH, Page(page, etag=False))

    answer = stage("check", "--deliver")
    assert [c["outcome"] for c in answer["checks"]] == ["unchanged"]
    assert answer["changes"] == []
    assert (stage.stored(), len(stage.hooks.hooks)) == (kept, sent)


def test_the_record_answers_on_legal_dates_and_as_known(stage: Stage) -> None:
    stage("check")

    def poland(*words: str) -> Any:
        (found,) = stage("status", "--country", "PL", *words)["participations"]
        return found

    then = poland("--on", "2025-12-31")
    assert (then["status"], then["pending"]["effective"]) == ("party", "2026-02-20")
    later = poland("--on", "2026-03-01")
    assert (later["status"], later["basis"], later["conditional"]) == ("former_party", "calendar", True)
    earlier = poland("--known", "2025-06-01")
    assert (earlier["status"], earlier["pending"]) == ("party", None)
    assert not [a for a in earlier["actions"] if a["kind"] == "withdrawal"]


def test_after_the_check_each_of_22_claims_has_a_verdict(stage: Stage) -> None:
    stage("check")
    verdicts = [c["verdict"] for c in stage("claims")["claims"]]
    assert len(verdicts) == 22
    assert verdicts[:5] == ["overtaken"] * 4 + ["supported"]
