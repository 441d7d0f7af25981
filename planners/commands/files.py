"""Files named on a command line: read with all their faults at once, written whole or not at all.
Knows no format; what a file must hold is for its own parser to say.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from planners.formats.faults import BadInput, Fault

BAD_INPUT = 2
HEX = re.compile(r"[0-9a-f]{64}")

Value = TypeVar("Value")


class Reading:
    """Reads several files and ends the program with all their faults at once."""

    def __init__(self) -> None:
        self._faults: list[tuple[str, Fault]] = []

    def take(self, file: str, read: Callable[[], Value]) -> Value:
        """What `read` answers; after a fault a value that nobody may use before `finish`."""
        try:
            return read()
        except BadInput as bad:
            self._faults += [(file, fault) for fault in bad.faults]
            nothing: Any = (None, None)
            return nothing

    def refuse(self, file: str, fault: Fault) -> None:
        """Notes a fault that lies between files."""
        self._faults.append((file, fault))

    def expect_writable(self, file: str) -> None:
        """Notes a fault when that file could not be written at the end."""
        path = Path(file)
        if path.is_dir() or not os.access(path.parent, os.W_OK):
            self.refuse(file, Fault("", "expected a file in a directory that can be written to"))

    def expect_new(self, file: str) -> None:
        """The same, and when there is one already: a nonce that is overwritten makes its draw impossible."""
        self.expect_writable(file)
        if Path(file).is_file():
            self.refuse(file, Fault("", "expected a file that does not exist yet"))

    def finish(self) -> None:
        """Ends the program in bad input if there was a fault."""
        for file, fault in self._faults:
            click.echo(f"{file}: {fault}", err=True)
        if self._faults:
            sys.exit(BAD_INPUT)


def fail(file: str, bad: BadInput) -> NoReturn:
    """Ends the program in bad input with the faults of one file."""
    for fault in bad.faults:
        click.echo(f"{file}: {fault}", err=True)
    sys.exit(BAD_INPUT)


def json_in(file: str) -> Any:
    """The JSON value of a file, its shape unseen. BadInput."""
    from planners.formats.parse import json_in_file  # its faults are worded alike for every file

    return json_in_file(file)


def secret_in(file: str) -> str:
    """The 64 hexadecimal digits of a nonce file. BadInput."""
    try:
        text = Path(file).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise BadInput([Fault("", "expected a file of text that can be read")]) from None
    if not HEX.fullmatch(text):
        raise BadInput([Fault("", "expected 64 hexadecimal digits in small letters")])
    return text


def text_of(data: object) -> str:
    """JSON for people to read."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def write_new(file: str, text: str, mode: int) -> None:
    """Never over an existing file, and with its mode from the first moment: nobody reads a secret early."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as out:
        out.write(text)


def write_whole(file: str, text: str) -> None:
    """The whole file or nothing: first under another name, then in its place."""
    path = Path(file)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(path)
