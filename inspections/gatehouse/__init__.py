"""Opens the files of strangers, in a process of its own that may take little memory and little time.

`inspections.site.gate` starts it by the path of `__main__.py`: it reads one file from standard input and
writes what is in it to standard output, a line of JSON and then the bytes that the line announces. It imports
nothing of the application; what it cannot open kills it and nobody else.
"""

import enum

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 20
#: what a file may hold once it is unpacked, read from the bytes themselves and not from what they promise
MOST_MEMBERS = 400
MOST_UNPACKED = 96 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 1_000
MOST_CELLS = 600_000
#: rows times columns, blank ones too: every reader lays a sheet out as a rectangle
MOST_AREA = 3_000_000
MOST_ELEMENTS = 1_500_000
MOST_MERGED = 2_000
MOST_DEPTH = 60
MOST_TOKEN = 1024 * 1024
#: what the asking process has to hold of the answer
MOST_ANSWER = 32 * 1024 * 1024
MOST_CHARACTERS = 32_767
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 64_000_000, "WEBP": 25_000_000}
MOST_PAGES = 500


class Reason(enum.StrEnum):
    """Why a file is not taken."""

    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    OLD = "old"
    MACROS = "macros"
    SCRIPTS = "scripts"
    TOO_MANY_FILES = "too_many_files"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_MANY_MERGED = "too_many_merged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    ENTITIES = "entities"
    NO_PICTURE = "no_picture"
    BROKEN_PICTURE = "broken_picture"
    HEIC = "heic"
    TWO_KINDS = "two_kinds"
    KILLED = "killed"


class Turned(Exception):
    """The file is turned away for `reason`; `place` says where in it (a sheet, a cell), if anywhere."""

    def __init__(self, reason: Reason, place: str = "") -> None:
        super().__init__(reason, place)
        self.reason, self.place = reason, place
