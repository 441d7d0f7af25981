"""Looks into a PDF, a Word or an Excel file that is kept as it came: whole, of one kind, without programs."""

import io
import re
from collections.abc import Mapping

import pypdf
from pypdf.errors import PyPdfError

from . import MOST_PAGES, Reason, Turned, workbooks
from .xml import Walk
from .zips import Packed

#: what a PDF calls a program, an attached file or the start of another one (a name may be spelt in hex)
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|RichMedia|XFA)\b")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_TAIL = 66_000
_MAIN = "word/document.xml"


def pages(data: bytes) -> int:
    """The number of pages of the PDF. Raises Turned."""
    if not data.startswith(b"%PDF-"):
        raise Turned(Reason.UNREADABLE)
    if b"PK\x05\x06" in data[-_TAIL:]:
        raise Turned(Reason.TWO_KINDS)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Turned(Reason.ENCRYPTED)
        found = len(reader.pages)
        if found > MOST_PAGES:
            raise Turned(Reason.TOO_MANY_PAGES)
        if not found:
            raise Turned(Reason.UNREADABLE)
        plain = _HEX.sub(lambda hexed: bytes([int(hexed[1], 16)]), data)
        opening = "".join(str(reader.root_object.get(name, "")) for name in ("/OpenAction", "/AA", "/Names"))
        if _ACTS.search(plain) or _ACTS.search(opening.encode()):
            raise Turned(Reason.SCRIPTS)
        for page in reader.pages:
            page.mediabox  # noqa: B018 - a page that is not there fails here
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError):
        raise Turned(Reason.UNREADABLE) from None
    except RecursionError:
        raise Turned(Reason.UNREADABLE) from None
    return found


def office(data: bytes, suffix: str) -> None:
    """Nothing; the file is a whole .docx or .xlsx without programs. Raises Turned."""
    if suffix == ".xlsx":
        workbooks.measure(data)
        return
    packed = Packed(data)
    if _MAIN not in packed.names or "[Content_Types].xml" not in packed.names:
        raise Turned(Reason.UNREADABLE)
    if any(name.lower().endswith("vbaproject.bin") for name in packed.names):
        raise Turned(Reason.MACROS)

    def outside(said: Mapping[str, str]) -> None:
        """A template or an object fetched from elsewhere when the file is opened."""
        if said.get("TargetMode") == "External" and not said.get("Type", "").endswith("/hyperlink"):
            raise Turned(Reason.SCRIPTS)

    walk = Walk()
    for name in packed.names:
        if name.endswith((".xml", ".rels")):
            walk.through(packed.pieces(name), {"Relationship": outside})
        else:
            for _ in packed.pieces(name):
                pass
