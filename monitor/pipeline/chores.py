"""What is to be done beside checking and sending: after each round, and by the daemon again and again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from monitor.domain.errors import StorageError
from monitor.domain.treaty import Treaty
from monitor.pipeline.bundle import bundle
from monitor.pipeline.coverage import report_coverage
from monitor.pipeline.deadletters import report_dead
from monitor.pipeline.desk import Desk
from monitor.pipeline.introduce import introduce
from monitor.pipeline.remind import remind
from monitor.pipeline.retention import give_up
from monitor.pipeline.standstill import report_standstill
from monitor.pipeline.widen import widen

logger = logging.getLogger(__name__)


def chores(desk: Desk, now: datetime, news: tuple[Treaty, ...] = ()) -> None:
    """Introduce, widen, remind, make digests, tell of coverage, standstill and dead letters, give up what nobody needs.

    `news` are the treaties of which a round has just told something: they may have new effects to remind of. Each chore
    decides from the record whether it is time, so that calling this often costs little and changes nothing. One that
    fails keeps none of the others from being done. Raises StorageError.
    """
    every: tuple[Callable[[Desk, datetime], object], ...] = (
        introduce,
        widen,
        partial(remind, treaties=news),
        bundle,
        report_coverage,
        report_standstill,
        report_dead,
        give_up,
    )
    for chore in every:
        _done(chore, desk, now)


def _done(chore: Callable[[Desk, datetime], object], desk: Desk, now: datetime) -> None:
    try:
        chore(desk, now)
    except StorageError:
        raise  # the record itself cannot be written: nothing else can go well
    except Exception:
        logger.exception("unforeseen; this chore is tried again at the next occasion")
