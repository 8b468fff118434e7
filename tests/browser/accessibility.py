"""What a page must be like for everybody: judged by axe-core, by its width and by how much it jumps."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from loadtest.own_process import ROOT

_AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_GRAVE = ("serious", "critical")

COUNT_SHIFTS = """
window.layoutShift = 0;
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.layoutShift += shift.value;
}).observe({type: "layout-shift", buffered: true});
"""
"""To be there before the page is; adds up what moved without having been asked to."""


def grave_violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it is now: the rule and the first place of each."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        f"{page.url}: {violation['id']}: {violation['help']} ({len(violation['nodes'])} times): "
        f"{violation['nodes'][0]['html'][:300]}: {violation['nodes'][0]['failureSummary']}"
        for violation in found
        if violation["impact"] in _GRAVE
    ]


def is_wider_than_the_screen(page: Page) -> bool:
    """Whether one can scroll sideways."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"))
