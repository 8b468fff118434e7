"""Keeps `stack.json` true: what others may know of this stack."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from standalone.stack.child import Child
from standalone.stack.plan import Plan
from standalone.stack_file import stack_file, write_privately


class State:
    """Rewrites the file whenever there is news. `phase` is starting, ready, restarting or stopping."""

    def __init__(self, plan: Plan) -> None:
        self._file = stack_file(plan.folder)
        self._fixed = {
            "pid": os.getpid(),
            "url": plan.url,
            "rabbitmq_url": plan.rabbitmq_url,
            "redis_url": plan.redis_url,
            "databases": plan.databases,
        }
        self._written = ""
        self.phase = "starting"
        self.rolled = 0

    def write(self, children: Iterable[Child]) -> None:
        told = {child.spec.name: _describe(child) for child in children}
        text = json.dumps({**self._fixed, "phase": self.phase, "rolled": self.rolled, "children": told}, indent=2)
        if text != self._written:
            write_privately(self._file, text)
            self._written = text

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)


def _describe(child: Child) -> dict[str, Any]:
    process = child.process
    return {
        "pid": process.pid if process else 0,
        "kind": child.spec.kind,
        "starts": child.starts,
        "ready": child.is_ready(),
        "health_url": process.health_url if process else child.spec.health_url,
    }
