"""``./manage serve``: one run a home, that stops and recovers as people expect."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.enable_socket, pytest.mark.xdist_group("serve")]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose tables are made: the worker reads its own."""
    (tmp_path / "static").mkdir()
    subprocess.run(command("migrate", "--skip-checks"), env=environment(tmp_path, 0), check=True, capture_output=True)
    return tmp_path


def environment(home: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "OPENREGION_HOSTS"}}
    return kept | {"OPENREGION_HOME": str(home), "OPENREGION_PORT": str(port)}


def command(*words: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *words]


class Run:
    """A run under test, and its children."""

    def __init__(self, home: Path, port: int) -> None:
        self.port = port
        self.words = home / "words.txt"
        with self.words.open("ab") as out:
            self.process = subprocess.Popen(
                command("serve", "--workers", "1"), env=environment(home, port), stdout=out, stderr=out
            )

    def until_ready(self) -> None:
        until = time.monotonic() + 60
        while "Open http" not in self.words.read_text():
            assert time.monotonic() < until and self.process.poll() is None, self.words.read_text()
            time.sleep(0.1)

    def answer(self) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as response:
            return str(response.read().decode())

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def workers(self) -> list[psutil.Process]:
        return [one for one in self.children() if not is_gone(one) and "db_worker" in one.cmdline()]


@pytest.fixture
def run(home: Path, port: int) -> Iterator[Run]:
    started = Run(home, port)
    try:
        started.until_ready()
        yield started
    finally:
        if started.process.poll() is None:
            started.process.terminate()
        started.process.wait(15)


def wait_for(happened, within: float = 30) -> None:
    until = time.monotonic() + within
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.1)


def is_gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def closed(port: int) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
    except (URLError, ConnectionError):
        return True
    return False


def test_serve_says_who_runs_already_brings_the_worker_back_and_stops_whole(run: Run, home: Path) -> None:
    assert run.answer() == "ok\n"

    second = subprocess.run(
        command("serve"), env=environment(home, run.port), capture_output=True, text=True, check=False
    )
    told = f"Already running on http://127.0.0.1:{run.port} (process {run.process.pid}).\n"
    assert (second.returncode, second.stdout) == (0, told)

    (first,) = run.workers()
    first.kill()
    wait_for(lambda: [one.pid for one in run.workers() if one.pid != first.pid])

    family = run.children()
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(10) == 0
    assert all(is_gone(one) for one in family)
    assert closed(run.port)


def test_serve_killed_leaves_no_child_and_starts_again(run: Run, home: Path) -> None:
    family = run.children()
    run.process.kill()
    run.process.wait(10)
    wait_for(lambda: all(is_gone(one) for one in family))

    again = Run(home, run.port)
    try:
        wait_for(lambda: not closed(run.port))
        assert again.answer() == "ok\n"
    finally:
        again.process.terminate()
        assert again.process.wait(15) == 0


def test_serve_on_a_busy_port_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            command("serve"), env=environment(tmp_path, port), capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert f"OPENREGION_PORT={port + 1} ./run" in done.stderr


@pytest.mark.parametrize("bind", ["8000x", "127.0.0.1:0", "127.0.0.1:99999", "localhost"])
def test_serve_refuses_an_address_that_is_none(bind: str, tmp_path: Path) -> None:
    done = subprocess.run(
        command("serve", "--bind", bind), env=environment(tmp_path, 0), capture_output=True, text=True, check=False
    )
    assert (done.returncode, "is not an address and a port" in done.stderr) == (1, True)
