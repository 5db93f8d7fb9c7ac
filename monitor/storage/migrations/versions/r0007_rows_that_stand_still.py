"""Since which day a row that is held back has heard nothing of the calendar.

Records from before have none: what days had brought to such a row was kept among its changes, and is compared anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("held", sa.Column("halted", sa.Date))
