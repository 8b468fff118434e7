"""Stand-ins for programs that need a cluster: each notes how it was called; what they answer is a story's own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.operations.words import ROOT

ORDINARY = Path("/usr/bin"), Path("/bin")


@dataclass(frozen=True, slots=True)
class StandIns:
    """Programs in a folder that comes first on the PATH."""

    folder: Path

    @property
    def calls(self) -> list[str]:
        """Every call so far, program and words."""
        noted = self.folder / "calls"
        return noted.read_text().splitlines() if noted.exists() else []

    def add(self, name: str, answers: str = "") -> None:
        """A program that notes its call, then does what the shell lines `answers` say."""
        program = self.folder / name
        program.write_text(f'#!/bin/bash\necho "{name} $*" >>"{self.folder}/calls"\n{answers}\n')
        program.chmod(0o755)

    def run(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one of our scripts among them."""
        path = os.pathsep.join(map(str, (self.folder, Path(sys.executable).parent, *ORDINARY)))
        environment = {"PATH": path, "HOME": str(self.folder), **settings}
        return subprocess.run(
            command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False, timeout=60
        )
