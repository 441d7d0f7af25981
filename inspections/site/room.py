"""Room on the disk: words before pictures, and a ballast that is thrown off when nothing fits any more."""

import contextlib
import os
import shutil
from pathlib import Path

from inspections.site.limits import MB, ROUTES

BALLAST = 200 * MB
#: below this no photograph and no other large file is taken in, so that words still are
FOR_WORDS = 512 * MB
#: so much of a form with pictures are words
WORDS = 256 * 1024


def keep_ballast(instance: Path) -> None:
    """Nothing; a file of that size lies in the folder where there is ample room for it."""
    file = instance / "ballast"
    if file.exists() or shutil.disk_usage(instance).free < 2 * FOR_WORDS:
        return
    with contextlib.suppress(OSError), file.open("xb") as opened:
        os.posix_fallocate(opened.fileno(), 0, BALLAST)


def throw_off(instance: Path) -> None:
    """Nothing; what is to be written next finds room again."""
    (instance / "ballast").unlink(missing_ok=True)


def is_for_words_alone(instance: Path, endpoint: str | None, size: int) -> bool:
    """Whether a body of that size is turned away: it brings pictures or files, and little room is left."""
    if (endpoint or "") not in ROUTES or size <= WORDS:
        return False
    return shutil.disk_usage(instance).free < FOR_WORDS
