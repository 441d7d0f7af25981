"""The planner's answer to how a county's townships are divided into zones; `zones` makes the question."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspections.site.refusal import Refusal
from planners.formats.parse import BadInput
from planners.zones.adjacency import gabriel
from planners.zones.areas import NoZones
from planners.zones.files import dump_zones, parse_areas
from planners.zones.zoning import judge_zones, make_zones


def divided(statement: Mapping[str, Any], count: int) -> dict[str, Any]:
    """The best division (planners.zones/1) of a question (planners.areas/1). Refusal where there is none."""
    try:
        return dump_zones(make_zones(parse_areas(statement), count))
    except NoZones as none:
        raise Refusal(str(none)) from None
    except BadInput as fault:
        raise Refusal(f"乡镇的数据有误，不能划分：{fault.faults[0]}") from None


def drawn_by_hand(
    statement: Mapping[str, Any], groups: Sequence[Sequence[str]]
) -> tuple[dict[str, Any], list[str]]:
    """The division into these groups of townships, and one sentence for each limit that it breaks."""
    found, faults = judge_zones(parse_areas(statement), [list(group) for group in groups])
    return dump_zones(found), list(faults)


def neighbours(places: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """The pairs of places (x, y in km; by their index) with nothing between them."""
    return list(gabriel(places))
