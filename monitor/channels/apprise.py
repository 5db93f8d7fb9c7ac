"""Hands alerts to Slack, Teams, Telegram, ntfy and some 180 other services, through the library Apprise."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from monitor.channels.lookout import lookout
from monitor.channels.message import Message, read
from monitor.channels.options import Objection
from monitor.channels.render import as_text
from monitor.channels.wording import masked, pieces
from monitor.domain.delivery import Delivery
from monitor.domain.errors import DeliveryError

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

GRACE = 5.0
"""Seconds beyond its own limit after which Apprise is no longer waited for."""
MENTION = re.compile(r"[@!](?=(?:everyone|here|channel|all)\b)|<(?=[@#!])", re.IGNORECASE)
"""What rings everybody's telephone in one chat or another."""
WORD_JOINER = "\u2060"


class AddressError(ValueError):
    """The text is no address that Apprise knows. Never says the address, which holds secrets."""


class AppriseChannel:
    """Sends each delivery as title and plain text, one at a time, from a thread: Apprise waits.

    `url` is one Apprise address; it is a secret as a whole. `timeout` is in seconds. Redirects are not followed, and
    `objection` judges every address that is connected to (see `lookout` for what it cannot see). Apprise
    does not tell a final refusal from a passing one: every failure but a refused address is temporary. Raises
    AddressError, and ImportError where Apprise is not installed.
    """

    per_change = False
    addressed = False

    def __init__(self, name: str, url: str, objection: Objection, *, timeout: float = 30.0) -> None:
        self.name = name
        self._objection = objection
        self._timeout = timeout
        self._hidden = pieces(url)
        self._service = _service(url, objection, timeout)
        self._turn = asyncio.Lock()

    async def send(self, delivery: Delivery) -> str:
        """Send it and return which service took it. Raises DeliveryError."""
        message = read(delivery)
        async with self._turn:
            try:
                async with asyncio.timeout(self._timeout + GRACE):
                    return await asyncio.to_thread(self._hand_over, message)
            except TimeoutError:
                raise self._too_slow() from None

    def _hand_over(self, message: Message) -> str:
        import apprise  # noqa: PLC0415 - loaded already, by the constructor

        sender = apprise.Apprise(self._service)
        leaving = any(entry.tone == "leaving" for entry in message.entries)
        with lookout(self._objection) as watch:
            try:
                result = sender.notify(
                    title=_harmless(message.title),
                    body=_harmless(as_text(message, titled=False)),
                    body_format=apprise.NotifyFormat.TEXT,
                    notify_type=apprise.NotifyType.WARNING if leaving else apprise.NotifyType.INFO,
                )
            except Exception as error:  # noqa: BLE001 - 180 modules by as many hands: what they raise may name the secret
                watch.heard.append(f"{type(error).__name__}: {error}")
                result = None
        if result:
            return f"taken by {self._service.service_name}"
        if getattr(result, "status", None) == apprise.AppriseResultStatus.TIMEOUT:
            raise self._too_slow()
        raise self._failure(watch.refused, watch.heard)

    def _failure(self, refused: list[str], heard: list[str]) -> DeliveryError:
        if refused:
            return DeliveryError(f"not sent: {refused[0]}", permanent=True)
        said = masked(" ".join(dict.fromkeys(heard)), *self._hidden) or "Apprise gave no reason"
        return DeliveryError(f"{self._service.service_name} did not take it: {said}", permanent=False)

    def _too_slow(self) -> DeliveryError:
        text = f"{self._service.service_name} did not answer within {self._timeout:g} seconds"
        return DeliveryError(text, permanent=False, slow_down=True)


def _service(url: str, objection: Objection, timeout: float) -> NotifyBase:
    """Return what sends to this address, with nothing in it that could lose an alert. Raises AddressError."""
    import apprise  # noqa: PLC0415 - an optional package, of which one channel needs 180 modules

    asset = apprise.AppriseAsset(
        app_id="treaty-monitor",
        app_desc="treaty-monitor",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        service_timeout=timeout,
    )
    with lookout(objection):  # hears, and keeps from the log, what Apprise says of an address that it cannot read
        service: Any = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        raise AddressError("not an Apprise address, or of a service that needs another package")
    service.redirects = False  # whatever the address says
    service.optional = False  # same: a failure would count as a success
    if "overflow=" not in url:
        service.overflow_mode = apprise.OverflowMode.SPLIT  # what is too long comes in parts, never refused or cut
    return service  # type: ignore[no-any-return]  # Any only for the two lines above


def _harmless(text: str) -> str:
    """Return the text in which no name or statement of a page can call a whole chat together."""
    return MENTION.sub(lambda found: found[0] + WORD_JOINER, text)
