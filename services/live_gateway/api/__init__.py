"""Socket.IO in and out: what lets sockets in, what they may say, and how they are spoken to."""

from live_gateway.api.sockets import Sockets

__all__ = ["Sockets"]
