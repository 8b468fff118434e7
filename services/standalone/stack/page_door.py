"""The page's own process in a stack: `python -m standalone.stack.page_door` serves what was built, and nothing else.

nginx could send the files itself, but not as nobody out of a checkout below /root.
"""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import flask

from chassis.health import add_health
from chassis.http_server import Server
from chassis.logs import log_from
from chassis.metrics import Metrics
from chassis.parent import stop_with_parent
from chassis.settings import SettingsError, read_settings
from chassis.web import refusal_response
from contracts.refusals import Refusal, Refused
from standalone import page
from standalone.servers.gateway import DOCUMENTS
from standalone.settings import page_folder


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """`listen_fd` is an inherited listening socket, `ready_fd` a pipe for the line "ready"."""

    listen_fd: int
    ready_fd: int = -1
    http_threads: int = 16
    log_level: str = "warning"


class PageDoor:
    """Opened in the worker process that serves it."""

    def __init__(self, folder: Path) -> None:
        self.app = flask.Flask("page", static_folder=None)
        self.app.url_map.strict_slashes = False
        self.app.register_blueprint(page.blueprint(folder, DOCUMENTS))
        add_health(self.app, Metrics(), {})
        for status, refusal in ((404, Refusal.NOT_FOUND), (405, Refusal.METHOD_NOT_ALLOWED)):
            self.app.register_error_handler(status, lambda _, refusal=refusal: refusal_response(Refused(refusal)))

    def leave(self) -> None:
        """Nothing here lasts longer than a request."""

    def stop(self) -> None:
        """Nothing was opened."""


def main() -> None:
    """Serve until told to stop; exits with a sentence for a setting that makes no sense."""
    try:
        settings = read_settings(DoorSettings, os.environ)
        log_from(settings.log_level)
    except SettingsError as refused:
        sys.exit(f"The page is not served. {refused}")
    stop_with_parent()
    listener = socket.socket(fileno=settings.listen_fd)

    def tell_ready() -> None:
        if settings.ready_fd >= 0:
            with os.fdopen(settings.ready_fd, "w") as pipe:
                pipe.write("ready\n")

    Server(listener, settings.http_threads, lambda: PageDoor(page_folder(os.environ)), tell_ready).run()


if __name__ == "__main__":
    main()
