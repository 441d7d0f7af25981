"""What was exported imports again as no difference at all, whatever the records hold."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Kin, Tie
from inspections.roster.roster import import_roster, preview
from inspections.roster.workbook_made import export
from inspections.units.entries import EntryFault, text
from inspections.units.models import Unit
from tests import factories

pytestmark = pytest.mark.both_databases


def stored(value: str) -> str:
    """The text as a form or an import would have stored it; a note that may not be stored becomes none."""
    try:
        return text(value)
    except EntryFault:
        return ""


odd_text = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["=1+1", "#REF!", "'x", "_x0041_", "001", "1e5", "2026-03-02", "是", "a\nb", "+1", "@a", "-"]
    ),
).map(stored)
periods = st.lists(
    st.tuples(st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 60)).map(
        lambda pair: [pair[0].isoformat(), (pair[0] + dt.timedelta(pair[1])).isoformat()]
    ),
    max_size=3,
)
degrees = st.one_of(st.none(), st.tuples(st.floats(73.5, 135.5), st.floats(3.5, 53.5)))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=odd_text, closed=periods, place=degrees, risk=st.integers(0, 1000), evidence=odd_text)
def test_an_export_of_odd_records_imports_as_no_difference(
    session: orm.Session,
    tmp_path: Path,
    note: str,
    closed: list[list[str]],
    place: tuple[float, float] | None,
    risk: int,
    evidence: str,
) -> None:
    lng, lat = place or (None, None)
    with session.begin_nested() as example:
        load_recusal_kinds(session)
        unit = factories.make_unit(session, note=note, closed=closed, lng=lng, lat=lat, risk=risk)
        most = None if risk % 2 else risk % 50
        person = factories.make_person(session, note=note, off=closed, max_teams=most)
        tie = Tie(person=person, unit=unit, kind_code="RC-16", hard=bool(risk % 2), evidence=evidence)
        kin = Kin(person=person, term="堂兄", relative_name="", unit=unit, post="会计")
        session.add_all((tie, kin))
        session.flush()
        export(session, tmp_path / "a.xlsx")
        found = [str(row) for row in preview(session, tmp_path / "a.xlsx").rows]
        example.rollback()
    session.expunge_all()
    assert found == []


def test_both_sample_counties_survive_the_round_trip(
    session: orm.Session, seeds: Path, tmp_path: Path
) -> None:
    load_recusal_kinds(session)
    import_roster(session, seeds / "qinghe")
    import_roster(session, seeds / "daye", planning_only=True)
    counts = export(session, tmp_path / "a.xlsx")
    found = preview(session, tmp_path / "a.xlsx")
    assert found.rows == []
    assert found.same == counts
    assert sum(found.untouched.values()) == 0


def test_an_export_into_an_empty_county_keeps_real_places_marked(
    session: orm.Session, seeds: Path, tmp_path: Path
) -> None:
    load_recusal_kinds(session)
    import_roster(session, seeds / "daye", planning_only=True)
    export(session, tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert [cell.value for cell in book["单位"][1]][-1] == "仅供排程"
    session.execute(sa.update(Unit).values(planning_only=False))
    session.expire_all()
    assert {row.changes for row in preview(session, tmp_path / "a.xlsx").rows} == {
        (("仅供排程", "否", "是"),)
    }


def test_a_text_that_looks_like_a_formula_stays_text(session: orm.Session, tmp_path: Path) -> None:
    factories.make_unit(session, note="=HYPERLINK(1)")
    export(session, tmp_path / "a.xlsx")
    cells = [cell for row in load_workbook(tmp_path / "a.xlsx")["单位"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=HYPERLINK(1)"] == ["s"]
