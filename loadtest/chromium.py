"""A real Chromium of this machine, driven by Playwright: for browser tests, screenshots and what the eye measures."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class ChromiumMissing(Exception):
    """There is no Chromium on this machine; the text is the whole message."""


def chromium_path() -> str:
    """Where it is; ChromiumMissing with what to install."""
    path = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if path is None:
        raise ChromiumMissing(
            f"Chromium is missing (no {', '.join(_NAMES)} on this machine): apt install chromium,"
            " or brew install --cask chromium."
        )
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window, for the length of a block; only for the thread that opens it."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def page_processes() -> list[int]:
    """The processes that draw the pages of browsers started here, as Linux knows them; none elsewhere."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it may end at any moment
            if b"--type=renderer" in (folder / "cmdline").read_bytes() and os.getpid() in _ancestors(int(folder.name)):
                found.append(int(folder.name))
    return sorted(found)


def _ancestors(pid: int) -> Iterator[int]:
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        yield pid
