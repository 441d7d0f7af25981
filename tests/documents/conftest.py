"""What a letter needs before it can be drafted: a letterhead, time limits and a signed finding."""

import pytest
from sqlalchemy import orm

from inspections.documents.course import issue
from inspections.documents.models import Paper
from inspections.fieldwork.models import Deadline
from inspections.findings.models import Finding
from inspections.rounds.models import Posting
from inspections.units.models import Area
from tests import factories


@pytest.fixture
def county(session: orm.Session) -> Area:
    """A county with a letterhead and the two time limits that a letter sets."""
    made = factories.make_area(session, "county", name="测试县")
    factories.make_letterhead(session, made)
    for code, days in (("DL-07", 30), ("DL-08", 15)):
        session.add(
            Deadline(
                code=code,
                name=code,
                start_event="notice.served",
                offset=days,
                unit="day",
                source="",
                basis_checked=False,
            )
        )
    session.flush()
    return made


@pytest.fixture
def posting(session: orm.Session, county: Area) -> Posting:
    township = factories.make_area(session, parent=county, name="河口镇")
    return factories.make_posting(session, unit=factories.make_unit(session, township, name="上湾村"))


@pytest.fixture
def finding(session: orm.Session, posting: Posting) -> Finding:
    """A signed finding in a township whose county has a letterhead."""
    return signed(session, posting, summary="公开栏137天没有更新。", basis="村组法第30条")


def signed(session: orm.Session, posting: Posting, **said: object) -> Finding:
    """A signed finding with all that a letter prints of it."""
    complete = {"basis": "有关规定", "responsible": posting.unit.name} | said
    return factories.make_finding(session, posting, state="signed", **complete)


def drafted(session: orm.Session, finding: Finding, kind: str = "handover") -> Paper:
    """A draft with whatever is free in the finding's round and township."""
    place = finding.posting
    return issue.draft(session, kind, place.team.round, place.unit.area, None)


FEEDBACK = {"appraisal": "总体较好。", "suggestions": ["加强公开"]}
