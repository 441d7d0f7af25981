"""A detached or embedded signature with the county's own certificate, proved by an independent reader."""

import asyncio
import base64
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
from inspections.typesetting.letter import Status
from tests.typesetting.samples import handover, printed
from tests.typesetting.wrong_prints import print_with

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


#: a key of the curve SM2 and its certificate, made by OpenSSL for this test; the password is x
SM2 = base64.b64decode(
    "MIID/AIBAzCCA7IGCSqGSIb3DQEHAaCCA6MEggOfMIIDmzCCAlIGCSqGSIb3DQEHBqCCAkMwggI/AgEAMIICOAYJKoZIhvcN"
    "AQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgQxYAByXW05QICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME"
    "ASoEEEHfKcrFndW3/nWR9OGJbwaAggHQ3ywkGGxBxdlqIulV+fpSKFa0OLoa+sw9gAqK3hJm3ZSuoWQS/MjdN8e/GAmTGZoT"
    "b6+dCadlpAEC7KBLzCY6k7clUKZp+DFB/WOdjQJV3noWk4GBy0jQlBQx0Zd0Ui95u92B4qt2ey4tE200HLEshpyxkdTEGJ6s"
    "CoiuPaHCWTsHyZVlqILUyjpR2DU+Q2DvnqSfre+3lOXgJDFLJZK0J2/PYUciSwjo8KFm3ib3z0lQAxdkzJso4DXOsNw5UAz+"
    "eAU1F27YhzIyZTVI3PKUPleEXoQLSfVv8tv5kMegGyaBzsYHYNdYI53NCxTWfpNNPKLBB0+i6k76klTeZVkpMOvVJhlYp+5g"
    "ZfVOZxoEkmNkdc/ElR4yKa7aCw91rWihbyiarrIJjNjj5G+L+19U3WuTOQcn8fMdz/xmDGgSGLNDmk7Duuilaxp7v5kZ3e+t"
    "TKFqrNypBPihhfH68eAsJxSmB6eX/YavTqJPD7Hrh9CToFSP20MGOnzPBR5W7Gll5/yeiNR8G+VsQl9hdcs6x7fg1vfoU7DU"
    "tDKbQwBrTxqvuc5QxCKuOfqeNK750zCB6JqBXhQ6IAZ/AIt3ewlzGmzxA6EdfjMSLFoNcj7Aum0wggFBBgkqhkiG9w0BBwGg"
    "ggEyBIIBLjCCASowggEmBgsqhkiG9w0BDAoBAqCB7zCB7DBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQI29EYrgrJ"
    "2BoCAggAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBA6s541LuuFbrnQ4PUrHbK2BIGQl4bK2Pap3uOVXbBsSBdNpMKd"
    "uFdKr+lmob0lJ2G7CqnK0LaSxLHhsVLDco/3UlH4PhnRkV1ElIN5ktVrHSb+jXqk10ppBClK5pvlcnflkebA4KWA5/J6ZIB5"
    "hU2CeM3DFPCMJnDFoPmz9TxYLA6gxDDd5CfbmXIvKUOH99cXGDFvGZQ/dyHZ96abyXzumUIpMSUwIwYJKoZIhvcNAQkVMRYE"
    "FGIcmMXdCKad56uqNbjhVYTpuK8yMEEwMTANBglghkgBZQMEAgEFAAQg560nVoPHBTWLrxrZnkI6AJa3zVOfyltpjyxZrdlt"
    "BzwECNPn6jxSqjQdAgIIAA=="
)


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
    assert "口令不对" in said
    monkeypatch.setenv("INSPECTIONS_CERTIFICATE_PASSWORD", PASSWORD)
    (tmp_path / "letter.pdf").write_bytes(b"no paper")
    assert run(key, tmp_path / "signed.pdf")[0] == 2
    assert not (tmp_path / "signed.pdf").exists()


def test_a_draft_a_print_that_fails_the_check_and_an_sm2_key_are_refused_by_name(
    key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(printed(handover(Status.DRAFT)).data)
    assert "这是草稿" in run(key, tmp_path / "signed.pdf")[1]
    letter.write_bytes(print_with("bulletin", ".rule { width: 120mm }"))
    code, said = run(key, tmp_path / "signed.pdf")
    assert (code, "版头分隔线宽" in said) == (2, True)
    letter.write_bytes(printed(handover()).data)
    key.write_bytes(SM2)
    monkeypatch.setenv("INSPECTIONS_CERTIFICATE_PASSWORD", "x")
    code, said = run(key, tmp_path / "signed.pdf")
    assert (code, "SM2" in said) == (2, True)
    assert not (tmp_path / "signed.pdf").exists()
