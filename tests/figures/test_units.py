"""A unit's record and its score count cases that can be listed; a visit to come stands in neither."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections import database
from inspections.accounts.models import User
from inspections.database import today
from inspections.figures import score
from inspections.figures.models import ScoreRule
from inspections.figures.unit_record import records
from inspections.sample.tables import SEEDS
from inspections.site.refusal import Refusal
from inspections.units.models import Unit
from tests.factories import make_finding, make_item, make_posting, make_round, make_unit, make_user

pytestmark = pytest.mark.both_databases

SignIn = Callable[[User], FlaskClient]


def visit(session: orm.Session, unit: Unit, start: dt.date, *categories: str, **given: object) -> None:
    """A visit that began on that day and found a problem of each category, signed on the same day."""
    round_ = make_round(session, start=start, end=start + dt.timedelta(days=6), release_on=start)
    posting = make_posting(session, unit=unit, round=round_)
    with database.at(dt.datetime.combine(start, dt.time(4), dt.UTC)):
        for category in categories:
            make_finding(session, posting, state="signed", category=category, **given)


def test_what_the_visit_before_had_found_too_is_a_repeat(session: orm.Session) -> None:
    unit = make_unit(session)
    visit(session, unit, dt.date(2024, 3, 4), "C2", "B1")
    visit(session, unit, dt.date(2025, 3, 3), "C2", "D4")
    visit(session, unit, dt.date(2026, 3, 2), "B1")  # not in the visit before
    [record] = records(session, [unit])
    assert [one.category for one in record.repeats()] == ["C2"]
    assert record.kinds()[0] in (("C2", 2), ("B1", 2))


def test_a_visit_to_come_is_in_no_record(session: orm.Session) -> None:
    unit = make_unit(session)
    visit(session, unit, today() + dt.timedelta(days=1))
    [record] = records(session, [unit])
    assert record.visits == []


def test_a_year_is_scored_by_the_weights_of_the_county(session: orm.Session) -> None:
    score.load_rules(session, SEEDS / "score.csv")
    unit = make_unit(session)
    visit(session, unit, dt.date(2024, 3, 4), "C2")
    visit(session, unit, dt.date(2025, 3, 3), "C2", severity="S3")
    finding = make_finding(session, make_posting(session, unit=unit), state="signed")
    item = make_item(session, finding, served_on=dt.date(2025, 4, 1))
    item.state, item.closed_on = "closed", dt.date(2025, 12, 1)  # due on the first of May
    session.flush()
    [line] = score.sheet(session, [unit], 2025, dt.date(2026, 2, 1))
    counted = {code: n for code, n in line.cases.items() if n}
    assert counted == {"S3": 1, "repeat": 1, "late": 1}
    assert line.points == Decimal("100") - Decimal("1.5") - 2 - Decimal("0.5")
    assert line.visited


def test_points_never_fall_below_nought(session: orm.Session) -> None:
    score.load_rules(session, SEEDS / "score.csv")
    session.get_one(ScoreRule, "S2").points = Decimal(-100)
    unit = make_unit(session)
    visit(session, unit, dt.date(2025, 3, 3), "C2", "C3")
    [line] = score.sheet(session, [unit], 2025, dt.date(2026, 2, 1))
    assert line.points == 0


@pytest.mark.parametrize(
    ("text", "words"), [("很多", "不是数字"), ("-101", "应在 -100 至 100 之间"), ("", "不是数字")]
)
def test_a_weight_that_is_no_number_changes_nothing(session: orm.Session, text: str, words: str) -> None:
    score.load_rules(session, SEEDS / "score.csv")
    given = {rule.code: "1" for rule in score.rules(session)} | {"S2": text}
    before = {rule.code: rule.points for rule in score.rules(session)}
    with pytest.raises(Refusal, match=words):
        score.set_points(session, given, make_user(session))
    session.expire_all()
    assert {rule.code: rule.points for rule in score.rules(session)} == before


def test_the_sheet_and_its_workbook_say_the_same(session: orm.Session, sign_in: SignIn) -> None:
    score.load_rules(session, SEEDS / "score.csv")
    unit = make_unit(session)
    visit(session, unit, dt.date(2025, 3, 3), "C2", "C2")
    session.commit()
    client = sign_in(make_user(session))
    page = client.get("/figures/score?year=2025")
    assert unit.name in page.text
    book = load_workbook(io.BytesIO(client.get("/figures/score.xlsx?year=2025").data))
    [line] = [row for row in book.active.iter_rows(values_only=True) if row[0] == unit.name]
    assert line[-1] == 99
    assert client.get(f"/units/{unit.uuid}/record").status_code == 200
    given = {rule.code: str(rule.points) for rule in score.rules(session)} | {"S2": "-2"}
    assert client.post("/figures/score", data=given).status_code == 302
    assert "96.0" in client.get("/figures/score?year=2025").text
    leadership = sign_in(make_user(session, "leadership"))
    assert leadership.post("/figures/score", data=given).status_code == 403
