"""An index by which the newest deliveries of a long outbox are found."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the index."""
    op.create_index("delivery_newest", "delivery", ["created"])
