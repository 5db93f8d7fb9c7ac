"""The first record: sources, what is known of their pages, changes, what is held back, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _bookkeeping()
    _readings()
    _rows("participation")
    _rows("statement")
    _changes()
    _held()
    _outbox()


def _bookkeeping() -> None:
    op.create_table(
        "source",
        sa.Column("treaty", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("condition", sa.Text, nullable=False),
        sa.Column("last_checked", _instant),
        sa.Column("last_good", _instant),
        sa.Column("next_due", _instant),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("told", sa.Text),
        sa.Column("validators", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text),
        sa.Column("calendar_until", sa.Date),
        sa.Column("reader", sa.Text),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _readings() -> None:
    op.create_table(
        "document",
        sa.Column("treaty", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("fetched_at", _instant, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
    )
    op.create_table(
        "reading",
        sa.Column("id", _number, primary_key=True),
        sa.Column("treaty", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("known_from", _instant, nullable=False),
        sa.Column("known_to", _instant),
        sa.Column("stamp", sa.DateTime(timezone=False)),
        sa.Column("document", sa.Text),
        sa.Column("seen_at", _instant, nullable=False),
        sa.Column("seen_stamp", sa.DateTime(timezone=False)),
        sa.Column("seen_document", sa.Text),
    )
    op.create_index("reading_history", "reading", ["treaty", "source", "known_from"])


def _rows(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", _number, primary_key=True),
        sa.Column("treaty", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("participant", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Double, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("known_from", _instant, nullable=False),
        sa.Column("known_to", _instant),
    )
    op.create_index(f"{name}_history", name, ["treaty", "source", "known_from"])
    still = sa.text("known_to IS NULL")
    op.create_index(
        f"{name}_present",
        name,
        ["treaty", "source", "slot"],
        unique=True,
        sqlite_where=still,
        postgresql_where=still,
    )


def _changes() -> None:
    op.create_table(
        "change",
        sa.Column("number", _number, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("treaty", sa.Text, nullable=False, index=True),
        sa.Column("participant", sa.Text, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("first_seen", _instant, nullable=False, index=True),
        sa.Column("act_date", sa.Date),
        sa.Column("recorded", sa.Text, nullable=False),
    )


def _held() -> None:
    op.create_table(
        "held",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("treaty", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("row", sa.Text),
        sa.Column("since", _instant, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("document", sa.Text),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, index=True),
    )


def _outbox() -> None:
    op.create_table(
        "body",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("body", sa.Text, sa.ForeignKey("body.sha256"), nullable=False),
        sa.Column("created", _instant, nullable=False),
        sa.Column("next_attempt", _instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("subscription", sa.Text, nullable=False),
        sa.Column("change_ids", sa.Text, nullable=False),
        sa.Column("lease_until", _instant),
    )
    op.create_index("delivery_due", "delivery", ["state", "next_attempt"])
    op.create_index("delivery_due_by_channel", "delivery", ["channel", "state", "next_attempt"])
    op.create_table(
        "attempt",
        sa.Column("id", _number, primary_key=True),
        sa.Column("delivery", sa.Text, sa.ForeignKey("delivery.id"), nullable=False, index=True),
        sa.Column("at", _instant, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
