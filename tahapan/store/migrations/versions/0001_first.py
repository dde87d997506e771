"""The first tables, and a journal that can only grow.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("election", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("finished_on", sa.Date),
        sa.Column("finished_by", sa.Text),
        sa.UniqueConstraint("office", "election", "stage", "item", "due", name="one_duty_per_day"),
    )
    op.create_table(
        "surat",
        sa.Column("office", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("election", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("letter_on", sa.Date, nullable=False),
        sa.Column("klas", sa.Text, nullable=False),
        sa.Column("hal", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("seri", sa.Text),
        sa.Column("urut", sa.Integer),
        sa.Column("nomor", sa.Text),
        sa.Column("tanggal", sa.Date),
        sa.Column("approved_by", sa.Text),
        sa.Column("bundle", sa.Text),
        sa.Column("pdf_sha256", sa.Text),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("office", "election", "stage", "item", "version", name="one_letter_per_version"),
        sa.UniqueConstraint("office", "nomor", name="one_letter_per_number"),
        sa.UniqueConstraint("office", "seri", "urut", name="one_place_in_series"),
        sa.CheckConstraint("(urut IS NULL) = (nomor IS NULL)", name="number_whole"),
        sa.CheckConstraint("(nomor IS NULL) = (pdf_sha256 IS NULL)", name="number_has_paper"),
    )
    op.create_table(
        "berkas",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "bundle",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("manifest", sa.Text, nullable=False),
    )
    op.create_table(
        "bukti",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("duty", sa.Integer, sa.ForeignKey("duty.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("filed_on", sa.Date, nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
    )
    op.create_table(
        "acara",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("election", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("moment", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("set_on", sa.Date, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
    )
    op.create_table(
        "jurnal",
        sa.Column("office", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    _only_grows("jurnal")


def _only_grows(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()"
    )
