"""No text that somebody typed becomes a formula in any workbook that leaves the house."""

import io
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.demands import handling
from inspections.people.models import Kin, Tie
from inspections.units.views import XLSX
from tests import factories
from tests.test_sight import pages

SignIn = Callable[[User], FlaskClient]
FORMULA = '=HYPERLINK("http://127.0.0.1/x","看")'


def workbooks(app: Flask, client: FlaskClient, role: str) -> Iterator[tuple[str, openpyxl.Workbook]]:
    """Address and workbook of everything the role can take away by an address without arguments."""
    for path in pages(app, role):
        answer = client.get(path)
        if answer.mimetype == XLSX:
            yield path, openpyxl.load_workbook(io.BytesIO(answer.data))


def write(session: orm.Session) -> User:
    """Rows whose every text is a formula; the planner who made them."""
    planner = factories.make_user(session, name=FORMULA)
    county = factories.make_area(session, "county", name=f"{FORMULA}县")
    town = factories.make_area(session, name=FORMULA, parent=county)
    unit = factories.make_unit(session, town, name=FORMULA, note=FORMULA)
    office = factories.make_office(session, town, name=FORMULA, note=FORMULA)
    person = factories.make_person(session, office, name=FORMULA, note=FORMULA)
    factories.make_recusal_kind(session, "RC-16", strength="mode")
    session.add(Tie(person=person, unit=unit, kind_code="RC-16", hard=True, note=FORMULA))
    session.add(Kin(person=person, relative_name=FORMULA, term="兄", unit=unit, note=FORMULA, post=FORMULA))
    posting = factories.make_posting(session, {person: "leader"}, unit)
    finding = factories.make_finding(session, posting, state="signed", title=FORMULA)
    factories.make_item(session, finding, title=FORMULA, due=today(), served_on=today())
    handling.hear(session, unit, "open", "visit", FORMULA, planner, posting)
    journal.record(session, "unit.change", unit.uuid, planner)
    return planner


@pytest.mark.parametrize("role", ["planner", "leadership"])
def test_no_cell_of_any_export_is_a_formula(
    app: Flask, session: orm.Session, sign_in: SignIn, role: str
) -> None:
    planner = write(session)
    client = sign_in(planner if role == "planner" else factories.make_user(session, role))
    kept, books = 0, 0
    for path, book in workbooks(app, client, role):
        books += 1
        cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
        kept += sum(str(cell.value).startswith("=") for cell in cells)
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == [], path
    assert books and kept, f"nothing that a {role} takes away shows what was written: the test sees nothing"
