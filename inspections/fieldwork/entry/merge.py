"""The law of the merge: which words of several people on one item stand, and which of them holds.

Pure; `tests/fieldwork/merge_vectors.json` holds the tablet to the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

#: a row of the ledger, or whatever else has `seq`, `author_id`, `kind`, `value`, `seen` and `settles`
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Merged(Generic[E]):
    """The edits of one answer put together.

    `current` holds, `held` are the others that differ from it, `standing` is every word that nobody has
    taken away yet: the current one first, those that agree with it and withdrawn ones among the rest.
    """

    current: E | None = None
    held: tuple[E, ...] = ()
    standing: tuple[E, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    edit: Any
    #: the place of the earliest word that it replaced, directly or not: a correction keeps its place
    place: int

    @property
    def rank(self) -> tuple[int, int]:
        return (0, -self.edit.seq) if self.edit.kind == "resolve" else (1, self.place)


def merge(edits: Iterable[E]) -> Merged[E]:
    """What these edits of one item, in server order, amount to.

    Each author has one last word. A word goes away only by a later one of its author, by one of somebody who
    had seen it (`seen` ≥ its place, or `settles` names it), or by a resolution that names it. The leader's
    resolution holds before all others; else the word that came first does. A withdrawn answer differs from
    nothing.
    """
    words: list[_Word] = []
    edit: Any
    for edit in edits:
        gone = [word for word in words if _takes_away(edit, word.edit)]
        place = min([edit.seq, *(word.place for word in gone)])
        words = [word for word in words if word not in gone] + [_Word(edit, place)]
    ordered = [word.edit for word in sorted(words, key=lambda word: word.rank)]
    if not ordered:
        return Merged()
    says = (each for each in ordered if each.kind == "resolve" or each.value is not None)
    current = next(says, ordered[0])
    rest = [each for each in ordered if each is not current]
    held = (each for each in rest if each.value is not None and each.value != current.value)
    return Merged(current, tuple(held), (current, *rest))


def _takes_away(edit: Any, word: Any) -> bool:
    """Whether the later edit ends the word. An answer ends its own author's resolution only if it saw it: the
    leader's other tablet may be late."""
    if edit.author_id == word.author_id and (edit.kind == "resolve" or word.kind == "set"):
        return True
    if edit.settles is not None and (edit.kind == "resolve" or word.seq in edit.settles):
        return word.seq in edit.settles
    return edit.seen is not None and edit.seen >= word.seq
