"""Patience: a round for a person ends in time whatever is silent, the daemon keeps asking."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fetching.loopback_site import Site, answer, to_loopback

from monitor.domain.document import Document
from monitor.domain.errors import SourceError
from monitor.fetching.failures import Trouble
from monitor.fetching.http import HttpFetcher
from monitor.fetching.interface import Request
from monitor.fetching.patience import Memory, daemon_patience, interactive_patience

Make = Callable[..., HttpFetcher]


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        yield silent.getsockname()[1]


async def failure(fetcher: HttpFetcher, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await fetcher.fetch(Request(url))
    return caught.value


async def test_a_host_found_unreachable_is_not_asked_again_in_the_round(site: Site, fetcher_of: Make) -> None:
    looked_up: list[str] = []

    async def counting(host: str, _: int) -> tuple[str, ...]:
        looked_up.append(host)
        if host == "down.example":
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return ("127.0.0.1",)

    fetcher = fetcher_of(patient=False, resolver=counting)
    for path in ("/a", "/b", "/c"):
        error = await failure(fetcher, f"http://down.example{path}")
        assert error.unreachable
    assert looked_up == ["down.example"]
    site.on("/page", answer(200, b"page"))
    assert isinstance(await fetcher.fetch(Request(f"http://up.example:{site.port}/page")), Document)


async def test_another_port_of_the_same_host_is_another_place(site: Site, fetcher_of: Make, silent_port: int) -> None:
    fetcher = fetcher_of(patient=False, timeout=0.1)
    assert (await failure(fetcher, f"http://127.0.0.1:{silent_port}/")).unreachable
    assert isinstance(await fetcher.fetch(Request(site.on("/page", answer(200, b"page")))), Document)


async def test_the_daemon_asks_again_at_every_turn(site: Site, fetcher_of: Make) -> None:
    answers: list[tuple[str, ...]] = []

    async def at_last(host: str, _: int) -> tuple[str, ...]:
        answers.append(())
        if len(answers) < 2:
            raise socket.gaierror(socket.EAI_AGAIN, f"{host}: try again")
        return ("127.0.0.1",)

    fetcher = fetcher_of(retries=0, resolver=at_last)
    url = f"http://depositary.example:{site.port}/page"
    site.on("/page", answer(200, b"page"))
    assert (await failure(fetcher, url)).unreachable
    assert isinstance(await fetcher.fetch(Request(url)), Document)


async def test_who_stood_in_line_behind_a_silent_host_hears_the_same_answer(fetcher_of: Make, silent_port: int) -> None:
    fetcher = fetcher_of(timeout=0.2, retries=0)
    started = time.monotonic()
    url = f"http://127.0.0.1:{silent_port}/"
    errors = await asyncio.gather(
        *(fetcher.fetch(Request(f"{url}{n}", obey_robots=n % 2 == 0)) for n in range(20)), return_exceptions=True
    )
    assert all(isinstance(error, SourceError) and error.unreachable for error in errors)
    assert time.monotonic() - started < 1.0


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_round_ends_after_a_bounded_silence_however_many_hosts_there_are(
    fetcher_of: Make, silent_port: int, *, at_once: bool
) -> None:
    fetcher = fetcher_of(patient=False, resolver=to_loopback)
    fetcher._asker.memory.patience = replace(fetcher._asker.memory.patience, answer=0.15, silence=0.5)
    urls = [f"http://host{n}.example:{silent_port}/" for n in range(60)]
    started = time.monotonic()
    if at_once:
        errors = await asyncio.gather(*(failure(fetcher, url) for url in urls))
    else:
        errors = [await failure(fetcher, url) for url in urls]
    assert time.monotonic() - started < 1.5
    assert all(error.unreachable and error.temporary for error in errors)
    assert "was not asked: nothing has answered for a while" in str(errors[-1])


async def test_a_certificate_not_trusted_is_not_asked_for_again_in_the_round(
    secure_site: Site, fetcher_of: Make
) -> None:
    looked_up: list[str] = []

    async def counting(host: str, port: int) -> tuple[str, ...]:
        looked_up.append(host)
        return await to_loopback(host, port)

    fetcher = fetcher_of(patient=False, resolver=counting)
    first = await failure(fetcher, secure_site.url("/a"))
    second = await failure(fetcher, secure_site.url("/b"))
    assert "not trusted" in str(first)
    assert "not trusted" in str(second)
    assert not second.unreachable
    assert len(looked_up) == 1


async def test_a_robots_txt_that_fails_is_asked_for_once_in_the_round(site: Site, fetcher_of: Make) -> None:
    site.on("/robots.txt", answer(500))
    fetcher = fetcher_of(patient=False)
    for path in ("/a", "/b"):
        assert (await failure(fetcher, site.url(path))).temporary
    assert site.asked == ["/robots.txt", "/robots.txt"]


async def test_one_page_that_fails_says_nothing_of_the_others(site: Site, fetcher_of: Make) -> None:
    fetcher = fetcher_of(patient=False)
    assert not (await failure(fetcher, site.on("/bad", answer(503)))).unreachable
    assert isinstance(await fetcher.fetch(Request(site.on("/good", answer(200, b"page")))), Document)


def test_limits_for_a_person_add_up_to_less_than_half_a_minute() -> None:
    patience = interactive_patience(60.0, 5)
    assert patience.silence is not None
    assert patience.silence < 30
    assert patience.connect == 5
    assert patience.answer <= patience.silence
    assert patience.retries == 1


def test_waits_double_and_are_spread_and_bounded() -> None:
    patience = daemon_patience(60.0, 9)
    trouble = Trouble(text="", temporary=True)
    assert [patience.wait(n, trouble, 0.5) for n in (1, 2, 3, 4, 5, 6)] == [2.0, 4.0, 8.0, 16.0, 32.0, None]
    assert (patience.wait(1, trouble, 0.0), patience.wait(1, trouble, 1.0)) == (1.0, 3.0)
    assert patience.wait(1, replace(trouble, temporary=False), 0.5) is None
    assert patience.wait(1, replace(trouble, retry_after=50.0), 0.5) == 50.0
    assert patience.wait(1, replace(trouble, retry_after=61.0), 0.5) is None
    assert patience.wait(10, trouble, 0.5) is None


async def test_a_host_that_has_answered_is_asked_after_any_pause() -> None:
    memory = Memory(replace(interactive_patience(60.0, 1), silence=0.01))
    assert memory.time_left("host") > 0
    memory.heard("host")
    await asyncio.sleep(0.02)
    assert memory.time_left("host") == 20
    assert memory.time_left("another") == 0
