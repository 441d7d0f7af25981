"""The county's own certificates: a server that tablets trust once they have the county's authority."""

import socket
import ssl
import threading
from pathlib import Path

import pytest

from inspections.tls import make_certificates


def test_a_client_that_trusts_the_authority_reaches_the_server_by_name_and_address(tmp_path: Path) -> None:
    certificate = make_certificates(tmp_path / "tls", ["zhudian.example"])
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(certificate, certificate.with_suffix(".key"))
    there = ssl.create_default_context(cafile=str(tmp_path / "tls" / "ca.crt"))
    for name in ("localhost", "127.0.0.1", "zhudian.example"):
        assert handshake(here, there, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(here, there, "other.example")


def handshake(here: ssl.SSLContext, there: ssl.SSLContext, name: str) -> bool:
    left, right = socket.socketpair()

    def answer() -> None:
        try:
            here.wrap_socket(left, server_side=True).close()
        except (ssl.SSLError, OSError):
            left.close()

    server = threading.Thread(target=answer)
    server.start()
    try:
        with there.wrap_socket(right, server_hostname=name) as secured:
            return secured.version() is not None
    finally:
        right.close()
        server.join(10)


def test_certificates_are_made_once_and_keys_are_private(tmp_path: Path) -> None:
    first = make_certificates(tmp_path / "tls", []).read_bytes()
    assert make_certificates(tmp_path / "tls", ["later.example"]).read_bytes() == first
    for key in ("ca.key", "server.key"):
        assert (tmp_path / "tls" / key).stat().st_mode & 0o077 == 0
