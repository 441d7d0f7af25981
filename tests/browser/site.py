"""A real site for the browser: an empty instance, the web process and the worker, on the loopback only."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from inspections.database import open_engine

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    """Where it answers, its folder, and the administrator's one-time password."""

    address: str
    instance: Path
    secret: str

    def turn(self, *statements: sa.Update) -> None:
        """Changes days in its database: a test cannot wait for three months."""
        engine = open_engine(f"sqlite:///{self.instance / 'inspections.db'}")
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)
        engine.dispose()

    def look(self, statement: sa.Select) -> list[sa.Row]:
        """What its database holds, for a test that must know whom the solver chose."""
        engine = open_engine(f"sqlite:///{self.instance / 'inspections.db'}")
        with engine.execution_options(reading=True).connect() as connection:
            found = list(connection.execute(statement))
        engine.dispose()
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(instance: Path) -> Iterator[Site]:
    """A fresh installation, started as a county would start it, ended with the block."""
    environment = os.environ | {"INSPECTIONS_INSTANCE": str(instance)}
    command = [sys.executable, "-m", "inspections"]
    made = subprocess.run(
        [*command, "init"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    secret = re.search(r"一次性密码 (\S+)（", made.stdout)
    assert secret, made.stdout
    with serving(instance) as address:
        yield Site(address, instance, secret.group(1))


@contextmanager
def serving(instance: Path) -> Iterator[str]:
    """The address of a site on that instance, web process and worker, ended with the block."""
    environment = os.environ | {"INSPECTIONS_INSTANCE": str(instance)}
    port = free_port()
    command = [sys.executable, "-m", "inspections", "serve", "--plain", "--port", str(port)]
    with (instance / "site.log").open("wb") as log:
        site = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/sign-in", site)
            yield f"http://127.0.0.1:{port}"
        finally:
            site.send_signal(signal.SIGTERM)
            try:
                site.wait(timeout=30)
            except subprocess.TimeoutExpired:
                site.kill()


def _wait(url: str, site: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert site.poll() is None, "the site ended by itself"
            time.sleep(0.25)
    raise AssertionError("the site did not answer within a minute")
