"""Floods that the attacks share: many at once, again and again, and what each was answered."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from loadtest.http_client import Connection

REFUSED_PAUSE_S = 0.05
"""Who is refused comes back, however long it was told to wait; only this machine is the attacker's own, too."""

Send = Callable[[Connection, int], int]
"""Sends one request on a connection, given its number; returns the status."""


def flood(connect: Callable[[int], Connection], send: Send, seconds: float, count: int) -> Counter[str]:
    """So many clients at once, each sending as soon as it is answered; the answers by status."""
    answers: Counter[str] = Counter()
    lock, ends_s = threading.Lock(), time.monotonic() + seconds

    def client(number: int) -> None:
        connection, sent = None, 0
        while time.monotonic() < ends_s:
            try:
                connection = connection or connect(number)
                status = str(send(connection, sent * count + number))
            except OSError as broken:
                status, connection = type(broken).__name__, None
            sent += 1
            if not status.startswith("2"):
                time.sleep(REFUSED_PAUSE_S)
            with lock:
                answers[status] += 1
        if connection is not None:
            connection.close()

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 60)
    return answers
