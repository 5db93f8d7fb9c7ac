"""On which page a kept one rests, and which pages are no longer kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns; what is there rests on nothing. The index holds only what is no longer kept."""
    op.add_column("document", sa.Column("base", sa.Text))
    op.add_column("document", sa.Column("forgotten", sa.DateTime(timezone=True)))
    op.add_column("document", sa.Column("removed", sa.DateTime(timezone=True)))
    gone = sa.text("forgotten IS NOT NULL")
    op.create_index("document_forgotten", "document", ["sha256"], sqlite_where=gone, postgresql_where=gone)
