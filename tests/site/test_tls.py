"""The county's own certificates: a server that tablets trust once they have the county's authority."""

import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509

from inspections import create_app
from inspections.site.tls import hosts_of, make_certificates


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
    first = make_certificates(tmp_path / "tls", ["own.example"]).read_bytes()
    assert make_certificates(tmp_path / "tls", []).read_bytes() == first
    for key in ("ca.key", "server.key"):
        assert (tmp_path / "tls" / key).stat().st_mode & 0o077 == 0


def test_a_renewed_certificate_has_the_new_names_and_the_authority_that_tablets_already_trust(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "tls"
    make_certificates(folder, ["old.example"])
    trusted = (folder / "ca.crt").read_bytes()
    certificate = make_certificates(folder, ["new.example", "10.1.2.3"], renew=True)
    assert (folder / "ca.crt").read_bytes() == trusted
    assert {"new.example", "10.1.2.3", "localhost"} <= set(hosts_of(certificate))
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(certificate, certificate.with_suffix(".key"))
    assert handshake(here, ssl.create_default_context(cafile=str(folder / "ca.crt")), "new.example")
    assert certificate.with_suffix(".key").stat().st_mode & 0o077 == 0


def test_a_server_certificate_lasts_no_longer_than_apples_tablets_accept(tmp_path: Path) -> None:
    read = x509.load_pem_x509_certificate(make_certificates(tmp_path / "tls", []).read_bytes())
    assert (read.not_valid_after_utc - read.not_valid_before_utc).days <= 825


def test_the_command_says_which_names_the_certificate_has(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path / "county"})
    said = app.test_cli_runner().invoke(args=["tls", "init", "zhudian.example"])
    app.extensions["engine"].dispose()
    assert said.exit_code == 0
    assert "zhudian.example" in said.output


def test_a_name_that_comes_later_is_added_and_the_old_ones_stay(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    first = make_certificates(folder, ["10.1.1.1"])
    authority, before = (folder / "ca.crt").read_bytes(), first.read_bytes()
    assert make_certificates(folder, ["10.1.1.1"]).read_bytes() == before
    make_certificates(folder, ["jw.local"])
    assert {"10.1.1.1", "jw.local"} <= set(hosts_of(first))
    assert (folder / "ca.crt").read_bytes() == authority
