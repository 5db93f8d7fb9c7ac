"""The replica's web site: one treaty's status page, its robots.txt, and validators that a polite client repeats."""

from __future__ import annotations

from hashlib import sha256

from monitor.faces.demo.serving import Answer, LocalServer, Received

ROBOTS = b"User-agent: *\nCrawl-delay: 0\nDisallow: /Pages/Login.aspx\n"


class Depositary(LocalServer):
    """Serves the page that was last shown, under the address of its treaty.

    Like the depositary it answers 200 for a number that it does not know, with a page that has no participants. A
    request that repeats the page's ETag gets 304.
    """

    def __init__(self, *, port: int = 0) -> None:
        self._reference = ""
        self._page = b""
        super().__init__(self._find, port=port)

    def show(self, reference: str, page: bytes) -> None:
        """Put this page on display for the treaty with this number; the next request gets it."""
        self._reference, self._page = reference, page

    def address(self, path: str) -> str:
        """Return the full address of a path of this site."""
        return f"{self.url}{path}"

    def _find(self, request: Received) -> Answer:
        if request.path == "/robots.txt":
            return Answer(headers={"Content-Type": "text/plain"}, body=ROBOTS)
        if request.path.lower() != "/pages/viewdetails.aspx":
            return Answer(404)
        if request.query.get("mtdsg_no") != self._reference:
            return Answer(headers=_HTML, body=b"<!DOCTYPE html>\r\n<html><body>No treaty of this number.</body></html>")
        return self._page_or_not_modified(request)

    def _page_or_not_modified(self, request: Received) -> Answer:
        tag = f'"{sha256(self._page).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == tag:
            return Answer(304, {"ETag": tag})
        return Answer(headers={**_HTML, "ETag": tag}, body=self._page)


_HTML = {"Content-Type": "text/html; charset=utf-8"}
