"""Knows every type of channel, those of this package and those of other packages, and builds what is configured."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from importlib.metadata import entry_points
from pkgutil import resolve_name
from typing import TYPE_CHECKING, TextIO

from monitor.channels.catalogue import GROUP, channel_types
from monitor.channels.console import ConsoleChannel
from monitor.channels.fake import RecordingChannel
from monitor.channels.interface import Channel
from monitor.channels.options import ChannelSettings, Leave, Objection, OptionError, Surroundings
from monitor.domain.errors import ConfigurationError, Mistake

if TYPE_CHECKING:
    import httpx

Factory = Callable[[ChannelSettings, Surroundings], Channel]

FACTORIES: dict[str, str] = {
    "apprise": "monitor.channels.configured:apprise",
    "atom": "monitor.channels.configured:atom",
    "console": "monitor.channels.configured:console",
    "email": "monitor.channels.mailserver:email",
    "file": "monitor.channels.configured:file",
    "webhook": "monitor.channels.configured:webhook",
}
"""Where each type's factory stands: loaded when a channel of the type is configured, for each brings its libraries."""
KINDS: dict[str, str] = {
    "apprise": "monitor.channels.apprise:AppriseChannel",
    "atom": "monitor.channels.atom:AtomChannel",
    "console": "monitor.channels.console:ConsoleChannel",
    "email": "monitor.channels.email:EmailChannel",
    "file": "monitor.channels.file:FileChannel",
    "webhook": "monitor.channels.webhook:WebhookChannel",
}
"""What each factory makes. Another package's factory is asked itself: a class that says nothing has one receiver."""
FILE = "channels.toml"


def build_channels(
    settings: Iterable[ChannelSettings],
    transport_factory: Callable[[], httpx.AsyncBaseTransport | None],
    stream: TextIO,
    objection: Objection,
    leave: Leave | None = None,
) -> dict[str, Channel]:
    """Return the channels by name; "console" is always there.

    `transport_factory` gives each webhook its guarded transport, `objection` judges the addresses that other
    libraries connect to, `leave` is the link by which a recipient leaves. Raises ConfigurationError with every mistake.
    """
    around = Surroundings(transport_factory, stream, objection, leave)
    channels: dict[str, Channel] = {"console": ConsoleChannel(stream)}
    mistakes = []
    for one in settings:
        try:
            channels[one.name] = _factory(one.type)(one, around)
        except OptionError as error:
            nearest = next(iter(get_close_matches(one.type, channel_types(), 1)), None) if error.key == "type" else None
            mistakes.append(Mistake(FILE, f"{one.name}.{error.key}", error.found, error.allowed, nearest))
        except ConfigurationError as error:  # a secret that cannot be revealed
            mistakes += error.mistakes
    if mistakes:
        raise ConfigurationError(tuple(mistakes))
    return channels


def stand_ins(settings: Iterable[ChannelSettings]) -> dict[str, Channel]:
    """Return channels that carry and address as those that are configured, and send nothing; no secret is read."""
    kinds = {"console": ConsoleChannel} | {one.name: _kind(one.type) for one in settings}
    return {
        name: RecordingChannel(
            name, per_change=getattr(kind, "per_change", False), addressed=getattr(kind, "addressed", False)
        )
        for name, kind in kinds.items()
    }


def _kind(kind: str) -> object:
    return resolve_name(KINDS[kind]) if kind in KINDS else _factory(kind)


def _factory(kind: str) -> Factory:
    if kind in FACTORIES:
        own: Factory = resolve_name(FACTORIES[kind])
        return own
    for point in entry_points(group=GROUP, name=kind):
        factory: Factory = point.load()
        return factory
    raise OptionError("type", repr(kind), " or ".join(f'"{name}"' for name in channel_types()))
