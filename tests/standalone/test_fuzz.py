"""Everything the OpenAPI document describes, fuzzed by schemathesis: no answer is a server error or undocumented."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "25")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def fuzz(exchange: ExchangeProcess, connection: Connection, folder: Path, *which: str) -> None:
    """Run schemathesis as the API key's owner; fail with its own report."""
    pair = connection.request("POST", "/v2/auth/keys", {"label": "fuzz"}).json()
    run = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"http://{exchange.host}:{exchange.port}/openapi/openapi.json",
            "-H", f"APCA-API-KEY-ID: {pair['key_id']}", "-H", f"APCA-API-SECRET-KEY: {pair['secret']}",
            "--checks", CHECKS, "--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing",
            "--continue-on-failure", "--suppress-health-check", "all", "--no-color", "--warnings", "off", *which,
        ],
        cwd=folder, text=True, capture_output=True, check=False, timeout=600,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6_000:] + run.stderr[-2_000:]
    assert "No tests" not in run.stdout


@pytest.mark.timeout(700)
def test_a_trader_who_sends_anything_at_all_meets_no_server_error(exchange: ExchangeProcess, tmp_path: Path) -> None:
    connection = exchange.connect(exchange.sign_up("fuzzer"))

    fuzz(exchange, connection, tmp_path, "--exclude-path-regex", "/operator/")


@pytest.mark.timeout(700)
def test_an_operator_who_sends_anything_at_all_meets_no_server_error(
    exchange: ExchangeProcess, operator: Connection, tmp_path: Path
) -> None:
    fuzz(exchange, operator, tmp_path, "--include-path-regex", "/operator/")
