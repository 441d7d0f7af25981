"""Whether a basis can be cited on a day: what is not in force bars, what nobody checked waits for a name."""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from inspections.law.citations import Mention, Version, mentions
from inspections.wording import chinese_number


class Fault(enum.Enum):
    """What is wrong with a citation. The first two bar it; the others must be confirmed by name."""

    NOT_IN_FORCE = "not_in_force"
    NO_SUCH_ARTICLE = "no_such_article"
    OTHER_PLACES = "other_places"
    UNCHECKED = "unchecked"
    UNKNOWN = "unknown"


BARRING = frozenset({Fault.NOT_IN_FORCE, Fault.NO_SUCH_ARTICLE})


@dataclass(frozen=True, slots=True)
class Doubt:
    """One citation that cannot stand unseen: the words of the text, why, and what to cite instead."""

    words: str
    fault: Fault
    instead: str = ""

    @property
    def bars(self) -> bool:
        """Whether nobody may confirm it."""
        return self.fault in BARRING


def review(text: str, library: Sequence[Version], day: dt.date, place: str = "") -> list[Doubt]:
    """The doubts about every citation of the text, as of that day; empty when it may be cited as it is.

    `place` is the kind of unit (village, community, department); empty: not looked at. A text that names no
    instrument of the library is one doubt as a whole; an empty text has none.
    """
    if not text.strip():
        return []
    found = mentions(text, library)
    if not found:
        return [Doubt(text.strip(), Fault.UNKNOWN)]
    doubts = [_doubt(mention, library, day, place) for mention in found]
    unknown = [Doubt(part, Fault.UNKNOWN) for part in _rest(text, found)]
    return [doubt for doubt in doubts if doubt is not None] + unknown


def _doubt(mention: Mention, library: Sequence[Version], day: dt.date, place: str) -> Doubt | None:
    meant = [v for v in mention.versions if mention.year in (None, v.year, v.since.year if v.since else None)]
    holding = [version for version in meant if version.holds(day)]
    if meant and not holding:
        return Doubt(mention.words, Fault.NOT_IN_FORCE, _instead(mention, meant, library, day))
    if not holding:
        return Doubt(mention.words, Fault.UNKNOWN)
    version = holding[-1]
    if version.articles and any(article > version.articles for article in mention.articles):
        return Doubt(mention.words, Fault.NO_SUCH_ARTICLE)
    if place and version.applies_to not in ("all", place):
        return Doubt(mention.words, Fault.OTHER_PLACES)
    labels = {f"第{chinese_number(article)}条" for article in mention.articles}
    if version.state != "in_force" or not labels or not labels <= version.read:
        return Doubt(mention.words, Fault.UNCHECKED)
    return None


def _instead(mention: Mention, old: Sequence[Version], library: Sequence[Version], day: dt.date) -> str:
    """The version that holds and the new place of the articles, as far as the library knows both."""
    codes = {version.code for version in old}
    for version in library:
        if version.replaces in codes and version.holds(day):
            was = {f"{code}#{article}" for code in codes for article in mention.articles}
            now = [label for label, before in version.moved if before in was]
            return f"《{version.title}》" + "、".join(now)
    return ""


def _rest(text: str, found: Sequence[Mention]) -> list[str]:
    """Clauses between ；that name no instrument of the library."""
    parts = [part.strip(" 。，") for part in text.replace(";", "；").split("；")]
    return [part for part in parts if part and not any(mention.words in part for mention in found)]
