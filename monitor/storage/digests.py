"""The part of a transaction that keeps what waits for a digest: taken out whole, where the digest is entered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_

from monitor.domain.delivery import Delivery
from monitor.storage import tables
from monitor.storage.outbox import BATCH, come, keep_bodies
from monitor.storage.writing import add_new


class Digests:
    """Keeps deliveries that are not in the outbox yet. Makes no digest and decides no time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def gather(self, deliveries: Iterable[Delivery]) -> int:
        """Put deliveries by for a digest that is due at their `next_attempt`, skipping ids that exist."""
        rest = iter(deliveries)
        return sum(self._put_by(batch) for batch in iter(lambda: list(islice(rest, BATCH)), []))

    def _put_by(self, batch: list[Delivery]) -> int:
        shas = keep_bodies(self._connection, batch)
        return len(add_new(self._connection, tables.gathered, "id", [_row(d, shas[d.body]) for d in batch]))

    def ripe(self, now: datetime, receivers: int) -> tuple[Delivery, ...]:
        """Take out what is put by and due, of at most so many receivers; each receiver's whole, oldest first."""
        column = tables.gathered.c
        receiver = (column.subscription, column.channel, column.recipient)
        due = come(column.next_attempt, now)
        chosen = select(*receiver).where(due).distinct().order_by(*receiver).limit(receivers)
        wanted = [tuple(row) for row in self._connection.execute(chosen)]
        if not wanted:
            return ()
        taking = delete(tables.gathered).where(due, tuple_(*receiver).in_(wanted)).returning(*tables.gathered.c)
        rows = [dict(row) for row in self._connection.execute(taking).mappings()]
        texts = self._texts({row["body"] for row in rows})
        taken = [Delivery(**row | {"body": texts[row["body"]]}) for row in rows]
        return tuple(sorted(taken, key=lambda d: (d.subscription, d.channel, d.recipient, d.created, d.id)))

    def _texts(self, shas: set[str]) -> dict[str, str]:
        column = tables.body.c
        return {
            row.sha256: row.body for row in self._connection.execute(select(tables.body).where(column.sha256.in_(shas)))
        }


def _row(delivery: Delivery, body: str) -> dict[str, Any]:
    names = (column.name for column in tables.gathered.c)
    return {name: getattr(delivery, name) for name in names} | {"body": body}
