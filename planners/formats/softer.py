"""Softer policies written into a problem file of version 2: what is forbidden or avoided, allowed or avoided.
Whether that helps or saves anything is for shortage and explain to compute."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def allow_crossing(slot: str, circle: str, raw: Json) -> None:
    """Let people of the own area or zone hold the slot; a `from` stays. The file's own rows are not touched.

    What lies around or inside the circle and would contradict that is allowed with it: the zone around an
    area. The own unit stays as it is.
    """
    set_crossing(slot, circle, "allow", raw)


def set_crossing(slot: str, circle: str, policy: object, raw: Json) -> None:
    """Give the circle this policy, and the zone around an area as well where it forbids."""
    rules = dict(raw.get("rules", {}))
    crossing = dict(rules.get("crossing", {}))
    entry = dict(crossing.get(slot, {})) | {circle: policy}
    if circle == "area" and entry.get("zone") == "forbid":
        entry["zone"] = policy
    crossing[slot] = entry
    raw["rules"] = rules | {"crossing": crossing}


def allow_again(word: str, raw: Json) -> None:
    """Forget how many days must lie between two visits; `word` is `unit` (H13) or `person_unit` (H14)."""
    set_memory(word, "allow", raw)


def set_memory(word: str, policy: object, raw: Json) -> None:
    """Give that part of the memory this policy."""
    rules = dict(raw["rules"])
    raw["rules"] = rules | {"memory": dict(rules["memory"]) | {word: policy}}
