"""What can go wrong, said once: every error carries a sentence that a user can act on."""

from __future__ import annotations

from dataclasses import dataclass


def did_you_mean(nearest: str | None) -> str:
    """Return the end of a sentence on a mistyped word: the word that is most like it, where there is one."""
    return f'; did you mean "{nearest}"?' if nearest else ""


class MonitorError(Exception):
    """Base of every error that is shown to a user as one clear message, never as a traceback."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong value in the configuration: where it stands, what was found, what is allowed."""

    file: str
    key: str
    found: str
    allowed: str
    nearest: str | None = None

    def __str__(self) -> str:
        found = f"{self.file}: {self.key}: found {self.found}; allowed: {self.allowed}"
        return found + did_you_mean(self.nearest)


class ConfigurationError(MonitorError):
    """The configuration is wrong; carries every mistake at once (exit code 2)."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(m) for m in mistakes))


class UsageError(MonitorError):
    """A command was asked for something that does not exist, or that it must not do as things stand (exit code 2)."""


class SourceError(MonitorError):
    """A page could not be fetched. `temporary` is the one bit that decides a retry.

    `retry_after` is in seconds, from the server's own header; `unreachable` says that the host did not
    answer at all, so that an interactive round does not ask it again.
    """

    def __init__(
        self, text: str, *, temporary: bool, retry_after: float | None = None, unreachable: bool = False
    ) -> None:
        self.temporary = temporary
        self.retry_after = retry_after
        self.unreachable = unreachable
        super().__init__(text)


class DisallowedError(MonitorError):
    """The site's robots.txt disallows the page: a state of the source, told once, never worked around."""


class DeliveryError(MonitorError):
    """A channel refused a message. `permanent` is the one bit that decides a retry.

    `retry_after` is in seconds; `slow_down` marks a timeout or a 429, after which at least 60 s pass;
    `disable` marks an answer (HTTP 410) by which the receiver wants nothing more.
    """

    def __init__(
        self,
        text: str,
        *,
        permanent: bool,
        retry_after: float | None = None,
        slow_down: bool = False,
        disable: bool = False,
    ) -> None:
        self.permanent = permanent
        self.retry_after = retry_after
        self.slow_down = slow_down
        self.disable = disable
        super().__init__(text)


class StorageError(MonitorError):
    """The state directory or its database cannot be used: not writable, full, locked, of a newer version.

    `temporary` marks a lost connection to a database elsewhere: the same again, a little later, may go well.
    """

    def __init__(self, text: str, *, temporary: bool = False) -> None:
        self.temporary = temporary
        super().__init__(text)
