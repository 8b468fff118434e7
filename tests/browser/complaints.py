"""What a page complains about to its console: a test that expects nothing of it fails when there is something."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Error, Page


class Complaints:
    """Console errors and exceptions that nobody caught, of all pages of one visitor."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def listen_to(self, page: Page) -> None:
        page.on("console", self._hear_message)
        page.on("pageerror", self._hear_exception)

    def expect(self, pattern: str) -> None:
        """A complaint that belongs to the story, as a regular expression: before or after it is heard."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        return [said for said in self._heard if not any(pattern.search(said) for pattern in self._expected)]

    def _hear_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._heard.append(f"{message.text} ({message.location.get('url', '')})")

    def _hear_exception(self, error: Error) -> None:
        self._heard.append(f"not caught: {error.message}\n{error.stack}")
