"""Under 17 on voting day and never married."""

from __future__ import annotations

from tahapan.voters.checks.check import Given

AGE = 17


def under_age(given: Given) -> str:
    """A voter is 17 on voting day, or is or was married (UU 10/2016 Ps 1 and 56, DOMAIN 4.1); code 3.

    A list that does not say who is married gives level C: then nobody knows.
    """
    first = given.on.replace(year=given.on.year - AGE)
    return f"""
        SELECT baris, NULL::BIGINT AS lawan, CASE WHEN kawin = 'B' THEN 'A' ELSE 'C' END AS level,
               'lahir ' || strftime(lahir, '%d-%m-%Y') || ', belum 17 tahun pada hari pemungutan suara; '
               || CASE WHEN kawin = 'B' THEN 'belum kawin' ELSE 'status kawin tidak tertulis' END AS alasan,
               NULL::DOUBLE AS kebetulan
        FROM {given.daftar} WHERE lahir > DATE '{first.isoformat()}' AND coalesce(kawin, 'B') = 'B'
    """
