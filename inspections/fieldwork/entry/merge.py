"""The law of the merge: which words of several people on one item stand, and which of them holds.

Pure; `tests/fieldwork/merge_vectors.json` holds the tablet to the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import Any, Generic, TypeVar

#: a row of the ledger, or whatever else has `seq`, `id`, `author_id`, `kind`, `value`, `seen`, `settles`
#: and `awaits`
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
    had seen it (`seen` ≥ its place, or `settles` names it), or by a resolution that names it. What an edit
    names counts as written before it, even where a restored server got it later (`awaits`). The leader's
    resolution holds before all others; else the word that came first does. A withdrawn answer differs from
    nothing.
    """
    words: list[_Word] = []
    edit: Any
    for edit in _as_written(list(edits)):
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


def _as_written(edits: list[Any]) -> list[Any]:
    """The edits in server order, but each behind all that it names or knows, and behind its author's earlier
    ones where that contradicts no name; as they arrived where names go round in a circle: that is a lie."""
    here = {str(edit.id) for edit in edits}
    if not any(name in here for edit in edits for name in edit.awaits or ()):
        return edits
    return _sorted(edits, lambda e, o: _knows(e, o) or _is_own(e, o)) or _sorted(edits, _knows) or edits


def _sorted(edits: list[Any], behind: Callable[[Any, Any], bool]) -> list[Any]:
    """The edits by place, each behind the others that `behind` says; empty where that is a circle."""
    by_place = {edit.seq: edit for edit in edits}
    sorter = TopologicalSorter({e.seq: [o.seq for o in edits if o is not e and behind(e, o)] for e in edits})
    try:
        sorter.prepare()
    except CycleError:
        return []
    ordered: list[Any] = []
    ready: list[int] = []
    while sorter.is_active():
        for place in sorter.get_ready():
            heappush(ready, place)
        ordered.append(by_place[place := heappop(ready)])
        sorter.done(place)
    return ordered


def _knows(edit: Any, other: Any) -> bool:
    return _names(edit, other) or (edit.seen is not None and edit.seen >= other.seq)


def _is_own(edit: Any, other: Any) -> bool:
    return bool(edit.author_id == other.author_id and other.seq < edit.seq)


def _names(edit: Any, word: Any) -> bool:
    return word.seq in (edit.settles or ()) or str(word.id) in (edit.awaits or ())


def _takes_away(edit: Any, word: Any) -> bool:
    """Whether the later edit ends the word. An answer ends its own author's resolution only if it saw it: the
    leader's other tablet may be late."""
    if edit.author_id == word.author_id and (edit.kind == "resolve" or word.kind == "set"):
        return True
    if _names(edit, word):
        return True
    if edit.kind == "resolve" and edit.settles is not None:
        return False
    return edit.seen is not None and edit.seen >= word.seq
