"""The schema as the program uses it; the migrations make it, and a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

from monitor.domain.change import Change, ChangeKind, RecordedChange
from monitor.domain.delivery import DeliveryState, Outcome
from monitor.domain.outlook import Outlook
from monitor.domain.snapshot import Finding
from monitor.storage.columns import Answer, Instant, Payload, Word
from monitor.storage.interface import Condition, HeldState

REVISION = "0007"
"""The migration that makes this schema: the last in `migrations/versions`."""

METADATA = MetaData()

_Number = BigInteger().with_variant(Integer, "sqlite")
"""A row's own number. SQLite counts up only what is spelt INTEGER."""

source = Table(
    "source",
    METADATA,
    Column("treaty", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("condition", Word(Condition), nullable=False),
    Column("last_checked", Instant),
    Column("last_good", Instant),
    Column("next_due", Instant),
    Column("failures", Integer, nullable=False),
    Column("problem", Answer),
    Column("told", Word(Condition)),
    Column("validators", Payload(dict[str, str]), nullable=False),
    Column("fingerprint", Text),
    Column("calendar_until", Date),
    Column("reader", Text),
)

setting = Table(
    "setting",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

document = Table(
    "document",
    METADATA,
    Column("treaty", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("headers", Payload(dict[str, str]), nullable=False),
    Column("base", Text),
    Column("forgotten", Instant),
    Column("removed", Instant),
)
"""The pages in the archive. `base` is the page on which one rests, without which it cannot be read.

A page that retention gives up is first `forgotten` and then `removed` from the archive; its row stays.
"""

# PostgreSQL's index has the same condition; see _rows
Index("document_forgotten", document.c.sha256, sqlite_where=document.c.forgotten.is_not(None))

reading = Table(
    "reading",
    METADATA,
    Column("id", _Number, primary_key=True),
    Column("treaty", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("known_from", Instant, nullable=False),
    Column("known_to", Instant),
    Column("stamp", DateTime(timezone=False)),
    Column("document", Text),
    # The three below are written over by a later reading that says the same: no row for a new stamp alone.
    Column("seen_at", Instant, nullable=False),
    Column("seen_stamp", DateTime(timezone=False)),
    Column("seen_document", Text),
    Index("reading_history", "treaty", "source", "known_from"),
)
"""What a page says of itself, with the period during which this was what we knew."""


def _rows(name: str) -> Table:
    """Return a table of a page's rows, each with the period during which we knew it."""
    table = Table(
        name,
        METADATA,
        Column("id", _Number, primary_key=True),
        Column("treaty", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("slot", Text, nullable=False),
        Column("participant", Text, nullable=False),
        Column("ordinal", Double, nullable=False),
        Column("payload", Text, nullable=False),
        Column("known_from", Instant, nullable=False),
        Column("known_to", Instant),
        Index(f"{name}_history", "treaty", "source", "known_from"),
    )
    still = table.c.known_to.is_(None)
    present = (table.c.treaty, table.c.source, table.c.slot)
    # PostgreSQL's index has the same condition; said here, it would load all of PostgreSQL's dialects at every start
    Index(f"{name}_present", *present, unique=True, sqlite_where=still)
    return table


participation = _rows("participation")
statement = _rows("statement")

outlook = Table(
    "outlook",
    METADATA,
    Column("treaty", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("reading", BigInteger, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("outlook", Payload(Outlook), nullable=False),
)
"""What each page leaves to the calendar; in force while `reading` and its `seen_at` are what is known."""

change = Table(
    "change",
    METADATA,
    Column("number", _Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("treaty", Text, nullable=False, index=True),
    Column("participant", Text, index=True),
    Column("kind", Word(ChangeKind), nullable=False),
    Column("first_seen", Instant, nullable=False, index=True),
    Column("act_date", Date),
    Column("recorded", Payload(RecordedChange), nullable=False),
)

held = Table(
    "held",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("treaty", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("row", Text),
    Column("since", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("document", Text),
    Column("findings", Payload(tuple[Finding, ...]), nullable=False),
    Column("changes", Payload(tuple[Change, ...]), nullable=False),
    Column("state", Word(HeldState), nullable=False, index=True),
    Column("halted", Date),
)

body = Table(
    "body",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("body", Text, nullable=False),
)
"""The text of messages, each once however many receive it."""

delivery = Table(
    "delivery",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("body", Text, ForeignKey(body.c.sha256), nullable=False),
    Column("created", Instant, nullable=False),
    Column("next_attempt", Instant, nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("alert", Text, nullable=False),
    Column("subscription", Text, nullable=False),
    Column("change_ids", Payload(tuple[str, ...]), nullable=False),
    Column("lease_until", Instant),
    Column("reported", Instant),  # when the operator was told that it failed for good
    Index("delivery_newest", "created"),
    Index("delivery_due", "state", "next_attempt"),
    Index("delivery_due_by_channel", "channel", "state", "next_attempt"),
)

gathered = Table(
    "gathered",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("body", Text, ForeignKey(body.c.sha256), nullable=False),
    Column("created", Instant, nullable=False),
    Column("next_attempt", Instant, nullable=False),
    Column("alert", Text, nullable=False),
    Column("subscription", Text, nullable=False),
    Column("change_ids", Payload(tuple[str, ...]), nullable=False),
    Index("gathered_due", "next_attempt"),
)
"""Deliveries that wait for their digest: no part of the outbox until it is made."""

channel = Table(
    "channel",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("failing_since", Instant),
    Column("last_failure", Instant),
    Column("disabled", Instant),
    Column("problem", Answer),
)

attempt = Table(
    "attempt",
    METADATA,
    Column("id", _Number, primary_key=True),
    Column("delivery", Text, ForeignKey(delivery.c.id), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("outcome", Word(Outcome), nullable=False),
    Column("detail", Answer, nullable=False),
)

departure = Table(
    "departure",
    METADATA,
    Column("id", _Number, primary_key=True),
    Column("subscription", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("receiver", Text, nullable=False),  # the recipient without regard to capitals
    Column("at", Instant, nullable=False),
    Column("gone", Integer, nullable=False),
    Index("departure_of", "subscription", "receiver"),
)
"""Who left a subscription, and who came back: a row for each, none is ever changed."""
