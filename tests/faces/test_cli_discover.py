"""`treaties discover`: a collection listed from its own chapter pages, over a real socket."""

from __future__ import annotations

from support.home import Home
from support.site import LocalSite, Page


def test_discover_lists_what_the_chapters_link(home: Home) -> None:
    home.watch("http://127.0.0.1:9/never-asked")
    with LocalSite() as site:
        site.put("/contents", Page(b'<a href="/Treaties.aspx?id=26">CHAPTER XXVI</a>'))
        chapter = b'<a href="/V.aspx?mtdsg_no=XXVI-5">5. Mines</a><a href="/V.aspx?mtdsg_no=XXVI-6">6. Other</a>'
        site.put("/Treaties.aspx", Page(chapter))
        answer = home("treaties", "discover", "--url", f"{site.url}/contents", "--json")
    assert answer.code == 0
    found = [(t["reference"], t["title"], t["watched"]) for t in answer.json["treaties"]]
    assert found == [("XXVI-5", "Mines", True), ("XXVI-6", "Other", False)]


def test_contents_that_cannot_be_reached_are_one_sentence(home: Home) -> None:
    home.watch("http://127.0.0.1:9/never-asked")
    answer = home("treaties", "discover", "--url", "http://127.0.0.1:9/contents", "--json")
    assert (answer.code, answer.out) == (4, "")
    assert "127.0.0.1:9" in answer.err


def test_an_address_that_is_none_is_a_wrong_use(home: Home) -> None:
    for address in ("ftp://x", ""):
        said = home("treaties", "discover", "--url", address)
        assert (said.code, "web address" in said.err) == (2, True)
