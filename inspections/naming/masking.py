"""The masking that is in force while a paper is worded. Without one nothing is cleared: it fails closed."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from inspections.naming.in_text import hits
from inspections.naming.masks import masked
from inspections.naming.names import key


@dataclass
class Masking:
    """How the texts of one paper are masked; `met` are the names found so far: True for the sure ones.

    `known` are names on record, `ordinary` words that name nobody, `decided` what a reader said of a key.
    """

    known: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()
    decided: dict[str, bool] = field(default_factory=dict)
    met: dict[str, bool] = field(default_factory=dict)
    #: name → the words around its first place
    around: dict[str, str] = field(default_factory=dict)

    def mask(self, text: str) -> str:
        """The text as it may leave the house."""
        for hit in hits(text, self.known, self.ordinary):
            self.met[hit.name] = self.met.get(hit.name, False) or hit.sure
            self.around.setdefault(hit.name, text[max(0, hit.start - 10) : hit.end + 10])
        cleared = {name for name in self.met if self.decided.get(key(name)) is False}
        return masked(text, self.known, self.ordinary, cleared)

    @property
    def undecided(self) -> dict[str, str]:
        """Unsure names that nobody has decided on, each with the words around it."""
        unsure = (name for name, sure in self.met.items() if not sure)
        return {name: self.around[name] for name in unsure if key(name) not in self.decided}


_current: ContextVar[Masking | None] = ContextVar("masking", default=None)


def unnamed(text: str) -> str:
    """The text with its names masked as the paper in hand wants it; whoever reported is 群众."""
    return (_current.get() or Masking()).mask(text)


@contextlib.contextmanager
def in_force(masking: Masking) -> Iterator[Masking]:
    """Inside the block `unnamed` masks like this."""
    token = _current.set(masking)
    try:
        yield masking
    finally:
        _current.reset(token)
