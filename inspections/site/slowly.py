"""Work that takes long and asks no table: it is done before the write lock is taken, and once a request.

Opening a file, hashing a password. A page that has to look again (`database.Overtaken`) does not do it twice.
"""

import contextlib
import contextvars
import functools
import logging
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from inspections.database import holds_lock

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

_known: contextvars.ContextVar[dict[Any, Any] | None] = contextvars.ContextVar("known", default=None)


class UnderLock(RuntimeError):
    """Slow work was begun while everybody else waits for the write lock."""


#: set by the tests of the house; in service it is said on the log and the work goes on
strict = False


def slow(function: Callable[P, R]) -> Callable[P, R]:
    """The function, remembered for the request by its arguments, and complaining under the write lock."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        known, key = _known.get(), (function.__qualname__, args, tuple(kwargs.items()))
        if known is not None and key in known:
            result: R = known[key]
            return result
        if holds_lock():
            if strict:
                raise UnderLock(function.__qualname__)
            log.warning("%s ran under the write lock", function.__qualname__)
        result = function(*args, **kwargs)
        if known is not None:
            known[key] = result
        return result

    return wrapper


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """Inside the block slow work is done once."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)
