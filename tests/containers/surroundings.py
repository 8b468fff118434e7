"""What an exchange of containers lives on: networks, volumes with keys in them, and its three servers."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from standalone.databases import SERVICES
from standalone.stack.settings import DOORS
from tests.containers.docker import DockerFailed, docker, run
from tests.containers.told import USER

_MOST_CONNECTIONS = "300"
_MOST_TRIES = 10


@dataclass(slots=True)
class Surroundings:
    """Everything bears `label`. `images` are those of the servers, `tool` is one that has a shell.

    `addresses`: what a web door keeps when it is replaced, as behind a cluster's Service.
    """

    label: str
    images: Mapping[str, str]
    tool: str
    password: str
    addresses: dict[str, str] = field(default_factory=dict)

    @property
    def inside(self) -> str:
        """The network that nothing leads out of."""
        return f"{self.label}-inside"

    @property
    def outside(self) -> str:
        return f"{self.label}-outside"

    def volume(self, name: str) -> str:
        return f"{self.label}-{name}"

    def make(self) -> None:
        """The networks and volumes."""
        self._make_networks()
        for name, files in (("databases", _databases(self.password)), ("market", {}), *_keys()):
            self._make_volume(name, files)

    def start_servers(self) -> None:
        """Whoever needs them waits for them."""
        init = f"--volume={self.volume('databases')}:/docker-entrypoint-initdb.d:ro"
        many = ("postgres", "-c", f"max_connections={_MOST_CONNECTIONS}")
        self._serve("postgres", init, self.images["postgres"], *many, POSTGRES_PASSWORD=self.password)
        login = {"RABBITMQ_DEFAULT_USER": USER, "RABBITMQ_DEFAULT_PASS": self.password}
        self._serve("rabbitmq", self.images["rabbitmq"], **login)
        self._serve("redis", self.images["redis"])

    def has_databases(self) -> bool:
        """While it makes them, PostgreSQL listens on no network."""
        return run("exec", f"{self.label}-postgres", "pg_isready", "--host", "127.0.0.1").returncode == 0

    def remove(self) -> None:
        """Take away all that bears the label, the exchange's containers too."""
        for lists, removes in (
            (("ps", "--all", "--quiet"), ("rm", "--force", "--volumes")),
            (("volume", "ls", "--quiet"), ("volume", "rm", "--force")),
            (("network", "ls", "--quiet"), ("network", "rm")),
        ):
            found = docker(*lists, "--filter", f"label={self.label}").split()
            if found:
                docker(*removes, *found)

    def _make_networks(self) -> None:
        docker("network", "create", "--label", self.label, self.outside)
        for _ in range(_MOST_TRIES):
            start = f"10.{random.randrange(128, 250)}.{random.randrange(250)}"
            words = ["--label", self.label, "--internal", "--subnet", f"{start}.0/24", self.inside]
            made = run("network", "create", *words)
            if made.returncode == 0:
                # beyond where the engine begins to give addresses away
                web = (service for service, doors in DOORS.items() if "web" in doors)
                self.addresses = {service: f"{start}.{number}" for number, service in enumerate(web, start=200)}
                return
        raise DockerFailed(f"no private network is free: {made.stderr.decode()}")

    def _make_volume(self, name: str, files: Mapping[str, str]) -> None:
        """Fill it through a container: the engine may be on another machine."""
        docker("volume", "create", "--label", self.label, self.volume(name))
        for file, text in files.items():
            words = ["--user", "0", "--volume", f"{self.volume(name)}:/made", "--entrypoint", "sh", self.tool]
            docker("run", "--rm", "--interactive", *words, "-c", f"cat > /made/{file}", told=text.encode())

    def _serve(self, name: str, *words: str, **environment: str) -> None:
        told = [f"--env={variable}={value}" for variable, value in environment.items()]
        place = ["--label", self.label, "--network", self.inside, "--network-alias", name, "--hostname", name]
        docker("run", "--detach", "--name", f"{self.label}-{name}", *place, *told, *words)


def _databases(password: str) -> dict[str, str]:
    """A database for each service, and a role that owns it and nothing else."""
    return {
        "databases.sql": "".join(
            f"create role {service} login password '{password}';\n"
            f"create database {service} owner {service} encoding 'UTF8' locale 'C' template template0;\n"
            for service in SERVICES
        )
    }


def _keys() -> list[tuple[str, dict[str, str]]]:
    """The key that signs tokens, for one service, and its certificate, for all the others."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stock-exchange")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, None)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return [
        ("signing", {"tls.key": private}),
        ("keys", {"tls.crt": certificate.public_bytes(Encoding.PEM).decode()}),
    ]
