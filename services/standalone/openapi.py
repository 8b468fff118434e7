"""Writes the API document of all services at once: `python -m standalone.openapi > frontend/openapi.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask_openapi3.blueprint import APIBlueprint

import user_accounts.main
import user_accounts.settings
from chassis.cache import LocalCache
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.identity import Authenticator
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts
from chassis.settings import read_settings
from chassis.web import create_app
from standalone import api
from standalone.exchange import SERVICES
from standalone.settings import service_environment

_NO_DATABASE = "postgresql:///nobody-connects"


def document_text() -> str:
    """The document as it is committed: the same text for the same code."""
    with TemporaryDirectory() as folder:
        return json.dumps(_document(Path(folder)), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _document(folder: Path) -> dict[str, Any]:
    environment = service_environment({}, folder)
    keys = user_accounts.main.public_keys(read_settings(user_accounts.settings.Settings, environment))
    cache, questions, metrics = LocalCache(), LocalQuestions(), Metrics()
    blueprints: list[APIBlueprint] = []
    for module, settings_kind in SERVICES.values():
        parts = Parts(Database(_NO_DATABASE, SystemClock()), cache, questions, SystemClock(), metrics)
        blueprints += module.build(parts, read_settings(settings_kind, environment)).blueprints
    blueprints.append(api.blueprint(lambda service: _NO_DATABASE))
    app = create_app("standalone", blueprints, Authenticator(keys, cache, questions, metrics), metrics, {})
    document: dict[str, Any] = app.api_doc
    return document


if __name__ == "__main__":
    sys.stdout.write(document_text())
