"""Workdays follow the holidays, the moved weekends and the county's own days."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.site.refusal import Refusal
from inspections.workdays import days
from inspections.workdays.days import Calendar
from inspections.workdays.models import CalendarDay
from tests.factories import make_user

SignIn = Callable[[User], FlaskClient]
PLAIN = Calendar({})


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday worked for the spring festival
        ("2026-02-16", False),  # new year's eve, a Monday
        ("2026-10-01", False),
        ("2026-11-27", True),
        ("2026-11-28", False),
    ],
)
def test_holidays_and_moved_weekends_are_known(day: str, works: bool) -> None:
    assert PLAIN.works(dt.date.fromisoformat(day)) is works


def test_five_workdays_step_over_weekend_and_holiday() -> None:
    assert PLAIN.after(dt.date(2026, 11, 27), 5) == dt.date(2026, 12, 4)
    assert PLAIN.after(dt.date(2026, 9, 30), 1) == dt.date(2026, 10, 8)
    assert PLAIN.after(dt.date(2026, 11, 28), 0) == dt.date(2026, 11, 30)


def test_a_year_without_moved_days_is_called_incomplete_until_the_county_has_one() -> None:
    assert PLAIN.is_announced(2026)
    assert not PLAIN.is_announced(2027)
    assert Calendar({dt.date(2027, 2, 20): True}).is_announced(2027)


def test_the_county_s_own_day_counts_before_the_general_calendar(session: orm.Session) -> None:
    day = dt.date(2026, 11, 27)
    assert days.keep(session, [(day, False, "村级换届投票日")], None) == 1
    assert days.keep(session, [(day, False, "村级换届投票日")], None) == 0
    assert not days.calendar(session).works(day)
    days.remove(session, day, None)
    assert days.calendar(session).works(day)


def test_every_faulty_cell_of_a_file_is_named_and_nothing_is_kept(
    session: orm.Session, sign_in: SignIn
) -> None:
    text = "日期,上班或休息,说明\n2027-02-20,上班,\n二月六日,休息,\n2027-02-21,半天,\n2027-02-20,休息,\n"
    session.commit()
    sent = {"file": (io.BytesIO(text.encode()), "days.csv")}
    answer = sign_in(make_user(session)).post(
        "/calendar/import", data=sent, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    for words in ("A3：“二月六日”缺少年份", "B4：“半天”应为 上班 或 休息", "A5：2027-02-20 在前面已经有了"):
        assert words in answer.text
    assert session.query(CalendarDay).count() == 0
    with pytest.raises(Refusal, match="第 1 行应为"):
        days.read("day,works\n".encode("gb18030"))


def test_the_page_warns_of_a_year_that_is_not_announced(session: orm.Session, sign_in: SignIn) -> None:
    client = sign_in(make_user(session))
    session.commit()
    assert "还没有调休安排" in client.get("/calendar?year=2027").text
    assert "还没有调休安排" not in client.get("/calendar?year=2026").text
    assert client.get("/calendar?year=1").status_code == 404
    kept = client.post("/calendar", data={"day": "2027-02-20", "works": "1", "note": "春节调休"})
    assert kept.status_code == 302
    assert "还没有调休安排" not in client.get("/calendar?year=2027").text
    assert client.post("/calendar/remove", data={"day": "2027-02-20"}).status_code == 302
    assert client.post("/calendar/remove", data={"day": "x"}).status_code == 404
