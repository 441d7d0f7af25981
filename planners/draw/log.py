"""The log of all commitments and draws: one JSON line each, chained by hashes, only ever appended to.
It counts and never forbids; what a second draw needs is said where the log is asked.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO, get_args

from planners.draw.drawing import digest
from planners.draw.files import Hex
from planners.formats.canonical import RepeatedKeyError, canonical_json, read_json
from planners.formats.faults import BadInput, Fault, Reading
from planners.formats.fields import Choice, Field, OrNull, Record, Text, Whole
from planners.problem import Problem

LOG_FORMAT = "planners.draw-log/1"
#: What the first entry has before it.
BEGINNING = "0" * 64

Kind = Literal["commit", "draw", "plan"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: somebody committed, began a draw (before its plan is known), or got its plan."""

    line: int
    at: str
    kind: Kind
    problem_name: str
    problem_sha256: str
    commitment: str
    public: str | None
    plan_sha256: str | None
    reason: str | None
    before: str

    def sha256(self) -> str:
        """The hash that the next entry names as `before`."""
        return digest("log", canonical_json(asdict(self)).encode("utf-8")).hex()

    def to_dict(self) -> dict[str, Any]:
        return {"format": LOG_FORMAT, **asdict(self), "entry": self.sha256()}


LINE = Record(
    {
        "format": Field(Choice((LOG_FORMAT,))),
        "line": Field(Whole(1)),
        "at": Field(Text(1)),
        "kind": Field(Choice(get_args(Kind))),
        "problem_name": Field(Text()),
        "problem_sha256": Field(Hex()),
        "commitment": Field(Hex()),
        "public": Field(OrNull(Text(1))),
        "plan_sha256": Field(OrNull(Hex())),
        "reason": Field(OrNull(Text(1))),
        "before": Field(Hex()),
        "entry": Field(Hex()),
    }
)


class Log:
    """The entries of one log; `append` writes to its file at once."""

    def __init__(self, entries: list[Entry], file: TextIO | None = None) -> None:
        self.entries = entries
        self._file = file

    def head(self) -> str:
        """The hash of the newest entry."""
        return self.entries[-1].sha256() if self.entries else BEGINNING

    def of_problem(self, problem: Problem, kind: Kind) -> list[Entry]:
        """Entries on this problem or one of its name; else a single changed digit would hide a draw."""
        return [
            entry
            for entry in self.entries
            if entry.kind == kind
            and (
                entry.problem_sha256 == problem.sha256
                or (problem.name != "" and entry.problem_name == problem.name)
            )
        ]

    def append(
        self,
        kind: Kind,
        problem: Problem,
        commitment: str,
        *,
        public: str | None = None,
        plan_sha256: str | None = None,
        reason: str | None = None,
    ) -> Entry:
        """The new entry, which is on the disk when this returns."""
        if self._file is None:
            raise ValueError("this log was only read")
        entry = Entry(
            len(self.entries) + 1,
            now(),
            kind,
            problem.name,
            problem.sha256,
            commitment,
            public,
            plan_sha256,
            reason,
            self.head(),
        )
        self._file.write(json.dumps(entry.to_dict(), ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.entries.append(entry)
        return entry


def now() -> str:
    """The time in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def opened(path: str | Path) -> Iterator[Log]:
    """The log in that file, made if missing, for one process at a time. BadInput when its chain is broken."""
    try:
        file = Path(path).open("a+", encoding="utf-8")  # noqa: SIM115 - the with is two lines below
    except OSError as fault:
        message = f"expected a log that can be written: {fault.strerror or fault}"
        raise BadInput([Fault("", message)]) from fault
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield Log(parse_log(_text(file)), file)


def read_log(path: str | Path) -> Log:
    """The log in that file, not to be written to. BadInput when it cannot be read or its chain is broken."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            return Log(parse_log(_text(file)))
    except OSError as fault:
        message = f"expected a file that can be read: {fault.strerror or fault}"
        raise BadInput([Fault("", message)]) from fault


def _text(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as fault:
        message = f"expected text in UTF-8, got another byte at {fault.start}"
        raise BadInput([Fault("", message)]) from fault


def parse_log(text: str) -> list[Entry]:
    """The entries of a log. BadInput with every line that is no entry or does not follow the line before."""
    faults: list[Fault] = []
    entries: list[Entry] = []
    before = BEGINNING
    lines = text.split("\n")
    if lines.pop():
        faults.append(Fault(f"lines[{len(lines)}]", "expected a whole line with its end"))
    for i, line in enumerate(lines):
        reading = Reading()
        data = _json(line, f"lines[{i}]", reading)
        found = {} if reading.faults else LINE.read(data, f"lines[{i}]", reading)
        if reading.faults:
            faults += reading.faults
            continue
        entry, stated = _entry(found)
        if stated != entry.sha256():
            faults.append(Fault(f"lines[{i}].entry", "expected the SHA-256 of the other fields"))
        elif entry.before != before:
            faults.append(Fault(f"lines[{i}].before", "expected the entry of the line before"))
        elif entry.line != i + 1:
            faults.append(Fault(f"lines[{i}].line", f"expected {i + 1}"))
        before = stated
        entries.append(entry)
    if faults:
        raise BadInput(faults)
    return entries


def _json(line: str, path: str, reading: Reading) -> object:
    try:
        return read_json(line)
    except (json.JSONDecodeError, RepeatedKeyError, RecursionError, ValueError):
        return reading.refuse(path, "expected one JSON object with each key once")


def _entry(found: Mapping[str, Any]) -> tuple[Entry, str]:
    fields = {key: value for key, value in found.items() if key not in ("format", "entry")}
    return Entry(**fields), found["entry"]
