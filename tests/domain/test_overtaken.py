"""Laws that enter while letters are under way: what was drafted is held, what was sent is supplemented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tahapan import issue, journal, register
from tahapan.day import heed_laws, morning
from tahapan.errors import Refused
from tahapan.home import Home
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown
from tahapan.overtaken import heed
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.revise import renew
from tahapan.store.engine import reading

ELECTION = "pilkada-2024"
KPU = f"{ELECTION}.N05.imbauan-pencalonan-kpu"
DECIDED = dt.date(2024, 8, 20)  # Tuesday: MK 60 and 70/PUU-XXII/2024 read, and in force
AMENDED = dt.date(2024, 8, 25)  # Sunday: PKPU 10/2024 amends PKPU 8/2024
MK_60, MK_70 = "60/PUU-XXII/2024", "70/PUU-XXII/2024"
AMENDMENT = "Peraturan Komisi Pemilihan Umum Nomor 10 Tahun 2024"


def row_of(home: Home, letter_id: str) -> LetterRow:
    with reading(home.engine) as connection:
        return register.letter(connection, home.office.profile.id, letter_id)


def text(row: LetterRow) -> str:
    return letter_markdown(Letter.model_validate_json(row.content))


def drafted_on_the_fifteenth(home: Home) -> Plan:
    plan, day = home.plan(ELECTION), dt.date(2024, 8, 15)
    for key in ("N05.imbauan-pencalonan-kpu", "V12.imbauan-pengumuman-dps"):
        issue.draft(home, plan, plan.duty(key), day, morning(plan, day))
    return plan


def test_a_draft_knows_the_law_of_its_day_only(real_home: Callable[..., Home]):
    """Drafted on 15 August for the 20th: neither the decisions of the 20th nor the amendment of the 25th."""
    home = real_home()
    drafted_on_the_fifteenth(home)

    draft = row_of(home, f"{KPU}.1")

    assert (draft.letter_on, draft.law_on) == (DECIDED, dt.date(2024, 8, 15))
    assert not any(law in text(draft) for law in (MK_60, MK_70, AMENDMENT))


def test_a_law_that_enters_holds_the_drafts_on_its_subject(real_home: Callable[..., Home]):
    """On 20 August the imbauan on nomination is held and says why; the one on the voter list is not."""
    home = real_home()
    plan = drafted_on_the_fifteenth(home)

    assert heed(home, plan, dt.date(2024, 8, 19), morning(plan, dt.date(2024, 8, 19))) == ()
    assert row_of(home, f"{KPU}.1").state == "draf"
    assert heed(home, plan, DECIDED, morning(plan, DECIDED)) == ()

    held = row_of(home, f"{KPU}.1")
    assert held.state == "ditahan"
    assert MK_60 in held.note and MK_70 in held.note and "20 Agustus 2024" in held.note
    assert row_of(home, f"{ELECTION}.V12.imbauan-pengumuman-dps.1").state == "draf"
    with pytest.raises(Refused, match=r"ditahan .*letter renew"):
        issue.approve(home, plan, f"{KPU}.1", DECIDED, "Ketua", morning(plan, DECIDED))


def test_a_held_letter_is_not_approved_even_before_anybody_looked(real_home: Callable[..., Home]):
    """Approval itself sees the law that has entered since the draft was written."""
    home = real_home()
    plan = drafted_on_the_fifteenth(home)
    with pytest.raises(Refused, match=r"60/PUU-XXII/2024 berlaku 20 Agustus 2024"):
        issue.approve(home, plan, f"{KPU}.1", DECIDED, "Ketua", morning(plan, DECIDED))
    assert row_of(home, f"{KPU}.1").nomor is None


def test_written_anew_on_the_26th_it_cites_the_amended_regulation(real_home: Callable[..., Home]):
    """PKPU 8/2024 as amended by PKPU 10/2024, both court decisions, and a number of that day."""
    home = real_home()
    plan, monday = drafted_on_the_fifteenth(home), dt.date(2024, 8, 26)
    at = morning(plan, monday)
    heed_laws(home, plan, monday, at)

    again = renew(home, plan, f"{KPU}.1", "Staf (contoh)", monday, at)

    words = text(again)
    assert again.id == f"{KPU}.2"
    assert "Nomor 8 Tahun 2024 tentang Pencalonan" in words and f"sebagaimana telah diubah dengan {AMENDMENT}" in words
    assert MK_60 in words and MK_70 in words
    assert row_of(home, f"{KPU}.1").state == "direvisi"
    numbered = issue.approve(home, plan, again.id, monday, "Ketua", at)
    assert (numbered.tanggal, numbered.state) == (monday, "disetujui")
    with pytest.raises(Refused, match=r"sudah diganti"):
        renew(home, plan, f"{KPU}.1", "Staf (contoh)", monday, at)


def test_heeding_a_law_twice_changes_nothing(real_home: Callable[..., Home]):
    """One row in the journal for one hold."""
    home = real_home()
    plan = drafted_on_the_fifteenth(home)
    for _ in range(3):
        heed(home, plan, DECIDED, morning(plan, DECIDED))
    with reading(home.engine) as connection:
        rows = connection.execute(journal.jurnal.select().where(journal.jurnal.c.what == "ditahan")).all()
    assert [row.subject for row in rows] == [f"{KPU}.1"]


def test_a_rehearsal_writes_a_held_letter_anew_and_says_so(fortnight: tuple[Home, Plan]):
    """On 20 August both imbauan on nomination: version 1 replaced, version 2 numbered, the reason in its note."""
    home, _ = fortnight
    for duty in ("imbauan-pencalonan-kpu", "imbauan-pencalonan-parpol"):
        old, new = (row_of(home, f"{ELECTION}.N05.{duty}.{n}") for n in (1, 2))
        assert (old.state, old.nomor) == ("direvisi", None)
        assert new.tanggal == DECIDED
        assert new.note.startswith("ditulis ulang") and MK_60 in new.note
        assert MK_60 in text(new) and AMENDMENT not in text(new)


def test_a_letter_sent_before_the_law_gets_a_supplement(fortnight: tuple[Home, Plan]):
    """PKPU 10/2024 of Sunday 25 August: on Monday both imbauan of the 20th have a surat susulan to the same addressees."""
    home, plan = fortnight
    for duty in ("imbauan-pencalonan-kpu", "imbauan-pencalonan-parpol"):
        sent = row_of(home, f"{ELECTION}.N05.{duty}.2")
        later = row_of(home, f"{ELECTION}.umum.susulan-n05-{duty}-pkpu-10-2024.1")
        assert (later.kind, later.tanggal) == ("surat-susulan", dt.date(2024, 8, 26))
        assert later.kepada == sent.kepada
        words = text(later)
        assert sent.nomor and sent.nomor.replace(".", "") in words.replace(".", "").replace("\\", "")
        assert "20 Agustus 2024" in words and "25 Agustus 2024" in words and AMENDMENT in words
        assert later.nomor and later.nomor in row_of(home, sent.id).note
    with reading(home.engine) as connection:
        book = register.letters(connection, plan.office.profile.id)
    assert sum(row.kind == "surat-susulan" for row in book) == 2  # none for surat tugas, requests, invitations


def test_nobody_is_written_to_after_the_stage_is_over(real_home: Callable[..., Home]):
    """An imbauan on the registration (27-29 August) gets no supplement from a law of November."""
    home = real_home()
    plan = home.plan(ELECTION)
    day, november = dt.date(2024, 8, 20), dt.date(2024, 11, 15)
    issue.draft(home, plan, plan.duty("N05.imbauan-netralitas"), day, morning(plan, day))
    issue.approve(home, plan, f"{ELECTION}.N05.imbauan-netralitas.1", day, "Ketua", morning(plan, day))
    assert plan.laws.new_between(day, november)
    heed(home, plan, november, morning(plan, november))
    with reading(home.engine) as connection:
        assert len(register.letters(connection, plan.office.profile.id)) == 1
