"""The areas, some dozens that every page walks up and down: read once a request and kept at hand."""

from collections.abc import Sequence

from sqlalchemy import orm, select

from inspections.units.models import Area

#: under this key a session's `info` keeps every area for as long as the request lasts
_KEPT = "areas"


def keep_areas(session: orm.Session) -> Sequence[Area]:
    """Every area, by code; from now on none is asked for again one by one."""
    found: Sequence[Area] = session.scalars(select(Area).order_by(Area.code)).all()
    session.info[_KEPT] = found
    return found


def every_area(session: orm.Session) -> Sequence[Area]:
    """Every area, by code, as kept; outside of a page as it stands now, within what the session may see."""
    kept: Sequence[Area] | None = session.info.get(_KEPT)
    return kept if kept is not None else session.scalars(select(Area).order_by(Area.code)).all()
