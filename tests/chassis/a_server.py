"""A server with an app of no use, for tests of the server: `python -m tests.chassis.a_server`, told by its environment.

It says its port and then, for each request that reaches the app, its method and path.
"""

from __future__ import annotations

import os
import threading
import time

import flask

from chassis import http_polling, http_server
from chassis.aside import stepping_aside
from chassis.http_server import Server, open_port

THREADS = 4


class Opened:
    def __init__(self) -> None:
        self.app = flask.Flask("a server", static_folder=None)
        self.app.add_url_rule("/livez", "livez", lambda: "live")
        self.app.add_url_rule("/unread", "unread", lambda: "live", methods=["POST"])
        self.app.add_url_rule("/large", "large", lambda: "x" * 3_000_000)
        self.app.add_url_rule("/slow", "slow", self.slow)
        self.app.add_url_rule("/status/<int:status>", "status", lambda status: ("x" * 1_000, status))
        self.app.add_url_rule("/echo", "echo", lambda: flask.request.get_data(), methods=["POST"])
        self.app.add_url_rule("/aside", "aside", self.aside)
        self.app.before_request(self.say)

    def say(self) -> None:
        print(flask.request.method, flask.request.full_path, flush=True)

    def slow(self) -> str:
        time.sleep(float(os.environ["SLOW_S"]))
        return threading.current_thread().name

    def aside(self) -> str:
        with stepping_aside():
            return self.slow()

    def leave(self) -> None:
        """Nobody would stay."""

    def stop(self) -> None:
        """Nothing was opened."""


def main() -> None:
    http_polling.HEAD_LIMIT_S = float(os.environ["HEAD_LIMIT_S"])
    http_polling.BODY_LIMIT_S = float(os.environ["BODY_LIMIT_S"])
    http_polling.SEND_LIMIT_S = float(os.environ["SEND_LIMIT_S"])
    http_server._MOST_CONNECTIONS = int(os.environ["MOST_CONNECTIONS"])
    listener = open_port("127.0.0.1", 0)
    port = listener.getsockname()[1]
    most = int(os.environ["CONNECTIONS_PER_ADDRESS"])

    def ready() -> None:
        print(port, flush=True)

    concurrency, proxies = int(os.environ["CONCURRENCY"]), int(os.environ["PROXIES"])
    Server(listener, THREADS, Opened, ready, 0, most, concurrency, proxies).run()


if __name__ == "__main__":
    main()
