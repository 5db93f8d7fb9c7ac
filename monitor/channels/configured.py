"""Builds the channels of this package from a user's options, and says of each wrong option what is allowed.

What a type brings with it is loaded with the first channel of that type; mail has a module of its own (`mailserver`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from monitor.channels.console import ConsoleChannel
from monitor.channels.interface import Channel
from monitor.channels.options import ChannelSettings, OptionError, Surroundings, required, revealed, seconds
from monitor.channels.wording import web_link

if TYPE_CHECKING:
    import httpx

NOBODYS = "treaty-monitor.invalid"
"""The domain of a feed's ids where none is configured; nobody can ever own it (RFC 2606)."""


def console(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a console channel; it has no options."""
    return ConsoleChannel(around.stream, settings.name)


def webhook(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a webhook channel from `url` and `secret` (several while one replaces another); optional: `timeout`."""
    url = required(settings.options, "url")
    if web_link(url) is None:
        raise OptionError("url", "something else", "an http or https address")
    secrets = [revealed(one) for one in settings.options.get("secret") or ()]
    if not secrets:
        raise OptionError("secret", "nothing", 'a signing secret, as "env:NAME" or "file:PATH"')
    return _webhook(settings, url, secrets, around.transport())


def apprise(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a channel to one of Apprise's services from `url`, a secret; optional: `timeout`."""
    from monitor.channels.apprise import AddressError, AppriseChannel  # noqa: PLC0415 - see above

    url, timeout = required(settings.options, "url"), seconds(settings.options, 30.0)
    try:
        return AppriseChannel(settings.name, url, around.objection, timeout=timeout)
    except ImportError as error:
        allowed = 'this type once its package is installed: pip install "treaty-monitor[apprise]"'
        raise OptionError("type", '"apprise", which needs a package that is not here', allowed) from error
    except AddressError as error:
        allowed = "one address as https://appriseit.com/services/ describes them"
        raise OptionError("url", str(error), allowed) from error


def file(settings: ChannelSettings, around: Surroundings) -> Channel:
    """Return a channel that appends to the file `path`, or writes to the program's output for "-"."""
    from monitor.channels.file import FileChannel  # noqa: PLC0415 - see above

    if required(settings.options, "path") == "-":
        return FileChannel(settings.name, around.stream)
    return FileChannel(settings.name, _path(settings.options))


def atom(settings: ChannelSettings, around: Surroundings) -> Channel:  # noqa: ARG001 - every factory takes both
    """Return a channel that keeps a feed in the file `path`; optional: `title`, `url` (where it is read), `domain`."""
    from monitor.channels.atom import AtomChannel  # noqa: PLC0415 - see above
    from monitor.channels.feed import Head  # noqa: PLC0415 - see above

    options = settings.options
    url = options.get("url")
    domain = options.get("domain") or (urlsplit(url).hostname if url else None) or NOBODYS
    head = Head(settings.name, options.get("title") or f"treaty-monitor: {settings.name}", domain, url)
    return AtomChannel(settings.name, _path(options), head)


def _path(options: Mapping[str, Any]) -> Path:
    path = Path(required(options, "path"))
    if path.is_dir() or not path.parent.is_dir():
        raise OptionError("path", f'"{path}"', "a file in a folder that is there")
    return path


def _webhook(
    settings: ChannelSettings, url: str, secrets: Iterable[str], transport: httpx.AsyncBaseTransport | None
) -> Channel:
    from httpx import InvalidURL  # noqa: PLC0415 - see above

    from monitor.channels.signing import SecretError  # noqa: PLC0415 - see above
    from monitor.channels.webhook import WebhookChannel  # noqa: PLC0415 - see above

    try:
        return WebhookChannel(settings.name, url, secrets, transport, timeout=seconds(settings.options, 20.0))
    except SecretError as error:
        raise OptionError("secret", str(error), "whsec_ and base64, or whsk_ and an Ed25519 key") from error
    except InvalidURL as error:
        raise OptionError("url", str(error), "an http or https address") from error
