"""Photographs that arrive in pieces over a line that breaks: what is here stays here and is gone on from.

It knows files and lengths only; whether the bytes are a picture is asked when all are there.
"""

import contextlib
import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from inspections.findings.evidence import MOST_BYTES
from inspections.site.refusal import Refusal

#: what one request brings: half a minute on the slowest line
PIECE = 256 * 1024
#: pieces of a photograph that nobody has gone on with for so long are forgotten; the tablet begins anew
KEPT_SECONDS = 60 * 24 * 3600


class Progress(NamedTuple):
    """How many bytes of a photograph are here, of how many; (0, 0) while there is none."""

    offset: int
    length: int


class WrongOffset(Exception):
    """The piece does not go on where the last one ended: `offset` is where."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def progress(folder: Path, name: uuid.UUID) -> Progress:
    """How far that photograph has come."""
    found = _file(folder, name)
    return Progress(found.stat().st_size, int(found.suffix[1:])) if found else Progress(0, 0)


def add_piece(folder: Path, name: uuid.UUID, offset: int, length: int, data: bytes) -> Progress:
    """How far it is with this piece, now on the disk. Raises WrongOffset, and Refusal for what is too much.

    An empty piece at the end asks once more for what is whole already.
    """
    if not 0 < length <= MOST_BYTES:
        raise Refusal(f"照片超过 {MOST_BYTES // 1024 // 1024} MB，请压缩后再传。")
    if len(data) > PIECE or offset < 0 or offset + len(data) > length:
        raise Refusal(f"照片每次最多传 {PIECE // 1024} KB，且不能超出照片长度。")
    known = _file(folder, name)
    if known is None and offset == 0:
        _forget_stale(folder)
    if known is not None and int(known.suffix[1:]) != length:
        raise Refusal("照片长度与先前所传的不一致，请重新拍摄或重新选择。")
    with _locked(folder / f"{name}.{length}") as file:
        here = os.fstat(file).st_size
        if offset != here:
            raise WrongOffset(here)
        os.lseek(file, here, os.SEEK_SET)
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
        return Progress(os.fstat(file).st_size, length)


def whole(folder: Path, name: uuid.UUID) -> bytes:
    """All its bytes. Raises WrongOffset while some are missing."""
    here = progress(folder, name)
    found = _file(folder, name)
    if found is None or here.offset < here.length:
        raise WrongOffset(here.offset)
    return found.read_bytes()


def forget(folder: Path, name: uuid.UUID) -> None:
    """Nothing; its pieces are gone: it is kept as a photograph by now, or is none."""
    found = _file(folder, name)
    if found is not None:
        found.unlink(missing_ok=True)


def _file(folder: Path, name: uuid.UUID) -> Path | None:
    return next(iter(folder.glob(f"{name}.*")), None)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, open for one writer at a time: a tablet that tries again may meet its own last request."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _forget_stale(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for each in folder.glob("*.*"):
        with contextlib.suppress(FileNotFoundError):  # another request was faster
            if each.stat().st_mtime < oldest:
                each.unlink()
