"""Voter lists and what was found on them; the voters themselves are not in this database.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    text, integer = sa.Text, sa.Integer
    op.create_table(
        "daftar_pemilih",
        *(sa.Column(name, text, primary_key=True) for name in ("office", "id")),
        *(sa.Column(name, text, nullable=False) for name in ("election", "jenis", "name", "sha256")),
        *(sa.Column(name, integer, nullable=False) for name in ("baris", "masalah")),
        *(sa.Column(name, text, nullable=False) for name in ("kolom", "disebut", "imported_at", "imported_by")),
        sa.Column("checked_at", text),
        sa.Column("forgotten_at", text),
    )
    op.create_table(
        "temuan",
        sa.Column("id", integer, primary_key=True),
        *(sa.Column(name, text, nullable=False) for name in ("office", "election", "periksa", "orang", "nama")),
        sa.Column("urut", integer, nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("level", "alasan")),
        sa.Column("kebetulan", sa.Float),
        *(sa.Column(name, text, nullable=False) for name in ("kecamatan", "nagari")),
        sa.Column("tps", integer),
        sa.Column("daftar", text, nullable=False),
        sa.Column("baris", integer, nullable=False),
        sa.Column("lawan", text),
        sa.Column("lawan_baris", integer),
        sa.Column("keadaan", text, nullable=False),
        sa.Column("surat", text),
        sa.UniqueConstraint("office", "election", "periksa", "orang", "urut", name="one_finding_per_person"),
    )
    op.create_table(
        "temuan_riwayat",
        sa.Column("id", integer, primary_key=True),
        sa.Column("office", text, nullable=False),
        sa.Column("temuan", integer, sa.ForeignKey("temuan.id"), nullable=False, index=True),
        *(sa.Column(name, text, nullable=False) for name in ("at", "oleh", "keadaan", "catatan")),
        sa.Column("bukti", text, nullable=False, server_default=""),
    )
