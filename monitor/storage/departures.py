"""The part of a transaction that remembers who left which subscription, and who came back: rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from monitor.storage import tables
from monitor.storage.interface import Departure


class Departures:
    """Each leaving and each return is a row of its own; the last one of a receiver says how things are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def depart(self, departure: Departure) -> None:
        """Enter that a recipient has left a subscription."""
        self._note(departure, departure.at, gone=True)

    def readmit(self, departure: Departure, now: datetime) -> None:
        """Enter that they are back."""
        self._note(departure, now, gone=False)

    def departures(self) -> tuple[Departure, ...]:
        """Return who has left and not come back, in the order of their leaving."""
        return tuple(Departure(row.subscription, row.recipient, row.at) for row in self._connection.execute(_gone()))

    def _note(self, departure: Departure, at: datetime, *, gone: bool) -> None:
        row = {"subscription": departure.subscription, "recipient": departure.recipient, "at": at, "gone": int(gone)}
        self._connection.execute(insert(tables.departure), {**row, "receiver": departure.recipient.casefold()})


@cache
def _gone() -> Select[Any]:
    column = tables.departure.c
    last = select(func.max(column.id)).group_by(column.subscription, column.receiver)
    return select(tables.departure).where(column.id.in_(last), column.gone == 1).order_by(column.id)
