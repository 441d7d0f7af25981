"""Signs a finished PDF with the county's own certificate, beside the file or inside it, by pyHanko.

It proves who signed which bytes. It is no 电子印章 in the sense of the law (电子签名法第十三条), it draws
nothing, and the program never does it on its own.
"""

import asyncio
import io
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

FIELD = "signature"


class NotSigned(Exception):
    """The file was not signed; the message says why in Chinese."""


def certificate(file: Path, password: bytes) -> signers.SimpleSigner:
    """The signer of a PKCS#12 file (.p12, .pfx). Raises NotSigned for a wrong password or an SM2 key."""
    data = file.read_bytes()
    try:
        key, _, _ = pkcs12.load_key_and_certificates(data, password)
    except UnsupportedAlgorithm:
        raise NotSigned("这是国密（SM2）证书或本机不能用的算法；这里只能用 RSA 或 ECDSA 证书签名") from None
    except ValueError:
        raise NotSigned(
            "证书无法打开：口令不对（INSPECTIONS_CERTIFICATE_PASSWORD），或者文件不是证书"
        ) from None
    if key is None:
        raise NotSigned("证书文件里没有私钥，不能签名")
    return signers.SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=password)


def beside(data: bytes, signer: signers.SimpleSigner) -> bytes:
    """A detached CMS signature (RFC 5652, DER) over these bytes, SHA-256."""
    signed = asyncio.run(signer.async_sign_general_data(data, "sha256", detached=True))
    made: bytes = signed.dump()
    return made


def inside(data: bytes, signer: signers.SimpleSigner) -> bytes:
    """The PDF with an invisible signature field, appended to the same bytes (ISO 32000-1, 12.8)."""
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    details = signers.PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256")
    signers.sign_pdf(writer, details, signer, output=out)
    return out.getvalue()
