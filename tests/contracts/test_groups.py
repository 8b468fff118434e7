"""The table of who hears what is the one the services live by."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from contracts.groups import GROUPS

SERVICES = Path(__file__).parents[2] / "services"


def test_the_table_of_groups_is_what_the_services_hear():
    doors = [import_module(f"{path.parent.name}.consumers") for path in SERVICES.glob("*/consumers.py")]

    heard = {door.GROUP: door.STREAMS for door in doors if hasattr(door, "GROUP")}

    assert heard == GROUPS
