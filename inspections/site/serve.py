"""Starts what a county needs running: the web process and the worker beside it, ended together.

It holds no settings of its own; what it starts reads the same environment.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from inspections.site.tls import make_certificates

GRACE_SECONDS = 15


def serve(instance: Path, host: str, port: int, names: list[str], plain: bool) -> int:
    """The exit code, once told to stop (0) or when one of the two processes ended by itself (1).

    `plain` serves http, for a look on one's own machine; tablets need TLS to work offline.
    """
    environment = dict(os.environ)
    web = [
        *(sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"),
        # one process: the brake on guessing counts in memory; threads wait for the database, not for Python
        *("--workers", "1", "--threads", "16", "--timeout", "120", "--bind", f"{host}:{port}"),
    ]
    if not plain:
        certificate = make_certificates(instance / "tls", names)
        web += ["--certfile", str(certificate), "--keyfile", str(certificate.with_suffix(".key"))]
        environment["INSPECTIONS_SECURE_COOKIES"] = "1"
    started = [
        subprocess.Popen([*web, "inspections:web_process()"], env=environment),
        subprocess.Popen([sys.executable, "-m", "inspections", "worker"], env=environment),
    ]

    told_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"{'http' if plain else 'https'}://{host}:{port}", flush=True)
    while not told_to_stop and all(process.poll() is None for process in started):
        time.sleep(0.2)
    for process in started:
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in started:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    return 0 if told_to_stop else 1
