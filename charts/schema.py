"""Writes `values.schema.json` from `values.yaml`: `python charts/schema.py`; with `--check` only says if they differ.

A value's type is that of its default, and what it means is the comment above it that starts with `# --`. A map takes
the keys that it has there and no others. A line `# @schema key: value, ...` adds to that, or says otherwise.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

CHART = Path(__file__).resolve().parent / "stock-exchange"
TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
TEXT = {"type": "string"}
DEFINITIONS = {
    "image": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "registry": TEXT,
            "repository": {"type": "string", "minLength": 1},
            "tag": TEXT,
            "pullPolicy": {"enum": ["", "Always", "IfNotPresent", "Never"]},
        },
    },
    "persistence": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "enabled": {"type": "boolean", "description": "Keep it in a claim."},
            "size": {"type": "string", "description": "How large the claim is."},
            "storageClass": {"type": "string", "description": "Its StorageClass; the cluster's default if empty."},
            "existingClaim": {"type": "string", "description": "A claim that is there already, in place of a new one."},
        },
    },
}
"""What several values have in common."""

Schema = dict[str, Any]


def schema(text: str) -> Schema:
    """The JSON schema (draft 7, as Helm reads it) of a chart's values.yaml."""
    lines = text.splitlines()
    root = _of(yaml.compose(text, Loader=yaml.SafeLoader), lines, {})
    root["properties"]["global"] = {"type": "object", "description": "What Helm hands to a chart within a chart."}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **root, "definitions": DEFINITIONS}


def _of(node: yaml.Node, lines: list[str], said: Schema) -> Schema:
    """The schema of a value; `said` is what the comment above it adds."""
    if "$ref" in said:
        return said
    if isinstance(node, yaml.MappingNode):
        return {"type": "object", **_keys(node, lines, said), **said}
    if isinstance(node, yaml.SequenceNode):
        return {"type": "array", **said}
    return {"type": TYPES[node.tag.rpartition(":")[2]], **said}


def _keys(node: yaml.MappingNode, lines: list[str], said: Schema) -> Schema:
    if "additionalProperties" in said or not node.value:
        return {}
    found = {key.value: _of(value, lines, _said_above(key.start_mark, lines)) for key, value in node.value}
    return {"additionalProperties": False, "properties": found}


def _said_above(mark: yaml.Mark, lines: list[str]) -> Schema:
    """What the comment directly above a key says; nothing for a key amid its line."""
    if lines[mark.line][: mark.column].strip():
        return {}
    first = mark.line
    while first and lines[first - 1].startswith(" " * mark.column + "#"):
        first -= 1
    comment = [line.strip().removeprefix("#").strip() for line in lines[first : mark.line]]
    added = [line.removeprefix("@schema ") for line in comment if line.startswith("@schema ")]
    told = " ".join(line for line in comment if not line.startswith("@schema "))
    meaning = {"description": told.partition("-- ")[2]} if "-- " in told else {}
    return {**meaning, **yaml.safe_load(f"{{{', '.join(added)}}}")}


def main(words: list[str]) -> int | str:
    """0 when written or up to date, a sentence when `--check` finds that it is not."""
    target = CHART / "values.schema.json"
    text = json.dumps(schema((CHART / "values.yaml").read_text()), indent=2, ensure_ascii=False) + "\n"
    if words != ["--check"]:
        target.write_text(text)
    elif not target.exists() or target.read_text() != text:
        return f"{target.name} is not what values.yaml says; `python charts/schema.py` writes it."
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
