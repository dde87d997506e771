"""A roll and its deaths from another hand than `tahapan.voters.sample`: other names, other noise, other columns."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from random import Random

_FIRST = [
    "SLAMET",
    "BAMBANG",
    "SUGENG",
    "SUTRISNO",
    "SUPARNO",
    "WAGIMIN",
    "PARDI",
    "TUKIMIN",
    "SUKARNO",
    "HARTONO",
    "WAHYU",
    "EKO",
    "DWI",
    "TRI",
    "AGUS",
    "BUDI",
    "JOKO",
    "SRI",
    "SITI",
    "ENDANG",
    "SUMARNI",
    "WARSINI",
    "PARTINI",
    "TUMINAH",
    "SULASTRI",
    "NING",
    "LESTARI",
    "RETNO",
    "WULAN",
    "RATNA",
    "UTAMI",
    "ASEP",
    "DEDE",
    "UJANG",
    "CECEP",
    "IWAN",
    "AAN",
    "LILIS",
    "NENENG",
    "EUIS",
    "IIS",
    "TATI",
    "ENTIN",
    "TOGAR",
    "PARLIN",
    "SAHAT",
    "MANGASI",
    "ROULI",
    "TIURMA",
    "HOTMA",
    "SONDANG",
    "LAMRIA",
    "BINSAR",
]
_LAST = [
    "SETIAWAN",
    "PRASETYO",
    "WIBOWO",
    "NUGROHO",
    "SANTOSO",
    "HIDAYAT",
    "KURNIAWAN",
    "SUSANTO",
    "RAHARJO",
    "WIJAYA",
    "PUTRA",
    "PUTRI",
    "LESTARI",
    "HANDAYANI",
    "RAHAYU",
    "WAHYUNI",
    "ASTUTI",
    "NINGSIH",
    "SURYANI",
    "HERMAWAN",
    "GUNAWAN",
    "SUPRIATNA",
    "SUHERMAN",
    "KOMARIAH",
    "SITUMORANG",
    "SIMANJUNTAK",
    "NABABAN",
    "PANJAITAN",
    "HUTAGALUNG",
    "SIAHAAN",
    "MANURUNG",
    "SIREGAR",
]
_VILLAGES = [f"{start}{end}" for start in ("KARANG", "SUMBER", "BANJAR", "WONO", "SUKA", "CI", "PAGAR", "TANJUNG")
             for end in ("REJO", "SARI", "JAYA", "MULYO", "HARJO", "MAJU", "ASRI", "TIRTA")]  # fmt: skip
_READ_WRONG = {"O": "0", "I": "1", "N": "M", "U": "V", "E": "F", "A": "4", "S": "5", "B": "8", "RN": "M"}


def make(folder: Path, voters: int, deaths: int, seed: int) -> set[tuple[str, str]]:
    """``daftar.csv`` and ``mati.csv`` in the folder; the true pairs: number of the death record, id of the voter."""
    rng = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    people = [_person(rng, n) for n in range(1, voters + 1)]
    with (folder / "daftar.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(
            ["DP_ID", "NO. KK", "NO. KTP", "NAMA LENGKAP", "TGL. LAHIR", "L/P", "KELURAHAN/DESA", "KEC.", "TPS"]
        )
        for p in people:
            writer.writerow(
                [p["id"], "", p["nik"], p["nama"], f"{p['lahir']:%d|%m|%Y}", p["jk"], p["desa"], p["kec"], p["tps"]]
            )
    true: set[tuple[str, str]] = set()
    with (folder / "mati.csv").open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(
            ["Meninggal Tgl", "Desa", "Kecamatan", "Kelamin", "Lahir", "Nama Almarhum", "NIK", "Nomor Surat"]
        )
        for n, voter in enumerate(rng.sample(people, deaths), 1):
            p = voter
            number = f"474.3/{n}/2024"
            if rng.random() < 0.2:  # somebody who is not on the roll, half of them with the name of one who is
                name = p["nama"] if rng.random() < 0.5 else _name(rng)
                p = {**_person(rng, 10**7 + n), "nama": name}
            else:
                true.add((number, p["id"]))
            writer.writerow(_record(rng, p, number))
    return true


def _name(rng: Random) -> str:
    if rng.random() < 0.25:
        return rng.choice(_FIRST)
    return " ".join([rng.choice(_FIRST), *rng.sample(_LAST, rng.choice((1, 1, 1, 2)))])


def _person(rng: Random, n: int) -> dict:
    village = rng.randrange(len(_VILLAGES))
    born = dt.date(1930, 1, 1) + dt.timedelta(days=int(rng.triangular(0, 28_000, 18_000)))
    sex = rng.choice("LP")
    day = born.day + 40 * (sex == "P")
    area = (
        f"3309{1 + village // 6:02}"
        if rng.random() < 0.9
        else f"3{rng.randrange(1, 6)}0{rng.randrange(1, 9)}{rng.randrange(1, 15):02}"
    )
    nik = f"{area}{day:02}{born:%m%y}{n % 9000 + 1:04}"
    return {"id": str(n), "nik": nik, "nama": _name(rng), "lahir": born, "jk": sex, "desa": _VILLAGES[village],
            "kec": f"KECAMATAN {1 + village // 6}", "tps": 1 + rng.randrange(12)}  # fmt: skip


def _record(rng: Random, p: dict, number: str) -> list[str]:
    """As a village clerk types it: no NIK in four of ten, scanned letters, words dropped, Indonesian dates."""
    name, day, village = p["nama"], f"{p['lahir']:%d-%m-%Y}", p["desa"].title()
    if rng.random() < 0.12:
        wrong = rng.choice([key for key in _READ_WRONG if key in name] or ["A"])
        name = name.replace(wrong, _READ_WRONG[wrong] if _READ_WRONG[wrong].isalpha() else "", 1) or name
    if rng.random() < 0.10 and " " in name:
        name = " ".join(name.split()[:-1]) + " " + name.split()[-1][0]
    if rng.random() < 0.15:
        name = f"Alm. {name.title()}"
    if rng.random() < 0.05:
        day = f"{p['lahir']:%Y}"
    elif rng.random() < 0.04 and p["lahir"].day <= 12:
        day = f"{p['lahir']:%m-%d-%Y}"
    if rng.random() < 0.2:
        village = f"Ds. {village}"
    nik = "" if rng.random() < 0.4 else p["nik"]
    if nik and rng.random() < 0.04:
        place = rng.randrange(12, 16)
        nik = nik[:place] + str((int(nik[place]) + 1) % 10) + nik[place + 1 :]
    died = dt.date(2024, 1, 1) + dt.timedelta(days=rng.randrange(220))
    return [f"{died:%d/%m/%Y}", village, p["kec"].title(), p["jk"], day, name, nik, number]
