"""Turns a message into plain text and HTML by the templates of this package; text of others never becomes markup."""

from __future__ import annotations

import textwrap
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from monitor.channels.message import Message

if TYPE_CHECKING:
    from jinja2 import Environment

WIDTH = 76
LABEL = 24
"""Columns of the plain text, and of its labels."""


@lru_cache(maxsize=64)
def as_text(message: Message, *, titled: bool = True) -> str:
    """Return the message as plain text, at most 76 columns wide except for addresses.

    Without `titled` the title is left out, for channels that show it themselves. Kept for a while: the recipients
    of one alert come one after the other and read the same.
    """
    return _environment().get_template("message.txt").render(message=message, titled=titled)


@lru_cache(maxsize=64)
def as_html(message: Message) -> str:
    """Return the message as one HTML page that needs nothing from the network."""
    return _environment().get_template("message.html").render(message=message)


@lru_cache(maxsize=64)
def as_fragment(message: Message) -> str:
    """Return the message as bare HTML without a style of its own, to stand inside a feed reader's page."""
    return _environment().get_template("fragment.html").render(message=message)


def _wrap(text: str, indent: int = 0, first: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first.ljust(indent),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def _environment() -> Environment:
    """Return the templates; only `.html` is escaped, plain text must show a name as it is."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 - with the first

    environment = Environment(
        loader=PackageLoader("monitor.channels"),
        autoescape=select_autoescape(("html",), ("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrap"] = _wrap
    environment.globals["label_width"] = LABEL
    return environment
