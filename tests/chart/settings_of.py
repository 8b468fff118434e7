"""What each process reads from its environment, taken from the code that reads it."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Mapping
from typing import Any

from chassis.doors.settings import ConsumerSettings, DoorSettings, RelaySettings, WebSettings
from chassis.limits import Limits
from live_gateway.settings import ProcessSettings
from standalone.databases import SERVICES
from standalone.stack.settings import read_replicas

MARKET = ("market_feed", "trade")
LIVE = ("live_gateway", "web")

_DOORS: Mapping[str, tuple[type[Any], ...]] = {
    "web": (WebSettings, Limits),
    "consumer": (ConsumerSettings,),
    "relay": (RelaySettings,),
    "migrate": (DoorSettings,),
    "wait": (DoorSettings,),
}
_WITHOUT_THE_SERVICE = ("relay", "wait")
"""Doors that do not build their service, so need nothing of its own."""

PROCESSES = {*read_replicas(""), MARKET}
"""Every (service, door) that stays. The page, which has a process of its own in a stack, is the gateway's here."""

AUDIT_READS = {*(f"DATABASE_URL_{service.upper()}" for service in SERVICES), "RABBITMQ_URL"}


def settings_read(service: str, door: str) -> list[type[Any]]:
    """The settings that one process reads; KeyError for a door that the service does not have."""
    own = own_settings(service)
    if (service, door) == MARKET:
        return [own]
    if (service, door) == LIVE:
        return [own, ProcessSettings]
    if service not in SERVICES or ((service, door) not in PROCESSES and door not in ("migrate", "wait")):
        raise KeyError(f"{service} has no door {door}")
    return [*_DOORS[door], *([] if door in _WITHOUT_THE_SERVICE else [own])]


def own_settings(service: str) -> type[Any]:
    """The settings of a service itself, beside those of its doors."""
    own: type[Any] = importlib.import_module(f"{service}.settings").Settings
    return own


def names_in(kind: type[Any]) -> dict[str, bool]:
    """NAME → whether it has to be there."""
    return {
        field.name.upper(): field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        for field in dataclasses.fields(kind)
    }
