"""An operator who halts and resumes symbols while everything is killed, and whether orders are taken as assets say."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence

from loadtest.patient import GaveUp, PatientConnection

OPERATOR, PASSWORD = "operator", "operator of the chaos"  # of a stack that lives for minutes
SETTINGS = {"OPERATOR_NAME": OPERATOR, "OPERATOR_PASSWORD": PASSWORD}
_LONGEST_HALT_S = 1.5
_LONGEST_PAUSE_S = 3.0
_LEFT_HALTED = 0.2


class Halter:
    """Halts one of the symbols, resumes it a moment later, and now and then forgets to. In a thread of its own."""

    def __init__(self, line: PatientConnection, symbols: Sequence[str], dice: random.Random) -> None:
        self.deeds = 0
        self._line, self._symbols, self._dice = line, symbols, dice
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="halter")
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._line.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            symbol = self._dice.choice(self._symbols)
            self._do(symbol, "halt")
            self._stopping.wait(self._dice.uniform(0.0, _LONGEST_HALT_S))
            if self._dice.random() >= _LEFT_HALTED:
                self._do(symbol, "resume")
            self._stopping.wait(self._dice.uniform(0.0, _LONGEST_PAUSE_S))

    def _do(self, symbol: str, deed: str) -> None:
        try:
            self._line.request("POST", f"/v2/operator/instruments/{symbol}/{deed}")
            self.deeds += 1
        except GaveUp:
            return


def resume_all(line: PatientConnection) -> None:
    """As the operator: let trading go on in every symbol that is halted."""
    for asset in line.request("GET", "/v2/assets").json():
        if not asset["tradable"]:
            line.request("POST", f"/v2/operator/instruments/{asset['symbol']}/resume")


def wrong_assets(line: PatientConnection, round_name: str) -> list[str]:
    """Assets that are not tradable though an order comes to rest on their book, or the other way round; in words."""
    wrong = []
    for asset in line.request("GET", "/v2/assets").json():
        symbol = asset["symbol"]
        order = {"symbol": symbol, "side": "sell", "qty": "1", "type": "limit", "limit_price": "9999.00"}
        order |= {"time_in_force": "gtc", "client_order_id": f"{round_name}-{symbol}"}
        answer = line.request("POST", "/v2/orders", order, prefer="wait=20").json()
        status = answer.get("status", answer.get("name"))
        if (status == "new") != asset["tradable"]:
            wrong.append(f"{symbol} is {'' if asset['tradable'] else 'not '}tradable, but an order is {status}")
    return wrong
