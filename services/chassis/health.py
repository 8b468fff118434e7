"""Health and metrics: in every app, and as a small server of a process that answers nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import flask
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.metrics import Metrics

_SILENT_CLIENT_S = 5.0


def add_health(app: flask.Flask, metrics: Metrics, checks: Mapping[str, Callable[[], bool]]) -> None:
    """Answer /livez, /readyz (503 where one of `checks` says no) and /metrics."""

    @app.route("/livez")
    def livez() -> Response:
        return flask.jsonify({"live": True})

    @app.route("/readyz")
    def readyz() -> Response:
        results = {name: check() for name, check in checks.items()}
        response = flask.jsonify({"ready": all(results.values()), "checks": results})
        response.status_code = 200 if all(results.values()) else 503
        return response

    @app.route("/metrics")
    def show_metrics() -> Response:
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)


class HealthServer:
    """Answers /livez, /readyz and /metrics on a port; `checks` are what /readyz asks."""

    def __init__(
        self, service: str, host: str, port: int, metrics: Metrics, checks: Mapping[str, Callable[[], bool]]
    ) -> None:
        app = flask.Flask(service, static_folder=None)
        add_health(app, metrics, checks)
        self._server = make_server(host, port, app, server_class=_Threaded, handler_class=_Quiet)
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    @property
    def port(self) -> int:
        """The port it answers on: the one asked for, or a free one where that was 0."""
        return self._server.server_port

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False


class _Quiet(WSGIRequestHandler):
    timeout = _SILENT_CLIENT_S

    def log_message(self, *_: Any) -> None:
        """A probe every few seconds is no news."""
