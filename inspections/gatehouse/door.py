"""The door of the child process: limits first, then one file from standard input, then its answer."""

import contextlib
import json
import os
import resource
import sys
from collections.abc import Sequence

from . import CPU_SECONDS, MEMORY_BYTES, MOST_ANSWER, Reason, Turned


def limit() -> None:
    """Nothing; from here on this process gets no more memory, time or disk than it needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def opened(kind: str, data: bytes) -> tuple[object, Sequence[bytes]]:
    """What the file holds: a value for JSON, and the bytes that follow it. Raises Turned."""
    if kind == "workbook":
        from . import workbooks

        return workbooks.read(data), ()
    if kind == "picture":
        from . import pictures

        found = pictures.read(data)
        said = {"media_type": found.media_type, "width": found.width, "height": found.height}
        return said, (found.data, found.small)
    if kind == "zip":
        from .zips import Packed

        packed = Packed(data)
        names = [name for name in packed.names if not name.endswith("/")]
        flags = {entry.filename: bool(entry.flag_bits & 0x800) for entry in packed.entries}
        return [[name, flags[name]] for name in names], [packed.whole(name) for name in names]
    from . import papers

    if kind == "pdf":
        return papers.pages(data), ()
    papers.office(data, kind)
    return None, ()


def _line(answer: dict[str, object]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def main(kind: str) -> int:
    """0; the answer is written, be it a refusal. Memory that runs out is a refusal too."""
    limit()
    data = sys.stdin.buffer.read()
    parts: Sequence[bytes] = ()
    try:
        # libraries say what they think of a damaged file; nobody reads it
        with open(os.devnull, "w") as silence, contextlib.redirect_stderr(silence):  # noqa: PTH123
            value, parts = opened(kind, data)
        answer: dict[str, object] = {"value": value, "parts": [len(part) for part in parts]}
    except Turned as turned:
        answer = {"turned": turned.reason, "place": turned.place}
    except MemoryError:
        answer = {"turned": Reason.TOO_LARGE, "place": ""}
    out = sys.stdout.buffer
    head = _line(answer)
    if len(head) + sum(map(len, parts)) > MOST_ANSWER and "value" in answer:
        head, parts = _line({"turned": Reason.TOO_LARGE, "place": ""}), ()
    out.write(head)
    for part in parts:
        out.write(part)
    out.flush()
    return 0
