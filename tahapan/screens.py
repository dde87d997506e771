"""What people read on screens, as Markdown: a stage's checklist, the morning brief, a rehearsal's summary."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tahapan import claims, details, journal, morning, register
from tahapan.approval import Asked
from tahapan.checklist import Duty
from tahapan.dates import BULAN, HARI, rentang, tanggal
from tahapan.day import morning as seven
from tahapan.day import standings
from tahapan.elections import Stage
from tahapan.errors import DataError
from tahapan.home import TEMPLATES, Home
from tahapan.laws import Law
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown
from tahapan.letters.sandbox import Sandbox
from tahapan.letters.wording import environment, render
from tahapan.morning import WEEK
from tahapan.outside import Permintaan
from tahapan.plan import PEOPLE_GROUPS, Plan
from tahapan.progress import Standing
from tahapan.register import LetterRow
from tahapan.store.engine import reading
from tahapan.watch import NOTHING, Facts, attention

if TYPE_CHECKING:  # the voter lists bring DuckDB
    from tahapan.voters.findings import Finding
    from tahapan.voters.review import Page

NOT_TOLD: dict[str, Any] = {"rapat_nama": "", "rapat_jam": "", "rapat_tempat": "", "bawa": [], "agenda": []}
# Words of data/sebutan.toml that turn with the calendar; the one to come is named by its short form.
SPOKEN = {"calon_bernomor": "calon_bernomor", "daftar": "daftar_singkat"}


def checklist(home: Home, plan: Plan, stage_id: str, on: dt.date, desk: str, form: str = "") -> str:
    """The checklist of one stage on a day.

    ``desk``: the address under which letters and duties open; ``form``: where the Prefect UI starts *Lengkapi rincian*.
    """
    stage = plan.election.stage(stage_id)
    duties = [duty for duty in plan.duties if duty.stage.id == stage_id]
    rows = standings(home, plan, on, sorted(duties, key=lambda duty: (duty.act_on, duty.order)))
    context = {
        "stage": stage,
        "dasar": [_cited(plan.laws.by_id[law], on) for law in stage.dasar],
        "rows": rows,
        "counts": _counts(rows),
        "missing": [row for row in rows if _wants_details(row, on)],
        "closes_today": stage.closes_at(on),
        "closes": [(day, hour) for day in stage.days if (hour := stage.closes_at(day))],
        "notes": [(row.duty.item.title, note) for row in rows if (note := _note(plan, row.duty, on))],
        "uncertain": _uncertain(plan, rows),
        "chains": _chains(home, plan, rows, on),
        "claims": claims.standing(home, plan, on),
        "findings": _findings(home, plan, duties),
        "form": _form_link(form),
    }
    return _screen("daftar-periksa.md.j2", home, plan, on, desk, context)


def findings(home: Home, plan: Plan, on: dt.date) -> str:
    """What was found on the voter lists and where it stands; counts only."""
    from tahapan.voters import findings as found
    from tahapan.voters import lists, recommendation

    rows = found.all_findings(home, plan)
    there = [each for each in lists.all_kept(home, plan) if not each.forgotten_at]
    duties = [duty for duty in plan.duties if duty.item.letter == recommendation.KIND and duty.item.cermat]
    daftar = lists.latest(there)
    seen = daftar.checked_at if daftar else None
    context = {
        "daftar": daftar,
        "dicermati": dt.datetime.fromisoformat(seen).date() if seen else None,
        "banding": [each for each in there if not each.is_roll],
        "states": [state for state in found.STATES if any(each.stands == state for each in rows)],
        "by_check": found.tally(rows, found.title),
        "by_area": found.tally(rows, lambda each: each.kecamatan),
        "duties": [
            (duty, n)
            for duty in duties
            if (n := len(recommendation.ready(recommendation.concerned(duty, rows), duty.short_key)))
        ],
    }
    return _screen("temuan.md.j2", home, plan, on, "", context)


def nomination(home: Home, plan: Plan, on: dt.date, at: dt.datetime, desk: str) -> str:
    """Who came to register, how far the papers are, what the clocks of the day are."""
    from tahapan.nomination import arrivals, pairs, papers, today

    known = pairs.all_pairs(home, plan)
    context = {
        "lines": [*today.lines(home, plan, on, at)], "rows": arrivals.log(home, plan), "states": papers.KEADAAN,
        "pairs": [(each.isi.nama, papers.tallies(papers.dossier(home, plan, each))) for each in known],
    }  # fmt: skip
    return _screen("pencalonan.md.j2", home, plan, on, desk, context)


def meeting(home: Home, plan: Plan, meeting_id: str, on: dt.date, desk: str) -> str:
    """A meeting: its facts, how far its letters have come, who came by groups, what was decided."""
    from tahapan.rakor import hold, prepare

    now = plan.meetings[meeting_id]
    came = hold.attendance(home, plan, meeting_id)
    context = {
        "id": meeting_id, "rapat": now, "rows": standings(home, plan, on, prepare.duties_of(plan, meeting_id)),
        "invited": len(now.invited(plan.office.directory)), "shares": hold.shares(plan, now, came) if came else (),
        "decided": [*hold.followed_up(home, plan, meeting_id, on)],
    }  # fmt: skip
    return _screen("rapat.md.j2", home, plan, on, desk, context)


def review_form(home: Home, plan: Plan, on: dt.date, page: Page, kecamatan: str) -> str:
    """What stands above the form in which findings are decided on: initials only, no number of a person."""
    from tahapan.voters.findings import title

    def initials(finding: Finding) -> str:
        voter = page.people[finding.id].pemilih
        name = " ".join(f"{word[0]}." for word in str(voter.get("nama") or "").split())
        return f"{name or '–'}, lahir {voter['lahir_tahun']}" if voter.get("lahir_tahun") else name or "–"

    context = {"page": page, "kecamatan": kecamatan, "judul": title, "samar": initials}
    return _screen("periksa.md.j2", home, plan, on, "", context)


def brief(
    home: Home, plan: Plan, on: dt.date, desk: str, *, form: str = "", at: dt.datetime | None = None,
    facts: Facts = NOTHING,
) -> str:  # fmt: skip
    """The morning brief: what needs a look, today's meeting, what is due or must go out, who waits for whom, the week.

    ``facts`` of the machine at the time ``at``; addresses as in `checklist`.
    """
    from tahapan.correspondence import today as post
    from tahapan.nomination import today

    seen = morning.look(home, plan, on)
    book = seen.book

    def note(row: Standing) -> str:
        return _note(plan, row.duty, on)

    def instead(row: Standing) -> str:
        return _instead(plan, row.duty, on)

    def lapsed(row: Standing) -> bool:
        return morning.lapsed(row, on)

    context = {
        "seen": seen,
        "attention": attention(home, plan, on, at or seven(plan, on), seen.asked.values(), facts),
        "pencalonan": [*today.lines(home, plan, on, at or seven(plan, on))],
        "surat_masuk": [*post.lines(home, plan, on)],
        "votes_in": (plan.election.pemungutan_suara - on).days,
        "day_off": plan.kalender.why_off(on),
        "closes": [(stage, hour) for stage in plan.election.stages if (hour := stage.closes_at(on))],
        "events": [stage for stage in plan.election.stages if stage.acara_date == on],
        "running": _running(plan, on),
        "words": [_word(plan, now, coming, on) for now, coming in SPOKEN.items()],
        "laws": [(law, _about(plan, law), _overtaken(book, plan, law)) for law in plan.laws.new_between(on - WEEK, on)],
        "held": [row for row in book if row.state == register.HELD],
        "outside": [row for row in book if row.stage == register.UMUM and row.state in register.UNNUMBERED],
        "meetings": [_meeting(home, plan, row) for row in seen.meetings],
        "messages": morning.messages(plan, seen),
        "head": _journal_head(home, plan),
        "note": note,
        "instead": instead,
        "lapsed": lapsed,
        "form": _form_link(form),
    }
    return _screen("pagi.md.j2", home, plan, on, desk, context)


def _findings(home: Home, plan: Plan, duties: Iterable[Duty]) -> list[tuple[str, dict[str, int], int]]:
    """Of each duty that reports on the voter list: its title, its findings by state, and how many its letter could tell."""
    concerned = [duty for duty in duties if duty.item.cermat]
    if not concerned:
        return []
    from tahapan.voters import findings as found
    from tahapan.voters import recommendation

    rows = found.all_findings(home, plan)
    return [
        (duty.item.title, found.tally(mine, lambda _: "")[""], len(recommendation.ready(mine, duty.short_key)))
        for duty in concerned
        if (mine := recommendation.concerned(duty, rows))
    ]


def _chains(home: Home, plan: Plan, rows: Iterable[Standing], on: dt.date) -> list[tuple[str, str]]:
    """Of each duty whose letter went out: its title, and how far the letter has come."""
    from tahapan.correspondence import chain

    sent = [row for row in rows if row.letter and row.letter.numbered]
    known = chain.chains(home, plan, [row.letter for row in sent if row.letter], on)
    return [
        (row.duty.item.title, words) for row in sent if row.letter and (words := chain.in_words(known[row.letter.id]))
    ]


def _form_link(form: str) -> Callable[[Duty], str]:
    """Where the Prefect UI asks for the details of a duty, its id filled in already; "" without Prefect."""

    def link(duty: Duty) -> str:
        # the UI decodes the parameters once more than a browser does
        return f"{form}?parameters={quote(quote(json.dumps({'butir': duty.short_key})))}" if form else ""

    return link


def _journal_head(home: Home, plan: Plan) -> journal.Head | None:
    """What this brief can later be held against; a rehearsal has nothing to prove."""
    if home.gladi:
        return None
    with reading(home.engine) as connection:
        return journal.head(connection, plan.office.profile.id)


def summary(home: Home, plan: Plan, first: dt.date, last: dt.date) -> str:
    """What a rehearsal came to: its letters in the order of their numbers, and where every duty stands."""
    rows = [row for row in standings(home, plan, last) if row.duty.opens_on <= last]
    rows.sort(key=lambda row: (row.duty.act_on, row.duty.order))
    letters = [row for row in home.book(plan.election.id) if row.ours and row.state != register.REPLACED]
    context = {
        "window": rentang(first, last),
        "letters": letters,
        "rewritten": [row for row in letters if row.note.startswith(register.REWRITTEN)],
        "kinds": {name: file.kind.nama for name, file in home.kinds.items()},
        "recipients": {row.id: recipients(row.content) for row in letters},
        "rows": [row for row in rows if not row.before],
        "counts": _counts(row for row in rows if not row.before),
        "before": [row for row in rows if row.before],
    }
    return _screen("ringkasan.md.j2", home, plan, last, "", context)


def previews(home: Home, plan: Plan, stage_id: str, on: dt.date, desk: str) -> list[tuple[str, str, str]]:
    """Id, subject and Markdown of each letter of the stage that is drafted, or goes out, on that day."""
    shown: list[tuple[str, str, str]] = []
    for row in standings(home, plan, on, [duty for duty in plan.duties if duty.stage.id == stage_id]):
        if row.letter and (row.duty.draft_on or on) <= on <= row.letter.letter_on:
            link = f"[Buka PDF]({desk}/surat/{row.letter.id}.pdf)"
            shown.append((row.letter.id, row.letter.hal, f"{link}\n\n{_words(row.letter)}"))
    return shown


def _words(row: LetterRow) -> str:
    """The words of a letter for the Prefect UI, whose database keeps them: of a confidential one none."""
    letter = Letter.model_validate_json(row.content)
    if letter.confidential:
        return f"*Surat {letter.sifat.lower()}: isinya hanya dibaca di meja surat.*"
    return letter_markdown(letter)


def question(home: Home, plan: Plan, asked: Asked, on: dt.date, desk: str, *, with_code: bool) -> str:
    """What an approver reads above the form: who is asked, what a yes does, what others said, the words."""
    context = {"asked": asked, "with_code": with_code, "surat": _words(asked.row)}
    return _screen("persetujuan.md.j2", home, plan, on, desk, context)


def details_form(home: Home, plan: Plan, duty: Duty, on: dt.date, desk: str) -> str:
    """What stands above the form of a duty's details."""
    missing = details.known(home, plan).missing(home.kinds, duty.item)
    return _screen("rincian.md.j2", home, plan, on, desk, {"duty": duty, "missing": missing})


def recipients(content: str) -> str:
    """To whom, in one line: the office itself up to two, else how many."""
    letter = Letter.model_validate_json(content)
    if not letter.kepada:
        return "–"
    if len(letter.kepada) <= 2:
        return "; ".join(who.jabatan for who in letter.kepada)
    return f"{len(letter.kepada)} {'petugas' if letter.form == 'naskah' else 'penerima'}"


def _counts(rows: Iterable[Standing]) -> dict[str, int]:
    """How many duties are in each state, in the order of the rows."""
    states = [row.state for row in rows]
    return {state: states.count(state) for state in dict.fromkeys(states)}


def _wants_details(row: Standing, on: dt.date) -> bool:
    numbered = row.letter is not None and row.letter.numbered
    return bool(row.missing) and not numbered and not row.before and not morning.lapsed(row, on)


def _running(plan: Plan, on: dt.date) -> list[Stage]:
    """The stages of that day, without the blocks that only hold other stages."""
    blocks = {stage.parent for stage in plan.election.stages}
    return [
        stage
        for stage in plan.election.stages
        if on in stage.days and stage.id not in blocks and stage.keluarga not in ("persiapan", "rapat", "surat-masuk")
    ]


def _word(plan: Plan, name: str, short: str, on: dt.date) -> dict[str, Any]:
    """The word of that day, whether it is new today, and the one to come with its day."""
    past = [(day, word) for day, word in _periods(plan, name) if day <= on]
    coming = [(day, word) for day, word in _periods(plan, short) if day > on]
    return {"kata": past[-1][1], "new": past[-1][0] == on, "next": coming[0] if coming else None}


def _periods(plan: Plan, name: str) -> Iterable[tuple[dt.date, str]]:
    for masa in next(kata for kata in plan.sebutan.kata if kata.nama == name).masa:
        if day := plan.election.milestone(masa.sejak) if masa.sejak else dt.date.min:
            yield day, masa.kata


def _cited(law: Law, on: dt.date) -> str:
    """``PKPU 10/2024``, and whether it is surely in force on that day."""
    return law.singkat if law.force(on) == "berlaku" else f"{law.singkat} ({law.force(on)})"


def _about(plan: Plan, law: Law) -> str:
    """``mengubah PKPU 8/2024``, or what the law is about in a few words."""
    if law.mengubah:
        return f"mengubah {plan.laws.by_id[law.mengubah].singkat}"
    if law.jenis == "Putusan Mahkamah Konstitusi":
        return f"mengenai {law.tentang[0].lower()}{law.tentang[1:]}"
    return f"tentang {', '.join(law.pokok).replace('-', ' ')}"


def _overtaken(book: Iterable[LetterRow], plan: Plan, law: Law) -> list[tuple[LetterRow, LetterRow | None]]:
    """Letters on the law's subjects that went out before it, each with its supplement if it has one."""
    from tahapan.overtaken import overtaking

    assert law.berlaku_paling_lambat
    after = {Permintaan.model_validate_json(row.permintaan).untuk: row for row in book if f"-{law.id}" in row.item}
    return [(row, after.get(row.id)) for row in book if law in overtaking(plan, row, law.berlaku_paling_lambat)]


def _note(plan: Plan, duty: Duty, on: dt.date) -> str:
    """The note of the table; without one, whom to write to instead."""
    return duty.item.catatan or _instead(plan, duty, on)


def _instead(plan: Plan, duty: Duty, on: dt.date) -> str:
    """Whom to write to instead while a group of addressees is still empty (``paslon`` before the penetapan)."""
    day, grup = max(on, duty.letter_on or duty.act_on), plan.office.directory.grup
    empty = [to for to in duty.item.kepada if to not in PEOPLE_GROUPS and not plan.office.directory.is_open(to, day)]
    return " ".join(
        f"{grup[to].nama} baru ada {tanggal(since)}: tulis kepada {_names(plan, duty.item.pengganti.get(to, ()))}."
        for to in empty
        if (since := grup[to].sejak)
    )


def _names(plan: Plan, groups: Iterable[str]) -> str:
    named = [plan.office.directory.grup[to].nama.lower() if to in plan.office.directory.grup else to for to in groups]
    return ", ".join(named) or "yang lain (isi `pengganti`)"


def _uncertain(plan: Plan, rows: Iterable[Standing]) -> dict[str, list[str]]:
    """Law that may not be printed yet, with the duties whose letters wait for it."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.duty.letter_on and row.state in ("terbuka", "berjalan", "menunggu rincian"):
            for remark in plan.uncertain(row.duty, row.duty.letter_on):
                found.setdefault(remark, []).append(row.duty.item.title)
    return found


def _meeting(home: Home, plan: Plan, row: Standing) -> dict[str, Any]:
    kepada = Letter.model_validate_json(row.letter.content).kepada if row.letter else ()
    try:
        told = details.known(home, plan).of(row.duty.item)
    except DataError:  # the duty itself says which file is broken
        told = row.duty.item.isi
    return {
        "row": row,
        "isi": {**NOT_TOLD, **told},
        "invited": len(kepada),
    }


def _screen(template: str, home: Home, plan: Plan, on: dt.date, desk: str, context: dict[str, Any]) -> str:
    base = {
        "on": on,
        "plan": plan,
        "profile": plan.office.profile,
        "peran": {role.id: role.singkat or role.nama for role in plan.office.peran.values()},
        "gladi": home.gladi is not None,
        "desk": desk,
    }
    text = render(_environment(), template, {**base, **context})
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(_single_blanks(lines)).strip() + "\n"


def _single_blanks(lines: Iterable[str]) -> Iterable[str]:
    """Conditions of the templates leave empty lines: never two of them together."""
    last = ""
    for line in lines:
        if line or last:
            yield line
        last = line


@cache
def _environment() -> Sandbox:
    screens = environment(TEMPLATES / "layar")
    screens.filters["singkat"] = _short_day
    screens.filters["ribuan"] = _thousands
    return screens


def _thousands(number: int) -> str:
    """``291.679``."""
    return f"{number:,}".replace(",", ".")


def _short_day(day: dt.date) -> str:
    """``Rab, 21 Agustus``: the year stands in the title."""
    return f"{HARI[day.weekday()][:3]}, {day.day} {BULAN[day.month - 1]}"
