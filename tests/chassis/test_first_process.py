"""A container's first process can be told to go from its first moment on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[2]
FOR_EVER = "import sys, time\nprint('importing', sys.argv[1:], flush=True)\ntime.sleep(600)\n"


def first_process(*words: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "chassis.first_process", *words],
        env={**os.environ, "PYTHONPATH": f"{HERE / 'services'}{os.pathsep}{path}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_what_is_told_to_go_while_it_starts_goes_at_once(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(FOR_EVER)

    with first_process("slow", "web", path=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "importing ['web']\n"
        process.terminate()

        assert process.wait(timeout=10) == 128 + signal.SIGTERM


def test_it_is_the_service_that_speaks(tmp_path: Path) -> None:
    with first_process("order_matching.main", path=tmp_path) as process:
        _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert said.startswith("usage: python -m order_matching.main ")
