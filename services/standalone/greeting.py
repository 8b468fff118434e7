"""What an exchange that has just opened says to the person who started it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from standalone.page import is_built
from standalone.settings import is_market_on, page_folder, service_environment


def greeting(
    environment: Mapping[str, str], url: str, api_page: str, folder: Path, took_s: float, stops: str
) -> Iterator[str]:
    """Its lines, the page's address first. `stops`: what stops it."""
    yield f"The exchange is open on {url} (ready in {took_s:.1f} s; {stops})"
    if not is_built(page_folder(environment)):
        yield "  page             not built, as said above; everything else works"
    market = "on (MARKET=off switches it off)" if is_market_on(environment) else "off (MARKET=on switches it on)"
    yield f"  resident market  {market}"
    yield f"  API page         {url}{api_page}"
    yield f"  demo users       {service_environment(environment, folder)['DEMO_USERS'] or 'none'}"
    yield f"  data             {folder}"
