"""Asks who a client is, as every API of the exchange does."""

from __future__ import annotations

import threading
import time

from werkzeug.datastructures import Headers

from chassis.identity import KEY_ID_HEADER, SECRET_HEADER, Authenticator, lasts_s
from live_gateway.domain.asking import Credentials
from live_gateway.ports import Admission, Authenticate

_AT_ONCE = 8
"""After a restart everybody connects in the same second; all their look-ups at once would each come too late."""


def authenticate_with(authenticator: Authenticator) -> Authenticate:
    """Ask `authenticator`, which knows credentials as the headers of a request."""

    turns = threading.Semaphore(_AT_ONCE)

    def authenticate(credentials: Credentials) -> Admission:
        if credentials.token:
            headers = Headers({"Authorization": f"Bearer {credentials.token}"})
        else:
            headers = Headers({KEY_ID_HEADER: credentials.key_id, SECRET_HEADER: credentials.secret})
        with turns:
            account_id = authenticator.caller(headers).account_id
        return Admission(account_id, time.monotonic() + lasts_s(credentials.token) if credentials.token else None)

    return authenticate
