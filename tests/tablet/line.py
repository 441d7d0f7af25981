"""The line between a tablet and its server, in one process: a real server whose answers a test can spoil."""

import contextlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

from inspections.accounts.models import User
from inspections.database import today

Environ = dict[str, Any]
#: given a request and what would answer it, the answer; it may lose, delay or replace it
Fault = Callable[[Environ, Callable[[], Iterable[bytes]], Any], Iterable[bytes] | None]


#: answers for the page's files, by path: each tablet that prepares itself asks for all of them twice
_FILES: dict[tuple[str, str | None], tuple[str, list[tuple[str, str]], bytes]] = {}


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@dataclass
class Line:
    """The application behind faults; counts every request that arrives as `METHOD path`."""

    app: Flask
    port: int = 0
    fault: Fault | None = None
    seen: list[str] = field(default_factory=list)
    _server: BaseWSGIServer | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        self.seen.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        fault = self.fault

        def answer() -> Iterable[bytes]:
            if environ["PATH_INFO"].startswith("/static/") and "HTTP_IF_NONE_MATCH" not in environ:
                return self._file(environ, start_response)
            return self.app.wsgi_app(environ, start_response)

        if fault is None:
            return answer()
        spoilt = fault(environ, answer, start_response)
        return answer() if spoilt is None else spoilt

    def _file(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """The file as the application answered once."""
        asked = environ["PATH_INFO"], environ.get("HTTP_ACCEPT_ENCODING")
        if asked not in _FILES:
            parts, status, headers = run_wsgi_app(self.app, environ, buffered=True)
            if not status.startswith("200"):
                start_response(status, list(headers))
                return parts
            kept = [pair for pair in headers if pair[0] not in ("Set-Cookie", "Date")]
            _FILES[asked] = status, kept, b"".join(parts)
        status, told, body = _FILES[asked]
        start_response(status, told)
        return [body]

    def start(self) -> None:
        """The server listens, on the same port as before; one that is still ending is waited for."""
        deadline = time.monotonic() + 10
        while self._server is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        self._server = make_server("127.0.0.1", self.port, self, threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True
        self.port = self._server.port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Nobody listens any more; what was being answered ends."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def count(self, request: str) -> int:
        return sum(each == request for each in self.seen)


def cookie_of(app: Flask, user: User) -> str:
    """The cookie that the sign-in page would give this user, the token of its forms in it."""
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    said = {"_user_id": user.get_id(), "_fresh": True, "_permanent": True, "day": today().isoformat()}
    return str(serializer.dumps(said | {"csrf_token": secrets.token_hex(20)}))


@contextlib.contextmanager
def running(app: Flask) -> Iterator[Line]:
    line = Line(app)
    line.start()
    try:
        yield line
    finally:
        line.stop()


def on(request: str, fault: Fault, times: int | None = None) -> Fault:
    """The fault for that `METHOD path-prefix` only, a number of times where one is given."""
    method, prefix = request.split(" ")
    left = [times]

    def chosen(environ: Environ, answer: Callable[[], Iterable[bytes]], start: Any) -> Iterable[bytes] | None:
        if environ["REQUEST_METHOD"] != method or not environ["PATH_INFO"].startswith(prefix):
            return None
        if left[0] is not None:
            if left[0] == 0:
                return None
            left[0] -= 1
        return fault(environ, answer, start)

    return chosen


def status(code: str, body: bytes = b"", media: str = "text/html") -> Fault:
    """Answers with that status, without asking the application."""

    def fault(environ: Environ, _: Any, start: Any) -> Iterable[bytes]:
        _drain(environ)
        start(code, [("Content-Type", media), ("Content-Length", str(len(body)))])
        return [body]

    return fault


def redirect(environ: Environ, _: Any, start: Any) -> Iterable[bytes]:
    """A portal sends everybody to its own page."""
    _drain(environ)
    start("302 Found", [("Location", "/sign-in"), ("Content-Length", "0")])
    return [b""]


def lost_reply(environ: Environ, answer: Callable[[], Iterable[bytes]], _: Any) -> Iterable[bytes]:
    """The server has done its work, and the line breaks before the tablet hears of it."""
    for _part in answer():
        pass
    return _cut(environ)


def cut(environ: Environ, _answer: Any, _start: Any) -> Iterable[bytes]:
    """The line breaks before the server has done anything."""
    return _cut(environ)


def silent(seconds: float) -> Fault:
    """Accepts and says nothing for so long, then breaks."""

    def fault(environ: Environ, _answer: Any, _start: Any) -> Iterable[bytes]:
        time.sleep(seconds)
        return _cut(environ)

    return fault


def slow(seconds: float) -> Fault:
    """Answers, later."""

    def fault(_environ: Environ, _answer: Any, _start: Any) -> None:
        time.sleep(seconds)

    return fault


def _cut(environ: Environ) -> Iterable[bytes]:
    wire: socket.socket = environ["werkzeug.socket"]
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
    return [b""]


def _drain(environ: Environ) -> None:
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left > 0:
        part = environ["wsgi.input"].read(min(left, 65536))
        if not part:
            return
        left -= len(part)
