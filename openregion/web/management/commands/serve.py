"""Serves the site and does the background work, until Ctrl+C; what ``./run`` ends with."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management import BaseCommand, CommandError

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, linux/prctl.h
PATIENCE = 1.5  # seconds a child has to end what it is doing
FREE_WITHIN = 5.0  # seconds for the children of a killed run to let go of the port
READY_WITHIN = 60.0


class Lock:
    """One run at a time on a home: a lock that the system drops with the process, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a+", encoding="utf-8")

    def taken(self) -> bool:
        """Take the lock; say whether it is ours now."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def say(self, address: str) -> None:
        """Write who holds the lock and where it serves, for whoever comes next."""
        self._file.truncate(0)
        self._file.write(f"{os.getpid()} {address}")
        self._file.flush()

    def holder(self) -> str:
        """Tell who runs already, as a sentence."""
        number, _, address = self.path.read_text(encoding="utf-8").partition(" ")
        return f"Already running on {address} (process {number})." if address else "Already starting; wait a moment."

    def let_go(self) -> None:
        """Drop the lock."""
        self._file.close()


class Command(BaseCommand):
    """Runs gunicorn and the task worker as children that never outlive it."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Take where to listen and with how many workers."""
        port = os.environ.get("OPENREGION_PORT", "8000")
        parser.add_argument(
            "--bind", default=f"127.0.0.1:{port}", help="address:port to listen on (default %(default)s)"
        )
        parser.add_argument("--workers", type=int, default=2, help="web processes (default %(default)s)")
        parser.add_argument("--threads", type=int, default=4, help="threads in each (default %(default)s)")
        parser.add_argument(
            "--already-running", action="store_true", help="only say whether this home is served already"
        )

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Serve, or say who does already; both are success."""
        lock = _lock()
        if not lock.taken():
            return lock.holder()
        if options["already_running"]:
            lock.let_go()
            return None
        host, port = _host_and_port(options["bind"])
        address = f"http://{'127.0.0.1' if host in {'', '0.0.0.0'} else host}:{port}"  # noqa: S104
        _wait_for_port(host, port)
        lock.say(address)
        return _Run(self, options, address).until_stopped()


class _Run:
    """The children, and what becomes of them."""

    def __init__(self, command: BaseCommand, options: dict[str, Any], address: str) -> None:
        self.command, self.options, self.address = command, options, address
        self.stopping = False
        self.pauses = 0  # how many times in a row the worker died young

    def until_stopped(self) -> str | None:
        """Start both, watch them, and stop both when asked or when the site cannot go on."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        web, worker = self._web(), self._worker()
        try:
            self._wait_until_ready(web)
            born = time.monotonic()
            while not self.stopping and web.poll() is None:
                if worker.poll() is not None:
                    self.pauses = 0 if time.monotonic() - born > 60 else self.pauses + 1
                    self._pause(min(2**self.pauses - 1, 30))
                    if not self.stopping:
                        worker, born = self._worker(), time.monotonic()
                time.sleep(0.2)
            if not self.stopping:
                raise CommandError("The web server stopped by itself; its last words are above. Start again with ./run")
        finally:
            _end([web, worker])
        self.command.stderr.write("Stopped.")
        return None

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.2)

    def _web(self) -> subprocess.Popen[bytes]:
        shared = Path("/dev/shm")  # noqa: S108  (a heartbeat in memory, so that a slow disk is not taken for a dead worker)
        heartbeat = ["--worker-tmp-dir", str(shared)] if os.access(shared, os.W_OK) else []
        return _child(
            "gunicorn", "openregion.wsgi:application", "--bind", self.options["bind"], *heartbeat,
            "--worker-class", "gthread", "--workers", str(self.options["workers"]),
            "--threads", str(self.options["threads"]), "--timeout", "60", "--graceful-timeout", "1",
            "--log-level", "warning", "--no-control-socket",
        )  # fmt: skip

    def _worker(self) -> subprocess.Popen[bytes]:
        return _child("django", "db_worker", "--queue-name", "*", "--skip-checks", "--no-startup-delay", "--no-reload")

    def _wait_until_ready(self, web: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + READY_WITHIN
        while not self.stopping and web.poll() is None and time.monotonic() < until:
            if _answers(self.address):
                self.command.stderr.write(f"Open {self.address}/ in your browser. Ctrl+C stops.")
                return
            time.sleep(0.1)


def _lock() -> Lock:
    """Open the lock of this home.

    Raises ``CommandError`` when nothing can be written there.
    """
    try:
        settings.HOME.mkdir(parents=True, exist_ok=True)
        return Lock(settings.HOME / "run.lock")
    except OSError as error:
        raise CommandError(
            f"Nothing can be written in {settings.HOME} ({error.strerror}). "
            "Give this user the right to, or choose another folder: OPENREGION_HOME=… ./run"
        ) from error


def _host_and_port(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"{bind!r} is not an address and a port, like 127.0.0.1:8000")
    return host.strip("[]"), int(port)


def _wait_for_port(host: str, port: int) -> None:
    """Wait until the port is free: a run killed a moment ago lets go of it within a second or two.

    Raises ``CommandError`` when another program keeps it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + FREE_WITHIN
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
                return
            except OSError as error:
                if time.monotonic() > until:
                    raise CommandError(
                        f"Port {port} cannot be used ({error.strerror}): another program holds it. "
                        f"Choose another: OPENREGION_PORT={port + 1} ./run"
                    ) from error
        time.sleep(0.2)


def _child(*command: str) -> subprocess.Popen[bytes]:
    """Start a Python module as a child that ends when this process does, even killed.

    In a group of its own: Ctrl+C reaches this process alone, which stops the
    children in order, once.
    """
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def before() -> None:
        libc.prctl(_DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between: nobody will send the signal any more
            os._exit(1)

    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "openregion.settings", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", *command],
        cwd=settings.ROOT,
        env=environment,
        process_group=0,
        preexec_fn=before,
    )


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the children to stop, then make them."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(until - time.monotonic(), 0.05))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _answers(address: str) -> bool:
    """Say whether the site answers, whatever it answers."""
    named = next((host for host in settings.ALLOWED_HOSTS if host != "*"), "localhost")
    try:
        with urlopen(Request(f"{address}/healthz", headers={"Host": named}), timeout=5):  # noqa: S310
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
