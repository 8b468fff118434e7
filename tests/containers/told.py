"""What each container is told by its environment, and nothing more than it needs."""

from __future__ import annotations

from standalone.databases import SERVICES

KEYS, SIGNING = "/keys", "/signing"
"""Folders of the certificate that tokens are checked with, and of the key that signs them."""

USER = "exchange"

_EVERYWHERE = "0.0.0.0"  # noqa: S104  # of a container
_HEALTH = {"HEALTH_HOST": _EVERYWHERE, "HEALTH_PORT": "8000"}


def database_url(service: str, password: str) -> str:
    return f"postgresql://{service}:{password}@postgres:5432/{service}"


def broker_url(password: str) -> str:
    return f"amqp://{USER}:{password}@rabbitmq:5672/%2F"


def environment(service: str, door: str, password: str) -> dict[str, str]:
    """Of one door of a service; `password` is everybody's, since it is not what is tried here."""
    if service == "market_feed":
        return {"EXCHANGE_URL": "http://gateway:8080"}
    broker, cache = {"RABBITMQ_URL": broker_url(password)}, {"REDIS_URL": "redis://redis:6379/0"}
    doors = {
        "web": {**broker, **cache, "HOST": _EVERYWHERE, "PORT": "8000", "PUBLIC_KEY_FILE": f"{KEYS}/tls.crt"},
        "consumer": {**broker, **cache, **_HEALTH},
        "relay": {**broker, **_HEALTH},
    }
    told = doors.get(door, {})
    if service in SERVICES:
        told["DATABASE_URL"] = database_url(service, password)
    if service in SERVICES and door == "web":
        told["TRUSTED_PROXIES"] = "1"
    if service == "user_accounts" and door != "wait":
        told |= {"SIGNING_KEY_FILE": f"{SIGNING}/tls.key", "OPERATOR_NAME": "operator", "OPERATOR_PASSWORD": password}
    return told


def operations_environment(password: str) -> dict[str, str]:
    """Of who looks at everything."""
    databases = {f"DATABASE_URL_{service.upper()}": database_url(service, password) for service in SERVICES}
    return {**databases, "RABBITMQ_URL": broker_url(password)}
