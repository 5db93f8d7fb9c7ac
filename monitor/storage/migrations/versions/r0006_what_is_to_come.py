"""What each page leaves to the calendar, beside the reading that it was worked out from.

Records from before have none: each page's is worked out, from the page as it is stored, when a day has begun.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "outlook",
        sa.Column("treaty", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("reading", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outlook", sa.Text, nullable=False),
    )
