"""The front: nginx, which takes whole requests from slow lines and hands them on when they are complete.

A tablet at 5 KB/s, or a socket that says nothing, costs the front a few kilobytes and the pages nothing.
"""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inspections.site.limits import FORM, LIST

#: the longest silence within a request, and while an answer is fetched
SILENCE_SECONDS = 20
ANSWER_SECONDS = 120
CONNECTIONS = 4096

TOO_LARGE = "上传的内容过大，没有保存。请减少文件后分几次上传。"
BUSY = "系统正在启动或正忙，请稍后再试；平板上的内容不会丢失。"


@dataclass(frozen=True, slots=True)
class Front:
    """What the front is to do. `certificate` (its key beside it) makes it speak TLS; `limits` are patterns of
    paths with their bytes; `trusted` are addresses of the county's own proxies."""

    host: str
    port: int
    socket: Path
    folder: Path
    certificate: Path | None
    limits: tuple[tuple[str, int], ...]
    trusted: tuple[str, ...]

    def settings(self) -> str:
        """The configuration file."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        tls = [] if self.certificate is None else _tls(self.certificate)
        return "\n".join(
            [
                *(["user root;"] if os.geteuid() == 0 else []),
                "daemon off;",
                "worker_processes 1;",
                f"pid {self.folder}/nginx.pid;",
                "error_log stderr crit;",
                f"events {{ worker_connections {CONNECTIONS}; }}",
                "http {",
                *_http(self.folder),
                *(f"  set_real_ip_from {address};" for address in self.trusted),
                "  real_ip_header X-Forwarded-For; real_ip_recursive on;",
                f"  upstream web {{ server unix:{self.socket} fail_timeout=0; keepalive 16; }}",
                "  server {",
                f"    listen {host}:{self.port}{' ssl' if tls else ''} backlog=1024;",
                *tls,
                *_places(self.limits),
                "  }",
                "}",
                "",
            ]
        )


def program() -> str | None:
    """Where nginx is, if it is installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _http(folder: Path) -> list[str]:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return [
        "  access_log off; server_tokens off; reset_timedout_connection on;",
        f"  client_header_timeout {SILENCE_SECONDS}s; client_body_timeout {SILENCE_SECONDS}s;",
        f"  send_timeout {SILENCE_SECONDS}s; keepalive_timeout 30s;",
        "  client_header_buffer_size 4k; large_client_header_buffers 4 16k; client_body_buffer_size 64k;",
        *(f"  {kind}_temp_path {folder}/{kind};" for kind in kinds),
        "  proxy_http_version 1.1; proxy_request_buffering on; proxy_buffering on; proxy_buffers 8 32k;",
        f"  proxy_connect_timeout 5s; proxy_read_timeout {ANSWER_SECONDS}s; proxy_send_timeout 20s;",
        '  proxy_set_header Connection "";',
        "  proxy_set_header Host $http_host;",
        "  proxy_set_header X-Forwarded-For $remote_addr;",
        "  proxy_set_header X-Forwarded-Proto $scheme;",
        _said("too_large", TOO_LARGE),
        _said("busy", BUSY),
        "  map $uri $kind { ~^/api/ application/json; default text/plain; }",
    ]


def _said(name: str, sentence: str) -> str:
    """A variable with the sentence: as JSON for a tablet, plain for a person."""
    spoken = json.dumps({"app": "inspections", "error": sentence}, ensure_ascii=False)
    return f"  map $uri ${name} {{ ~^/api/ '{spoken}'; default '{sentence}'; }}"


def _tls(certificate: Path) -> list[str]:
    return [
        f"    ssl_certificate {certificate}; ssl_certificate_key {certificate.with_suffix('.key')};",
        "    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:tls:2m; ssl_session_tickets off;",
    ]


def _places(limits: Iterable[tuple[str, int]]) -> list[str]:
    """Each address that takes files its limit and a margin: a little too much is answered by the page."""
    pages = "error_page 413 @too_large; error_page 502 503 504 @busy;"
    places = [f"    {pages}", "    charset utf-8;"]
    places += [
        "    location @too_large { default_type $kind; return 413 $too_large; }",
        "    location @busy { default_type $kind; return 503 $busy; }",
        f"    location / {{ client_max_body_size {2 * FORM}; proxy_pass http://web; }}",
    ]
    for pattern, size in sorted(set(limits)):
        room = f"client_max_body_size {2 * size};"
        if size == LIST:  # no number of a list lies in a file of the front
            room += " proxy_request_buffering off;"
        places.append(f'    location ~ "{pattern}" {{ {room} proxy_pass http://web; }}')
    return places
