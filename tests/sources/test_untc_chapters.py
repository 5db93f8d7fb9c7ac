"""The collection's contents: its chapters, and the treaties that each lists."""

from __future__ import annotations

from monitor.sources.untc.chapters import UntcCollection
from monitor.sources.untc.reference import notification_address

CONTENTS = b"""<html><body><a href="Home.aspx">Home</a>
<a href="/Pages/Treaties.aspx?id=4&subid=A&clang=_en">CHAPTER IV</a>
<a href="/Pages/Treaties.aspx?id=26&subid=A&clang=_en">CHAPTER XXVI</a>
<a href="/Pages/Treaties.aspx?id=26&subid=A&clang=_en#top">again</a></body></html>"""
CHAPTER = b"""<html><body><table>
<tr><td>1.</td><td><a href="ViewDetails.aspx?src=TREATY&mtdsg_no=XXVI-1&clang=_en">A first   convention</a></td></tr>
<tr><td><a href="ViewDetails.aspx?src=TREATY&amp;mtdsg_no=XXVI-2-a&amp;x=1">2. a Protocol &eacute;tendu</a></td></tr>
<tr><td><a href="ViewDetails.aspx?src=TREATY&mtdsg_no=XXVI-1&chapter=26&clang=_fr">encore</a></td></tr>
<tr><td><a href="ViewDetails.aspx?src=TREATY&mtdsg_no=nonsense">odd</a></td></tr>
</table></body></html>"""
SITE = "https://treaties.un.org/Pages/"


def test_the_contents_link_each_chapter_once() -> None:
    assert UntcCollection().chapters(CONTENTS, SITE + "ParticipationStatus.aspx") == (
        SITE + "Treaties.aspx?id=4&subid=A&clang=_en",
        SITE + "Treaties.aspx?id=26&subid=A&clang=_en",
    )


def test_a_chapter_lists_each_treaty_once_with_its_number_title_and_address() -> None:
    first, second = UntcCollection().treaties(CHAPTER, SITE + "Treaties.aspx?id=26")
    assert (first.reference, first.title) == ("XXVI-1", "A first convention")
    assert first.url == SITE + "ViewDetails.aspx?src=TREATY&mtdsg_no=XXVI-1&clang=_en"
    assert (second.reference, second.title) == ("XXVI-2-a", "Protocol étendu")


def test_bytes_that_are_no_page_list_nothing() -> None:
    assert UntcCollection().chapters(b"\x00\xff", SITE) == ()
    assert UntcCollection().treaties(b"", SITE) == ()


def test_a_notifications_number_gives_the_address_of_its_text() -> None:
    assert notification_address("C.N.360.2025.TREATIES-XXVI-5") == (
        "https://treaties.un.org/doc/Publication/CN/2025/CN.360.2025-Eng.pdf"
    )
    assert notification_address("a letter") is None
