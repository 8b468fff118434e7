"""Who knows one service finds the way in all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.arrows import services_in
from tests.architecture.rooms import HEADINGS, wrong_folders, wrong_migrations, wrong_rooms

ROOT = Path(__file__).parents[2] / "services"
A_RULE = '"""A rule."""\n\nLIMIT = 1\n'
A_README = "# lending\n" + "".join(f"\n## {heading}\n" for heading in HEADINGS)

A_SOUND_SERVICE = {
    "__init__.py": "",
    "README.md": A_README,
    "main.py": A_RULE,
    "domain/__init__.py": "",
    "domain/loan.py": A_RULE,
    "domain/pawn.py": A_RULE,
    "migrations/0001_create_loans.sql": "",
    "migrations/0002_create_pawns.sql": "",
}


def build(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def without(name: str) -> dict[str, str]:
    return {file: text for file, text in A_SOUND_SERVICE.items() if file != name}


@pytest.mark.parametrize("service", services_in(ROOT))
def test_a_service_has_the_rooms_of_all_services(service):
    assert "\n".join(wrong_rooms(ROOT / service)) == ""


def test_no_folder_of_the_exchange_is_empty_or_lonely():
    assert "\n".join(wrong_folders(ROOT)) == ""


def test_the_migrations_of_the_chassis_are_numbered():
    assert "\n".join(wrong_migrations(ROOT / "chassis/migrations")) == ""


def test_a_sound_service_passes(tmp_path):
    assert list(wrong_rooms(build(tmp_path, A_SOUND_SERVICE))) == []


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        (without("README.md"), "README.md: is missing"),
        (without("main.py"), "main.py: is missing"),
        (A_SOUND_SERVICE | {"views.py": A_RULE}, "views.py: is none of the rooms"),
        (A_SOUND_SERVICE | {"views/a.py": A_RULE, "views/b.py": A_RULE}, "views: is none of the rooms"),
        (A_SOUND_SERVICE | {"domain.py": A_RULE}, "domain: is a file and a folder"),
        (without("domain/pawn.py"), "domain: is a folder with 1 files"),
        (A_SOUND_SERVICE | {"store.py": '"""Nothing yet."""\n'}, "store.py: is an empty room"),
        (A_SOUND_SERVICE | {"README.md": A_README.replace("Hears", "Listens")}, "README.md: has the headings Purpose"),
        (A_SOUND_SERVICE | {"README.md": A_README + "\n## More\n"}, "Tables, More in place of Purpose"),
        (A_SOUND_SERVICE | {"migrations/0002_drop.sql": ""}, "0002_drop.sql: should be named NNNN_"),
        (A_SOUND_SERVICE | {"migrations/drop.sql": ""}, "drop.sql: should be named NNNN_"),
    ],
)
def test_a_room_out_of_order_is_named(tmp_path, files, wrong):
    found = list(wrong_rooms(build(tmp_path, files)))

    assert any(wrong in line for line in found), found
