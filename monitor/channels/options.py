"""What a channel is built from: the user's options, what all channels share, and the mistake that an option can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TextIO, runtime_checkable

import httpx

Objection = Callable[[str], str | None]
"""Takes an address (no name) and returns why nobody may connect to it (`private`, `loopback`), or None."""

Leave = Callable[[str, str], str]
"""Takes a subscription's name and a recipient, and returns the https address by which this one leaves that."""


@runtime_checkable
class Secret(Protocol):
    """A value that is read where it is needed and shown nowhere."""

    def reveal(self) -> str:
        """Return the value. Raises MonitorError if its variable or file is missing."""
        ...


class ChannelSettings(Protocol):
    """One table of channels.toml: its name, its type, and its other keys as settings resolved them."""

    @property
    def name(self) -> str:
        """The table's name."""
        ...

    @property
    def type(self) -> str:
        """The key of the factory."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """The other keys; a value is text, a number, a Secret, or a list of these."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What channels share: how to get a guarded transport, the stream of the console, and who may be connected to.

    `objection` is for channels whose library opens connections of its own; the transport judges by itself. `leave`
    is there where recipients can leave a subscription by a link.
    """

    transport: Callable[[], httpx.AsyncBaseTransport | None]
    stream: TextIO
    objection: Objection
    leave: Leave | None = None


class OptionError(ValueError):
    """One option is wrong. `found` never shows a secret."""

    def __init__(self, key: str, found: str, allowed: str) -> None:
        self.key, self.found, self.allowed = key, found, allowed
        super().__init__(f"{key}: found {found}; allowed: {allowed}")


def required(options: Mapping[str, Any], key: str) -> str:
    """Return a text that must be there, a secret revealed. Raises OptionError, and what `Secret.reveal` raises."""
    value = revealed(options.get(key) or "")
    if not isinstance(value, str) or not value:
        raise OptionError(key, "something else" if value else "nothing", "text")
    return value


def seconds(options: Mapping[str, Any], default: float) -> float:
    """Return `timeout` in seconds. Raises OptionError."""
    value = default if options.get("timeout") is None else options["timeout"]
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise OptionError("timeout", repr(value), "a number of seconds above 0")
    return float(value)


def revealed(value: str | Secret) -> str:
    """Return a value that may stand openly or be a secret."""
    return value.reveal() if isinstance(value, Secret) else value
