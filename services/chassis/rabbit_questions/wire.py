"""What the asking and the answering side must spell alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

ANSWERED = "answered"
FAILED = "failed"
"""The type of a reply: its body is the answer, or there will be none."""

JSON = "application/json"


def queue_of(question: str) -> str:
    """The queue that every process answering this question reads."""
    return f"questions.{question}"


def encode(words: Mapping[str, Any]) -> bytes:
    """JSON; TypeError for what is none."""
    return json.dumps(words, separators=(",", ":")).encode()


def decode(body: bytes) -> dict[str, Any]:
    """An object of JSON; ValueError for anything else."""
    words = json.loads(body)
    if not isinstance(words, dict):
        raise ValueError("not a JSON object")  # what came is wrong, not a type of ours
    return words
