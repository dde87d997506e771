"""Data files in: every fault with its file, its key and the remedy, all of them at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from tahapan.errors import DataError, Problem
from tahapan.reading import load


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    zona: Literal["WIB", "WITA", "WIT"] = "WIB"
    urut: int = 1


class Book(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    baris: tuple[Row, ...] = Field(min_length=1)


def problems(tmp_path: Path, content: str | bytes) -> tuple[Problem, ...]:
    file = tmp_path / "kantor" / "buku.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as refused:
        load(Book, file)
    return refused.value.problems


def test_a_sound_file_is_read(tmp_path: Path):
    """Also as Windows Notepad saves it: with a byte order mark and CRLF."""
    file = tmp_path / "buku.toml"
    file.write_bytes(b'\xef\xbb\xbf[[baris]]\r\nid = "satu"\r\n')
    assert load(Book, file) == Book(baris=(Row(id="satu"),))


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ('[[baris]]\nid = "satu\n', "baris 2", "TOML rusak"),
        ('[[baris]]\nid = "a"\nid = "b"\n', "baris 3", "dua kali"),
        ('[[baris]]\nid = "a"\nnama = "x"\n', "kunci nama", "tidak dikenal"),
        ("[[baris]]\nurut = 1\n", "kunci id", "wajib ada"),
        ("[[baris]]\nid = 7\n", "kunci id", "harus berupa teks"),
        ('[[baris]]\nid = ""\n', "kunci id", "tidak boleh kosong"),
        ('[[baris]]\nid = "a"\nurut = "satu"\n', "kunci urut", "harus berupa angka bulat"),
        ('[[baris]]\nid = "a"\nzona = "GMT"\n', "kunci zona", "'GMT' tidak dikenal"),
        ("baris = []\n", "kunci baris", "tidak boleh kosong"),
        ("", "kunci baris", "wajib ada"),
        (b"\xff\xfe[\x00", "kantor/buku.toml", "UTF-8"),
    ],
)
def test_a_fault_names_file_place_and_remedy(tmp_path: Path, content: str | bytes, where: str, what: str):
    """One problem, and never the English of the library."""
    [problem] = problems(tmp_path, content)
    assert "kantor/buku.toml" in problem.where and where in problem.where
    assert what in problem.what
    assert problem.remedy
    assert not {"Input", "should", "Expected", "Invalid"} & set(str(problem).split())


def test_all_faults_are_told_at_once(tmp_path: Path):
    """Three in two rows, each with the row it is in."""
    found = problems(tmp_path, '[[baris]]\nid = 1\nzona = "X"\n[[baris]]\nurut = 1\n')
    assert len(found) == 3
    assert [("ke-1" in problem.where, "ke-2" in problem.where) for problem in found] == [
        (True, False), (True, False), (False, True),
    ]  # fmt: skip


def test_a_missing_file_is_named(tmp_path: Path):
    """With its folder, and no traceback of the machine."""
    with pytest.raises(DataError, match=r"kantor/tidak-ada\.toml: berkas tidak ada"):
        load(Book, tmp_path / "kantor" / "tidak-ada.toml")


def test_no_message_shows_where_the_machine_keeps_its_folders(tmp_path: Path):
    """A clerk looks for ``kantor/buku.toml``."""
    assert not any(str(tmp_path) in str(problem) for problem in problems(tmp_path, "rusak"))
