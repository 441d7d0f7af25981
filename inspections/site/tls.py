"""The county's own certificate authority and server certificate, for an intranet without a public one.

Tablets need TLS: without it browsers offer no offline work at all. It signs nothing but this server.
"""

import datetime as dt
import ipaddress
import os
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = dt.timedelta(days=365 * 10)
#: tablets of Apple refuse a server's certificate that lasts longer than 825 days, whoever signed it
SERVER_LASTS = dt.timedelta(days=800)


def make_certificates(folder: Path, names: list[str], renew: bool = False) -> Path:
    """The server certificate's path; it and `ca.crt` (to install on tablets) are made once and kept.

    `names` are host names and addresses of this server; the loopback and the host's own name are added.
    A name that the certificate lacks is added by signing it anew; `renew` signs one for `names` alone. The
    authority, which the tablets trust, stays the same.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    if (folder / "server.crt").exists() and not renew:
        kept = hosts_of(folder / "server.crt")
        if set(names) <= set(kept):
            return folder / "server.crt"
        names = [*kept, *names]  # a new name is one more: nobody is locked out who called it by an old one
    if (folder / "ca.key").exists():
        authority_key = _key(folder / "ca.key")
        authority = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    else:
        authority_key = ec.generate_private_key(ec.SECP256R1())
        authority = _certificate("巡回驻点 本县证书", authority_key, None, None, [])
        _write_key(folder / "ca.key", authority_key)
        (folder / "ca.crt").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    key = ec.generate_private_key(ec.SECP256R1())
    hosts = sorted({"localhost", "127.0.0.1", socket.gethostname(), *names})
    server = _certificate(hosts[0], key, authority, authority_key, hosts)
    (folder / "server.key").unlink(missing_ok=True)
    _write_key(folder / "server.key", key)
    (folder / "server.crt").write_bytes(server.public_bytes(serialization.Encoding.PEM))
    return folder / "server.crt"


def hosts_of(certificate: Path) -> list[str]:
    """The host names and addresses that the server certificate answers for."""
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return sorted(str(each.value) for each in names)


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - this module wrote it
    return key


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey | None,
    hosts: list[str],
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + (SERVER_LASTS if issuer else AUTHORITY_LASTS))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if hosts:
        alternatives = [_general_name(host) for host in hosts]
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(issuer_key or key, hashes.SHA256())


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
