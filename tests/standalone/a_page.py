"""A page small enough to read, built as the real one is."""

from __future__ import annotations

from pathlib import Path

INDEX = '<!doctype html><title>Stock Exchange</title><script type="module" src="/assets/main-a1b2c3d4.js"></script>'
SCRIPT = "/assets/main-a1b2c3d4.js"
ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def build_a_page(folder: Path) -> Path:
    """Make the files in `folder`; the folder."""
    (folder / "assets").mkdir(parents=True)
    (folder / ".vite").mkdir()
    (folder / ".vite" / "manifest.json").write_text("{}")
    (folder / ".stamp").write_text("1")
    (folder / "index.html").write_text(INDEX)
    (folder / "favicon.svg").write_text(ICON)
    (folder / SCRIPT[1:]).write_text("console.log('open');\n" * 200)
    return folder
