"""People in the loop: decisions, codes, personal links, details from forms, claims, units, reminders.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tahapan.folding import folded

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    text, integer = sa.Text, sa.Integer
    with op.batch_alter_table("duty") as duty:
        duty.add_column(sa.Column("claimed_by", text))
        duty.add_column(sa.Column("claimed_at", text))
    with op.batch_alter_table("bukti") as bukti:
        bukti.add_column(sa.Column("unit", text, nullable=False, server_default=""))
    with op.batch_alter_table("surat") as surat:
        surat.add_column(sa.Column("penulis", text, nullable=False, server_default=""))
        surat.add_column(sa.Column("diajukan_at", text))
        for name in _FOLDED:
            surat.add_column(sa.Column(name, text, nullable=False, server_default=""))
        surat.create_index("letters_by_day", ["office", "letter_on", "stage", "item", "version", "state"])
    _fold()
    op.create_table(
        "duty_unit",
        sa.Column("id", integer, primary_key=True),
        sa.Column("office", text, nullable=False),
        sa.Column("duty", integer, sa.ForeignKey("duty.id"), nullable=False),
        sa.Column("unit", text, nullable=False),
        sa.Column("finished_on", sa.Date, nullable=False),
        sa.Column("finished_by", text, nullable=False),
        sa.Column("note", text, nullable=False, server_default=""),
        sa.UniqueConstraint("duty", "unit", name="one_tick_per_unit"),
    )
    op.create_table(
        "rincian",
        *(sa.Column(name, text, primary_key=True) for name in ("office", "election", "stage", "item")),
        *(sa.Column(name, text, nullable=False) for name in ("isi", "filled_at", "filled_by")),
    )
    op.create_table(
        "putusan",
        sa.Column("id", integer, primary_key=True),
        sa.Column("office", text, nullable=False),
        sa.Column("surat", text, nullable=False),
        sa.Column("teks", text, nullable=False),
        sa.Column("langkah", integer, nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("peran", "nama", "keputusan", "catatan", "cara")),
        sa.Column("kode", sa.Boolean, nullable=False),
        sa.Column("at", text, nullable=False),
        sa.Column("dicatat_oleh", text, nullable=False, server_default=""),
        sa.Column("bukti", text, nullable=False, server_default=""),
        sa.UniqueConstraint("office", "surat", "teks", "langkah", name="one_decision_per_step"),
    )
    op.create_table(
        "percobaan",
        sa.Column("office", text, primary_key=True),
        sa.Column("id", text, primary_key=True),
        sa.Column("surat", text, nullable=False),
        sa.Column("langkah", integer, nullable=False),
        sa.Column("at", text, nullable=False),
        sa.Column("alasan", text, nullable=False),
    )
    op.create_table(
        "kode",
        sa.Column("office", text, primary_key=True),
        sa.Column("nama", text, primary_key=True),
        sa.Column("rahasia", text, nullable=False),
        sa.Column("enrolled_at", text, nullable=False),
        sa.Column("last_step", integer, nullable=False, server_default="0"),
        sa.Column("wrong", integer, nullable=False, server_default="0"),
        sa.Column("locked_until", text),
    )
    op.create_table(
        "tautan",
        sa.Column("sha256", text, primary_key=True),
        *(sa.Column(name, text, nullable=False) for name in ("office", "nama", "made_at", "made_by", "until")),
        sa.Column("opened_at", text),
        sa.Column("browser", text, nullable=False, server_default=""),
    )
    op.create_table(
        "pengingat",
        *(sa.Column(name, text, primary_key=True) for name in ("office", "subject", "what")),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("to", text, nullable=False),
    )


_FOLDED = ("cari_nomor", "cari_kepada", "cari_kata")


def _fold() -> None:
    """The letters there are become findable."""
    names = ("office", "id", "nomor", "hal", "kepada", "content")
    surat = sa.table("surat", *(sa.column(name) for name in (*names, *_FOLDED)))
    connection = op.get_bind()
    for row in connection.execute(sa.select(*(surat.c[name] for name in names))).all():
        values = folded(row.nomor, row.hal, row.kepada, row.content)
        connection.execute(surat.update().where(surat.c.office == row.office, surat.c.id == row.id).values(**values))
