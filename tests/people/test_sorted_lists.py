"""A list is sorted as its address says; what is exported is what is seen, in the same order."""

import io
import re
from collections.abc import Callable

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections.accounts.models import User
from tests import factories

Browser = Callable[[User], FlaskClient]


def column(data: bytes, at: int) -> list[object]:
    page = load_workbook(io.BytesIO(data)).active
    return [row[at] for row in page.iter_rows(min_row=2, values_only=True)]


def order(text: str, *names: str) -> list[str]:
    return sorted(names, key=lambda name: text.index(f">{name}<"))


def test_lists_are_sorted_by_their_address_and_exported_so(session: orm.Session, sign_in: Browser) -> None:
    town = factories.make_area(session, name="柳河镇")
    for name, risk, tier in (("甲村", 5, "normal"), ("乙村", 9, "watch"), ("丙村", 1, "key")):
        factories.make_unit(session, town, name=name, risk=risk, tier=tier)
    small, large = (factories.make_office(session, town, name=name) for name in ("小所", "大所"))
    small.max_out, large.max_out = None, 3
    for office, name, most in ((small, "甲人", None), (large, "乙人", 1), (large, "丙人", 4)):
        factories.make_person(session, office, name=name, max_teams=most)
    planner = sign_in(factories.make_user(session))
    page = planner.get("/units?sort=-risk&kind=village").text
    assert order(page, "甲村", "乙村", "丙村") == ["乙村", "甲村", "丙村"]
    assert 'aria-sort="descending"' in page and 'name="sort" value="-risk"' in page
    assert re.search(r'href="/units\?sort=risk&(amp;)?kind=village"', page)
    page = planner.get("/units?sort=tier").text
    assert order(page, "甲村", "乙村", "丙村") == ["丙村", "乙村", "甲村"]
    found = column(planner.get("/units.xlsx?sort=-risk&kind=village").data, 1)
    assert [name for name in found if name in ("甲村", "乙村", "丙村")] == ["乙村", "甲村", "丙村"]
    page = planner.get("/people?sort=-max").text
    assert order(page, "甲人", "乙人", "丙人") == ["丙人", "乙人", "甲人"]
    page = planner.get("/offices?sort=-staff").text
    assert order(page, "小所", "大所") == ["大所", "小所"]
    found = column(planner.get("/offices.xlsx?sort=out").data, 1)
    assert [name for name in found if name in ("小所", "大所")] == ["大所", "小所"]
    for address in ("/units", "/people", "/offices"):
        assert planner.get(f"{address}?sort=nothing").status_code == 200


def test_who_may_not_see_a_risk_learns_none_by_sorting(session: orm.Session, sign_in: Browser) -> None:
    town = factories.make_area(session)
    for name, risk in (("甲村", 1), ("乙村", 9)):
        factories.make_unit(session, town, name=name, risk=risk)
    page = sign_in(factories.make_user(session, "recipient", township=town)).get("/units?sort=-risk").text
    assert order(page, "甲村", "乙村") == ["甲村", "乙村"]
