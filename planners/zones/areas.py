"""The words of zoning: Areas (townships, rooms, limits: what is to be divided) and Zones (how it is divided).
Reads no file and divides nothing: files.py turns JSON into these values, zoning.py divides.

A **zone** (片区) is a connected set of townships of one parent county (**group**); **inner** groups (组)
divide a zone once more. A **room** (纪检监察室) and a **stationed** group (派驻组) are bodies, each given to
one zone. All values are frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

AREAS_FORMAT = "planners.areas/1"
ZONES_FORMAT = "planners.zones/1"

#: Cost terms in the order in which the output lists them; `inner_` terms have the weights of the first three.
ZONE_TERMS = (
    "distance",
    "balance",
    "spread",
    "inner_distance",
    "inner_balance",
    "inner_spread",
    "staff",
    "likeness",
)


@dataclass(frozen=True, slots=True)
class Township:
    """A township with its work (villages, or any weighted load in whole numbers) and perhaps its place."""

    id: str
    name: str
    work: int
    x_km: float | None = None
    y_km: float | None = None
    group: str | None = None  # the parent county; null is a group of its own

    @property
    def place(self) -> tuple[float, float] | None:
        """Kilometres east and north, None where unknown."""
        return None if self.x_km is None or self.y_km is None else (self.x_km, self.y_km)


@dataclass(frozen=True, slots=True)
class Body:
    """A room or a stationed group: `staff` people; `likeness` 0..100 of its business to a township's."""

    id: str
    name: str
    staff: int = 1
    group: str | None = None  # serves only zones of this county; null serves any
    likeness: Mapping[str, int] = field(default_factory=dict, hash=False)

    def unlike(self, townships: tuple[str, ...]) -> int:
        """100 less the mean likeness over these townships, rounded; 0 for a body that names none."""
        if not self.likeness:
            return 0
        alike, many = sum(self.likeness.get(id, 0) for id in townships), len(townships)
        return 100 - (2 * alike + many) // (2 * many)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many townships a zone has, and how far in per cent its work may lie from its county's average."""

    min: int = 1
    max: int | None = None
    tolerance: int | None = 25

    def sizes(self, townships: int) -> range:
        """The numbers of zones into which so many townships can be cut as to their sizes."""
        fewest = 1 if self.max is None else -(-townships // self.max)
        return range(max(1, fewest), townships // self.min + 1)

    def allows(self, work: int, total: int, zones: int) -> bool:
        """Whether one of `zones` zones that share `total` may have this work."""
        if self.tolerance is None:
            return True
        return abs(work * zones - total) * 100 <= total * self.tolerance


@dataclass(frozen=True, slots=True)
class Inner:
    """So many groups inside the zones, over all of them, each within limits of its own."""

    count: int
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class ZoneWeights:
    """What one unit of each cost term costs."""

    distance: int = 1
    balance: int = 3
    spread: int = 3
    staff: int = 10
    likeness: int = 1

    def of(self, term: str) -> int:
        """The weight of a term of ZONE_TERMS."""
        return int(getattr(self, term.removeprefix("inner_")))


@dataclass(frozen=True, slots=True)
class Areas:
    """What is to be divided. Without `adjacency` neighbours are found from the places."""

    name: str
    townships: tuple[Township, ...]
    adjacency: tuple[tuple[str, str], ...] = ()
    rooms: tuple[Body, ...] = ()
    stationed: tuple[Body, ...] = ()
    limits: Limits = Limits()
    inner: Inner | None = None
    weights: ZoneWeights = ZoneWeights()
    hop_km: int = 10  # from a township without a place to its neighbour
    sha256: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False, compare=False)

    def groups(self) -> dict[str | None, tuple[Township, ...]]:
        """The townships by parent county, in the order of the file."""
        found: dict[str | None, list[Township]] = {}
        for township in self.townships:
            found.setdefault(township.group, []).append(township)
        return {group: tuple(members) for group, members in found.items()}


@dataclass(frozen=True, slots=True)
class InnerGroup:
    """Townships of one zone that work together; the figures are those of a Zone."""

    id: str
    name: str
    townships: tuple[str, ...]
    centre: str
    work: int
    distance: int
    deviation: int


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone: `distance` is the sum of km to `centre`, `deviation` |work − county average|, rounded."""

    id: str
    name: str
    group: str | None
    townships: tuple[str, ...]
    centre: str
    work: int
    distance: int
    deviation: int
    rooms: tuple[str, ...] = ()
    stationed: tuple[str, ...] = ()
    staff: int = 0
    inner: tuple[InnerGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Zones:
    """The answer. `terms` are unweighted; `bound` is what no other answer of the same steps goes below."""

    areas_sha256: str
    version: str
    zones: tuple[Zone, ...]
    links: tuple[tuple[str, str], ...]  # the neighbours that were used
    joined: tuple[tuple[str, str], ...]  # those of them that were added to hold a county together
    source: str  # of the links: "list" or "places"
    terms: Mapping[str, int] = field(hash=False)
    total: int
    bound: int
    notes: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether each step is known to be the best."""
        return self.total == self.bound


class NoZones(Exception):
    """There is no such division; the text is one sentence for people that names what is too tight."""
