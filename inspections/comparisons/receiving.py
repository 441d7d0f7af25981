"""A list on its way in, from the browser: `python -m inspections.comparisons.receiving`, a child for
each list.

The order (key, place) comes as one line on standard input, the list behind it. What arrives is encrypted
under a key
that this process alone has, read twice from there, and leaves as hashed Parquet; then the process ends.
It answers
one line: what became of the list, or its faults.
"""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from inspections.comparisons import host
from inspections.comparisons.faults import BadInput, Fault, shown
from inspections.comparisons.lists import loading, reading, workbook
from inspections.comparisons.lists.sealed import Readable, Sealed

ROOT = Path(__file__).parents[2]
_PIECE = 1 << 18


@dataclass(frozen=True)
class Received:
    """What became of one list: its name fit for print, kind, year, rows, unusable rows by fault,
    fingerprint."""

    file: str
    kind: str
    year: int | None
    rows: int
    bad: int
    faults: dict[str, int]


def receive(folder: Path, key: bytes, number: int, name: str, stream: Readable) -> Received:
    """The list `name` whose bytes `stream` brings, which now lies hashed in `folder`. Raises BadInput,
    and then
    nothing of it is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    order = {"key": key.hex(), "number": number, "name": name, "folder": str(folder)}
    child = subprocess.Popen(
        [sys.executable, "-m", "inspections.comparisons.receiving"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder), "HOME": str(folder)},
    )
    try:
        assert child.stdin is not None and child.stdout is not None  # noqa: S101 - pipes were asked for
        with contextlib.suppress(BrokenPipeError):  # it has seen enough, and says why
            child.stdin.write(json.dumps(order).encode() + b"\n")
            while piece := stream.read(_PIECE):
                child.stdin.write(piece)
            child.stdin.close()
        said = child.stdout.readline()
        child.wait()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        for left in folder.glob(f"{number:04}.*sealed"):
            left.unlink()
    answer = json.loads(said or b"{}")
    if "kind" not in answer:
        faults = [Fault(*each) for each in answer.get("faults", [])]
        raise BadInput(faults or [Fault(shown(name), "killed")])
    return Received(**answer)


def main() -> None:
    """Does what the order says; see the file."""
    os.umask(0o077)
    order = json.loads(sys.stdin.buffer.readline())
    host.harden()
    try:
        answer: dict[str, Any] = _loaded(order, sys.stdin.buffer)
    except BadInput as bad:
        answer = {"faults": [(fault.where, fault.code, fault.facts) for fault in bad.faults]}
    except OSError as fault:
        code = "disk_full" if fault.errno == 28 else "unreadable"
        answer = {"faults": [(shown(order["name"]), code, {"megabytes": "1024"})]}
    print(json.dumps(answer, ensure_ascii=False), flush=True)


def _loaded(order: dict[str, Any], stream: Readable) -> dict[str, Any]:
    folder, number, name = Path(order["folder"]), int(order["number"]), Path(str(order["name"]))
    sealed = Sealed(folder / f"{number:04}.sealed")
    sealed.take(stream)
    if name.suffix.lower() == ".xlsx":
        lines = Sealed(folder / f"{number:04}.lines.sealed")
        lines.take(_Lines(sealed.open(), shown(name.name)))
        sealed, name = lines, name.with_suffix(".csv")
    reading.ARRIVED[name] = sealed.open
    loaded = loading.Loader(bytes.fromhex(order["key"]), number, name, folder / f"{number:04}.parquet").load()
    return {
        "file": shown(Path(order["name"]).name),
        "kind": loaded.kind,
        "year": loaded.year,
        "rows": loaded.rows,
        "bad": loaded.bad,
        "faults": loaded.faults,
    }


class _Lines:
    """A workbook's lines as a stream."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.parts, self.rest = workbook.lines_of(file, name), b""

    def read(self, size: int, /) -> bytes:
        while len(self.rest) < size and (part := next(self.parts, None)) is not None:
            self.rest += part
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


if __name__ == "__main__":
    main()
