"""What a visitor has to load before the page is there."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.browser.built_page import built_page

MOST_BYTES = 300_000
_LOADED_FIRST = re.compile(r'<(?:script|link)\b[^>]*?\b(?:src|href)="/([^"]+\.(?:js|css|woff2))"')

_ELSEWHERE = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//[^\s"')]+""")


@pytest.fixture(scope="module")
def page() -> Path:
    return built_page()


def files_loaded_first(page: Path) -> list[Path]:
    index = page / "index.html"
    return [index, *(page / name for name in _LOADED_FIRST.findall(index.read_text(encoding="utf-8")))]


def test_the_first_load_is_at_most_300_kB(page: Path):
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in files_loaded_first(page)}

    print(f"{sum(sizes.values())} bytes: {sizes}")
    assert len(sizes) > 2, "a page without scripts and styles is not the one that was built"
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_nothing_is_loaded_from_somewhere_else(page: Path):
    texts = [file.read_text(encoding="utf-8") for file in page.rglob("*") if file.suffix in (".html", ".css")]

    assert texts
    assert [found for text in texts for found in _ELSEWHERE.findall(text)] == []
