"""Compiles the innermost loops of the search to machine code, once for each state of their source.
It knows no plan; what is compiled must speak of numbers and arrays only."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import types
from numba.experimental import structref

Function = TypeVar("Function", bound=Callable[..., Any])
Record = TypeVar("Record", bound=tuple[Any, ...])

#: What is compiled together: numba looks at one file's age alone, so the place of its cache names them all.
SOURCES = ("compiled.py", "fast_books.py", "fast_seats.py", "fast_draft.py", "anneal.py")


def _place() -> Path | None:
    """Where compiled code is kept: NUMBA_CACHE_DIR or beside the source; None where nobody can write."""
    here = Path(__file__).parent
    texts = b"".join((here / name).read_bytes() for name in SOURCES)
    kept = Path(numba.config.CACHE_DIR or here / "__pycache__")  # type: ignore[attr-defined] # made at run time
    folder = kept / f"compiled-{hashlib.sha256(texts).hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


PLACE = _place()
if PLACE is not None:
    numba.config.CACHE_DIR = str(PLACE)  # type: ignore[attr-defined] # made at run time


def compiled(function: Function) -> Function:
    """The same function, to be called by others that are compiled."""
    return cast(Function, numba.njit(function))


def compiled_and_kept(function: Function) -> Function:
    """The same function with all that it calls, kept on disk, so that only the first start compiles it.

    Where nothing can be kept every process compiles for itself, half a minute long.
    """
    return cast(Function, numba.njit(cache=PLACE is not None)(function))


def by_address(fields: type[Record]) -> Callable[..., Record]:
    """A constructor, for compiled code, of the same record handed on as one address.

    A tuple of fifty arrays would be copied at every call, which costs ten times what the calls do.
    """

    def plain(_self: object, given: list[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
        return tuple((name, types.unliteral(kind)) for name, kind in given)

    kind = type(f"{fields.__name__}Kind", (types.StructRef,), {"preprocess_fields": plain})
    structref.register(kind)
    made = type(f"{fields.__name__}AtAddress", (structref.StructRefProxy,), {})
    structref.define_proxy(made, kind, list(fields.__annotations__))
    return cast(Callable[..., Record], made)
