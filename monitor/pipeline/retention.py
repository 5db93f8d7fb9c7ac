"""Gives up what nobody needs any more: once a day, so much at a time, and never the evidence of an alert."""

from __future__ import annotations

import logging
from datetime import datetime

from monitor.domain.errors import StorageError
from monitor.pipeline.desk import Desk

logger = logging.getLogger(__name__)

LAST_DAY = "retention was last applied"
MOST = 2_000
"""Pages, and messages, that one day gives up."""
AT_ONCE = 100
"""Files removed in one transaction: others wait no longer than that takes."""


def give_up(desk: Desk, now: datetime) -> bool:
    """Forget pages and thin out messages as the configuration says, and compact the record; return whether it was time.

    The day is noted first: what fails today is tried tomorrow, and replicas do not do it twice.
    """
    day = f"{now:%Y-%m-%d}"
    with desk.storage.begin(read_only=True) as tx:
        if tx.setting(LAST_DAY) == day:
            return False
    with desk.storage.begin() as tx:
        if tx.setting(LAST_DAY) == day:
            return False
        tx.save_setting(LAST_DAY, day)
    _pages(desk, now)
    _remove(desk, now)
    _messages(desk, now)
    desk.storage.compact()
    return True


def _pages(desk: Desk, now: datetime) -> None:
    """Forget pages. What is looked up before the transaction is true in it too: no change names an old page anew."""
    if desk.retention.pages is None:
        return
    before = now - desk.retention.pages
    with desk.storage.begin(read_only=True) as tx:
        pages = tx.dispensable(before, MOST)
    if pages:
        with desk.storage.begin() as tx:
            count = tx.forget(pages, before, now)
            desk.step("forgetting")
        desk.step("forgotten")
        logger.info("retention: %d pages on which nothing rests are given up", count)


def _remove(desk: Desk, now: datetime) -> None:
    """Remove the files of forgotten pages, those too that an earlier day has left."""
    try:
        while _some(desk, now):
            pass
    except StorageError as error:
        logger.warning("%s. It is tried again tomorrow", error)


def _some(desk: Desk, now: datetime) -> bool:
    with desk.storage.begin() as tx:
        shas = tx.forgotten(AT_ONCE)
        if shas:
            desk.archive.remove(shas)
            desk.step("removed")
            tx.removed(shas, now)
    return bool(shas)


def _messages(desk: Desk, now: datetime) -> None:
    if desk.retention.messages is not None:
        with desk.storage.begin() as tx:
            tx.thin_out(now - desk.retention.messages, MOST)
