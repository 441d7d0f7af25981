"""Starts what a county needs running: the front, the web process, the worker; they end together.

It holds no settings of its own; what it starts reads the same environment.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

from inspections.site.front import Front, program
from inspections.site.proxies import networks
from inspections.site.refusal import Refusal
from inspections.site.tls import make_certificates

GRACE_SECONDS = 15
#: one that ends sooner than this was never up: a port that is taken, a setting that is wrong
UP_SECONDS = 5.0
#: so many deaths within so many seconds are too many; whoever started us is told by exit 1
MOST_DEATHS, DEATHS_SECONDS = 5, 60.0
WEB = (
    *(sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"),
    *("--timeout", "120"),
)


def serve(
    instance: Path,
    host: str,
    port: int,
    names: list[str],
    plain: bool,
    limits: Iterable[tuple[str, int]] = (),
    trusted: str = "",
    processes: int = 1,
    threads: int = 16,
) -> int:
    """The exit code, once told to stop (0) or when one of the processes cannot be kept alive (1).

    `plain` serves http, for a look on one's own machine; tablets need TLS to work offline. `limits` are the
    sizes that addresses take, `trusted` the county's own proxies.
    """
    _must_be_free(host, port)
    environment = dict(os.environ)
    web = [*WEB, "--workers", str(processes), "--threads", str(threads)]
    certificate = None if plain else make_certificates(instance / "tls", names)
    if certificate is not None:
        environment["INSPECTIONS_SECURE_COOKIES"] = "1"
    with tempfile.TemporaryDirectory(prefix="inspections-") as private:
        inside = Path(private) / "web.socket"
        nginx = program()
        commands = [[sys.executable, "-m", "inspections", "worker"]]
        if nginx is None:
            print("没有安装 nginx：慢速或不说话的连接会占住网页服务，请先运行 make setup。", file=sys.stderr)
            address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            tls = (
                ["--certfile", str(certificate), "--keyfile", str(certificate.with_suffix(".key"))]
                if (certificate)
                else []
            )
            commands.append([*web, "--bind", address, *tls, "inspections:web_process()"])
        else:
            folder = instance / "front"
            folder.mkdir(mode=0o700, exist_ok=True)
            front = Front(
                host, port, inside, folder, certificate, tuple(limits), tuple(map(str, networks(trusted)))
            )
            settings = Path(private) / "nginx.conf"
            settings.write_text(front.settings())
            commands.append(
                [*web, "--bind", f"unix:{inside}", "--umask", "0o77", "inspections:web_process()"]
            )
            commands.append([nginx, "-p", str(folder), "-c", str(settings)])
        return _watch([_Kept(command, environment) for command in commands], host, port, plain)


def _must_be_free(host: str, port: int) -> None:
    """Nothing. Raises Refusal where this machine has no such address, or something listens there already."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as fault:
        raise Refusal(f"不能在 {host} 的 {port} 端口提供服务：地址不可用或端口已被占用。") from fault


class _Kept:
    """A process that is started again when it dies, unless it never came up or dies again and again."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.command, self.environment = command, environment
        self.deaths: list[float] = []
        self.start()

    def start(self) -> None:
        self.since = time.monotonic()
        self.process = subprocess.Popen(self.command, env=self.environment)

    def lives(self) -> bool:
        """Whether it runs, started again now if need be."""
        if self.process.poll() is None:
            return True
        died = time.monotonic()
        self.deaths = [*(each for each in self.deaths if died - each < DEATHS_SECONDS), died]
        if (len(self.deaths) == 1 and died - self.since < UP_SECONDS) or len(self.deaths) > MOST_DEATHS:
            return False
        program = " ".join(self.command[:4])
        print(f"{program} 意外结束（{self.process.returncode}），已重新启动。", file=sys.stderr, flush=True)
        self.start()
        return True


def _watch(kept: list[_Kept], host: str, port: int, plain: bool) -> int:
    """The exit code once all have ended: 0 when this process was told to stop."""
    told_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    shown = f"[{host}]" if ":" in host else host
    print(f"{'http' if plain else 'https'}://{shown}:{port}", flush=True)
    while not told_to_stop and all(each.lives() for each in kept):
        time.sleep(0.2)
    started = [each.process for each in kept]
    for process in started:
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in started:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    return 0 if told_to_stop else 1
