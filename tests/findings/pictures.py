"""Photographs made for the tests: whole, sideways with a position, broken, huge."""

import io
import random
import struct
import zlib

from PIL import Image


def jpeg(width: int = 60, height: int = 40, orientation: int | None = None, gps: bool = False) -> bytes:
    """A JPEG whose left half is red and right half blue, with the EXIF data asked for."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    if gps:
        exif[0x010F] = "SECRETPHONE"
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (30.0, 6.0, 7.5)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"SECRETPLACE", quality=95)
    return out.getvalue()


def heavy(megabytes: int, shade: int) -> bytes:
    """A whole JPEG as heavy as a camera's, another for each shade; the weight lies behind its end."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (shade * 16, 90, 30)).save(out, "JPEG")
    return out.getvalue().ljust(megabytes * 1024 * 1024, b"\0")


def other(kind: str, mode: str = "RGB") -> bytes:
    """A small picture in another format."""
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, kind)
    return out.getvalue()


def half(kind: str) -> bytes:
    """The first half of the file of a picture full of detail."""
    noise = random.Random(7).randbytes(200 * 100 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (200, 100), noise).save(out, kind)
    return out.getvalue()[: out.tell() // 2]


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head claims to be that large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 64)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200
