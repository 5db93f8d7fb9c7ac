"""Tells the operator, once, which alerts failed for good: all that were found together in one message."""

from __future__ import annotations

import json
import logging
from datetime import datetime

from monitor.domain.delivery import Delivery
from monitor.pipeline.desk import Desk
from monitor.pipeline.notify import plain, to_operator

logger = logging.getLogger(__name__)

AT_ONCE = 1000
SHOWN = 20
"""Alerts that one message names; the command line shows all."""


def report_dead(desk: Desk, now: datetime) -> int:
    """Tell of the alerts that failed for good since this was last asked; return how many.

    Messages to the operator are not among them: a message that their channel fails would only give the next one.
    """
    with desk.storage.begin() as tx:
        dead = tx.untold_dead(now, AT_ONCE)
        if dead:
            count = "1 alert" if len(dead) == 1 else f"{len(dead)} alerts"
            heading = f"{count} could not be delivered"
            text = "Nobody tries again by itself. They are kept: treaty-monitor deliveries retry ID sends one anew."
            logger.error("%s. %s", heading, text)
            body = plain("delivery.dead", now, heading, text, _lines(dead), thread="deliveries")
            tx.enqueue(to_operator(desk, body, f"delivery.dead {dead[0].id}", now))
    return len(dead)


def _lines(dead: tuple[Delivery, ...]) -> list[str]:
    lines = [_line(delivery) for delivery in dead[:SHOWN]]
    return lines + ([f"and {len(dead) - SHOWN} more: treaty-monitor deliveries list"] if len(dead) > SHOWN else [])


def _line(delivery: Delivery) -> str:
    title = json.loads(delivery.body)["data"]["title"]
    answer = delivery.attempts[-1].detail if delivery.attempts else "no attempt"
    return f"{title} ({delivery.id}, over {delivery.channel} to {delivery.recipient}): {answer}"
