"""The tables of one installation; ``office`` is a column of every table of records."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

duty = sa.Table(
    "duty",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("election", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # terbuka | selesai | dibatalkan
    sa.Column("finished_on", sa.Date),
    sa.Column("finished_by", sa.Text),
    sa.Column("claimed_by", sa.Text),  # who works on it, so that two clerks do not write one letter
    sa.Column("claimed_at", sa.Text),  # ISO, with offset
    sa.UniqueConstraint("office", "election", "stage", "item", "due", name="one_duty_per_day"),
)

duty_unit = sa.Table(
    "duty_unit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("duty", sa.Integer, sa.ForeignKey("duty.id"), nullable=False),
    sa.Column("unit", sa.Text, nullable=False),  # code of a district, village or polling place; id of an addressee
    sa.Column("finished_on", sa.Date, nullable=False),
    sa.Column("finished_by", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("duty", "unit", name="one_tick_per_unit"),
)

rincian = sa.Table(
    "rincian",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("election", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("isi", sa.Text, nullable=False),  # JSON: field id -> value, what a form was filled in with
    sa.Column("filled_at", sa.Text, nullable=False),
    sa.Column("filled_by", sa.Text, nullable=False),
)

surat = sa.Table(
    "surat",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),  # key of the duty and version
    sa.Column("election", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("letter_on", sa.Date, nullable=False),
    sa.Column("klas", sa.Text, nullable=False),
    sa.Column("hal", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # Letter as JSON; empty for what was written elsewhere
    sa.Column("seri", sa.Text),  # what the number is counted in
    sa.Column("urut", sa.Integer),
    sa.Column("sisip", sa.Integer, nullable=False, server_default="0"),  # late insert: the 1 of 012.1
    sa.Column("nomor", sa.Text),
    sa.Column("tanggal", sa.Date),
    sa.Column("approved_by", sa.Text),
    sa.Column("bundle", sa.Text),
    sa.Column("pdf_sha256", sa.Text),
    sa.Column("docx_sha256", sa.Text),
    sa.Column("note", sa.Text, nullable=False, server_default=""),  # "perlu ralat: ...", why void
    sa.Column("kepada", sa.Text, nullable=False, server_default=""),  # the addressees in words, for search and book
    sa.Column("law_on", sa.Date),  # the day whose law the text was written with
    sa.Column("naskah", sa.Text, nullable=False, server_default=""),  # words changed by a person, as JSON
    sa.Column("permintaan", sa.Text, nullable=False, server_default=""),  # a letter outside the checklist, as JSON
    sa.Column("asal", sa.Text, nullable=False, server_default=""),  # number from elsewhere: luar | impor
    sa.Column("penulis", sa.Text, nullable=False, server_default=""),  # the person who wrote it; "" for the machine
    sa.Column("diajukan_at", sa.Text),  # ISO, with offset: since when it waits for its first approver
    sa.Column("cari_nomor", sa.Text, nullable=False, server_default=""),  # what a search reads (tahapan.folding)
    sa.Column("cari_kepada", sa.Text, nullable=False, server_default=""),
    sa.Column("cari_kata", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("office", "election", "stage", "item", "version", name="one_letter_per_version"),
    sa.UniqueConstraint("office", "nomor", name="one_letter_per_number"),
    sa.UniqueConstraint("office", "seri", "urut", "sisip", name="one_place_in_series"),
    sa.Index("letters_by_day", "office", "letter_on", "stage", "item", "version", "state"),  # counts without the rows
    sa.CheckConstraint("(urut IS NULL) = (nomor IS NULL)", name="number_whole"),
    sa.CheckConstraint("(nomor IS NULL) = (tanggal IS NULL)", name="number_has_day"),
    sa.CheckConstraint("content = '' OR (nomor IS NULL) = (pdf_sha256 IS NULL)", name="number_has_paper"),
    sa.CheckConstraint("(pdf_sha256 IS NULL) = (docx_sha256 IS NULL)", name="paper_in_both_forms"),
)

surat_berkas = sa.Table(
    "surat_berkas",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("surat", sa.Text, nullable=False),
    sa.Column("jenis", sa.Text, nullable=False),  # asli (written elsewhere) | ttd (signed)
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("filed_on", sa.Date, nullable=False),
    sa.Column("filed_by", sa.Text, nullable=False),
)

berkas = sa.Table(
    "berkas",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

bundle = sa.Table(
    "bundle",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("manifest", sa.Text, nullable=False),  # JSON: file name -> sha256, and the renderer
)

bukti = sa.Table(
    "bukti",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("duty", sa.Integer, sa.ForeignKey("duty.id"), nullable=False),
    sa.Column("unit", sa.Text, nullable=False, server_default=""),  # of a duty done unit by unit
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("filed_on", sa.Date, nullable=False),
    sa.Column("filed_by", sa.Text, nullable=False),
)

putusan = sa.Table(
    "putusan",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("surat", sa.Text, nullable=False),
    sa.Column("teks", sa.Text, nullable=False),  # sha256 of the words that were read
    sa.Column("langkah", sa.Integer, nullable=False),  # place in the chain of approvers, from 0
    sa.Column("peran", sa.Text, nullable=False),
    sa.Column("nama", sa.Text, nullable=False),
    sa.Column("keputusan", sa.Text, nullable=False),  # setuju | revisi | tolak
    sa.Column("catatan", sa.Text, nullable=False),
    sa.Column("cara", sa.Text, nullable=False),  # prefect | meja | perintah | luar
    sa.Column("kode", sa.Boolean, nullable=False),  # whether a one-time code was given
    sa.Column("at", sa.Text, nullable=False),  # ISO, with offset: when it was decided
    sa.Column("dicatat_oleh", sa.Text, nullable=False, server_default=""),  # of a decision taken elsewhere
    sa.Column("bukti", sa.Text, nullable=False, server_default=""),  # its picture: sha256
    sa.UniqueConstraint("office", "surat", "teks", "langkah", name="one_decision_per_step"),
)

percobaan = sa.Table(
    "percobaan",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),  # of the form that was answered: the same answer again counts once
    sa.Column("surat", sa.Text, nullable=False),
    sa.Column("langkah", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("alasan", sa.Text, nullable=False),  # why it was not taken
)

kode = sa.Table(
    "kode",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("nama", sa.Text, primary_key=True),
    sa.Column("rahasia", sa.Text, nullable=False),  # TOTP secret, encrypted with the key file of the home
    sa.Column("enrolled_at", sa.Text, nullable=False),
    sa.Column("last_step", sa.Integer, nullable=False, server_default="0"),  # of 30 s: a code works once
    sa.Column("wrong", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked_until", sa.Text),
)

tautan = sa.Table(
    "tautan",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),  # of the token; the token itself is shown once
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("nama", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("until", sa.Text, nullable=False),
    sa.Column("opened_at", sa.Text),
    sa.Column("browser", sa.Text, nullable=False, server_default=""),  # sha256 of the cookie of who opened it first
)

pengingat = sa.Table(
    "pengingat",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),  # a duty or a letter
    sa.Column("what", sa.Text, primary_key=True),  # the rung of the ladder
    sa.Column("on", sa.Date, primary_key=True),
    sa.Column("to", sa.Text, nullable=False),
)

acara = sa.Table(
    "acara",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("election", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("moment", sa.Text, nullable=False),  # ISO date or local date and hour
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("set_on", sa.Date, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
)

daftar_pemilih = sa.Table(
    "daftar_pemilih",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),  # dps-1; its rows are in the file of voters, not here
    sa.Column("election", sa.Text, nullable=False),
    sa.Column("jenis", sa.Text, nullable=False),  # dps | dpshp | dpt, or the reason that a list is held against it for
    sa.Column("name", sa.Text, nullable=False),  # of the file it came from
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("baris", sa.Integer, nullable=False),
    sa.Column("masalah", sa.Integer, nullable=False),
    sa.Column("kolom", sa.Text, nullable=False),  # JSON: column -> heading, as it was read
    sa.Column("disebut", sa.Text, nullable=False),  # JSON: the same, where a person had to say it
    sa.Column("imported_at", sa.Text, nullable=False),
    sa.Column("imported_by", sa.Text, nullable=False),
    sa.Column("checked_at", sa.Text),  # of a voter list: when it was last examined
    sa.Column("forgotten_at", sa.Text),  # its rows are gone
)

temuan = sa.Table(
    "temuan",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("election", sa.Text, nullable=False),
    sa.Column("periksa", sa.Text, nullable=False),  # the check that found it
    sa.Column("orang", sa.Text, nullable=False),  # who, as a hash under the key of the home: by NIK where there is one
    sa.Column("nama", sa.Text, nullable=False),  # the same by name, birth and village
    sa.Column("urut", sa.Integer, nullable=False),  # the same person standing more than once
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("alasan", sa.Text, nullable=False),
    sa.Column("kebetulan", sa.Float),
    sa.Column("kecamatan", sa.Text, nullable=False),
    sa.Column("nagari", sa.Text, nullable=False),
    sa.Column("tps", sa.Integer),
    sa.Column("daftar", sa.Text, nullable=False),  # the latest list it stands on, and its row there
    sa.Column("baris", sa.Integer, nullable=False),
    sa.Column("lawan", sa.Text),  # the list it was held against, and the row
    sa.Column("lawan_baris", sa.Integer),
    sa.Column("keadaan", sa.Text, nullable=False),
    sa.Column("surat", sa.Text),  # the duty whose letter tells it to KPU: V10.saran-perbaikan-dps
    sa.UniqueConstraint("office", "election", "periksa", "orang", "urut", name="one_finding_per_person"),
)

temuan_riwayat = sa.Table(
    "temuan_riwayat",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("temuan", sa.Integer, sa.ForeignKey("temuan.id"), nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),  # ISO, with offset
    sa.Column("oleh", sa.Text, nullable=False),
    sa.Column("keadaan", sa.Text, nullable=False),  # what it came to
    sa.Column("catatan", sa.Text, nullable=False),
    sa.Column("bukti", sa.Text, nullable=False, server_default=""),
)

catatan = sa.Table(
    "catatan",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("election", sa.Text, primary_key=True),
    sa.Column("jenis", sa.Text, primary_key=True),  # pasangan | kedatangan | berkas | sengketa | kejadian
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("versi", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("isi", sa.Text, nullable=False),  # JSON; the newest version counts, the others stay
    sa.Column("at", sa.Text, nullable=False),  # ISO, with offset
    sa.Column("oleh", sa.Text, nullable=False),
    sa.Column("alasan", sa.Text, nullable=False, server_default=""),  # why it differs from the version before
)

kirim = sa.Table(
    "kirim",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("surat", sa.Text, nullable=False),
    sa.Column("penerima", sa.Text, nullable=False),  # id of the addressee
    sa.Column("jabatan", sa.Text, nullable=False),  # as the letter of that day calls it
    sa.Column("tembusan", sa.Boolean, nullable=False),  # gets the letter for information
    sa.Column("cara", sa.Text, nullable=False),  # surel | cetak
    sa.Column("alamat", sa.Text, nullable=False),  # the mailbox, as it was when the letter was put here
    sa.Column("rute", sa.Text, nullable=False),  # with whom it is brought round
    sa.Column("pesan", sa.Text, nullable=False),  # Message-ID: one for each letter and mailbox
    sa.Column("keadaan", sa.Text, nullable=False),  # antre | mengirim | terkirim | gagal | tidak pasti | batal
    sa.Column("percobaan", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lanjut_at", sa.Text),  # not before: ISO in UTC
    sa.Column("at", sa.Text, nullable=False),  # of the state it is in: ISO, with offset
    sa.Column("oleh", sa.Text, nullable=False),
    sa.Column("catatan", sa.Text, nullable=False, server_default=""),  # what the server said, who decided and why
    sa.Column("uji_at", sa.Text),  # when it went to the test address
    sa.Column("diterima_on", sa.Date),
    sa.Column("diterima_oleh", sa.Text, nullable=False, server_default=""),  # who signed for it there
    sa.Column("bukti", sa.Text, nullable=False, server_default=""),  # its picture: sha256
    sa.Column("nama_bukti", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("office", "surat", "penerima", name="one_copy_per_addressee"),
    sa.Index("copies_by_state", "office", "keadaan", "cara"),
)

jurnal = sa.Table(
    "jurnal",
    metadata,
    sa.Column("office", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),  # ISO, with offset
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),  # JSON
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
