"""A warning of the PDF printer fails the test: unknown CSS and missing images are only logged otherwise."""

import logging
from collections.abc import Iterator

import pytest


class _Failing(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def printer_warnings() -> Iterator[list[str]]:
    """What the printer complained about; a test that expects complaints empties the list."""
    handler = _Failing()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    yield handler.messages
    logger.removeHandler(handler)
    assert handler.messages == []
