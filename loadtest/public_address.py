"""Where an exchange is reached, whatever it runs as: connections to it, and accounts on it."""

from __future__ import annotations

from contextlib import closing

from loadtest.http_client import Connection


class PublicAddress:
    """An exchange at `host` and `port`."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._connections: list[Connection] = []

    def connect(self, token: str = "", timeout_s: float = 60.0) -> Connection:
        """A new connection; closed at the latest with all others by `close_connections`."""
        connection = Connection(self.host, self.port, token, timeout_s)
        self._connections.append(connection)
        return connection

    def close_connections(self) -> None:
        """Close every connection made here; for when nobody uses them any more."""
        while self._connections:
            self._connections.pop().close()

    def sign_up(self, name: str, password: str = "correct horse battery", source: str = "") -> str:  # noqa: S107  # nobody's
        """Sign an account up and return its access token; RuntimeError if it is refused."""
        return self._enter("signup", name, password, source)

    def log_in(self, name: str, password: str) -> str:
        """Log an account in and return its access token; RuntimeError if it is refused."""
        return self._enter("login", name, password)

    def _enter(self, door: str, name: str, password: str, source: str = "") -> str:
        with closing(Connection(self.host, self.port, source=source)) as connection:
            response = connection.request("POST", f"/v2/auth/{door}", {"name": name, "password": password})
        if response.status not in (200, 201):
            raise RuntimeError(f"{door} of {name} was refused: {response.body.decode()}")
        token: str = response.json()["access_token"]
        return token
