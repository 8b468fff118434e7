"""Every metric of the chassis, by name, in one place."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The metrics of one process, on a registry of their own so that two can live in one test."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "http_requests", "Requests answered", ["service", "method", "route", "status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "http_request_seconds", "Time to answer", ["service", "method", "route"], registry=self.registry
        )
        self.messages_published = Counter(
            "messages_published", "Outbox messages the bus answered for", ["service"], registry=self.registry
        )
        self.facts_handled = Counter("facts_handled", "Facts taken in", ["group"], registry=self.registry)
        self.batch_seconds = Histogram(
            "batch_seconds", "Time to commit a batch of facts", ["group"], registry=self.registry
        )
        self.batches_retried = Counter(
            "batches_retried", "Batches tried again after a transient error", ["group"], registry=self.registry
        )
        self.dead_letters = Counter("dead_letters", "Facts set aside as bad", ["group"], registry=self.registry)
        self.cache_lookups = Counter(
            "cache_lookups",
            "Cache entries looked up, and whether they were there",
            ["entry", "outcome"],
            registry=self.registry,
        )
        self.cache_unreached = Counter(
            "cache_unreached", "Times the cache was done without", ["operation"], registry=self.registry
        )
        self.breaker_state = Gauge(
            "breaker_state", "0 closed, 1 half-open, 2 open: nobody is asked", ["breaker"], registry=self.registry
        )
        self.breaker_failures = Counter(
            "breaker_failures", "Calls that failed behind a breaker", ["breaker"], registry=self.registry
        )
        self.breaker_openings = Counter(
            "breaker_openings", "Times a breaker opened", ["breaker"], registry=self.registry
        )
        self.questions_asked = Counter(
            "questions_asked",
            "Questions asked of other processes: answered, unanswered, or spared by an open breaker",
            ["question", "outcome"],
            registry=self.registry,
        )
        self.question_seconds = Histogram(
            "question_seconds", "Time until an answer came", ["question"], registry=self.registry
        )
        self.questions_answered = Counter(
            "questions_answered",
            "Questions of other processes: answered or failed",
            ["question", "outcome"],
            registry=self.registry,
        )
        self.sessions_unchecked = Counter(
            "sessions_unchecked",
            "Bearer tokens let in though nobody could tell whether their session has ended",
            registry=self.registry,
        )
        self._database_bytes, self._outbox_waiting = self._of_databases()

    def watch_broker(self, is_connected: Callable[[], bool]) -> None:
        """Show whether this process' way to the broker is open, asked whenever somebody looks; call it once."""
        connected = Gauge("broker_connected", "1 while the broker takes messages, else 0", registry=self.registry)
        connected.set_function(is_connected)

    def watch_database(self, service: str, size_bytes: Callable[[], float]) -> None:
        """Show how large a service's database is, asked whenever somebody looks; an error would hide all metrics."""
        self._database_bytes.labels(service).set_function(size_bytes)

    def watch_outbox(self, service: str, waiting: Callable[[], float]) -> None:
        """Show how many messages a service's outbox holds, counted whenever somebody looks; no error either."""
        self._outbox_waiting.labels(service).set_function(waiting)

    def _of_databases(self) -> tuple[Gauge, Gauge]:
        size = Gauge(
            "database_bytes", "Size of a service's database on its server's disk", ["service"], registry=self.registry
        )
        waiting = Gauge(
            "outbox_waiting", "Messages told but not yet heard by everyone", ["service"], registry=self.registry
        )
        return size, waiting
