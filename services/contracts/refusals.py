"""The closed list of refusals: code, HTTP status, number and default sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Answer:
    """How a refusal is told: HTTP status, Alpaca-style number (status and serial), sentence."""

    status: int
    number: int
    sentence: str


class Refusal(Enum):
    """Every way a request can be refused. Numbers follow Alpaca's pattern of status code and serial."""

    MALFORMED_BODY = Answer(400, 40010000, "The body is not valid JSON. Send one JSON object.")
    MALFORMED_REQUEST = Answer(400, 40010001, "This is not a request in HTTP that can be read.")
    UNAUTHENTICATED = Answer(401, 40110000, "Sign in first: send a bearer token or an API key and its secret.")
    WRONG_CREDENTIALS = Answer(401, 40110001, "The name or the password is wrong.")
    SESSION_ENDED = Answer(401, 40110002, "This session has ended. Log in again.")
    INSUFFICIENT_BUYING_POWER = Answer(403, 40310000, "The account's buying power does not cover this order.")
    INSUFFICIENT_SHARES = Answer(403, 40310001, "The account does not have that many shares to sell.")
    NOT_PERMITTED = Answer(403, 40310002, "This account may not do that.")
    SELF_TRADE = Answer(403, 40310003, "The order would have traded with another order of the same account.")
    TOO_MANY_OPEN_ORDERS = Answer(403, 40310004, "This account has as many open orders as it may. Cancel some first.")
    TOO_MANY_ORDERS_TODAY = Answer(403, 40310005, "This account has placed as many orders today as it may.")
    NOT_FOUND = Answer(404, 40410000, "There is nothing here by that name.")
    ORDER_NOT_FOUND = Answer(404, 40410001, "This account has no such order.")
    POSITION_NOT_FOUND = Answer(404, 40410002, "This account has no position in that symbol.")
    UNKNOWN_SYMBOL = Answer(404, 40410003, "No instrument has that symbol.")
    METHOD_NOT_ALLOWED = Answer(405, 40510000, "This address does not take that method.")
    REQUEST_TIMEOUT = Answer(408, 40810000, "The request did not come in time. Send it again, all of it at once.")
    NAME_TAKEN = Answer(409, 40910000, "That name is taken. Choose another.")
    BODY_TOO_LARGE = Answer(413, 41310000, "The body is too large. Send less at a time.")
    ADDRESS_TOO_LONG = Answer(414, 41410000, "The address is too long. Ask for less at a time.")
    UNSUPPORTED_MEDIA_TYPE = Answer(415, 41510000, "Send the body as application/json.")
    INVALID_REQUEST = Answer(422, 42210000, "The request is not valid.")
    ORDER_NOT_ALLOWED = Answer(422, 42210001, "This order is not allowed.")
    UNTRADABLE_SYMBOL = Answer(422, 42210002, "This symbol cannot be traded.")
    SYMBOL_HALTED = Answer(422, 42210003, "Trading in this symbol is halted. Try again when it resumes.")
    NOT_OPEN = Answer(422, 42210004, "The order is no longer open.")
    REPLACE_PENDING = Answer(422, 42210005, "A replacement of this order is already under way.")
    DUPLICATE_CLIENT_ORDER_ID = Answer(
        422,
        42210007,
        "client_order_id must be unique: it names another order already. Choose another, or repeat that order exactly.",
    )
    CANCEL_PENDING = Answer(422, 42210008, "A cancel of this order is already under way.")
    WEAK_PASSWORD = Answer(422, 42210006, "The password is too weak.")
    TOO_MANY_REQUESTS = Answer(429, 42910000, "Too many requests. Wait as long as Retry-After says.")
    TOO_MANY_ATTEMPTS = Answer(429, 42910001, "Too many login attempts. Wait as long as Retry-After says.")
    HEADERS_TOO_LARGE = Answer(431, 43110000, "The headers are too large or too many.")
    UNAVAILABLE = Answer(503, 50310000, "The exchange cannot do this at the moment. Try again shortly.")


class Refused(Exception):
    """A request was refused by name. `message` replaces the default sentence; `details` go into the answer."""

    def __init__(self, refusal: Refusal, message: str | None = None, **details: object) -> None:
        super().__init__(message or refusal.value.sentence)
        self.refusal = refusal
        self.message = message or refusal.value.sentence
        self.details = details
