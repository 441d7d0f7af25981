"""What is shown to the inspected says when and where from, never that somebody still has to check it."""

import datetime as dt

from sqlalchemy import orm

from inspections.fieldwork.models import Deadline
from inspections.followup import deadlines


def test_the_inspected_are_not_told_that_a_basis_is_unchecked(session: orm.Session) -> None:
    values = {"code": "DL-07", "name": "交办函反馈", "start_event": "notice.served", "unit": "day"}
    session.add(Deadline(**values, offset=30, source="本县做法", basis_checked=False))
    session.flush()
    limit = deadlines.to_put_right(session, "S2", "deadline", dt.date(2026, 11, 2))
    assert limit.day == dt.date(2026, 12, 2)
    assert "待核" not in limit.basis
