"""No installation that people reach from outside is without limits."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

import stock_ordering.settings
import user_accounts.settings
from chassis.limits import Limits
from chassis.settings import read_settings
from tests.chart.helm import CHART, Installation, rendered
from tests.chart.installations import PRODUCTION
from tests.chart.manifests import Manifests
from tests.chart.settings_of import names_in

LIMITS = {
    "user_accounts": (
        "sign_ups_per_minute_per_address",
        "demo_logins_per_minute_per_address",
        "refreshes_per_minute_per_address",
        "login_attempts_per_minute_per_address",
        "login_attempts_per_minute",
        "argon2_waiting",
    ),
    "stock_ordering": (
        "orders_per_second_per_account",
        "orders_per_day_per_account",
        "open_orders_per_account",
        "batch_step",
    ),
}
OWN = {"user_accounts": user_accounts.settings.Settings, "stock_ordering": stock_ordering.settings.Settings}
FLOOR = ("rate_limit_per_account", "rate_limit_per_address", "most_requests_at_once", "most_waiting")


def without_limits(manifests: Manifests) -> list[str]:
    """Every limit that is off, with the process that has it so."""
    off = []
    for container in manifests.containers:
        service = container.our_image.replace("-", "_") if container.our_image else ""
        if not container.stays or container.words[-1:] != ["web"] or service == "live_gateway":
            continue
        told = {name: text or "somebody's secret" for name, text in manifests.environment(container).items()}
        read: dict[str, Any] = asdict(read_settings(Limits, told))
        if service in OWN:
            read |= asdict(read_settings(OWN[service], told))
        off += [f"{container}: {name}" for name in (*FLOOR, *LIMITS.get(service, ())) if not read[name]]
    return off


def test_no_installation_that_we_offer_is_without_limits(manifests: Manifests):
    assert without_limits(manifests) == []


@pytest.mark.parametrize("service", OWN)
def test_what_the_chart_says_of_limits_is_what_the_service_does_by_itself(service: str):
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    told: dict[str, str] = values["services"][service.replace("_", "-")]["settings"]
    limits = {name.upper() for name in LIMITS[service]} & set(told)
    default = asdict(OWN[service](**({"signing_key_file": ""} if service == "user_accounts" else {})))

    assert limits
    assert {name: told[name] for name in limits} == {name: str(default[name.lower()]) for name in limits}
    assert limits <= set(names_in(OWN[service]))


@pytest.mark.parametrize(
    ("service", "door", "setting"),
    [
        ("stock-data", "web", "RATE_LIMIT_PER_ADDRESS"),
        ("user-accounts", "", "SIGN_UPS_PER_MINUTE_PER_ADDRESS"),
        ("stock-ordering", "", "OPEN_ORDERS_PER_ACCOUNT"),
    ],
)
def test_a_limit_that_is_off_is_seen(helms: None, service: str, door: str, setting: str):
    settings = {"settings": {setting: "0"}}
    values = {"services": {service: {door: settings} if door else settings}}

    (off,) = without_limits(rendered(Installation("without a limit", PRODUCTION.files, values)))

    assert off.endswith(setting.lower())
