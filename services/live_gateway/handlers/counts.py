"""Every metric of the live gateway, by name, in one place."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge


class Counts:
    """What is counted, on the registry of the process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.updates = Counter("live_updates", "Updates sent to clients", registry=registry)
        self.merged = Counter("live_merged", "News merged with what a client had not yet been told", registry=registry)
        self.resyncs = Counter(
            "live_resyncs", "Times all clients were told to fetch everything again", registry=registry
        )
        self.slow = Counter("live_slow_disconnects", "Clients cut off for not acknowledging", registry=registry)
        self.dismissed = Counter("live_dismissed", "Clients sent away, by reason", ["reason"], registry=registry)
        self.refused = Counter("live_refused", "Connections refused, by reason", ["reason"], registry=registry)
        self.failures = Counter(
            "live_thread_failures", "Failures of a thread that serves all clients", ["thread"], registry=registry
        )
        self._threads = Gauge(
            "live_threads", "1: the thread that serves all clients is alive", ["thread"], registry=registry
        )
        self.heard = Counter("live_messages_heard", "Messages of the bus taken in", registry=registry)
        self.behind = Gauge("live_seconds_behind", "Age of the last message when it was taken in", registry=registry)
        self._connections = Gauge("live_connections", "Clients connected", registry=registry)

    def watch_thread(self, name: str, is_alive: Callable[[], bool]) -> None:
        """Show whether a thread is there, asked whenever somebody looks."""
        self._threads.labels(name).set_function(is_alive)

    def watch(self, connections: Callable[[], int]) -> None:
        """Show how many clients there are, counted whenever somebody looks."""
        self._connections.set_function(connections)
