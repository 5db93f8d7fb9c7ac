"""The pages in a real browser: walked through, decided on, in the dark, on a phone, on paper, without script.

Every visit ends with no error in the console and no request to another host (see `browser.py`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

import pytest
from browser import PHONE, Browser, findings, served
from desk_in_town import Town
from playwright.sync_api import Page, expect

PAGES = {
    "overview": "/",
    "overview of all, then": "/?on=2025-09-01&countries=all",
    "treaty": "/treaties/mine-ban?on=2025-09-01",
    "country": "/countries/PL?on=2025-09-01",
    "changes": "/changes",
    "claims": "/claims",
    "sources": "/sources",
    "held": "/held",
    "deliveries": "/deliveries",
    "sign in": "/login",
}


def the_change(page: Page) -> str:
    changes = page.request.get("/api/v1/changes?country=PL&kind=withdrawal_notified").json()["changes"]
    return f"/changes/{changes[0]['id']}"


def test_from_the_overview_to_the_evidence(browser: Browser, site: str) -> None:
    def walk(page: Page) -> None:
        page.goto("/")
        page.get_by_role("table").get_by_role("link", name="Mine Ban Convention").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mine Ban Convention")
        expect(page.locator("svg.map [class=s-former_party]")).to_have_count(5)
        slider = page.get_by_role("slider", name="Slide through time")
        slider.fill(str(739495))  # 1 September 2025, as the server counts days
        expect(page.get_by_role("status")).to_contain_text("Shown as of 1 September 2025")
        expect(page.locator("svg.map [class=s-leaving]")).to_have_count(5)
        assert "on=2025-09-01" in page.url
        expect(page.get_by_label("On date")).to_have_value("2025-09-01")
        page.get_by_role("region", name="Participations").get_by_role("link", name="Poland").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Poland")
        page.get_by_role("link", name="Poland: withdrawal notified").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("withdrawal notified")
        expect(page.locator("mark")).to_contain_text("withdrawal 20 August 2025")
        page.get_by_role("region", name="After").get_by_role("link", name=re.compile("Kept page")).click()
        expect(page.locator("body")).to_contain_text("C.N.421.2025")
        assert re.search("/documents/[0-9a-f]{64}$", page.url)

    browser.visit(site, walk)


def test_the_slider_is_moved_by_keys_too(browser: Browser, site: str) -> None:
    def walk(page: Page) -> None:
        page.goto("/treaties/mine-ban")
        page.get_by_role("slider", name="Slide through time").press("Home")
        expect(page.get_by_role("status")).to_contain_text("Shown as of 1 March 1999")

    browser.visit(site, walk)


def test_the_table_is_sorted_and_filtered(browser: Browser, site: str) -> None:
    def walk(page: Page) -> None:
        page.goto("/treaties/mine-ban")
        table = page.get_by_role("region", name="Participations").get_by_role("table")
        table.get_by_role("link", name="Withdrawal").click()
        table.get_by_role("link", name="Withdrawal").click()
        expect(table.get_by_role("rowheader").first).to_have_text("Poland")
        page.get_by_label("Name").fill("est")
        page.get_by_role("button", name="Filter").click()
        expect(table.get_by_role("rowheader")).to_have_text(["Estonia", "State of Palestine"])

    browser.visit(site, walk)


def test_a_held_reading_is_accepted(browser: Browser, town: Town) -> None:
    town.lose_a_row()

    def walk(page: Page) -> None:
        page.goto("/")
        page.get_by_role("link", name="1 reading held back").click()
        page.get_by_role("button", name="Accept Albania").click()
        expect(page.get_by_role("status")).to_have_text("Nothing is held back.")
        page.get_by_role("link", name="Changes", exact=True).click()
        expect(page.get_by_role("link", name="Albania: record vanished")).to_be_visible()

    with served(town.app) as address:
        browser.visit(address, walk)


def test_a_delivery_is_tried_again(browser: Browser, town: Town) -> None:
    dead = town.fail_a_delivery()

    def walk(page: Page) -> None:
        page.goto("/deliveries?state=dead")
        expect(page.get_by_text("550 no such mailbox")).to_be_visible()
        page.get_by_role("button", name="Retry").click()
        page.goto("/deliveries?state=pending")
        expect(page.get_by_role("button", name="Retry")).to_have_count(1)

    with served(town.app) as address:
        browser.visit(address, walk)
    town.office.deliver()
    assert dead in {d.id for d in town.office.mail.sent}


def test_who_has_the_token_signs_in_and_out(browser: Browser, town: Town) -> None:
    digest = "sha256:" + sha256(b"a long token").hexdigest()
    town.settings = replace(town.settings, web=replace(town.settings.web, host="0.0.0.0", token_hash=digest))

    def walk(page: Page) -> None:
        page.goto("/treaties/mine-ban")
        page.get_by_label("Access token").fill("a long token")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mine Ban Convention")
        page.get_by_role("button", name="Sign out").click()
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    with served(town.app) as address:
        browser.visit(address, walk)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_everybody_can_use_every_page(browser: Browser, site: str, path: str) -> None:
    def walk(page: Page) -> list[str]:
        page.goto(path)
        return findings(page)

    assert browser.visit(site, walk) == []
    assert browser.visit(site, walk, color_scheme="dark", viewport=PHONE) == []


def test_everybody_can_use_a_change_and_what_is_to_be_decided(browser: Browser, town: Town) -> None:
    town.lose_a_row()
    town.fail_a_delivery()

    def walk(page: Page) -> list[str]:
        found = []
        for path in (the_change(page), "/held", "/deliveries", "/"):
            page.goto(path)
            found += findings(page)
        return found

    with served(town.app) as address:
        assert browser.visit(address, walk) == []
        assert browser.visit(address, walk, color_scheme="dark", viewport=PHONE) == []


def test_no_page_is_wider_than_a_phone(browser: Browser, site: str) -> None:
    def walk(page: Page) -> dict[str, int]:
        wide = {}
        for path in [*PAGES.values(), the_change(page)]:
            page.goto(path)
            wide[path] = page.evaluate("document.documentElement.scrollWidth")
        return {path: width for path, width in wide.items() if width > PHONE["width"]}

    assert browser.visit(site, walk, viewport=PHONE) == {}


def test_light_and_dark_follow_the_reader(browser: Browser, site: str) -> None:
    def walk(page: Page) -> int:
        page.goto("/")
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in re.findall(r"\d+", colour)[:3])

    assert browser.visit(site, walk, color_scheme="light") > 600
    assert browser.visit(site, walk, color_scheme="dark") < 150


def test_instants_are_in_the_readers_zone_and_legal_dates_never_move(browser: Browser, site: str) -> None:
    def walk(page: Page) -> tuple[str, str]:
        page.goto(the_change(page))
        facts = page.locator("dl.facts")
        expect(page.locator("time[data-instant]")).to_have_count(0)
        return (
            facts.locator("div", has_text="Act").locator("time").first.inner_text(),
            facts.locator("div", has_text="Learned").locator("time").inner_text(),
        )

    act, learned = browser.visit(site, walk, timezone_id="Pacific/Kiritimati")
    assert (act, learned) == ("20 August 2025", "20 Aug 2025, 23:00")
    act, learned = browser.visit(site, walk, timezone_id="Pacific/Pago_Pago")
    assert (act, learned) == ("20 August 2025", "19 Aug 2025, 22:00")


def test_without_script_everything_can_be_read_and_asked(browser: Browser, site: str) -> None:
    def walk(page: Page) -> None:
        page.goto("/treaties/mine-ban")
        expect(page.get_by_role("slider")).to_be_hidden()
        page.get_by_label("On date").fill("2025-09-01")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("status")).to_contain_text("Shown as of 1 September 2025")
        expect(page.locator("svg.map [class=s-leaving]")).to_have_count(5)
        page.goto("/")
        expect(page.locator("time[data-instant]").first).to_contain_text("UTC")

    browser.visit(site, walk, java_script_enabled=False)


def test_the_first_key_leads_past_the_menu(browser: Browser, site: str) -> None:
    def walk(page: Page) -> None:
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="To the content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()

    browser.visit(site, walk)


def test_on_paper_there_are_no_forms_and_nothing_is_cut_off(browser: Browser, site: str) -> None:
    def walk(page: Page) -> None:
        page.emulate_media(media="print")
        page.goto("/treaties/mine-ban")
        expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
        expect(page.get_by_role("button", name="Show")).to_be_hidden()
        region = page.get_by_role("region", name="Participations")
        assert region.evaluate("e => e.scrollHeight <= e.clientHeight + 1")

    browser.visit(site, walk)
