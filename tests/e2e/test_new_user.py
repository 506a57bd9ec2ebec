"""A new user: a clone in an empty folder, no .venv, one command."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS_MAX = 900
DROPPED = ("VIRTUAL_ENV", "PYTHONPATH", "TEAROFF_DATABASE_URL", "TEAROFF_DATA_DIR", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


@pytest.mark.e2e
def test_the_demo_runs_from_a_fresh_clone_and_proves_itself(tmp_path: Path) -> None:
    clone = tmp_path / "tearoff"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    environ = {name: value for name, value in os.environ.items() if name not in DROPPED} | {"DEMO_EXIT": "1"}
    done = subprocess.run(
        ["make", "demo"], cwd=clone, env=environ, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    last = done.stdout.strip().splitlines()[-1]
    assert last == "demo: events=2000 mails=2000 distinct_codes=2000 profiles=2000 duplicates=0"
