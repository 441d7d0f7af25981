"""What the program writes to its log holds no number of a person: neither message nor traceback."""

import logging
from typing import Any

from inspections.site.privacy import blotted

_plain = logging.Formatter()


class Discreet(logging.LogRecord):
    """A record of the log with every identity or card number blotted, whichever handler writes it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.exc_info:
            self.exc_text = blotted(_plain.formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 - the name is logging's
        return blotted(super().getMessage())


def discreet() -> None:
    """Nothing; from now on every record of this process is one."""
    logging.setLogRecordFactory(Discreet)
