"""What planners.problem/2 adds, from the values of its fields to the words of policies.py; and their faults.
Reads no key itself: the tables of keys_2.py do. It judges what lies between lists: dates, kinds of bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planners.formats.faults import Reading, show
from planners.policies import ALLOW, FORBID, Bodies, Memory, Pairing, PastVisit, Policies, SlotCrossing, Topic

Found = Mapping[str, Any]


def policies_of(found: Found) -> Policies:
    """The policies of a file of version 2 that has no fault."""
    slots = found["template"]["slots"]
    return Policies(
        crossing={slot: _crossing(entry) for slot, entry in found["rules"]["crossing"].items()},
        history=tuple(PastVisit(**row) for row in found["history"]),
        memory=_memory(found["rules"]["memory"]),
        bodies={
            slot["id"]: Bodies(slot["offices"], slot["supervises"])
            for slot in slots
            if slot["offices"] or slot["supervises"]
        },
        supervised={row["id"]: frozenset(row["supervises"]) for row in found["offices"] if row["supervises"]},
        pairing={slot["id"]: Pairing(**slot["pair"]) for slot in slots if slot["pair"] is not None},
        topics=tuple(Topic(**row) for row in found["topics"]),
        away={
            row["id"]: stretches
            for row in found["people"]
            if (stretches := tuple(entry for entry in row["off"] if isinstance(entry, tuple)))
        },
        days={row["id"]: row["days"] for row in found["units"] if row["days"] is not None},
        minutes=_minutes(found["travel"]),
        months={row["id"]: row["months"] for row in found["people"] if row["months"] is not None},
    )


def _crossing(entry: Found) -> SlotCrossing:
    return SlotCrossing(
        entry["from"], entry["unit"] or FORBID, entry["area"] or ALLOW, entry["zone"] or ALLOW
    )


def _minutes(travel: Found | None) -> dict[tuple[str, str], int] | None:
    """Every way in both directions; a way back that the file names itself has its own minutes."""
    if travel is None:
        return None
    there = {(one, two): minutes for one, two, minutes in travel["between"]}
    return {(two, one): minutes for (one, two), minutes in there.items()} | there


def _memory(entry: Found | None) -> Memory:
    if entry is None:
        return Memory()
    return Memory(
        entry["unit_days"],
        entry["unit"] or FORBID,
        entry["person_unit_days"],
        entry["person_unit"] or FORBID,
        entry["load_year"],
    )


def note_faults(found: Found, reading: Reading) -> None:
    """Notes kinds of bodies that no office has, and days that cannot be counted."""
    _kinds_of_bodies(found, reading)
    _days(found, reading)
    _dates(found, reading)


def _dates(found: Found, reading: Reading) -> None:
    """People who are off by date and visits that take days ask for rounds with dates."""
    by_date = [
        entry for row in found.get("people", ()) for entry in row.get("off", ()) if entry.__class__ is tuple
    ]
    if not by_date and not any(row.get("days") for row in found.get("units", ())):
        return
    for i, row in enumerate(found.get("rounds", ())):
        for key in ("start", "end"):
            if key in row and row[key] is None:
                reading.refuse(f"rounds[{i}].{key}", "expected a date, because people or visits count days")


def _kinds_of_bodies(found: Found, reading: Reading) -> None:
    kinds = list(dict.fromkeys(row["kind"] for row in found.get("offices", ()) if row.get("kind")))
    if "offices" in reading.lost:
        return
    for i, slot in enumerate(found.get("template", {}).get("slots", ())):
        for j, kind in enumerate(slot.get("offices", ())):
            if kind not in kinds:
                known = ", ".join(kinds) or "of which there is none"
                reading.refuse(
                    f"template.slots[{i}].offices[{j}]",
                    f"expected a kind of one of the offices ({known}), got {show(kind)}",
                )


def _days(found: Found, reading: Reading) -> None:
    """Memory counts days: rounds need a start then, and the past lies before the first of them."""
    memory = found.get("rules", {}).get("memory")
    if memory is None:
        return
    starts = []
    for i, row in enumerate(found.get("rounds", ())):
        if "start" in row and row["start"] is None:
            reading.refuse(f"rounds[{i}].start", "expected a date, because rules.memory counts days")
        elif "start" in row:
            starts.append(row["start"])
    for i, past in enumerate(found.get("history", ())):
        if starts and past.get("date", "") >= min(starts):
            reading.refuse(
                f"history[{i}].date",
                f"expected a day before the first round, {min(starts)}, got {show(past['date'])}",
            )
