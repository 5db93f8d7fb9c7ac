"""How long to wait, how often to ask again, and what one round remembers of hosts that did not answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from monitor.domain.errors import SourceError
from monitor.fetching.failures import Trouble, reworded


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Limits in seconds. The daemon has time; a person who waits at a terminal has half a minute.

    `connect` to open a connection (name look-up included), `answer` until the first line of the answer, `whole`
    from there to its end, `longest_wait` between two attempts, `longest_pause` between two requests to a host.
    `silence` (None: no limit) bounds a whole round in which nobody answers, however many hosts are asked.
    """

    retries: int
    connect: float
    answer: float
    whole: float
    backoff: float
    longest_wait: float
    longest_pause: float
    silence: float | None = None

    def wait(self, tries: int, trouble: Trouble, chance: float) -> float | None:
        """Return the seconds before the next attempt, or None to give up. `chance` (0 to 1) spreads the waits.

        A person is not made to wait twice for a host that cannot be reached or is silent: another second changes
        little, and the kernel has repeated the knock meanwhile.
        """
        for_a_person = self.silence is not None
        hopeless = for_a_person and (trouble.unreachable or trouble.timed_out)
        if not trouble.temporary or hopeless or tries > self.retries:
            return None
        wait = max(self.backoff * 2 ** (tries - 1) * (0.5 + chance), trouble.retry_after or 0.0)
        return wait if wait <= self.longest_wait else None


def daemon_patience(seconds: float, retries: int) -> Patience:
    """Return the limits of a daemon; `seconds` bounds the wait for an answer and its transfer, each."""
    return Patience(
        retries=retries,
        connect=min(10.0, seconds),
        answer=seconds,
        whole=seconds,
        backoff=2.0,
        longest_wait=60.0,
        longest_pause=900.0,
    )


def interactive_patience(seconds: float, retries: int) -> Patience:
    """Return the limits of one round for a person: silence ends it after 24 of the 30 seconds promised."""
    return Patience(
        retries=min(retries, 1),
        connect=min(5.0, seconds),
        answer=min(20.0, seconds),
        whole=seconds,
        backoff=0.5,
        longest_wait=3.0,
        longest_pause=30.0,
        silence=24.0,
    )


@dataclass(slots=True)
class Memory:
    """What a fetcher has learned about hosts. Keys are a host with its port, or the address of a robots.txt.

    With a limit on silence the memory lasts as long as the fetcher, which lives for one round. Without one (the
    daemon) an error is shared only with those who were already in line when it was made; who comes later asks.
    """

    patience: Patience
    _errors: dict[str, tuple[float, SourceError]] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)
    _heard: float | None = None

    def note(self, key: str, error: SourceError) -> None:
        """Remember that asking here led to this error."""
        self._errors[key] = (_clock(), error)

    def recall(self, key: str, since: float | None = None) -> None:
        """Raise the error remembered for `key`; `since` is when the caller got in line (the loop's clock)."""
        if key not in self._errors:
            return
        at, error = self._errors[key]
        if self.patience.silence is not None or (since is not None and at > since):
            raise reworded(error, str(error))

    def heard(self, key: str) -> None:
        """Note that this host answered: the network works."""
        self._answered.add(key)
        self._heard = _clock()

    def time_left(self, key: str) -> float:
        """Return the seconds to wait for this host's answer at most.

        Zero if it has not answered yet and silence has lasted too long (a host that has may ask for long pauses).
        """
        if self.patience.silence is None or key in self._answered:
            return self.patience.answer
        if self._heard is None:
            self._heard = _clock()
        return max(0.0, min(self.patience.answer, self._heard + self.patience.silence - _clock()))


def _clock() -> float:
    return asyncio.get_running_loop().time()
