"""Signs a finished PDF with the county's own certificate, beside the file or inside it, by pyHanko.

It proves who signed which bytes. It is no 电子印章 in the sense of the law (电子签名法第十三条), it draws
nothing, and the program never does it on its own.
"""

import asyncio
import io
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

FIELD = "signature"


class NotSigned(Exception):
    """The file was not signed; the message says why in Chinese."""


def certificate(file: Path, password: bytes) -> signers.SimpleSigner:
    """The signer of a PKCS#12 file (.p12, .pfx). Raises NotSigned when it cannot be opened."""
    signer = signers.SimpleSigner.load_pkcs12(str(file), passphrase=password)
    if signer is None:
        raise NotSigned("证书无法打开：请检查文件和口令（INSPECTIONS_CERTIFICATE_PASSWORD）")
    return signer


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
