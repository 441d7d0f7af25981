"""Opens a zip file without believing what it says of itself: sizes are counted while unpacking."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from . import MOST_MEMBERS, MOST_UNPACKED, Reason, Turned

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIRST = b"PK\x03\x04"
_PIECE = 256 * 1024
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)


class Packed:
    """A zip file whose directory was found in order; `left` is what may still be unpacked of it."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE2):  # an old binary workbook, or an encrypted new one, which is wrapped so
            raise Turned(Reason.ENCRYPTED if b"E\0n\0c\0r\0y\0p\0t" in data else Reason.OLD)
        if not data.startswith(_FIRST):
            raise Turned(Reason.UNREADABLE)
        try:
            self.file = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS:
            raise Turned(Reason.UNREADABLE) from None
        entries = self.file.infolist()
        if len(entries) > MOST_MEMBERS:
            raise Turned(Reason.TOO_MANY_FILES)
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Turned(Reason.ENCRYPTED)
        if len({entry.filename for entry in entries}) < len(entries):
            raise Turned(Reason.UNREADABLE)
        self._refuse_overlap(entries, len(data))
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Turned(Reason.TOO_LARGE)
        self.entries = entries
        self.names = [entry.filename for entry in entries]
        self.left = MOST_UNPACKED

    @staticmethod
    def _refuse_overlap(entries: list[zipfile.ZipInfo], size: int) -> None:
        """Members that share bytes unpack to far more than the file holds (and so do files within files)."""
        end = 0
        for entry in sorted(entries, key=lambda each: each.header_offset):
            if entry.header_offset < end or entry.header_offset + entry.compress_size > size:
                raise Turned(Reason.UNREADABLE)
            end = entry.header_offset + 30 + entry.compress_size

    def glance(self, name: str) -> Iterator[bytes]:
        """The member in pieces, not counted among what was unpacked. Raises Turned like `pieces`."""
        left = self.left
        yield from self.pieces(name)
        self.left = left

    def pieces(self, name: str | zipfile.ZipInfo) -> Iterator[bytes]:
        """The member in pieces. Raises Turned when it grows beyond what is left."""
        try:
            with self.file.open(name) as member:
                while piece := member.read(_PIECE):
                    self.left -= len(piece)
                    if self.left < 0:
                        raise Turned(Reason.TOO_LARGE)
                    yield piece
        except (*_FAULTS, KeyError):
            raise Turned(Reason.UNREADABLE) from None

    def whole(self, name: str | zipfile.ZipInfo) -> bytes:
        """The member."""
        return b"".join(self.pieces(name))
