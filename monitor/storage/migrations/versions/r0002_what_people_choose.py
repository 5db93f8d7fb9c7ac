"""Digests that wait, channels that are disabled, and dead letters of which the operator has been told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and the column. What failed for good before counts as told: it is no news."""
    op.add_column("delivery", sa.Column("reported", _instant))
    op.execute("UPDATE delivery SET reported = created WHERE state = 'dead'")
    op.create_table(
        "gathered",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("body", sa.Text, sa.ForeignKey("body.sha256"), nullable=False),
        sa.Column("created", _instant, nullable=False),
        sa.Column("next_attempt", _instant, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("subscription", sa.Text, nullable=False),
        sa.Column("change_ids", sa.Text, nullable=False),
    )
    op.create_index("gathered_due", "gathered", ["next_attempt"])
    op.create_table(
        "channel",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("failing_since", _instant),
        sa.Column("last_failure", _instant),
        sa.Column("disabled", _instant),
        sa.Column("problem", sa.Text),
    )
