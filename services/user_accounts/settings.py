"""What an operator can choose about accounts, read from the environment once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """A limit of 0 means no limit. Names are those of the environment in lower case."""

    signing_key_file: str
    """PEM of the Ed25519 key that signs access tokens; made on the first start if missing."""

    public_key_file: str = ""
    """Where its public half is left for the other services' processes; nowhere if empty."""

    access_token_minutes: int = 15
    refresh_token_days: int = 30
    """A session ends this long after its last refresh."""

    login_attempts_per_minute: int = 10
    """Per name, right passwords counted too."""

    login_attempts_per_minute_per_address: int = 120
    sign_ups_per_minute_per_address: int = 120
    demo_logins_per_minute_per_address: int = 120
    refreshes_per_minute_per_address: int = 600
    """Many people may be behind one address."""

    api_keys_per_account: int = 50

    argon2_time_cost: int = 3
    argon2_memory_kib: int = 65_536
    argon2_parallelism: int = 4
    argon2_at_once: int = 2
    """Passwords hashed at the same time; each takes argon2_memory_kib. Sign-ups get at most half of them."""

    argon2_waiting: int = 24
    """Sign-ups that may wait for that, and as many logins; from one address half of them. Others are refused."""

    demo_users: str = ""
    """Names with commas between; each can be used without a password. For exchanges with play money only."""

    demo_password: str = "demo-password"  # noqa: S105  # demo users have no secret
    operator_name: str = ""
    operator_password: str = ""
    """Only used to open the operator's account; later changes are the operator's own."""

    @property
    def demo_names(self) -> tuple[str, ...]:
        """`demo_users` one by one, in lower case."""
        return tuple(name.strip().lower() for name in self.demo_users.split(",") if name.strip())
