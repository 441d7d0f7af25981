"""A paper ready for the printer: template, values and its own assets.

It holds words and bytes and does nothing with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Asset:
    """An image that belongs to one paper: its bytes and media type, e.g. image/jpeg."""

    data: bytes
    media_type: str


@dataclass(frozen=True)
class Printout:
    """What `render_pdf` prints. `assets` are asked for as photo:<name>; nothing else is ever fetched.

    `source`: what it says as JSON, attached to the archived file.
    """

    template: str
    title: str
    author: str
    subject: str
    day: date | None
    issued: bool
    values: Mapping[str, object]
    assets: Mapping[str, Asset] = field(default_factory=dict)
    source: bytes = b""
    #: the code by which whoever holds the paper can tell that its record still stands; empty for none
    trace: str = ""
