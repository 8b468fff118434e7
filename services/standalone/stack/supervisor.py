"""Starts the stack's children, keeps them alive, replaces them one by one when told to, and sees them all out."""

from __future__ import annotations

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterable
from functools import partial

from standalone.market import LEAVE_LIMIT_S
from standalone.stack.child import Child, Process
from standalone.stack.log import Log
from standalone.stack.plan import STOPPING, Spec
from standalone.stack.state import State

START_LIMIT_S = 60.0
_MOST_EARLY_STARTS = 4
_LEAVE_LIMIT_S = {"database": 60.0, "broker": 25.0, "market": LEAVE_LIMIT_S}
_USUAL_LEAVE_LIMIT_S = 12.0
_LONGEST_SLEEP_S = 1.0


class ToldToStop(Exception):
    """Somebody wants the stack to end."""


class ChildRefused(Exception):
    """A child does not come; the text says which one."""


class Supervisor:
    """Everything happens in the thread that makes it: the kernel ties the children's lives to it.

    `turn` is the heart: it hears the children, notices who died, starts who is due; whatever waits, waits in it.
    """

    def __init__(self, log: Log, state: State) -> None:
        self._log = log
        self._state = state
        self._children: dict[str, Child] = {}
        self._passing: list[Process] = []
        """Processes that are no child at the moment: on their way in, or out, or doing one thing."""
        self._selector = selectors.DefaultSelector()
        self._stop_told = self._roll_told = False
        self._listen_to_signals()

    def start(self, specs: Iterable[Spec]) -> None:
        """Start children; `wait_until_ready` says whether they came."""
        children = [Child(spec) for spec in specs]
        self._children |= {child.spec.name: child for child in children}
        if children:
            self._log.tell(f"starting {', '.join(child.spec.name for child in children)}")
        self.turn(0.0)

    def wait_until_ready(self, *kinds: str) -> None:
        """Wait until all children, or those of some kinds, do their work.

        ChildRefused after a minute, or if one falls again and again before it does.
        """
        children = [child for child in self._children.values() if not kinds or child.spec.kind in kinds]
        deadline_s = time.monotonic() + START_LIMIT_S
        while waiting := [child for child in children if not child.is_ready()]:
            if time.monotonic() > deadline_s or any(child.starts > _MOST_EARLY_STARTS for child in waiting):
                names = ", ".join(child.spec.name for child in waiting)
                raise ChildRefused(f"{names} did not come up: see the lines above.")
            self.turn()

    def do(self, specs: Iterable[Spec]) -> None:
        """Run processes that do one thing and end; ChildRefused if one of them fails."""
        running = [self._open(spec) for spec in specs]
        self._passing += running
        self._wait_for(lambda: all(process.ended() for process in running), START_LIMIT_S)
        for process in running:
            if not process.succeeded():
                raise ChildRefused(f"{process.spec.name} {process.ended() or 'takes too long'}: see the lines above.")
        self.turn(0.0)

    def stay(self) -> None:
        """Keep all children alive, and replace them each time somebody asks for it, until told to stop."""
        self._state.phase = "ready"
        while True:
            self.turn()
            if self._roll_told:
                self._roll_told = False
                self._roll()

    def stop(self) -> None:
        """Tell everybody to go, those first who let work in; who does not listen is killed."""
        self._state.phase = "stopping"
        self._stop_told = False
        for child in self._children.values():
            child.is_wanted = False
        self._retire(*self._passing)
        for kinds in STOPPING:
            leaving = [child for child in self._children.values() if child.spec.kind in kinds]
            for child in leaving:
                self._children.pop(child.spec.name)
            self._retire(*(child.process for child in leaving if child.process is not None))

    def close(self) -> None:
        """Hear no more signals."""
        signal.set_wakeup_fd(-1)
        self._selector.close()
        self._woken.close()
        self._waking.close()

    def turn(self, limit_s: float = _LONGEST_SLEEP_S) -> None:
        """Sleep until something happens, or `limit_s` has passed, and do what is to be done; ToldToStop if so."""
        due_s = [child.due_s for child in self._children.values() if child.is_wanted and not child.process]
        pause_s = min([limit_s, *(moment_s - time.monotonic() for moment_s in due_s)])
        for key, _ in self._selector.select(max(pause_s, 0.0)):
            key.data()
        self._notice_deaths()
        for child in self._children.values():
            if child.is_due():
                child.starts += 1
                child.process = self._open(child.spec)
        self._state.write(self._children.values())
        if self._stop_told:
            raise ToldToStop

    def _notice_deaths(self) -> None:
        for process in [process for process in self._passing if process.ended()]:
            self._close(process)
            self._passing.remove(process)
        for child in self._children.values():
            if child.process is not None and (how := child.process.ended()):
                self._close(child.process)
                child.has_died()
                if child.is_wanted:
                    self._log.tell(f"{child.spec.name} {how}; it is started again")

    def _roll(self) -> None:
        """Replace every process of every service, one after the other, each only once its successor does its work."""
        self._state.phase = "restarting"
        services = [child for child in self._children.values() if child.spec.kind in ("web", "consumer", "relay")]
        for child in services:
            self._log.tell(f"replacing {child.spec.name}")
            self._replace(child)
        self._restart_market()
        self._state.phase = "ready"
        self._state.rolled += 1
        self._log.tell(f"every service process has been replaced ({len(services)})")

    def _restart_market(self) -> None:
        """The resident traders trade for the same accounts: the old ones have to be gone before the new ones come."""
        for child in self._children.values():
            if child.spec.kind == "market" and child.process is not None:
                old, child.process, child.is_wanted = child.process, None, False
                self._retire(old)
                child.is_wanted = True

    def _replace(self, child: Child) -> None:
        successor = self._open(child.spec)
        self._passing.append(successor)
        self._wait_for(lambda: successor.is_ready or bool(successor.ended()), START_LIMIT_S)
        if successor not in self._passing or not successor.is_ready:
            self._log.tell(f"the new {child.spec.name} does not come up; the old one stays")
            if successor in self._passing:
                self._retire(successor)
            return
        self._passing.remove(successor)
        old, child.process = child.process, successor
        child.starts += 1
        if old is not None:
            self._retire(old)

    def _retire(self, *processes: Process) -> None:
        """Tell processes to go and wait until they are gone."""
        self._passing += [process for process in processes if process not in self._passing]
        for process in processes:
            process.tell_to_go()
        limit_s = max((_LEAVE_LIMIT_S.get(process.spec.kind, _USUAL_LEAVE_LIMIT_S) for process in processes), default=0)
        self._wait_for(lambda: not set(processes) & set(self._passing), limit_s)
        for process in set(processes) & set(self._passing):
            self._log.tell(f"{process.spec.name} does not go; it is killed")
            process.end()
        self._wait_for(lambda: not set(processes) & set(self._passing), _USUAL_LEAVE_LIMIT_S)

    def _wait_for(self, happened: Callable[[], bool], limit_s: float) -> None:
        deadline_s = time.monotonic() + limit_s
        while not happened() and time.monotonic() < deadline_s:
            self.turn(min(_LONGEST_SLEEP_S, limit_s))

    def _open(self, spec: Spec) -> Process:
        process = Process(spec)
        self._selector.register(process.output, selectors.EVENT_READ, partial(self._print, process))
        self._selector.register(process.ready_pipe, selectors.EVENT_READ, partial(self._hear, process))
        return process

    def _print(self, process: Process) -> None:
        for line in process.lines():
            self._log.line(process.spec.name, line)
        if process.is_silent:
            self._selector.unregister(process.output)

    def _hear(self, process: Process) -> None:
        if not process.hear():
            self._selector.unregister(process.ready_pipe)

    def _close(self, process: Process) -> None:
        """Print its last words and forget it; those it leaves behind may still hold the other end of its output."""
        for file in (process.output, process.ready_pipe):
            if file in self._selector.get_map():
                self._selector.unregister(file)
        while lines := process.lines():
            for line in lines:
                self._log.line(process.spec.name, line)
        process.close()

    def _listen_to_signals(self) -> None:
        """A signal wakes `turn`: Python writes its number into a socket that is looked at with all the others."""
        woken, waking = socket.socketpair()
        self._woken, self._waking = woken, waking
        for end in (woken, waking):
            end.setblocking(False)
        signal.set_wakeup_fd(waking.fileno())
        self._selector.register(woken, selectors.EVENT_READ, self._take_signals)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)  # the number in the socket is what counts

    def _take_signals(self) -> None:
        told = set(self._woken.recv(4_096))
        self._roll_told |= signal.SIGHUP in told
        if told & {signal.SIGTERM, signal.SIGINT} and self._state.phase != "stopping":
            self._stop_told = True
