"""The worker's work done on the spot, as in the tests of planning."""

from tests.planning.conftest import short_search, solved

__all__ = ["short_search", "solved"]
