"""What is given up in time, and what never is: the evidence of an alert, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import Office
from storage.samples import change, recorded, row, snapshot

from monitor.domain.change import Proof
from monitor.domain.delivery import DeliveryState
from monitor.domain.document import Document
from monitor.domain.errors import StorageError
from monitor.faces.demo.scenes import mine_ban
from monitor.pipeline.desk import Retention, no_step
from monitor.pipeline.retention import give_up
from monitor.storage.interface import Held, HeldState

MONTH = Retention(timedelta(days=30), timedelta(days=30))
SCENES = mine_ban()


class Killed(BaseException):
    """The process is gone at a named step."""


def killer(at: str | None) -> Callable[[str], None]:
    def step(name: str) -> None:
        if name == at:
            raise Killed

    return step


def keep(office: Office, body: bytes, *, near: str | None = None, of: tuple[str, str] = ("I-1", "untc")) -> str:
    """Keep a page and enter it, as a check does; `of` are its treaty and source."""
    page = Document("https://depositary.example/", body, office.now)
    kept = office.desk.archive.keep(page, near)
    with office.storage.begin() as tx:
        if tx.doubtful((kept.sha256, kept.base)):
            kept = office.desk.archive.keep(page)
        tx.store_document(*of, page, kept.base)
    return kept.sha256


def there(office: Office, sha: str) -> bool:
    try:
        office.desk.archive.read(sha)
    except StorageError:
        return False
    return True


def test_a_page_on_which_nothing_rests_goes_so_long_after_it_was_replaced(office: Office) -> None:
    office.with_(retention=MONTH)
    pages = [keep(office.later(days=1), b"page %d" % number) for number in range(3)]
    office.later(days=29)
    give_up(office.desk, office.now)
    assert [there(office, sha) for sha in pages] == [True, True, True]
    office.later(days=1)
    give_up(office.desk, office.now)
    assert [there(office, sha) for sha in pages] == [False, True, True]
    with office.storage.begin() as tx:
        assert (tx.given_up(pages[0]), tx.given_up(pages[1])) == (office.now, None)
    office.later(days=365)
    give_up(office.desk, office.now)
    assert [there(office, sha) for sha in pages] == [False, False, True], "the last page of a source stays"


def test_without_a_period_pages_stay_for_ever(office: Office) -> None:
    pages = [keep(office.later(days=1), b"page %d" % number) for number in range(3)]
    office.later(days=36_500)
    assert give_up(office.desk, office.now)
    assert [there(office, sha) for sha in pages] == [True, True, True]


def test_a_page_under_which_another_rests_stays_as_long_as_that_one(office: Office) -> None:
    office.with_(retention=MONTH)
    said = bytes(range(256)) * 20
    base = keep(office, said)
    upon = keep(office.later(days=1), said + b"!", near=base)
    keep(office.later(days=1), b"another page")
    with office.storage.begin() as tx:
        tx.hold(Held("h", "I-1", "untc", None, office.now, "d", upon, (), (), HeldState.REJECTED))
    give_up(office.desk, office.later(days=99).now)
    assert (there(office, base), there(office, upon)) == (True, True)


def test_the_page_of_the_reading_that_holds_stays_however_many_pages_came_after_it(office: Office) -> None:
    office.with_(retention=MONTH)
    read, later = keep(office, b"read"), office.now + timedelta(days=1)
    with office.storage.begin() as tx:
        tx.store_snapshot("I-1", "untc", snapshot(row("PL")), office.now, read)
    for body in (b"refused", b"refused again"):
        keep(office.later(days=1), body)
    give_up(office.desk, office.later(days=99).now)
    assert there(office, read)
    another = keep(office, b"another")
    with office.storage.begin() as tx:
        tx.store_snapshot("I-1", "untc", snapshot(row("LV")), later, another)
    give_up(office.desk, office.later(days=1).now)
    assert not there(office, read), "long replaced, and its reading was over long ago"


def test_it_is_done_once_a_day(office: Office) -> None:
    assert give_up(office.desk, office.now)
    assert not give_up(office.desk, office.later(hours=1).now)
    assert give_up(office.desk, office.later(days=1).now)


def test_a_page_that_is_shown_again_after_it_was_given_up_is_kept_again(office: Office) -> None:
    office.with_(retention=MONTH, step=killer("forgotten"))
    first = keep(office, b"once")
    keep(office.later(days=1), b"twice")
    with pytest.raises(Killed):
        give_up(office.desk, office.later(days=40).now)
    assert keep(office, b"once") == first
    office.with_(step=no_step)
    give_up(office.desk, office.later(days=1).now)
    assert office.desk.archive.read(first) == b"once"
    with office.storage.begin() as tx:
        assert tx.given_up(first) is None


def test_a_page_that_is_removed_while_a_check_keeps_it_is_kept_again(office: Office) -> None:
    office.with_(retention=MONTH)
    first = keep(office, b"once")
    keep(office.later(days=1), b"twice")
    page = Document("https://depositary.example/", b"once", office.later(days=40).now)
    kept = office.desk.archive.keep(page)
    give_up(office.desk, office.now)
    assert not there(office, first)
    with office.storage.begin() as tx:
        assert tx.doubtful((kept.sha256, kept.base))
        office.desk.archive.keep(page)
        tx.store_document("I-1", "untc", page)
    give_up(office.desk, office.later(days=99).now)
    assert there(office, first)


def test_a_store_that_refuses_keeps_nothing_else_from_being_done(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.with_(retention=MONTH)
    first = keep(office, b"once")
    keep(office.later(days=1), b"twice")
    file = office.state / "documents" / first[:2] / f"{first}.zst"
    file.unlink()
    file.mkdir()  # what no user may unlink
    office.later(days=40).do_chores()
    assert "cannot be removed" in caplog.text
    file.rmdir()
    office.later(days=1).do_chores()
    with office.storage.begin() as tx:
        assert tx.forgotten(9) == ()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["page", "page", "page", "told", "held"]),
        st.sampled_from(["untc", "other"]),
        st.integers(0, 4),
        st.integers(0, 50),
        st.sampled_from([None, None, "forgetting", "forgotten", "removed"]),
    ),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_evidence_is_ever_given_up_whatever_comes_and_whenever_it_is_killed(office: Office, steps: list) -> None:  # type: ignore[type-arg]
    """Two sources show a few pages again and again; changes and holds name some; the work is killed at any step."""
    office.with_(retention=MONTH)
    evidence: dict[str, bytes] = {}
    last: dict[str, tuple[str, bytes]] = {}
    known: dict[str, tuple[str, bytes]] = {}
    office.with_(step=no_step).later(days=2)
    treaty = f"I-{office.now.toordinal()}"  # another example knows nothing of it
    for number, (what, source, which, days, kill) in enumerate(steps):
        body = treaty.encode() * 99 + b"%d" % which
        near, before = last.get(source), known.get(source)
        sha = keep(office, body, near=near[0] if near else None, of=(treaty, source))
        last[source] = (sha, body)
        with office.storage.begin() as tx:
            if what == "held":
                tx.hold(Held(f"{treaty} {number}", treaty, source, None, office.now, "d", sha, (), ()))
            else:
                tx.store_snapshot(treaty, source, snapshot(row("PL"), stamp=office.now), office.now, sha)
            if what == "told":
                proofs = (Proof(before[0] if before else None, office.now, "then"), Proof(sha, office.now, "now"))
                news = replace(change(on=number), treaty=treaty)
                tx.record([replace(recorded(news, office.now), before=proofs[0], after=proofs[1])])
        if what != "held":
            known[source] = (sha, body)
        if what != "page":
            evidence |= {sha: body} | (dict([before]) if before and what == "told" else {})
        office.later(days=days, hours=25)
        office.with_(step=killer(kill))
        with suppress(Killed):
            give_up(office.desk, office.now)
        assert {each: office.desk.archive.read(each) for each in evidence} == evidence
        for each, body in (*last.values(), *known.values()):
            assert office.desk.archive.read(each) == body


def test_after_the_whole_play_every_change_still_has_its_pages(office: Office) -> None:
    office.with_(retention=MONTH)
    for number, scene in enumerate(SCENES):
        office.now = datetime(scene.day.year, scene.day.month, scene.day.day, 12, tzinfo=UTC)
        office.show(scene.treaty, seed=number)
        office.check()
        office.do_chores()
    office.later(days=3_650).do_chores()
    with office.storage.begin() as tx:
        told = tx.changes()
    named = {proof.document for each in told for proof in (each.before, each.after) if proof and proof.document}
    assert len(told) == sum(len(scene.news) for scene in SCENES)
    assert named
    assert all(there(office, sha) for sha in named)


def test_texts_and_failed_attempts_of_what_arrived_long_ago_go_and_nothing_is_sent_again(office: Office) -> None:
    office.with_(retention=MONTH)
    for number, scene in enumerate(SCENES[:6]):
        office.now = datetime(scene.day.year, scene.day.month, scene.day.day, 12, tzinfo=UTC)
        office.show(scene.treaty, seed=number)
        office.check()
        office.deliver()
    with office.storage.begin() as tx:
        before = tx.deliveries()
    office.later(days=99).do_chores()
    with office.storage.begin() as tx:
        after = tx.deliveries()
    of = {d.id: d for d in after}
    assert before
    assert all(of[d.id].body == "" for d in before)
    assert all(of[d.id] == replace(d, body="") for d in before), "each arrived at its first attempt, and that stays"
    office.check()
    office.deliver()
    sent = [d.id for d in office.mail.sent]
    assert len(sent) == len(set(sent)), "what is new is sent, and nothing twice"


def test_what_waits_or_failed_for_good_keeps_its_text_however_old(office: Office) -> None:
    office.with_(retention=MONTH)
    for number, scene in enumerate(SCENES):
        office.now = datetime(scene.day.year, scene.day.month, scene.day.day, 12, tzinfo=UTC)
        office.show(scene.treaty, seed=number)
        office.check()
    with office.storage.begin() as tx:
        waiting = tx.deliveries(frozenset({DeliveryState.PENDING}))
    give_up(office.desk, office.later(days=999).now)
    with office.storage.begin() as tx:
        assert tx.deliveries(frozenset({DeliveryState.PENDING})) == waiting
    assert waiting
