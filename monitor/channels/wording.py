"""Makes text of others safe to show: one line, no control characters, bounded; and links that are only web links."""

from __future__ import annotations

import re
from unicodedata import category
from urllib.parse import unquote, urlsplit

LONGEST = 2000
"""Characters that one value may fill; what is longer is cut, with an ellipsis."""
SHORTEST_SECRET = 3
JOINERS = "\u200c\u200d"
"""Format characters that some scripts need to be written rightly."""
TO_SPACE = {"Cc", "Zl", "Zp"}
TO_NOTHING = {"Cf", "Cs", "Co"}
LAST_OF_PLANE = 0xFFFE
"""The last two code points of every plane are no characters; XML forbids those of the first."""


def clean(value: str, longest: int = LONGEST) -> str:
    """Return the text on one line: no line break, terminal escape, invisible or direction-changing character.

    This is what makes header injection and disguised text impossible, whatever a page or a server says.
    """
    folded = " ".join("".join(map(_shown, value)).split())
    return folded if len(folded) <= longest else folded[: longest - 1].rstrip() + "…"


def web_link(value: object) -> str | None:
    """Return the address if it is an ordinary http or https one, else None: nothing else becomes a link."""
    if not isinstance(value, str) or value != clean(value) or " " in value:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in {"http", "https"} and parts.netloc else None


def masked(text: str, *secrets: str) -> str:
    """Return a stranger's answer as one short line in which no secret stands, should the stranger repeat one.

    What is shorter than three characters is no secret but a letter of every word.
    """
    telling = (secret for secret in secrets if len(secret) >= SHORTEST_SECRET)
    for secret in sorted(telling, key=len, reverse=True):
        text = re.sub(re.escape(secret), "***", text, flags=re.IGNORECASE)
    return clean(text, 300)


def pieces(url: str, shortest: int = SHORTEST_SECRET) -> tuple[str, ...]:
    """Return an address and its parts, any of which may be a token, as they are written and as they are meant."""
    parts = [part for part in re.split(r"[:/?#&=@,;\s]+", url)[1:] if len(part) >= shortest]
    return tuple(dict.fromkeys([url, *parts, *map(unquote, parts)]))


def _shown(character: str) -> str:
    kind = category(character)
    if kind in TO_SPACE:
        return " "
    if ord(character) & LAST_OF_PLANE == LAST_OF_PLANE:
        return ""
    return "" if kind in TO_NOTHING and character not in JOINERS else character
