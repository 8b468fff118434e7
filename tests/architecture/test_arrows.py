"""Imports point one way: the house knows the services, a service the floors, its doors its rules."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from grimp import build_graph

from tests.architecture.arrows import broken_arrows, services_in

ROOT = Path(__file__).parents[2] / "services"

A_SOUND_HOUSE = {
    "contracts/__init__.py": "",
    "contracts/facts.py": "",
    "chassis/__init__.py": "",
    "chassis/bus.py": "import contracts.facts",
    "standalone/__init__.py": "import lending.main, pawning.main",
    "lending/__init__.py": "",
    "lending/main.py": "import chassis.bus, lending.api, lending.settings, lending.store",
    "lending/settings.py": "",
    "lending/api.py": "import flask, lending.handlers",
    "lending/store.py": "import psycopg, lending.handlers",
    "lending/handlers.py": "import lending.ports, lending.domain, chassis.bus",
    "lending/ports.py": "import lending.domain",
    "lending/domain.py": "import contracts.facts",
    "pawning/__init__.py": "",
    "pawning/main.py": "",
}


def build(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_no_arrow_of_the_exchange_is_broken(tmp_path):
    assert broken_arrows(ROOT, tmp_path) == ""


def test_the_contracts_need_nothing_but_python():
    graph = build_graph("contracts", include_external_packages=True, cache_dir=None)
    outside = {
        name
        for name in graph.modules
        if not name.startswith("contracts") and name.split(".")[0] not in sys.stdlib_module_names
    }

    assert outside == set()


def test_every_package_but_the_floors_and_the_house_is_a_service(tmp_path):
    assert services_in(build(tmp_path, A_SOUND_HOUSE)) == ["lending", "pawning"]


def test_a_sound_house_passes(tmp_path):
    assert broken_arrows(build(tmp_path / "services", A_SOUND_HOUSE), tmp_path) == ""


@pytest.mark.parametrize(
    ("file", "wrong_import"),
    [
        ("lending/domain.py", "import chassis.bus"),
        ("lending/domain.py", "import psycopg"),
        ("lending/domain.py", "import time"),
        ("lending/domain.py", "import lending.ports"),
        ("lending/handlers.py", "import lending.store"),
        ("lending/handlers.py", "import flask"),
        ("lending/api.py", "import lending.store"),
        ("lending/api.py", "import lending.main"),
        ("lending/api.py", "import lending.settings"),
        ("lending/api.py", "import pawning.main"),
        ("chassis/bus.py", "import lending.domain"),
        ("contracts/facts.py", "import chassis.bus"),
        ("pawning/main.py", "import standalone"),
    ],
)
def test_a_wrong_arrow_is_named(tmp_path, file, wrong_import):
    house = A_SOUND_HOUSE | {file: wrong_import}

    report = broken_arrows(build(tmp_path / "services", house), tmp_path)

    assert "BROKEN" in report
    assert f"{file.removesuffix('.py').replace('/', '.')} -> {wrong_import.removeprefix('import ')}" in report


def test_a_circle_is_named(tmp_path):
    house = A_SOUND_HOUSE | {"chassis/bus.py": "import chassis.relay", "chassis/relay.py": "import chassis.bus"}

    assert "circle BROKEN" in broken_arrows(build(tmp_path / "services", house), tmp_path)
