"""Who may connect, for how long, and how often it may ask: the door of the live gateway."""

from __future__ import annotations

import threading
import time

import structlog

from chassis.limits import RateLimit
from chassis.questions import Unanswered
from contracts.refusals import Refusal, Refused
from live_gateway.domain.asking import read_credentials, read_subscription
from live_gateway.domain.pictures import Picture
from live_gateway.handlers.audience import Audience, Client
from live_gateway.handlers.counts import Counts
from live_gateway.handlers.watched import Watched
from live_gateway.ports import Authenticate, Wire

_log = structlog.get_logger()

_LOOK_EVERY_S = 0.5
_REST_AFTER_S = 10.0
_GIVES_WAY = "All live connections are taken, and this account or address has the most: its oldest makes room."


def farewell_of(refused: Refused) -> Picture:
    """A refusal as every API of the exchange puts it."""
    answer = refused.refusal.value
    return {"code": answer.number, "name": refused.refusal.name.lower(), "message": refused.message}


class Admission:
    """Lets clients in, answers what they ask, and sends them away when their time is over."""

    def __init__(
        self,
        audience: Audience,
        wire: Wire,
        authenticate: Authenticate,
        counts: Counts,
        *,
        events_per_second: int,
        recheck_s: float,
    ) -> None:
        self._audience = audience
        self._wire = wire
        self._authenticate = authenticate
        self._counts = counts
        self._events = RateLimit(events_per_second)
        self._recheck_s = recheck_s
        self._leaving = threading.Event()
        self._thread = Watched("guard", self._guard, counts)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._leaving.set()
        self._thread.join()

    def connect(self, sid: str, payload: object, address: str) -> None:
        """Take in whoever these credentials are of, if need be in place of another; Refused by name otherwise."""
        try:
            credentials = read_credentials(payload)
            admitted = self._authenticate(credentials)
            client = Client(sid, admitted.account_id, address, credentials, admitted.ends_at_s, time.monotonic())
            gone = self._audience.enter(client)
        except Unanswered as silence:
            self._counts.refused.labels("unavailable").inc()
            raise Refused(Refusal.UNAVAILABLE) from silence
        except Refused as refused:
            self._counts.refused.labels(refused.refusal.name.lower()).inc()
            raise
        if gone is not None:
            self._send_away(gone, Refused(Refusal.TOO_MANY_REQUESTS, _GIVES_WAY))

    def subscribe(self, sid: str, payload: object) -> Picture:
        """Change what a client sees; the answer says what that is."""
        client = self._client(sid)
        subscription = read_subscription(payload)
        self._audience.subscribe(client, subscription)
        return {"prices": subscription.prices, "markets": subscription.markets}

    def renew(self, sid: str, payload: object) -> Picture:
        """Go on with newer credentials of the same account; Refused otherwise, and then with the old ones."""
        client = self._client(sid)
        credentials = read_credentials(payload)
        try:
            admitted = self._authenticate(credentials)
        except Unanswered as silence:
            raise Refused(Refusal.UNAVAILABLE) from silence
        if admitted.account_id != client.account_id:
            raise Refused(Refusal.NOT_PERMITTED, "These credentials are another account's. Connect anew with them.")
        client.credentials, client.ends_at_s, client.checked_s = credentials, admitted.ends_at_s, time.monotonic()
        return {}

    def leave(self, sid: str) -> None:
        self._audience.leave(sid)

    def _client(self, sid: str) -> Client:
        client = self._audience.find(sid)
        if client is None:
            raise Refused(Refusal.UNAUTHENTICATED)
        if self._events.take(sid):
            refused = Refused(Refusal.TOO_MANY_REQUESTS, "Too many requests on one live connection.")
            self._send_away(client, refused)
            raise refused
        return client

    def _guard(self) -> None:
        while not self._leaving.wait(_LOOK_EVERY_S):
            self._wire.sweep()
            self._audience.rest_when_empty(_REST_AFTER_S)
            for client in self._audience.clients():
                try:
                    self._check(client)
                except Exception:  # noqa: BLE001  # whatever is wrong with one must not keep the others from being checked
                    _log.exception("live_check_failed")
                    self._audience.leave(client.sid)
                    self._wire.hang_up(client.sid)

    def _check(self, client: Client) -> None:
        """Send away whoever's credentials have ended; who cannot be asked about stays until its token ends."""
        if client.ends_at_s is not None and client.ends_at_s <= time.monotonic():
            refused = Refused(Refusal.UNAUTHENTICATED, "The access token has ended. Connect with a new one.")
            self._send_away(client, refused)
        elif time.monotonic() - client.checked_s >= self._recheck_s:
            client.checked_s = time.monotonic()
            try:
                self._authenticate(client.credentials)
            except Refused as refused:
                self._send_away(client, refused)
            except Unanswered:
                return

    def _send_away(self, client: Client, refused: Refused) -> None:
        self._counts.dismissed.labels(refused.refusal.name.lower()).inc()
        self._audience.leave(client.sid)
        self._wire.dismiss(client.sid, farewell_of(refused))
