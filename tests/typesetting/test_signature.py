"""A detached or embedded signature with the county's own certificate, proved by an independent reader."""

import asyncio
import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext

from inspections.typesetting.commands import papers
from tests.typesetting.samples import handover, printed

PASSWORD = "only-for-this-test"


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that signs itself, as a PKCS#12 file."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "清河县纪委监委（测试）")])
    begins = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=30))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(secret, hashes.SHA256())
    )
    file = tmp_path / "county.p12"
    locked = serialization.BestAvailableEncryption(PASSWORD.encode())
    file.write_bytes(serialization.pkcs12.serialize_key_and_certificates(b"x", secret, made, None, locked))
    (tmp_path / "letter.pdf").write_bytes(printed(handover()).data)
    monkeypatch.setenv("INSPECTIONS_CERTIFICATE_PASSWORD", PASSWORD)
    return file


def apart(work: Callable[[], Any]) -> Any:
    """What `work` returns, in a thread of its own: the test's may be running a browser's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def run(key: Path, target: Path) -> tuple[int, str]:
    letter = str(key.parent / "letter.pdf")
    command = ["sign", letter, "--certificate", str(key), "--out", str(target)]
    done = apart(lambda: CliRunner().invoke(papers, command))
    return done.exit_code, done.output


def test_the_signature_inside_covers_every_byte_and_the_pages_stay(key: Path, tmp_path: Path) -> None:
    code, said = run(key, tmp_path / "signed.pdf")
    assert code == 0, said
    assert "清河县纪委监委（测试）" in said
    assert "不是法律意义上的电子印章" in said
    plain, signed = ((tmp_path / name).read_bytes() for name in ("letter.pdf", "signed.pdf"))
    assert signed.startswith(plain)
    [made] = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    trust = ValidationContext(trust_roots=[made.signer_cert])
    status = apart(lambda: validate_pdf_signature(made, trust))
    assert status.intact
    assert status.valid
    assert status.coverage.name == "ENTIRE_FILE"


def test_the_signature_beside_fits_this_file_and_no_other(key: Path, tmp_path: Path) -> None:
    code, said = run(key, tmp_path / "letter.p7s")
    assert code == 0, said
    content = cms.ContentInfo.load((tmp_path / "letter.p7s").read_bytes())["content"]
    plain = (tmp_path / "letter.pdf").read_bytes()
    trust = ValidationContext(trust_roots=[each.chosen for each in content["certificates"]])

    def held_against(data: bytes) -> StandardCMSSignatureStatus:
        proof = async_validate_detached_cms(data, content, signer_validation_context=trust)
        return apart(lambda: asyncio.run(proof))

    assert held_against(plain).valid
    assert not held_against(plain + b" ").intact


def test_a_wrong_password_and_a_file_that_is_no_paper_write_nothing(
    key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECTIONS_CERTIFICATE_PASSWORD", "wrong")
    code, said = run(key, tmp_path / "signed.pdf")
    assert code == 2
    assert "证书无法打开" in said
    monkeypatch.setenv("INSPECTIONS_CERTIFICATE_PASSWORD", PASSWORD)
    (tmp_path / "letter.pdf").write_bytes(b"no paper")
    assert run(key, tmp_path / "signed.pdf")[0] == 2
    assert not (tmp_path / "signed.pdf").exists()
