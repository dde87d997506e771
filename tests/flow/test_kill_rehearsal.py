"""Fifty rehearsals killed with SIGKILL and finished: same numbers, same bytes. Without Prefect, and still a minute or two."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

WORKER = Path(__file__).parents[1] / "domain" / "worker.py"
TIMES, SEED = 50, 20240813


def test_fifty_rehearsals_killed_at_random_end_like_undisturbed_ones(what_is_left, tmp_path: Path):
    """Numbers, register, PDFs and journal are those of a run that nobody killed, and no half file is left."""
    command = [sys.executable, WORKER, "kill", tmp_path, str(SEED), str(TIMES)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert len(told["killed"]) == TIMES
    assert told["killed"][0] < told["whole"] / 10 and told["killed"][-1] > told["whole"] / 2  # early and late ones

    undisturbed = what_is_left(tmp_path / "utuh-0")
    assert len(undisturbed[2]) == 2 * 22

    roots = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert [root.name for root in roots if what_is_left(root) != undisturbed] == []
