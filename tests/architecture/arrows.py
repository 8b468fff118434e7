"""Which import may point where: import-linter's contracts, made for whatever services there are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FLOORS = ("contracts", "chassis")
HOUSE = "standalone"
DOORS = ("api", "consumers", "store", "cache", "clients")

OUTSIDE_WORLD = ["asyncio", "logging", "os", "pathlib", "secrets", "socket", "subprocess", "threading"]
CHANCE = ["random", "time", "uuid"]
HTTP_AND_SQL = ["flask", "flask_openapi3", "psycopg", "psycopg_pool", "redis", "werkzeug"]
MACHINERY = ["chassis", "amqp", "jwt", "kombu", "prometheus_client", "structlog", *HTTP_AND_SQL]

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(sys.argv[1], no_cache=True))"


def services_in(root: Path) -> list[str]:
    """The names of the services below the import root: every package that is no floor and not the house."""
    packages = sorted(path.parent.name for path in root.glob("*/__init__.py"))
    return [name for name in packages if name not in (*FLOORS, HOUSE)]


def broken_arrows(root: Path, scratch: Path) -> str:
    """import-linter's report on the import root, or nothing if every contract is kept."""
    configuration = scratch / "importlinter.ini"
    configuration.write_text(contracts_for(root), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", LINT, str(configuration)]
    linted = subprocess.run(
        command, cwd=scratch, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return _without_banner(linted.stdout + linted.stderr) if linted.returncode else ""


def _without_banner(report: str) -> str:
    return "\n".join(line for line in report.splitlines() if not set("═║╔─") & set(line))


def contracts_for(root: Path) -> str:
    """import-linter's configuration for the import root."""
    services = services_in(root)
    packages = [*FLOORS, HOUSE, *services]
    deciding = _rooms(root, services, "handlers", "ports")
    domains = _rooms(root, services, "domain")
    inner = _rooms(root, services, *DOORS, "handlers", "ports", "domain")
    settings = _rooms(root, services, "settings")
    sections = [
        "[importlinter]",
        _many("root_packages", packages),
        "include_external_packages = True",
        *_section("services know the floors, never each other", "layers"),
        _many("layers", [HOUSE, " | ".join(services), "chassis", "contracts"]),
        *_section("main -> doors -> handlers -> ports -> domain", "layers"),
        _many("layers", ["(main)", " | ".join(f"({door})" for door in DOORS), "(handlers)", "(ports)", "(domain)"]),
        _many("containers", services),
        *_section("no import goes in a circle", "acyclic_siblings"),
        _many("ancestors", packages),
        *_forbid("the domain is pure", domains, [*MACHINERY, *OUTSIDE_WORLD, *CHANCE]),
        *_forbid("handlers know neither HTTP nor SQL", deciding, HTTP_AND_SQL, "allow_indirect_imports = True"),
        *_forbid("only main reads settings", inner, settings, "allow_indirect_imports = True"),
    ]
    return "\n".join(sections)


def _rooms(root: Path, services: list[str], *rooms: str) -> list[str]:
    return [f"{service}.{room}" for service in services for room in rooms if _exists(root / service / room)]


def _exists(room: Path) -> bool:
    return (room / "__init__.py").exists() or room.with_suffix(".py").exists()


def _forbid(name: str, sources: list[str], forbidden: list[str], *more: str) -> list[str]:
    if not sources or not forbidden:
        return []
    return [
        *_section(name, "forbidden"),
        _many("source_modules", sources),
        _many("forbidden_modules", forbidden),
        *more,
    ]


def _section(name: str, kind: str) -> list[str]:
    return [f"\n[importlinter:contract:{name}]", f"name = {name}", f"type = {kind}"]


def _many(field: str, values: list[str]) -> str:
    return "\n    ".join([f"{field} =", *values])
