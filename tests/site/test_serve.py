"""Serving on an address that this machine has not, or whose port is taken, ends with a sentence."""

import socket

import pytest

from inspections.site.refusal import Refusal
from inspections.site.serve import _must_be_free


@pytest.mark.parametrize("host", ["::1", "127.0.0.1"])
def test_a_free_address_is_free_and_a_taken_one_is_said(host: str) -> None:
    """Case 22: IPv6 as well."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as taken:
        taken.bind((host, 0))
        port = taken.getsockname()[1]
        taken.listen()
        with pytest.raises(Refusal, match=f"不能在 {host} 的 {port} 端口"):
            _must_be_free(host, port)
    _must_be_free(host, port)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "no such host"])
def test_an_address_of_somebody_else_is_said(host: str) -> None:
    with pytest.raises(Refusal, match="地址不可用"):
        _must_be_free(host, 8116)
