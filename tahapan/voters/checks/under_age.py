"""Under 17 on voting day and never married."""

from __future__ import annotations

import datetime as dt

from tahapan.voters.checks.check import Given

AGE = 17


def born_until(on: dt.date) -> dt.date:
    """The last birthday of those who are 17 on voting day; who is born on 29 February is so on the day itself."""
    return on.replace(year=on.year - AGE)


def under_age(given: Given) -> str:
    """A voter is 17 on voting day, or is or was married (UU 10/2016 Ps 1 and 56, DOMAIN 4.1); code 3.

    A list that does not say who is married gives level C: then nobody knows.
    """
    return f"""
        SELECT baris, NULL::BIGINT AS lawan, CASE WHEN kawin = 'B' THEN 'A' ELSE 'C' END AS level,
               'lahir ' || strftime(lahir, '%d-%m-%Y') || ', belum 17 tahun pada hari pemungutan suara; '
               || CASE WHEN kawin = 'B' THEN 'belum kawin' ELSE 'status kawin tidak tertulis' END AS alasan,
               NULL::DOUBLE AS kebetulan
        FROM {given.daftar} WHERE lahir > DATE '{born_until(given.on).isoformat()}' AND coalesce(kawin, 'B') = 'B'
    """
