"""A private Redis that keeps nothing: a cache, which forgets what was used longest ago when it is full."""

from __future__ import annotations

from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from standalone.servers.process import ServerProcess
from standalone.servers.programs import REDIS_SERVER

_CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir "{folder}"
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
loglevel warning
"""


class RedisServer(ServerProcess):
    """One redis-server process at `url`."""

    def __init__(self, folder: Path, port: int, password: str = "", *, is_tied: bool = False) -> None:
        super().__init__(folder, is_tied=is_tied)
        self._port = port
        self._password = password
        self.url = cache_url(port, password)

    def start(self) -> None:
        configuration = self.folder / "redis.conf"
        configuration.touch(mode=0o600)
        secret = f"requirepass {self._password}\n" if self._password else ""
        configuration.write_text(_CONFIGURATION.format(port=self._port, folder=self.folder) + secret)
        super().start()

    def command(self) -> list[str]:
        return [REDIS_SERVER.path(), str(self.folder / "redis.conf")]

    def answers(self) -> bool:
        with Redis.from_url(self.url, socket_timeout=5.0) as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False


def cache_url(port: int, password: str = "") -> str:
    """The address of a Redis on this machine."""
    return f"redis://{f':{password}@' if password else ''}127.0.0.1:{port}/0"
