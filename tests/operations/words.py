"""Commands as documents and workflows give them to people: every fenced block, each command of it in one piece."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/operations.md", "k8s/README.md", "charts/stock-exchange/README.md")

_BLOCK = re.compile(r"^( *)```(?:sh|bash|)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks_of(document: str) -> list[str]:
    """The fenced blocks of a document that a person may paste into a shell."""
    return [found[2] for found in _BLOCK.finditer((ROOT / document).read_text())]


def commands_of(document: str) -> list[str]:
    """Every command in them, continued lines joined."""
    text = "\n".join(blocks_of(document)).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip()]


def words_of(command: str) -> list[str]:
    """A simple command's words, comment left out."""
    return shlex.split(command, comments=True)
