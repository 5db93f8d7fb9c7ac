"""The part of a transaction that keeps how each channel is: failing since when, and whether it is disabled."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitor.storage import tables
from monitor.storage.bookkeeping import as_row
from monitor.storage.interface import ChannelState
from monitor.storage.writing import overwrite


class ChannelBook:
    """One row per channel that has failed, written over in place. Does not judge what it is told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def channel(self, name: str) -> ChannelState:
        """Return how a channel is."""
        row = self._connection.execute(select(tables.channel).where(tables.channel.c.name == name)).mappings()
        known = row.one_or_none()
        return ChannelState(**known) if known else ChannelState(name)

    def channels(self) -> tuple[ChannelState, ...]:
        """Return the channels of which failures are known, by name."""
        rows = self._connection.execute(select(tables.channel).order_by(tables.channel.c.name)).mappings()
        return tuple(ChannelState(**row) for row in rows)

    def save_channel(self, state: ChannelState) -> None:
        """Write the state over the one before."""
        overwrite(self._connection, tables.channel, as_row(state))
