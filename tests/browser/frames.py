"""What comes over a page's live connection, and how some of it is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, WebSocket, WebSocketRoute


def received_frames(page: Page) -> list[str]:
    """Every text frame the page receives from now on; grows as they come."""
    frames: list[str] = []

    def listen(connection: WebSocket) -> None:
        connection.on("framereceived", lambda payload: frames.append(_text(payload)))

    page.on("websocket", listen)
    return frames


def tamper_with_updates(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """Let `change` take things out of every update before the page gets it. Before the page is opened."""

    def connect(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        route.on_message(server.send)
        server.on_message(lambda message: route.send(_changed(_text(message), change)))

    page.route_web_socket(lambda address: "/socket.io/" in address, connect)


def _changed(frame: str, change: Callable[[dict[str, Any]], None]) -> str:
    start = frame.find('["update",')
    if start < 0:
        return frame
    event = json.loads(frame[start:])
    change(event[1])
    return frame[:start] + json.dumps(event)


def _text(payload: str | bytes) -> str:
    return payload if isinstance(payload, str) else payload.decode(errors="replace")
