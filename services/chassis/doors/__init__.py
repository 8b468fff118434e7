"""The ways a service runs as processes of its own: `python -m <service>.main migrate|wait|web|consumer|relay`."""

from chassis.doors.opening import Doors, run

__all__ = ["Doors", "run"]
