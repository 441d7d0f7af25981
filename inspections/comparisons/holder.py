"""Where an exercise's key and hashed lists lie until it is compared: beside the database, in no backup.

Key and lists are two folders, so that the two never go into one copy by themselves.
"""

import contextlib
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from inspections.comparisons.lists.keys import KEY_BYTES, new_key
from inspections.site.refusal import Refusal

KEYS, LISTS = "compare-keys", "compare-lists"


def lists_of(instance: Path, exercise: uuid.UUID) -> Path:
    """The folder of the exercise's hashed lists."""
    return instance / LISTS / str(exercise)


def key_of(instance: Path, exercise: uuid.UUID) -> bytes:
    """The exercise's key, made when it is asked for first; readable by the program's own user alone.

    Raises OSError where a full disk or a kill left half a key: nothing is hashed under less than a whole one.
    """
    file = instance / KEYS / str(exercise)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        held = file.read_bytes()
        if len(held) != KEY_BYTES:
            raise OSError(f"the key of exercise {exercise} is not whole") from None
        return held
    with os.fdopen(handle, "wb") as out:
        key = new_key()
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    return key


@contextlib.contextmanager
def alone(instance: Path, exercise: uuid.UUID) -> Iterator[None]:
    """Nobody else brings a list of this exercise meanwhile; Refusal where somebody does."""
    folder = lists_of(instance, exercise)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "arriving").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refusal("这次比对正在收另一份名单，请等它传完。") from None
        yield


def destroy(instance: Path, exercise: uuid.UUID) -> None:
    """Nothing; key and hashed lists are gone, the key overwritten first. Again and again without harm."""
    file = instance / KEYS / str(exercise)
    if file.exists():
        with file.open("r+b") as out:
            out.write(bytes(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        file.unlink()
    shutil.rmtree(lists_of(instance, exercise), ignore_errors=True)
