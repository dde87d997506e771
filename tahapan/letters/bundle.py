"""What a PDF is made of besides its content: words, paper, fonts, logo, renderer - each kept once by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tahapan.store.tables import berkas
from tahapan.store.tables import bundle as bundle_table


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Bundle:
    """``files``: path below the bundle (``kertas/surat.typ``, ``kata/undangan.md.j2``) -> content."""

    renderer: str
    files: Mapping[str, bytes]

    @property
    def manifest(self) -> str:
        hashes = {name: sha256(content) for name, content in sorted(self.files.items())}
        return json.dumps({"renderer": self.renderer, "files": hashes}, sort_keys=True)

    @property
    def hash(self) -> str:
        return sha256(self.manifest.encode())


def keep(connection: sa.Connection, bundle: Bundle) -> str:
    """Store what is not stored yet; the hash of the bundle."""
    known = connection.execute(sa.select(bundle_table.c.sha256).where(bundle_table.c.sha256 == bundle.hash)).first()
    if known:
        return bundle.hash
    have = set(connection.execute(sa.select(berkas.c.sha256)).scalars())
    for content in bundle.files.values():
        if (name := sha256(content)) not in have:
            connection.execute(berkas.insert().values(sha256=name, content=content))
            have.add(name)
    connection.execute(bundle_table.insert().values(sha256=bundle.hash, manifest=bundle.manifest))
    return bundle.hash


def renderer_of(connection: sa.Connection, bundle_hash: str) -> str:
    """The renderer a bundle was made with: ``typst 0.15.2``."""
    return json.loads(_manifest(connection, bundle_hash))["renderer"]


def unpack(connection: sa.Connection, bundle_hash: str, folder: Path) -> None:
    """Write the files of a bundle below ``folder``."""
    for name, digest in json.loads(_manifest(connection, bundle_hash))["files"].items():
        content = connection.execute(sa.select(berkas.c.content).where(berkas.c.sha256 == digest)).scalar_one()
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _manifest(connection: sa.Connection, bundle_hash: str) -> str:
    query = sa.select(bundle_table.c.manifest).where(bundle_table.c.sha256 == bundle_hash)
    return connection.execute(query).scalar_one()
