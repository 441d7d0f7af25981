"""The sheets of the catalogue become version 1, stay it, and a changed sheet becomes version 2."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, orm, select

from inspections.fieldwork import checklists
from inspections.fieldwork.models import Checklist, ChecklistItem, Deadline, SurveyQuestion
from inspections.findings.models import TaxonomyEntry
from inspections.site.refusal import Refusal
from tests import factories


@pytest.fixture
def catalogue(seeds: Path, tmp_path: Path) -> Path:
    """A copy of the catalogue that a test may spoil."""
    shutil.copytree(seeds / "catalogue", tmp_path / "catalogue")
    return tmp_path / "catalogue"


def test_the_catalogue_has_153_village_and_45_department_items(session: orm.Session, seeds: Path) -> None:
    assert checklists.load(session, seeds / "catalogue") == {"village": 1, "department": 1}
    assert len(checklists.newest(session, "village").items) == 153
    assert len(checklists.newest(session, "department").items) == 45
    counted = [session.scalar(select(func.count()).select_from(t)) for t in (Deadline, SurveyQuestion)]
    assert counted == [35, 16]
    assert session.scalar(select(func.count()).where(TaxonomyEntry.kind == "subcategory")) == 72


def test_loading_the_same_sheets_again_changes_nothing(session: orm.Session, seeds: Path) -> None:
    checklists.load(session, seeds / "catalogue")
    assert checklists.load(session, seeds / "catalogue") == {"village": 1, "department": 1}
    assert session.scalar(select(func.count()).select_from(Checklist)) == 2


def test_a_changed_sheet_becomes_the_next_version_and_the_old_one_stays(
    session: orm.Session, catalogue: Path
) -> None:
    checklists.load(session, catalogue)
    sheet = catalogue / "village.csv"
    before = sheet.read_text(encoding="utf-8-sig")
    sheet.write_text(before.replace("有 1 项以上说不清", "说不清").replace("eq:no", "eq:yes", 1), "utf-8")
    assert checklists.load(session, catalogue) == {"village": 2, "department": 1}
    old = session.scalar(select(Checklist).where(Checklist.kind == "village", Checklist.version == 1))
    assert old is not None
    assert old.items[0].trigger_expr == "eq:no"
    assert checklists.newest(session, "village").items[0].trigger_expr == "eq:yes"


def test_a_basis_that_nobody_checked_is_marked(session: orm.Session, seeds: Path) -> None:
    checklists.load(session, seeds / "catalogue")
    by_code = {item.code: item for item in checklists.newest(session, "village").items}
    assert not by_code["V-A-01"].basis_checked
    assert by_code["V-A-03"].basis_checked
    assert session.get_one(Deadline, "DL-02").basis_checked


def test_a_sample_says_how_many_or_all(session: orm.Session, seeds: Path) -> None:
    checklists.load(session, seeds / "catalogue")
    by_code = {item.code: item for item in checklists.newest(session, "village").items}
    assert (by_code["V-C-02"].sample_min, by_code["V-C-02"].sample_all) == (20, False)
    assert (by_code["V-A-04"].sample_min, by_code["V-A-04"].sample_all) == (None, True)


def test_every_fault_of_a_sheet_is_named_by_row_and_nothing_changes(
    session: orm.Session, catalogue: Path
) -> None:
    sheet = catalogue / "village.csv"
    lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    lines[1] = lines[1].replace("eq:no", "sometimes")
    lines[3] = lines[3].replace(",sample,", ",guess,")
    sheet.write_text("\n".join(lines), "utf-8")
    with pytest.raises(Refusal, match=r"village.csv 第 2 行.*sometimes.*village.csv 第 4 行.*guess"):
        checklists.load(session, catalogue)
    assert session.scalar(select(func.count()).select_from(ChecklistItem)) == 0


def test_a_community_is_not_asked_what_only_a_village_is_asked(session: orm.Session, seeds: Path) -> None:
    checklists.load(session, seeds / "catalogue")
    village, community, farm, department = (
        factories.make_unit(session, kind=kind) for kind in ("village", "community", "farm", "department")
    )
    assert checklists.kind_for(department) == "department"
    listed = checklists.newest(session, checklists.kind_for(village))
    assert len(checklists.items_for(listed, village)) == len(checklists.items_for(listed, farm)) == 147
    assert len(checklists.items_for(listed, community)) == 130
    assert "V-I-01" not in {item.code for item in checklists.items_for(listed, community)}
