"""Recipients who have left a subscription by the link in a mail, and those who came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "departure",
        sa.Column("id", _number, primary_key=True),
        sa.Column("subscription", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("receiver", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone", sa.Integer, nullable=False),
    )
    op.create_index("departure_of", "departure", ["subscription", "receiver"])
