"""Leaving a subscription by a link: signed, for good, honoured by all that sends, told to the operator, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes

import pytest
from office import EVERYBODY, Office
from sqlalchemy import func, select

from monitor.channels.mail import Letterhead, compose
from monitor.domain.delivery import DeliveryState
from monitor.domain.errors import DeliveryError, UsageError
from monitor.domain.timing import Digest, Every, QuietHours
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline.leaving import Words, link, readmit, unsubscribe
from monitor.pipeline.rehearsal import rehearse
from monitor.storage import tables

SCENES = mine_ban()
LEAVER, STAYER = "leaver@example.org", "stayer@example.org"
BOTH = replace(EVERYBODY, recipients=(LEAVER, STAYER))


@pytest.fixture
def both(office: Office) -> Office:
    """Return an office with two readers of one subscription, which has read its page once."""
    office.with_(subscriptions=(BOTH,), seeds=())
    office.show(SCENES[0].treaty)
    office.check()
    office.deliver()
    office.mail.sent.clear()
    return office


def leave(office: Office, recipient: str = LEAVER) -> None:
    unsubscribe(office.desk, Words(office.storage).word("everybody", recipient), office.now)


def news(office: Office, scene: int = 2) -> None:
    office.now = datetime.combine(SCENES[scene].day, time(12), UTC)
    office.show(SCENES[scene].treaty)
    office.check()


def who_was_told(office: Office) -> set[str]:
    return {d.recipient for d in office.mail.sent if d.subscription}


def test_who_has_left_gets_nothing_more_and_the_others_everything(both: Office) -> None:
    leave(both)
    news(both)
    both.deliver()
    assert who_was_told(both) == {STAYER}
    with both.storage.begin() as tx:
        assert all(d.recipient != LEAVER for d in tx.deliveries() if d.created == both.now)


def test_what_waited_for_who_left_is_not_sent_and_is_no_failure(both: Office) -> None:
    both.mail.failures = [DeliveryError("451 later", permanent=False)] * 99
    news(both)
    both.deliver()
    leave(both)
    both.mail.failures = []
    both.later(minutes=10).deliver()
    assert who_was_told(both) == {STAYER}
    with both.storage.begin() as tx:
        ended = [d for d in tx.deliveries() if d.recipient == LEAVER and d.created == both.now - timedelta(minutes=10)]
        assert {d.state for d in ended} == {DeliveryState.DEAD}
        assert all("has left" in d.attempts[-1].detail for d in ended)
        assert tx.untold_dead(both.now, 99) == ()


def test_a_digest_and_quiet_hours_honour_it_too(both: Office) -> None:
    weekly = Digest(Every.WEEKLY, time(8), UTC)
    both.with_(subscriptions=(replace(BOTH, digest=weekly, quiet=QuietHours(time(7), time(9), UTC)),))
    news(both)
    leave(both)
    both.later(days=7).do_chores()
    both.later(hours=2).deliver()
    assert who_was_told(both) == {STAYER}


def test_a_rehearsal_shows_who_is_left(both: Office) -> None:
    leave(both)
    news(both)
    alerts = rehearse(both.desk, BOTH, both.now.date(), both.now)["alerts"]
    assert {tuple(a["recipients"]) for a in alerts} == {(STAYER,)}


def test_the_operator_hears_of_it_once_however_often_the_link_is_used(both: Office) -> None:
    leave(both)
    both.later(hours=1)
    leave(both)
    leave(both, LEAVER.upper())
    both.deliver()
    said = [b["data"]["summary"] for b in both.bodies("ops@example.org") if b["type"] == "subscription.left"]
    assert len(said) == 1
    assert f'treaty-monitor subscriptions readmit "everybody" {LEAVER}' in said[0]


def test_who_comes_back_is_told_again_and_the_record_keeps_both(both: Office) -> None:
    leave(both)
    readmit(both.storage, "everybody", LEAVER, both.now)
    news(both)
    both.deliver()
    assert who_was_told(both) == {LEAVER, STAYER}
    with both.storage.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.departure)) == 2
    with pytest.raises(UsageError, match="has not left"):
        readmit(both.storage, "everybody", LEAVER, both.now)


def test_leaving_one_subscription_leaves_the_other_alone(both: Office) -> None:
    both.with_(subscriptions=(BOTH, replace(BOTH, name="other")))
    leave(both)
    news(both)
    both.deliver()
    assert {d.subscription for d in both.mail.sent if d.recipient == LEAVER} == {"other"}


def test_a_word_of_somebody_else_is_refused_and_changes_nothing(both: Office) -> None:
    word = Words(both.storage).word("everybody", LEAVER)
    for wrong in ("", "x", word[:-1], word.replace(word[3], "A", 1) + "A", "a.b.c", "\N{GREEK SMALL LETTER ALPHA}"):
        with pytest.raises(UsageError, match="nothing was changed"):
            unsubscribe(both.desk, wrong, both.now)
    with both.storage.begin() as tx:
        assert tx.departures() == ()


def test_an_old_links_word_still_works_after_a_restart(both: Office) -> None:
    assert Words(both.storage).word("everybody", LEAVER) == Words(both.storage).word("everybody", LEAVER)


def test_the_mail_carries_the_link_for_one_click(both: Office) -> None:
    words = Words(both.storage)
    head = Letterhead(sender="m@example.org", leave=lambda s, r: link("https://alerts.example.org", words.word(s, r)))
    news(both)
    both.deliver()
    mail = message_from_bytes(compose(next(d for d in both.mail.sent if d.recipient == LEAVER), head).content)
    address = str(mail["List-Unsubscribe"]).strip("<>")
    assert address.startswith("https://alerts.example.org/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert words.read(address.rpartition("/")[2]) == ("everybody", LEAVER)


def test_the_operators_own_mail_carries_none(both: Office) -> None:
    head = Letterhead(sender="m@example.org", leave=lambda s, r: f"https://alerts.example.org/{s}{r}")
    leave(both)
    both.deliver()
    told = next(d for d in both.mail.sent if d.recipient == "ops@example.org")
    assert b"List-Unsubscribe" not in compose(told, head).content
