"""What lies in a county's folder, and what of it a backup takes: one table."""

import enum
import fnmatch
from collections.abc import Iterator
from pathlib import Path

from inspections.site import settings


class Part(enum.StrEnum):
    """What a thing in the folder is to a backup."""

    FILES = "files"  #: goes into every backup
    KEYS = "keys"  #: only where it is asked for
    SETTINGS = "settings"  #: goes without its secrets, or whole with the keys
    LEFT = "left"  #: can be made anew, or is not the county's


#: pattern of a name in the folder → what it is; the first that fits counts. What nobody knows is a key.
TABLE: tuple[tuple[str, Part], ...] = (
    ("photos", Part.FILES),
    ("photo_parts", Part.FILES),
    ("batches", Part.FILES),
    ("fonts", Part.FILES),
    (settings.FILE, Part.SETTINGS),
    ("inspections.db*", Part.LEFT),
    ("jobs.db*", Part.LEFT),
    ("worker.lock", Part.LEFT),
    ("ballast", Part.LEFT),
    ("uploads", Part.LEFT),
    ("checklist_uploads", Part.LEFT),
    # in no backup at all: a key beside its hashes would be the numbers
    ("compare-keys", Part.LEFT),
    ("compare-lists", Part.LEFT),
    ("front", Part.LEFT),
    ("backups", Part.LEFT),
    ("demo*", Part.LEFT),
    ("README.md", Part.LEFT),
    (".*", Part.LEFT),
    ("secret_key", Part.KEYS),
    ("tls", Part.KEYS),
    ("*", Part.KEYS),
)
#: what an "empty" folder may hold
HARMLESS = ("README.md", ".gitignore")


def part_of(name: str) -> Part:
    """What the thing of that name is."""
    return next(part for pattern, part in TABLE if fnmatch.fnmatchcase(name, pattern))


def files(folder: Path, part: Part) -> Iterator[tuple[str, Path]]:
    """(name within the folder, path) of every file of that part, in order."""
    if not folder.is_dir():
        return
    for top in sorted(folder.iterdir()):
        if part_of(top.name) is part:
            for path in [top] if top.is_file() else sorted(top.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    yield str(path.relative_to(folder)), path


def is_empty(folder: Path) -> bool:
    """Whether nothing of a county lies there."""
    return not folder.exists() or (
        folder.is_dir() and all(each.name in HARMLESS for each in folder.iterdir())
    )


def settings_without_secrets(folder: Path) -> str:
    """The settings as a file, secrets and the database's address left out."""
    read = settings.read(environment={"INSPECTIONS_INSTANCE": str(folder)})
    lines = []
    for name, field in settings.FIELDS.items():
        value = getattr(read, name)
        if name != "instance" and not settings.about(name).secret and value != field.default:
            lines.append(f"{name} = {settings.written(value)}\n")
    return "".join(lines)
