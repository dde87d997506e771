"""Entries with their versions: pairs, arrivals, papers, disputes, incidents.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "catatan",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("office", "election", "jenis", "id")),
        sa.Column("versi", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("isi", "at", "oleh")),
        sa.Column("alasan", sa.Text, nullable=False, server_default=""),
    )
