"""Which service answers which address: the longest prefix wins. For every gateway there is, here or on a cluster."""

from __future__ import annotations

PATHS: dict[str, tuple[str, ...]] = {
    "user_accounts": ("/v2/auth", "/openapi/user_accounts"),
    "user_portfolio": ("/v2/account", "/v2/positions", "/openapi/user_portfolio"),
    "stock_data": ("/v2/assets", "/v2/stocks", "/v2/operator/instruments", "/openapi/stock_data"),
    "stock_ordering": (
        "/v2/orders",
        "/v2/orders:batch",  # an Ingress matches whole path elements
        "/v2/orders:by_client_order_id",
        "/v2/clock",
        "/v2/calendar",
        "/openapi/stock_ordering",
    ),
    "live_gateway": ("/socket.io",),
}
"""Service → prefixes of the paths it answers. /openapi/<service> is where its API document and page are."""


SOCKETS = ("/socket.io",)
"""Those of them on which a connection becomes a WebSocket and stays."""

LARGE_BODIES = ("/v2/orders:batch",)
"""Where a body may have megabytes, of whoever has signed in. Everywhere else `LARGEST_SMALL_BODY_BYTES` are enough."""

LARGEST_SMALL_BODY_BYTES = 16 * 1024

PAGES = ("/", "/trade", "/trade/<symbol>", "/orders", "/portfolio", "/account", "/login", "/signup")
"""The page's own addresses, each answered with the same index.html. What is no service's is the page's to answer."""


def service_for(path: str) -> str | None:
    """The service that answers a path, or None."""
    found = [(prefix, service) for service, prefixes in PATHS.items() for prefix in prefixes if path.startswith(prefix)]
    return max(found, key=lambda pair: len(pair[0]))[1] if found else None
