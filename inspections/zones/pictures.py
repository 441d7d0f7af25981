"""The zones of a county as a picture: a dot for each unit, its township by name, no boundaries."""

from collections.abc import Mapping

from inspections.units.models import Area, Unit
from inspections.units.plane import Place, Plane, Sketch, sketch

#: colours that the style sheet knows; a zone beyond takes the first again and is told apart by its name
COLOURS = 10


def picture(members: Mapping[Area, list[Unit]], zone_of: Mapping[str, int]) -> Sketch | None:
    """Units coloured by the number of their township's zone (by code); None where no place is known."""
    plane = Plane([unit for units in members.values() for unit in units])
    dots: list[Place] = []
    names: list[Place] = []
    for area, units in members.items():
        zone = zone_of.get(area.code)
        mark = f"z{zone % COLOURS}" if zone is not None else "none"
        own = [(plane.km(unit), unit) for unit in units]
        known = [(at["x_km"] or 0.0, at["y_km"] or 0.0, unit) for at, unit in own if at["x_km"] is not None]
        dots += [(x, y, mark, f"{area.name}{unit.name}") for x, y, unit in known]
        if known:
            middle = (sum(each[i] for each in known) / len(known) for i in (0, 1))  # type: ignore[misc]
            x, y = middle
            names.append((x, y, mark, area.name))
    return sketch(dots, names)
