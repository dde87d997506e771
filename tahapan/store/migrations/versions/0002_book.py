"""The register as the only book: late inserts, letters written elsewhere or by hand, Word files, signed copies.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Letters numbered before this version have no Word file: their rows keep an empty hash, not none.
    with op.batch_alter_table("surat") as surat:
        surat.drop_constraint("one_place_in_series", type_="unique")
        surat.drop_constraint("number_has_paper", type_="check")
        surat.add_column(sa.Column("sisip", sa.Integer, nullable=False, server_default="0"))
        surat.add_column(sa.Column("docx_sha256", sa.Text))
        surat.add_column(sa.Column("kepada", sa.Text, nullable=False, server_default=""))
        surat.add_column(sa.Column("law_on", sa.Date))
        surat.add_column(sa.Column("naskah", sa.Text, nullable=False, server_default=""))
        surat.add_column(sa.Column("permintaan", sa.Text, nullable=False, server_default=""))
        surat.add_column(sa.Column("asal", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE surat SET docx_sha256 = '' WHERE pdf_sha256 IS NOT NULL")
    with op.batch_alter_table("surat") as surat:
        surat.create_unique_constraint("one_place_in_series", ["office", "seri", "urut", "sisip"])
        surat.create_check_constraint("number_has_day", "(nomor IS NULL) = (tanggal IS NULL)")
        surat.create_check_constraint("number_has_paper", "content = '' OR (nomor IS NULL) = (pdf_sha256 IS NULL)")
        surat.create_check_constraint("paper_in_both_forms", "(pdf_sha256 IS NULL) = (docx_sha256 IS NULL)")
    op.create_table(
        "surat_berkas",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("surat", sa.Text, nullable=False),
        sa.Column("jenis", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("filed_on", sa.Date, nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
    )
