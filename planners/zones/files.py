"""JSON to Areas, Zones to JSON and back: the two file formats of zoning as tables of fields (docs/zones.md).
Judges no division: zones that are not connected parse, zones that name unknown townships do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planners.formats.canonical import canonical_sha256
from planners.formats.faults import BAD, BadInput, Reading
from planners.formats.fields import (
    Choice,
    Field,
    Id,
    ListOf,
    MapOf,
    Number,
    OrNull,
    Record,
    Ref,
    Shape,
    Text,
    Whole,
)
from planners.zones.areas import (
    AREAS_FORMAT,
    ZONE_TERMS,
    ZONES_FORMAT,
    Areas,
    Body,
    Inner,
    InnerGroup,
    Limits,
    Township,
    Zone,
    Zones,
    ZoneWeights,
)

Found = Mapping[str, Any]

MANY = 2**63 - 1
MOST_WORK = 100_000  # of one township; keeps every product of the exact arithmetic far inside 64 bits


@dataclass(frozen=True, slots=True)
class Pair:
    """A list of exactly two values of one shape, read into a tuple."""

    inner: Shape

    def read(self, value: object, path: str, reading: Reading) -> Any:
        if not isinstance(value, list | tuple) or len(value) != 2:
            return reading.refuse(path, "expected a list of two")
        both = tuple(self.inner.read(entry, f"{path}[{i}]", reading) for i, entry in enumerate(value))
        return BAD if any(entry is BAD for entry in both) else both

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.inner.schema(), "minItems": 2, "maxItems": 2}


def _place(found: Found, path: str, reading: Reading) -> None:
    for given, missing in (("x_km", "y_km"), ("y_km", "x_km")):
        if found.get(given) is not None and missing in found and found[missing] is None:
            reading.refuse(f"{path}.{missing}", f"expected a number, because {given} is given")


def _sizes(found: Found, path: str, reading: Reading) -> None:
    least, most = found.get("min"), found.get("max")
    if least is not None and most is not None and most < least:
        reading.refuse(f"{path}.max", f"expected at least min, {least}, got {most}")


_NAME = Field(Text(), None, "for people to read; missing: the id")
_PLACE = Field(OrNull(Number(-10_000, 10_000)), None, "kilometres; all or an adjacency list is needed")
_GROUP = Field(OrNull(Text(1)), None, "the parent county; zones never cross it")
_BOUNDS = {
    "min": Field(Whole(1, 1000), 1, "townships of one piece, at least"),
    "max": Field(OrNull(Whole(1, 1000)), None, "at most; null: no limit"),
    "tolerance": Field(
        OrNull(Whole(0, 1000)), 25, "per cent by which work may lie off the average; null: any"
    ),
}
_LIMITS: Found = {"min": 1, "max": None, "tolerance": 25}


def _bodies(of: str) -> ListOf:
    return ListOf(
        Record(
            {
                "id": Field(Id(of)),
                "name": _NAME,
                "staff": Field(Whole(0, 10_000), 1),
                "group": Field(OrNull(Text(1)), None, "serves only zones of this county; null: any"),
                "likeness": Field(
                    MapOf(Whole(0, 100)), {}, "by township: how alike the business is; a missing one: 0"
                ),
            }
        )
    )


AREAS = Record(
    {
        "format": Field(Choice((AREAS_FORMAT,))),
        "name": Field(Text(), ""),
        "townships": Field(
            ListOf(
                Record(
                    {
                        "id": Field(Id("townships")),
                        "name": _NAME,
                        "work": Field(Whole(0, MOST_WORK), note="villages, or any weighted load"),
                        "x_km": _PLACE,
                        "y_km": _PLACE,
                        "group": _GROUP,
                    },
                    _place,
                ),
                1,
            )
        ),
        "adjacency": Field(
            ListOf(Pair(Ref("townships"))), (), "neighbours; none: the Gabriel graph of places"
        ),
        "rooms": Field(
            _bodies("rooms"), (), "discipline inspection rooms: each zone at least one if they suffice"
        ),
        "stationed": Field(_bodies("stationed"), (), "stationed groups"),
        "limits": Field(Record(_BOUNDS, _sizes), _LIMITS),
        "inner": Field(
            OrNull(Record({"count": Field(Whole(1, 10_000), note="over all zones"), **_BOUNDS}, _sizes)),
            None,
            "groups inside the zones",
        ),
        "weights": Field(
            Record(
                {
                    term: Field(Whole(0, 100), ZoneWeights().of(term))
                    for term in ("distance", "balance", "spread", "staff", "likeness")
                }
            ),
            {},
        ),
        "hop_km": Field(Whole(0, 1000), 10, "from a township without a place to its neighbour"),
    }
)

_FIGURES = {
    "townships": Field(ListOf(Ref("townships"), 1)),
    "centre": Field(Ref("townships"), note="the least kilometres from all others"),
    "work": Field(Whole(most=MANY)),
    "distance": Field(Whole(most=MANY), note="sum of kilometres to the centre"),
    "deviation": Field(Whole(most=MANY), note="|work - average|, rounded"),
}
_LINKS = ListOf(Pair(Ref("townships")))

ZONES = Record(
    {
        "format": Field(Choice((ZONES_FORMAT,))),
        "areas_sha256": Field(Text(1), note="of the canonical JSON of the areas"),
        "version": Field(Text(), ""),
        "zones": Field(
            ListOf(
                Record(
                    {
                        "id": Field(Id("zones")),
                        "name": Field(Text(1)),
                        "group": _GROUP,
                        **_FIGURES,
                        "rooms": Field(ListOf(Ref("rooms")), ()),
                        "stationed": Field(ListOf(Ref("stationed")), ()),
                        "staff": Field(Whole(most=MANY), 0),
                        "inner": Field(
                            ListOf(Record({"id": Field(Id("groups")), "name": Field(Text(1)), **_FIGURES})),
                            (),
                        ),
                    }
                )
            )
        ),
        "adjacency": Field(
            Record(
                {
                    "source": Field(Choice(("list", "places")), note="places: the Gabriel graph"),
                    "links": Field(_LINKS, note="the neighbours used, none across counties"),
                    "joined": Field(_LINKS, (), "links added to hold a county together"),
                }
            )
        ),
        "cost": Field(
            Record(
                {
                    "total": Field(Whole(most=MANY)),
                    "terms": Field(
                        Record({term: Field(Whole(most=MANY)) for term in ZONE_TERMS}), note="unweighted sums"
                    ),
                    "bound": Field(Whole(most=MANY), note="no division costs less"),
                }
            )
        ),
        "notes": Field(ListOf(Text(1)), (), "what people must be told"),
    }
)


def parse_areas(data: object) -> Areas:
    """The areas in parsed JSON. Raises BadInput with every fault of the file."""
    reading = Reading()
    found = AREAS.read(data, "", reading)
    reading.unknown_names()
    _neighbours_or_places(found, reading)
    _counties_of_bodies(found, reading)
    if reading.faults:
        raise BadInput(reading.told())
    inner = found["inner"]
    return Areas(
        name=found["name"],
        townships=tuple(Township(**_named(row)) for row in found["townships"]),
        adjacency=found["adjacency"],
        rooms=tuple(Body(**_named(row)) for row in found["rooms"]),
        stationed=tuple(Body(**_named(row)) for row in found["stationed"]),
        limits=Limits(**found["limits"]),
        inner=None if inner is None else Inner(inner["count"], Limits(*(inner[key] for key in _BOUNDS))),
        weights=ZoneWeights(**found["weights"]),
        hop_km=found["hop_km"],
        sha256=canonical_sha256(data),
        raw=data,  # type: ignore[arg-type]  # AREAS.read refused all but a mapping
    )


def _named(row: Found) -> dict[str, Any]:
    return {**row, "name": row["id"] if row["name"] is None else row["name"]}


def _neighbours_or_places(found: Found, reading: Reading) -> None:
    """Pairs of two townships, each once; without pairs a place for every township."""
    seen: set[frozenset[str]] = set()
    for i, pair in enumerate(found.get("adjacency", ())):
        if pair[0] == pair[1]:
            reading.refuse(f"adjacency[{i}]", f'expected two townships, got "{pair[0]}" twice')
        elif frozenset(pair) in seen:
            reading.refuse(f"adjacency[{i}]", "expected every pair once")
        seen.add(frozenset(pair))
    if "adjacency" in found and not found["adjacency"]:
        for i, row in enumerate(found.get("townships", ())):
            if "x_km" in row and "y_km" in row and row["x_km"] is None and row["y_km"] is None:
                reading.refuse(
                    f"townships[{i}].x_km", "expected a number, because there is no adjacency list"
                )


def _counties_of_bodies(found: Found, reading: Reading) -> None:
    """Groups of bodies are groups of townships, and likeness names townships."""
    groups = {row.get("group") for row in found.get("townships", ())}
    for key in ("rooms", "stationed"):
        for i, row in enumerate(found.get(key, ())):
            if row.get("group") is not None and row["group"] not in groups:
                reading.refuse(f"{key}[{i}].group", "expected the group of one of the townships")
            for township in row.get("likeness", {}):
                if township not in reading.given.get("townships", set()):
                    reading.refuse(
                        f"{key}[{i}].likeness.{township}", "expected the id of one of the townships"
                    )


def parse_zones(data: object, areas: Areas) -> Zones:
    """The division in parsed JSON. Raises BadInput with every fault, also for a division of other areas."""
    reading = Reading(
        given={
            "townships": {township.id for township in areas.townships},
            "rooms": {body.id for body in areas.rooms},
            "stationed": {body.id for body in areas.stationed},
        }
    )
    found = ZONES.read(data, "", reading)
    reading.unknown_names()
    if found.get("areas_sha256", areas.sha256) != areas.sha256:
        reading.refuse("areas_sha256", f"expected a division of these areas, {areas.sha256}")
    if reading.faults:
        raise BadInput(reading.told())
    return Zones(
        areas_sha256=found["areas_sha256"],
        version=found["version"],
        zones=tuple(
            Zone(**row | {"inner": tuple(InnerGroup(**group) for group in row["inner"])})
            for row in found["zones"]
        ),
        links=found["adjacency"]["links"],
        joined=found["adjacency"]["joined"],
        source=found["adjacency"]["source"],
        terms=found["cost"]["terms"],
        total=found["cost"]["total"],
        bound=found["cost"]["bound"],
        notes=found["notes"],
    )


def dump_zones(zones: Zones) -> dict[str, Any]:
    """The division as JSON values, zones and groups with their fields in the order of their classes."""
    return {
        "format": ZONES_FORMAT,
        "areas_sha256": zones.areas_sha256,
        "version": zones.version,
        "zones": [
            _fields(Zone, zone) | {"inner": [_fields(InnerGroup, group) for group in zone.inner]}
            for zone in zones.zones
        ],
        "adjacency": {
            "source": zones.source,
            "links": [list(link) for link in zones.links],
            "joined": [list(link) for link in zones.joined],
        },
        "cost": {
            "total": zones.total,
            "terms": {term: zones.terms[term] for term in ZONE_TERMS},
            "bound": zones.bound,
        },
        "notes": list(zones.notes),
    }


def _fields(kind: type[Zone | InnerGroup], row: Zone | InnerGroup) -> dict[str, Any]:
    values = {key: getattr(row, key) for key in kind.__slots__}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
