from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from support.home import Home
from support.mailbox import StubbornInbox, free_port

from monitor import bootstrap
from monitor.faces.clock import utc_now
from monitor.faces.demo.inbox import HookReceiver
from monitor.faces.demo.serving import Answer
from monitor.pipeline.leaving import unsubscribe
from monitor.settings import load_settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def inbox() -> Iterator[StubbornInbox]:
    with StubbornInbox() as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[HookReceiver]:
    with HookReceiver(SECRET) as made:
        yield made


@pytest.fixture
def told(home: Home, inbox: StubbornInbox, receiver: HookReceiver) -> Home:
    """Return an installation with a mail and a webhook channel, and a subscription that uses both."""
    mail = f'[desk]\ntype = "email"\nserver = "{inbox.url}"\nfrom = "m@example.org"\ntls = "never"\n'
    hook = f'[hook]\ntype = "webhook"\nurl = "{receiver.url}/h"\nsecret = "file:secret"\n'
    home.write("channels.toml", mail + hook)
    home.write("secret", SECRET)
    home.write(
        "subscriptions.toml",
        '[[subscriptions]]\nname = "poland"\ncountries = ["PL"]\nchannels = ["desk", "hook"]\n'
        'recipients = ["a@example.org", "b@example.org"]\n',
    )
    return home


def outbox(home: Home) -> list[Any]:
    shape: list[Any] = home("deliveries", "--json").json["deliveries"]
    return shape


def test_alerts_wait_in_the_outbox_until_they_are_delivered(
    told: Home, inbox: StubbornInbox, receiver: HookReceiver
) -> None:
    told("check")
    assert [d["state"] for d in outbox(told)] == ["pending"] * 4
    said = told("deliver", "--json")
    assert (said.code, said.json) == (0, {"sent": 4, "retried": 0, "dead": 0})
    assert [mail.recipients for mail in sorted(inbox.mails, key=lambda m: m.recipients)] == [
        ("a@example.org",),
        ("b@example.org",),
    ]
    assert {hook.payload["data"]["kind"] for hook in receiver.hooks} == {"withdrawal_notified", "withdrawal_effective"}
    assert all(hook.verified for hook in receiver.hooks)
    (attempt,) = outbox(told)[0]["attempts"]
    assert (set(attempt), attempt["outcome"]) == ({"at", "outcome", "detail"}, "sent")
    assert "sent" in told("deliveries", "list").out


def test_one_refused_recipient_harms_no_other_and_is_tried_again_by_hand(told: Home, inbox: StubbornInbox) -> None:
    inbox.refused = {"a@example.org": "550 no such user"}
    said = told("check", "--deliver", "--json")
    assert (said.code, said.json["deliveries"]) == (5, {"sent": 3, "retried": 0, "dead": 1})
    (dead,) = [d for d in outbox(told) if d["state"] == "dead"]
    assert (dead["recipient"], "550" in dead["attempts"][0]["detail"]) == ("a@example.org", True)
    inbox.refused = {}
    assert told("deliveries", "retry", dead["id"], "--json").json == {"retried": [dead["id"]]}
    assert told("deliver", "--json").json == {"sent": 1, "retried": 0, "dead": 0}
    assert told("deliveries", "retry", dead["id"]).code == 2
    assert told("deliveries", "retry", "msg_unknown").code == 2


def test_a_delivery_that_is_still_being_tried_is_no_failure(told: Home, receiver: HookReceiver) -> None:
    receiver.reply = Answer(500)
    said = told("check", "--deliver", "--json")
    assert (said.code, said.json["deliveries"]) == (0, {"sent": 2, "retried": 2, "dead": 0})


def test_no_more_deliveries_than_wanted_are_listed_and_those_are_the_newest(told: Home) -> None:
    told("check")
    every = outbox(told)
    assert len(every) > 2
    assert told("deliveries", "--limit", "2", "--json").json["deliveries"] == every[:2]
    assert told("deliveries", "list", "--limit", "1", "--json").json["deliveries"] == every[:1]


def test_a_channel_is_tested_through_the_real_path(told: Home, inbox: StubbornInbox, receiver: HookReceiver) -> None:
    said = told("channels", "test", "hook", "--json")
    assert (said.code, [d["state"] for d in said.json["deliveries"]]) == (0, ["sent"])
    (hook,) = receiver.hooks
    assert (hook.verified, hook.payload["type"]) == (True, "test")
    assert said.json["deliveries"][0]["id"] == hook.id
    assert told("channels", "test", "desk").code == 0
    assert {m.recipients for m in inbox.mails} == {("a@example.org",), ("b@example.org",)}
    assert told("channels", "test", "desk", "--to", "c@example.org").code == 0
    assert inbox.mails[-1].recipients == ("c@example.org",)
    assert "test" in inbox.mails[-1].subject.lower()
    assert "This is a test" in told("channels", "test", "console").out


def test_a_test_that_cannot_go_out_says_so(told: Home, inbox: StubbornInbox) -> None:
    inbox.answer = "554 never"
    said = told("channels", "test", "desk", "--to", "c@example.org", "--json")
    assert (said.code, said.json["deliveries"][0]["state"]) == (5, "dead")
    told.write(
        "channels.toml", f'[desk]\ntype = "email"\nserver = "smtp://127.0.0.1:{free_port()}"\nfrom = "m@e.org"\n'
    )
    told.write("subscriptions.toml", "")
    unreachable = told("channels", "test", "desk", "--to", "c@example.org", "--json")
    assert (unreachable.code, unreachable.json["deliveries"][0]["state"]) == (0, "pending")
    assert unreachable.json["deliveries"][0]["attempts"][0]["detail"]
    nobody = told("channels", "test", "desk")
    assert (nobody.code, "--to" in nobody.err) == (2, True)


def test_a_test_to_what_is_no_address_is_a_wrong_use_and_leaves_nothing(told: Home) -> None:
    for word in ("desk", ""):
        said = told("channels", "test", "desk", "--to", word)
        assert (said.code, "email address" in said.err) == (2, True)
    assert told("deliveries", "--json").json == {"deliveries": []}


def test_an_unknown_channel_or_subscription_gets_the_nearest_name(told: Home) -> None:
    for words, near in (
        (("channels", "test", "hok"), '"hook"'),
        (("subscriptions", "test", "polnd", "--since", "2025-01-01"), '"poland"'),
    ):
        said = told(*words)
        assert (said.code, f"did you mean {near}" in said.err) == (2, True)


def test_a_name_like_no_other_gets_all_names_in_a_sentence_of_their_own(told: Home) -> None:
    said = told("channels", "enable", "xxxxxxxx")
    assert said.err == 'treaty-monitor: there is no channel "xxxxxxxx". There are: console, desk, hook\n'


def test_channels_and_subscriptions_are_listed_without_secrets(told: Home) -> None:
    said = told("channels", "--json")
    assert [c["name"] for c in said.json["channels"]] == ["console", "desk", "hook"]
    assert SECRET not in said.out + told("channels", "list").out
    (one,) = told("subscriptions", "--json").json["subscriptions"]
    assert (one["name"], one["countries"], one["treaties"]) == ("poland", ["PL"], "all")
    assert "poland" in told("subscriptions", "list").out


def test_a_disabled_channel_is_listed_with_the_reason_and_enabled_by_hand(told: Home, receiver: HookReceiver) -> None:
    receiver.reply = Answer(410)
    told("check", "--deliver")
    hook = told("channels", "--json").json["channels"][-1]
    assert (hook["name"], bool(hook["disabled"]), "410" in hook["problem"]) == ("hook", True, True)
    assert "treaty-monitor channels enable hook" in told("channels").out
    receiver.reply = Answer(200)
    said = told("channels", "enable", "hook", "--json")
    assert (said.code, said.json) == (0, {"enabled": "hook", "due": 2})
    assert told("channels", "--json").json["channels"][-1]["disabled"] is None
    assert told("deliver", "--json").json["sent"] == 2
    assert (told("channels", "enable", "hook").code, told("channels", "enable", "hok").code) == (2, 2)


def test_a_channel_that_only_fails_is_listed_with_its_last_answer(told: Home, receiver: HookReceiver) -> None:
    receiver.reply = Answer(500)
    told("check", "--deliver")
    hook = told("channels", "--json").json["channels"][-1]
    assert (hook["disabled"], bool(hook["failing_since"]), "500" in hook["problem"]) == (None, True, True)
    assert "nothing but failures since" in told("channels").out


def test_subscriptions_are_listed_with_when_they_hear(told: Home) -> None:
    told.write(
        "subscriptions.toml",
        '[[subscriptions]]\nname = "slow"\nchannels = ["console"]\ntimezone = "Europe/Warsaw"\nreminders = [7, 30]\n'
        'digest = { every = "weekly", at = "07:30", weekday = "friday" }\n'
        'quiet = { from = "22:00", to = "07:00", except = ["withdrawal_notified"] }\n'
        '[[subscriptions]]\nname = "quick"\nchannels = ["console"]\n'
        '[[subscriptions]]\nname = "often"\nchannels = ["console"]\ndigest = { every = "hourly", at = "00:15" }\n',
    )
    slow, quick, _ = told("subscriptions", "--json").json["subscriptions"]
    assert (slow["digest"]["every"], slow["digest"]["weekday"], slow["quiet"]["breaking"], slow["reminders"]) == (
        "weekly",
        4,
        ["withdrawal_notified"],
        [30, 7],
    )
    assert (quick["digest"], quick["quiet"], quick["reminders"]) == (None, None, [])
    shown = " ".join(told("subscriptions").out.split())
    for word in ("weekly on", "Friday", "07:30", "22:00-07:00", "30, 7 days", "at once", "minute 15"):
        assert word in shown


def test_the_schema_of_a_webhooks_body_is_printed(told: Home) -> None:
    assert told("channels", "schema", "--json").json == json.loads(told("channels", "schema").out)
    assert "treaty.status_changed" in told("channels", "schema").out


def test_who_has_left_is_listed_and_readmitted(told: Home, inbox: StubbornInbox) -> None:
    told.write("monitor.toml", '[network]\nallow = ["127.0.0.1/32"]\n[web]\npublic = "https://alerts.example.org"\n')
    told("check", "--deliver")
    links = {mail.recipients[0]: str(mail.message["List-Unsubscribe"]) for mail in inbox.mails}
    assert links["a@example.org"] != links["b@example.org"]
    word = links["a@example.org"].strip("<>").rpartition("/")[2]
    with bootstrap.record(load_settings(told.config, told.state)) as desk:
        unsubscribe(desk, word, utc_now())
    (one,) = told("subscriptions", "--json").json["subscriptions"]
    assert [gone["recipient"] for gone in one["left"]] == ["a@example.org"]
    assert "a@example.org has left it" in told("subscriptions").out
    back = told("subscriptions", "readmit", "poland", "a@example.org", "--json")
    assert (back.code, back.json) == (0, {"readmitted": "a@example.org", "subscription": "poland"})
    assert told("subscriptions", "readmit", "poland", "a@example.org").code == 2
    assert told("subscriptions", "readmit", "polnd", "a@example.org").code == 2


def test_a_subscription_is_rehearsed_and_nothing_is_sent(told: Home, inbox: StubbornInbox) -> None:
    told("check")
    shape = told("subscriptions", "test", "poland", "--since", "2025-01-01", "--json").json
    (alert,) = shape["alerts"]
    assert (alert["participant"], alert["recipients"]) == ("PL", ["a@example.org", "b@example.org"])
    assert {c["kind"] for c in alert["changes"]} == {"withdrawal_notified", "withdrawal_effective"}
    assert [(m["channel"], m["title"].split(",")[0]) for m in alert["messages"]] == [
        ("desk", "Poland: withdrawal notified and withdrawal effective"),
        ("hook", "Poland: withdrawal notified"),
        ("hook", "Poland: withdrawal effective"),
    ]
    assert "nothing was sent" in told("subscriptions", "test", "poland", "--since", "2025-01-01").out
    assert inbox.mails == []
    (told.config / "secret").unlink()
    assert told("subscriptions", "test", "poland", "--since", "2025-01-01", "--json").json == shape
    assert told("subscriptions", "test", "poland").code == 2


def test_a_missing_secret_stops_what_sends_and_nothing_else(told: Home) -> None:
    (told.config / "secret").unlink()
    said = told("check")
    assert (said.code, "channels.toml: hook.secret" in said.err) == (2, True)
    assert told("status", "--country", "PL").code == 0
    checked = told("config", "check", "--json")
    assert (checked.code, checked.json["valid"]) == (2, False)
    assert [m["key"] for m in checked.json["mistakes"]] == ["hook.secret"]
