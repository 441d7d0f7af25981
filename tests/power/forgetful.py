"""A file system that notes every write and every sync, and the disk as a cut at any moment may leave it.

What was synced is there; of what was written after the last sync of its file each piece is there or not.
It does not model disks that lie about a sync.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import apsw

NAME = "forgetful"


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at a place of a file; `data` None cuts the file off there."""

    file: str
    offset: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Sync:
    """Everything written to the file so far is on the disk."""

    file: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """So many transactions have been told to be done."""

    count: int


Event = Write | Sync | Acknowledged


@dataclass
class Tape:
    """What happened, in order."""

    events: list[Event] = field(default_factory=list)


class _File(apsw.VFSFile):
    def __init__(self, tape: Tape, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        whole = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        self.tape, self.kept = tape, Path(whole).name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - the library's own name
        super().xWrite(data, offset)
        self.tape.events.append(Write(self.kept, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - the library's own name
        super().xTruncate(newsize)
        self.tape.events.append(Write(self.kept, newsize, None))

    def xSync(self, flags: int) -> None:  # noqa: N802 - the library's own name
        super().xSync(flags)
        self.tape.events.append(Sync(self.kept))


class Forgetful(apsw.VFS):
    """The file system; while it lives, connections may be opened with `vfs=NAME`."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        super().__init__(NAME, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _File(self.tape, name, flags)


def left_by_a_cut(
    tape: Sequence[Event], base: dict[str, bytes], dice: random.Random
) -> tuple[dict[str, bytes], int]:
    """The files after a cut at a random moment, and how many transactions had been acknowledged by then."""
    moment = dice.randrange(len(tape) + 1)
    files = {name: bytearray(content) for name, content in base.items()}
    waiting: dict[str, list[Write]] = defaultdict(list)
    acknowledged = 0
    for event in tape[:moment]:
        if isinstance(event, Write):
            waiting[event.file].append(event)
        elif isinstance(event, Sync):
            for write in waiting.pop(event.file, []):
                _apply(files, write)
        else:
            acknowledged = event.count
    for writes in waiting.values():
        for write in writes:
            if dice.random() < 0.5:
                _apply(files, _torn(write, dice))
    return {name: bytes(content) for name, content in files.items()}, acknowledged


def _torn(write: Write, dice: random.Random) -> Write:
    """The write, or in one of eight cases only its first sectors."""
    if write.data is None or dice.random() > 0.125:
        return write
    sectors = dice.randrange(len(write.data) // 512 + 1)
    return Write(write.file, write.offset, write.data[: sectors * 512])


def _apply(files: dict[str, bytearray], write: Write) -> None:
    content = files.setdefault(write.file, bytearray())
    if write.data is None:
        del content[write.offset :]
        return
    end = write.offset + len(write.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[write.offset : end] = write.data
