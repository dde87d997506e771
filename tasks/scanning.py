"""What the QR codes of a scan say. Pictures from outside are opened in a process of their own: see `main`."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from signal import SIGINT, SIGTERM
from typing import TYPE_CHECKING

from tahapan.errors import DataError, MachineError, Problem

if TYPE_CHECKING:
    from PIL.Image import Image

    from tahapan.home import Home
    from tahapan.plan import Plan
    from tahapan.scans import Scan

MOST_SECONDS = 120
MOST_MEMORY = 2 << 30
MOST_PAGES = 40  # looked at; the seal stands on every page
MOST_PIXELS = 80_000_000  # of a picture: A3 at 600 dpi
PAGE_PIXELS = 20_000_000  # of a page of a PDF, whatever size it says it has: A3 at 300 dpi
DPI = 300
UNREADABLE = 65  # the child's exit code (EX_DATAERR)


def take_scans(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[Scan, ...]:
    """`tahapan.scans.take_scans`, with real eyes."""
    from tahapan import scans

    return scans.take_scans(home, plan, on, at, read_codes)


def read_codes(path: Path) -> list[str]:
    """The texts of the QR codes on a scan; DataError when it cannot be opened or takes too much to open.

    MachineError when it is no fault of the scan: stopped from outside, a package missing.
    """
    with path.open("rb") as file, suppress(subprocess.TimeoutExpired):
        child = subprocess.run(
            [sys.executable, "-m", "tasks.scanning"], stdin=file, capture_output=True, timeout=MOST_SECONDS, check=False
        )
        if child.returncode == 0:
            return json.loads(child.stdout)
        if (child.returncode > 0 and child.returncode != UNREADABLE) or -child.returncode in (SIGINT, SIGTERM):
            why = child.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise MachineError(Problem("Pembaca QR", f"berhenti sendiri. {why}".strip(), "Jalankan `tahapan doctor`."))
    what = "tidak dapat dibaca: rusak, terpotong, bersandi, atau terlalu besar."
    raise DataError(Problem(path.name, what, "Pindai ulang pada 300 dpi, tanpa sandi."))


def main() -> None:
    """The picture on standard input to texts on standard output.

    Whoever can write to the folder hands a file to large libraries in C: here it can take no more than this process.
    """
    os.nice(10)  # the desk comes first
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        found = [text for picture in _pictures(sys.stdin.buffer.read()) for text in _codes(picture)]
    except ImportError:  # must not look like a damaged scan
        raise
    except Exception:  # noqa: BLE001 - whatever the three make of it
        sys.exit(UNREADABLE)
    json.dump(list(dict.fromkeys(found)), sys.stdout)


def _codes(picture: Image) -> list[str]:
    """Coarse or blurred ones are found at twice the size: ours are 13 mm wide."""
    import zxingcpp

    only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(picture, formats=only)
    if not found and picture.width * picture.height <= PAGE_PIXELS:
        found = zxingcpp.read_barcodes(picture.resize((picture.width * 2, picture.height * 2)), formats=only)
    return [code.text for code in found]


def _pictures(content: bytes) -> Iterator[Image]:
    if content.startswith(b"%PDF-"):
        yield from _pages(content)
        return
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError(picture.size)
        yield picture.convert("L")


def _pages(content: bytes) -> Iterator[Image]:
    import pypdfium2

    if b"%%EOF" not in content[-2048:]:  # pdfium mends what is cut off: pages would be missing from the signed copy
        raise ValueError("cut off")
    with pypdfium2.PdfDocument(content) as document:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            width, height = page.get_size()
            scale = min(DPI / 72, (PAGE_PIXELS / (width * height)) ** 0.5)
            yield page.render(scale=scale, grayscale=True).to_pil()  # pyright: ignore[reportArgumentType]  (float is fine)


if __name__ == "__main__":
    main()
