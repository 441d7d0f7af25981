"""One operation of contracts §3 read from JSON into a typed edit. It decides no right and no value."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inspections.fieldwork.entry.reasons import EditRefused

#: which kinds of operation each field of an item takes
KINDS = {
    "answer": ("set", "resolve"),
    "note": ("set",),
    "photos": ("add", "remove"),
    "paper": ("set",),
    "outcome": ("set",),
}
#: what a resolution may name at once: more words than that nobody has seen
MOST_SETTLED = 200
_PLACES = range(1, 2**31)


@dataclass(frozen=True, slots=True)
class Edit:
    """An operation in its own types. `saw` and `settles_ids` name operations where `base` and `settles` name
    their places, which mean something in one ledger only: `saw` is every word that its author had before the
    eyes, and counts instead of `base`."""

    id: uuid.UUID
    author: str | None
    item: str
    field: str
    kind: str
    value: Any
    base: int | None
    saw: tuple[uuid.UUID, ...] | None
    #: `saw` is one name by itself: everything up to it was seen
    saw_all_before: bool
    settles: tuple[int, ...] | None
    settles_ids: tuple[uuid.UUID, ...]
    at: dt.datetime | None
    template_version: int | None
    reason: str


def named(operation: Mapping[str, Any]) -> uuid.UUID | None:
    """The id of the operation, None where it names none."""
    try:
        return uuid.UUID(str(operation.get("id")))
    except ValueError:
        return None


def parsed(operation: Mapping[str, Any], visit: uuid.UUID) -> Edit:
    """The edit that the object means for that visit. Raises EditRefused."""
    said = operation.get("visit")
    if said is not None and str(said) != str(visit):
        raise EditRefused("wrong_visit")
    try:
        edit = _edit(operation)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise EditRefused("malformed") from None
    if edit.field not in KINDS:
        raise EditRefused("unknown_field")
    if edit.kind not in KINDS[edit.field]:
        raise EditRefused("kind")
    return edit


def _edit(operation: Mapping[str, Any]) -> Edit:
    resolves = operation.get("kind") == "resolve"
    at, saw, author = (operation.get(name) for name in ("at", "saw", "author"))
    version = operation.get("template_version")
    if version is not None and _whole(version) not in _PLACES:
        raise ValueError("no version")
    if "\x00" in str(operation["item"]):
        raise ValueError("no item")
    saw = [saw] if isinstance(saw, str) else saw
    settles = operation.get("settles") if resolves else None
    named_too = operation.get("settles_ids") or () if resolves else ()
    if max(len(settles or ()), len(named_too), len(saw or ())) > MOST_SETTLED:
        raise ValueError("too many words at once")
    return Edit(
        id=uuid.UUID(str(operation["id"])),
        author=None if author is None else str(author),
        item=str(operation["item"]),
        field=str(operation["field"]),
        kind=str(operation["kind"]),
        value=operation["value"],
        base=_place(operation.get("base")),
        saw_all_before=isinstance(operation.get("saw"), str),
        saw=None if saw is None else tuple(uuid.UUID(str(each)) for each in saw),
        settles=None if settles is None else tuple(_whole(each) for each in settles),
        settles_ids=tuple(uuid.UUID(str(each)) for each in named_too),
        at=None if at is None else _instant(str(at)),
        template_version=version,
        reason=str(operation.get("reason") or "") if resolves else "",
    )


def _place(base: Any) -> int | None:
    """The place that was seen; None for one that no ledger has. Raises ValueError for what is no number."""
    return None if base is None or _whole(base) not in _PLACES else int(base)


def _whole(said: Any) -> int:
    if type(said) is not int:
        raise ValueError("no whole number")
    return said


def _instant(at: str) -> dt.datetime:
    """The time in UTC. Raises ValueError without a zone, OverflowError at the ends of the calendar."""
    told = dt.datetime.fromisoformat(at)
    if told.tzinfo is None:
        raise ValueError("a time without a zone")
    return told.astimezone(dt.UTC)
