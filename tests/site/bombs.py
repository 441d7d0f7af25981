"""Files that were made to hurt, or that an accident made so: name → (how it is opened, its bytes).

`python -m tests.site.bombs` opens each through the gate and prints what became of it and how long it took.
"""

import io
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from inspections.site import gate

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
BOOK = (
    f'<workbook xmlns="{NS}" xmlns:r="{REL}"><sheets><sheet name="人员" sheetId="1" r:id="r1"/></sheets>'
    "</workbook>"
)
TOP = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def sheet(data: str, more: str = "", head: str = "") -> str:
    return f'{head}<worksheet xmlns="{NS}"><sheetData>{data}</sheetData>{more}</worksheet>'


def zipped(parts: dict[str, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def book(page: str | bytes, **more: bytes | str) -> bytes:
    """A workbook of one sheet with that XML; `more` replaces or adds parts (double underline for slash)."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": TOP,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELS,
        "xl/worksheets/sheet1.xml": page,
    }
    return zipped(parts | {name.replace("__", "/"): part for name, part in more.items()})


def good() -> bytes:
    out = io.BytesIO()
    made = Workbook()
    made.active.append(["编号", "姓名"])  # type: ignore[union-attr]
    made.save(out)
    return out.getvalue()


def cell(reference: str, value: str = "1") -> str:
    return f'<c r="{reference}"><v>{value}</v></c>'


def row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


def lying(data: bytes, says: int) -> bytes:
    """The zip, each member claiming to unpack to `says` bytes, in both of its headers."""
    changed = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + place : at + place + 4] = struct.pack("<I", says)
            at = changed.find(sign, at + 4)
    return bytes(changed)


def flagged(data: bytes) -> bytes:
    """The zip with the mark of encryption on each member."""
    changed = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + place] |= 1
            at = changed.find(sign, at + 4)
    return bytes(changed)


def overlapping() -> bytes:
    """Every entry of the directory points at the same bytes."""
    data = bytearray(zipped({f"{n}.csv": b"0" * 100_000 for n in range(200)}))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 42 : at + 46] = struct.pack("<I", 0)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def nested(depth: int) -> str:
    return sheet("<a>" * depth + "</a>" * depth)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
    + "]>"
)


def workbooks() -> Iterator[tuple[str, bytes]]:
    far = row(1, cell("A1")) + row(1048576, cell("XFD1048576"))
    yield "far cell", book(sheet(far))
    yield "far cell without its row", book(sheet(row(1, cell("A1") + cell("XFD1048576"))))
    yield "far column", book(sheet(row(1, cell("A1") + cell("XFD1"))))
    yield "far row", book(sheet(row(1, cell("A1")) + row(1048576, cell("A1048576"))))
    yield "beyond the last cell", book(sheet(row(1, cell("ZZZ9999999"))))
    yield "a reference that is none", book(sheet(row(1, cell("1A"))))
    yield "a huge row number", book(sheet('<row r="99999999"><c><v>1</v></c></row>'))
    yield "far text", book(sheet(row(1, '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>')))
    yield "far formula", book(sheet(row(1, '<c r="XFD1048576"><f>1+1</f></c>')))
    yield "wide and long", book(sheet(row(1, cell("ALK1")) + row(50000, cell("A50000"))))
    yield (
        "prefixed far cell",
        book(
            f'<x:worksheet xmlns:x="{NS}"><x:sheetData><x:row r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c>'
            "</x:row></x:sheetData></x:worksheet>"
        ),
    )
    ones = "".join(f"<row>{'<c><v>1</v></c>' * 400}</row>" for _ in range(50))
    yield "ones, 2 million", book(sheet(ones * 100))
    yield "ones, 5 million", book(sheet(ones * 250))
    yield "blank rows without end", book(sheet("<row/>" * 3_000_000))
    yield "one row without end", book(sheet("<row>" + "<c><v>1</v></c>" * 200_000 + "</row>"))
    merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 300_001))
    yield "merged hundred thousands", book(sheet(row(1, cell("A1")), f"<mergeCells>{merged}</mergeCells>"))
    yield (
        "declares the whole sheet",
        book(
            sheet(far, head='<?xml version="1.0"?>').replace(
                "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
            )
        ),
    )
    yield "billion laughs", book(sheet(row(1, cell("A1", "&i;")), head=LAUGHS))
    yield (
        "an outer entity",
        book(sheet(row(1, cell("A1", "&x;")), head='<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
    )
    yield "an outer document type", book(sheet("", head='<!DOCTYPE w SYSTEM "http://127.0.0.1:9/x.dtd">'))
    yield (
        "entities in the shared strings",
        book(
            sheet(row(1, cell("A1"))),
            xl__sharedStrings__xml="",
            **{"xl/sharedStrings.xml": LAUGHS + "<sst/>"},
        ),
    )
    yield "entities in the workbook", book(sheet(""), **{"xl/workbook.xml": LAUGHS + BOOK})
    yield "entities in the styles", book(sheet(""), **{"xl/styles.xml": LAUGHS + "<styleSheet/>"})
    yield "entities in the relations", book(sheet(""), **{"xl/_rels/workbook.xml.rels": LAUGHS + RELS})
    yield "entities in a comment part", book(sheet(""), **{"xl/comments1.xml": LAUGHS + "<comments/>"})
    yield "elements within elements", book(nested(200_000))
    yield "no end tag", book(f'<worksheet xmlns="{NS}"><sheetData><row>')
    yield "no XML", book(b"\0\1\2\3" * 100)
    yield "UTF-16 that is none", book(b"\xff\xfe<\0w\0" + b"\xd8" * 9)
    yield "an attribute without end", book(sheet(f'<row r="1" x="{"0" * 60_000_000}"/>'))
    yield "zeros, 100 MB", book(b"0" * 100_000_000)
    yield (
        "many zeros",
        zipped({"[Content_Types].xml": TYPES} | {f"x{n}": b"0" * 9_000_000 for n in range(20)}),
    )
    yield "a lying header", lying(book(sheet(ones * 250)), 100)
    yield "a header that lies the other way", lying(book(sheet("")), 0xFFFFFF00)
    yield "too many members", zipped({"[Content_Types].xml": TYPES} | {f"x{n}": b"" for n in range(70_000)})
    yield "the same member twice", _twice()
    long = {"xl/sharedStrings.xml": f'<sst xmlns="{NS}"><si><t>{"长" * 10_000}</t></si></sst>'}
    same = "".join(row(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(1, 3001))
    yield "one long text in every row", book(sheet(same), **long)
    yield "macros", book(sheet(row(1, cell("A1"))), **{"xl/vbaProject.bin": b"x"})
    yield "old macro sheets", book(sheet(row(1, cell("A1"))), **{"xl/macrosheets/sheet1.xml": sheet("")})
    yield "encrypted", flagged(book(sheet(row(1, cell("A1")))))
    yield "encrypted by Excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0" * 200
    yield "an old binary workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)
    yield "no sheet", zipped({"[Content_Types].xml": TYPES, "xl/workbook.xml": BOOK})
    plain = good()
    yield "cut in the middle", plain[: len(plain) // 2]
    yield "cut by one byte", plain[:-1]
    yield "without its beginning", plain[100:]
    yield "something before it", b"MZ" + plain
    yield "bytes turned over", plain[:300] + bytes(byte ^ 255 for byte in plain[300:900]) + plain[900:]
    yield "only the sign of a zip", b"PK\x03\x04"
    yield "the sign of an empty zip", b"PK\x05\x06" + bytes(18)
    yield "text", "编号,姓名\n".encode() * 100
    yield "a page of the web", b"<html><table><tr><td>1</td></tr></table></html>"
    yield "a picture by the wrong name", picture()
    yield "[Content_Types].xml and nothing more", zipped({"[Content_Types].xml": TYPES})


def _twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in ("[Content_Types].xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1_xml"):
            packed.writestr(name, sheet(row(1, cell("A1"))))
    return out.getvalue().replace(b"sheet1_xml", b"sheet1.xml")


def zips() -> Iterator[tuple[str, bytes]]:
    yield "overlapping members", overlapping()
    yield "a zip of zeros", zipped({"人员.csv": b"0," * 60_000_000})
    yield "a zip that lies", lying(zipped({"人员.csv": b"0," * 60_000_000}), 10)
    yield "ten thousand tables", zipped({f"{n}.csv": b"" for n in range(10_000)})
    yield "an encrypted zip", flagged(zipped({"人员.csv": b"1"}))
    yield "a broken zip", zipped({"人员.csv": b"1" * 1000})[:80]


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def png(width: int, height: int, data: bytes = b"", more: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pictures() -> Iterator[tuple[str, bytes]]:
    yield "50,000 by 50,000", png(50_000, 50_000, zlib.compress(bytes(1000)))
    yield "the largest numbers", png(2**31 - 1, 2**31 - 1)
    yield "one line without end", png(2**31 - 1, 1)
    yield "no pixel", png(0, 0)
    yield "less than it says", png(4000, 4000, zlib.compress(bytes(1000)))
    text = zlib.compress(bytes(200_000_000))
    chunk = b"zTXt" + b"k\0\0" + text
    more = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    yield "a text that unpacks", png(10, 10, b"x", more)
    jpeg = picture("JPEG", (400, 300))
    yield "half a JPEG", jpeg[: len(jpeg) // 2]
    sized = bytearray(jpeg)
    at = sized.find(b"\xff\xc0")
    sized[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    yield "a JPEG of 4,225 megapixels", bytes(sized)
    webp = picture("WEBP")
    yield "half a WebP", webp[: len(webp) // 2]
    large = io.BytesIO()
    Image.new("L", (8000, 8000)).convert("RGB").save(large, "WEBP", lossless=True, quality=0, method=0)
    yield "a WebP of 64 megapixels", large.getvalue()
    yield "a GIF", picture("GIF")
    yield "a TIFF", picture("TIFF")
    yield "SVG with script", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    yield "HTML", b"<html><script>alert(1)</script>"
    yield "HEIC", b"\0\0\0\x18ftypheic" + bytes(100)
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"


def pdf(**catalogue: object) -> bytes:
    out = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if "script" in catalogue:
        said = {"/S": "/JavaScript", "/JS": str(catalogue["script"])}
        action = {NameObject(key): NameObject(word) for key, word in said.items() if key == "/S"}
        action[NameObject("/JS")] = TextStringObject(said["/JS"])  # type: ignore[assignment]
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if "attached" in catalogue:
        writer.add_attachment("x.exe", b"MZ")
    if "password" in catalogue:
        writer.encrypt(str(catalogue["password"]), algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def papers() -> Iterator[tuple[str, bytes]]:
    whole = pdf()
    yield "a PDF with a program", pdf(script="app.alert(1)")
    yield "a PDF with a file in it", pdf(attached=1)
    yield "an encrypted PDF", pdf(password="x")
    yield "a PDF that is a zip as well", whole + zipped({"x": b"1"})
    yield "half a PDF", whole[: len(whole) // 3]
    yield "only the sign of a PDF", b"%PDF-1.7\n"
    yield (
        "a PDF whose pages are their own children",
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999999>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
        ),
    )
    yield (
        "a program spelt in hex",
        whole.replace(b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript/JS(1)>>"),
    )


def documents() -> Iterator[tuple[str, bytes]]:
    plain: dict[str, bytes | str] = {"[Content_Types].xml": TYPES, "word/document.xml": "<d/>"}
    outside = RELS.replace("/worksheet", "/attachedTemplate").replace("/>", ' TargetMode="External"/>', 1)
    yield "a template fetched from elsewhere", zipped(plain | {"word/_rels/settings.xml.rels": outside})
    yield "a document with macros", zipped(plain | {"word/vbaProject.bin": b"x"})
    yield "a document with entities", zipped(plain | {"word/document.xml": LAUGHS + "<d>&i;</d>"})
    yield "a document of zeros", zipped(plain | {"word/media/x.png": b"0" * 120_000_000})
    yield "no document", zipped({"[Content_Types].xml": TYPES})


OPENED: dict[str, Callable[[bytes], object]] = {
    "workbook": gate.workbook,
    "zip": gate.packed,
    "picture": gate.picture,
    "pdf": gate.pdf,
    "document": lambda data: gate.office(data, ".docx"),
}


MADE: dict[str, Callable[[], Iterator[tuple[str, bytes]]]] = {
    "workbook": workbooks,
    "zip": zips,
    "picture": pictures,
    "pdf": papers,
    "document": documents,
}


def main() -> int:
    """1 when a bomb was taken; a line for each with its size, its seconds and the sentence."""
    taken = 0
    bombs = {name: (kind, data) for kind, made in MADE.items() for name, data in made()}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    worst = 0.0
    for name, (kind, data) in bombs.items():
        begun, worked = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        try:
            OPENED[kind](data)
            sentence, taken = "TAKEN", taken + 1
        except gate.Turned as turned:
            sentence = str(turned)
        spent = time.perf_counter() - begun
        worst = max(worst, spent)
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - worked
        print(f"{spent:6.2f} s ({used:.2f} s of processor) {len(data):>10,} {kind:9} {name}: {sentence}")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{len(bombs)} bombs, {taken} taken, slowest {worst:.2f} s, this process + {grown:.0f} MB")
    return 1 if taken else 0


if __name__ == "__main__":
    sys.exit(main())
