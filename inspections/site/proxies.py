"""Whose word about the caller's address is believed: only that of proxies which the county has named."""

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(said: str) -> list[Network]:
    """The networks of a setting like `10.1.2.3, 10.9.0.0/16`. Raises ValueError naming what is none."""
    return [ipaddress.ip_network(each.strip()) for each in said.split(",") if each.strip()]


class TrustedProxies:
    """The application, told the nearest address that no trusted proxy vouches for, and the true scheme."""

    def __init__(self, application: Callable[..., Any], said: str) -> None:
        self.application = application
        self.networks = networks(said)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        near = environ.get("REMOTE_ADDR", "")
        if self._trusted(near):
            told = [
                each.strip() for each in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()
            ]
            environ["REMOTE_ADDR"] = self._first_stranger(reversed(told), near)
            if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self.application(environ, start_response)

    def _first_stranger(self, told: Iterable[str], near: str) -> str:
        for address in told:
            near = address
            if not self._trusted(address):
                break
        return near

    def _trusted(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return address in ("", "unix:")  # nobody but the own front reaches that socket
        return any(found in network for network in self.networks)
