"""As much of a Kubernetes API server as Helm asks for the Secrets that are already there."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.chart.manifests import Manifests, Object
from tests.chart.network import HOME

_NOT_FOUND = {"kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}


@contextmanager
def cluster_with(installed: Manifests, folder: Path) -> Iterator[Path]:
    """Serve the Secrets of an installation; yields the file that tells Helm where."""
    known = _discovery(installed) | _secrets(installed)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = known.get(self.path.partition("?")[0])
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body or _NOT_FOUND).encode())

        def log_message(self, *_: object) -> None:
            """Nothing: who fails says so itself."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield _way_to(f"http://127.0.0.1:{server.server_port}", folder)
        finally:
            server.shutdown()
            thread.join()


def _discovery(installed: Manifests) -> dict[str, Object]:
    """What says that the cluster knows every kind of object there is."""
    kinds = {(str(one["apiVersion"]), str(one["kind"])) for one in installed.objects}
    versions = sorted({version for version, _ in kinds} - {"v1"})
    groups = [
        {"name": version.split("/")[0], "versions": [{"groupVersion": version, "version": version.split("/")[1]}]}
        for version in versions
    ]
    lists = {
        f"/api/{version}" if version == "v1" else f"/apis/{version}": {
            "kind": "APIResourceList",
            "groupVersion": version,
            "resources": [
                {"name": _plural(kind), "kind": kind, "namespaced": True, "verbs": ["get", "list"]}
                for of, kind in sorted(kinds)
                if of == version
            ],
        }
        for version in ("v1", *versions)
    }
    return {
        "/version": {"major": "1", "minor": "36", "gitVersion": "v1.36.0"},
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups},
        **lists,
    }


def _plural(kind: str) -> str:
    word = kind.lower()
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _secrets(installed: Manifests) -> dict[str, Object]:
    names = [str(one["metadata"]["name"]) for one in installed.of("Secret")]
    return {f"/api/v1/namespaces/{HOME}/secrets/{name}": _kept(name, installed.secret(name) or {}) for name in names}


def _kept(name: str, texts: Mapping[str, str]) -> Object:
    """A Secret as a cluster shows it, whichever way it was written."""
    coded = {key: base64.b64encode(text.encode()).decode() for key, text in texts.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": HOME}, "data": coded}


def _way_to(url: str, folder: Path) -> Path:
    way = folder / "kubeconfig"
    way.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "here",
                "clusters": [{"name": "here", "cluster": {"server": url}}],
                "users": [{"name": "nobody", "user": {}}],
                "contexts": [{"name": "here", "context": {"cluster": "here", "user": "nobody"}}],
            }
        )
    )
    way.chmod(0o600)
    return way
