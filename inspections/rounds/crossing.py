"""How teams cross: turns a cycle's crossing mode into the planner's crossing rules, skill by skill.

It judges no posting; the planner and its referee do (rule H06).
"""

from collections.abc import Iterable, Mapping

from inspections.units.models import Area

Rule = Mapping[str, str]

#: skill of the village members: they know villages, their own is always and only rule H05
COMMISSIONER = "commissioner"

#: mode → (rule of officers and specialists, rule of village members)
MODES: Mapping[str, tuple[Rule, Rule]] = {
    # a township's own teams visit that township's own villages: everybody comes from it
    "intra_township": ({"from": "area", "not": "unit"}, {"from": "area", "not": "unit"}),
    # 小交叉: inside one cooperation zone; officers and specialists never in their own township
    "within_zone": ({"from": "zone", "not": "area"}, {"from": "zone", "not": "unit"}),
    # 异地交叉: nobody in the own zone
    "cross_zone": ({"from": "any", "not": "zone"}, {"from": "any", "not": "zone"}),
    # 生面孔: from the whole county; officers and specialists never in their own township
    "county_wide": ({"from": "any", "not": "area"}, {"from": "any", "not": "unit"}),
}


def crossing_rules(mode: str, skills: Iterable[str]) -> dict[str, dict[str, str]]:
    """The rules of contracts §2 (`rules.crossing`) for these skills; KeyError for an unknown mode.

    One fixed rule "never in one's own township" would forbid the township-run rotations of 茗山乡 and
    大箕铺镇 altogether (domain.md, fact 2), hence the mode of the cycle decides. Officers and specialists who
    cross keep out of the township whose money and people they handle; village members keep out of their
    own village, in the cross-zone mode out of their zone.
    """
    staff, village = MODES[mode]
    return {skill: dict(village if skill == COMMISSIONER else staff) for skill in skills}


def homes_that_may_send(mode: str, visited: Iterable[Area]) -> frozenset[int] | None:
    """The ids of areas (or zones, by mode) whose people can be used at all; None: no limit.

    Leaving out whole offices that no rule would let into a team keeps the problem small and changes no plan.
    """
    if mode == "intra_township":
        return frozenset(area.id for area in visited)
    if mode == "within_zone":
        zones = (area.ancestor("zone") for area in visited)
        return frozenset(zone.id for zone in zones if zone is not None)
    return None
