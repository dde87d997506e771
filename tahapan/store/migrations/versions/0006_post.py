"""The outbox: the copies of letters that leave, and what became of each.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXTS = ("office", "surat", "penerima", "jabatan", "cara", "alamat", "rute", "pesan", "keadaan", "at", "oleh")


def upgrade() -> None:
    op.create_table(
        "kirim",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in _TEXTS),
        sa.Column("tembusan", sa.Boolean, nullable=False),
        sa.Column("percobaan", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lanjut_at", sa.Text),
        sa.Column("uji_at", sa.Text),
        sa.Column("diterima_on", sa.Date),
        *(
            sa.Column(name, sa.Text, nullable=False, server_default="")
            for name in ("catatan", "diterima_oleh", "bukti", "nama_bukti")
        ),
        sa.UniqueConstraint("office", "surat", "penerima", name="one_copy_per_addressee"),
    )
    op.create_index("copies_by_state", "kirim", ["office", "keadaan", "cara"])
