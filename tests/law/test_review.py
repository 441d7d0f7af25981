"""What may be cited on a day: versions, articles, communities, the county's own rules."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import orm, select

from inspections.fieldwork import checklists
from inspections.fieldwork.models import CHECKLIST_KINDS
from inspections.law import citations, library
from inspections.law.citations import Version
from inspections.law.models import Instrument
from inspections.law.review import Fault, review
from inspections.site.refusal import Refusal
from tests import factories

DAY = dt.date(2026, 10, 15)


@pytest.fixture
def known(session: orm.Session) -> list[Version]:
    library.load(session)
    return library.versions(session)


def _faults(text: str, known: list[Version], day: dt.date = DAY, place: str = "village") -> list[Fault]:
    return [doubt.fault for doubt in review(text, known, day, place)]


@pytest.mark.parametrize(
    "text",
    [
        "村民委员会组织法(2018)第30条",
        "《村民委员会组织法》（2018）第三十条",
        "违反《中华人民共和国村民委员会组织法》（2018修正）第三十条第一款的规定",
        "《中华人民共和国大气污染防治法》第七十七条",
        "社会救助法第三十九条；村民委员会组织法（2018）第26条",
    ],
)
def test_what_was_superseded_before_the_finding_cannot_be_cited(text: str, known: list[Version]) -> None:
    assert Fault.NOT_IN_FORCE in _faults(text, known)


def test_the_new_place_of_a_moved_article_is_named(known: list[Version]) -> None:
    (doubt,) = review("村民委员会组织法(2018)第26条", known, DAY)
    assert doubt.instead == "《中华人民共和国村民委员会组织法》第三十条"


def test_a_law_holds_from_its_day_on(known: list[Version]) -> None:
    text = "《中华人民共和国生态环境法典》第二百四十六条"
    assert _faults(text, known, dt.date(2026, 8, 14)) == [Fault.NOT_IN_FORCE]
    assert _faults(text, known, dt.date(2026, 8, 15)) == []
    old = "村民委员会组织法（2018）第三十条"
    assert Fault.NOT_IN_FORCE not in _faults(old, known, dt.date(2025, 12, 31))
    assert _faults(old, known, dt.date(2026, 1, 1)) == [Fault.NOT_IN_FORCE]
    assert _faults("医疗保障法第三条", known, dt.date(2026, 12, 31)) == [Fault.NOT_IN_FORCE]


def test_an_article_that_the_law_does_not_have_is_refused(known: list[Version]) -> None:
    assert _faults("村民委员会组织法第五十一条", known) == [Fault.NO_SUCH_ARTICLE]
    assert _faults("村民委员会组织法第四十九条至第五十三条", known) == [Fault.NO_SUCH_ARTICLE]


def test_what_nobody_read_or_nobody_knows_waits_for_a_name(known: list[Version]) -> None:
    assert _faults("《中华人民共和国村民委员会组织法》第三十条第二款", known) == []
    assert _faults("《中华人民共和国村民委员会组织法》", known) == [Fault.UNCHECKED]
    assert _faults("信访工作条例(2022)第20条", known) == [Fault.UNCHECKED]
    assert _faults("村里自己的规矩", known) == [Fault.UNKNOWN]
    assert _faults("社会救助法第三十九条；清河县三资管理办法", known) == [Fault.UNKNOWN]
    assert _faults("", known) == []


def test_a_community_is_not_judged_by_the_villagers_law(known: list[Version]) -> None:
    text = "《中华人民共和国村民委员会组织法》第三十条"
    assert _faults(text, known, place="community") == [Fault.OTHER_PLACES]
    assert _faults(text, known, place="village") == []


@pytest.mark.parametrize(
    ("references", "said"),
    [
        (
            ["CZF-2026#11.第一款", "CZF-2026#35"],
            "《中华人民共和国村民委员会组织法》第十一条第一款、第三十五条",
        ),
        (["MFD-2021#1045"], "《中华人民共和国民法典》第一千零四十五条"),
        (["YHW-2026#（七）", "COUNTY"], "（七）；本县有关规定（名称和文号待录入）"),
    ],
)
def test_a_citation_reads_as_a_letter_writes_it(
    references: list[str], said: str, known: list[Version]
) -> None:
    assert citations.words(references, {version.code: version for version in known}).endswith(said)


def test_no_item_of_the_catalogue_cites_what_is_not_in_force(session: orm.Session, seeds: Path) -> None:
    library.load(session)
    checklists.load(session, seeds / "catalogue")
    known = library.versions(session)
    checked = 0
    for kind in CHECKLIST_KINDS:
        for item in checklists.newest(session, kind).items:
            for place in ("village", "community") if kind == "village" else ("department",):
                if item.applies_to not in ("both", place) and kind == "village":
                    continue
                basis = item.basis_at(place)
                doubts = review(basis.words, known, DAY)
                assert not [doubt for doubt in doubts if doubt.bars], (item.code, doubts)
                assert basis.words, item.code
                if place == "community":
                    assert "村民委员会组织法" not in basis.words, item.code
                checked += basis.checked
    assert checked > 100


def test_reading_the_library_again_keeps_what_the_county_entered_and_checked(session: orm.Session) -> None:
    library.load(session)
    one, other = factories.make_user(session, "planner"), factories.make_user(session, "leadership")
    rule = Instrument(code="QH-1", title="清河县村级财务管理办法", short_title="清河县村级财务管理办法")
    rule.in_force_from = dt.date(2025, 3, 1)
    library.enter(session, one, rule)
    article = library.enter_article(session, one, rule, "第八条", "支出须附原始凭证")
    with pytest.raises(Refusal, match="另一人"):
        library.confirm(session, one, article)
    text = "《清河县村级财务管理办法》第八条"
    assert [doubt.fault for doubt in library.doubts(session, text, DAY)] == [Fault.UNCHECKED]
    library.confirm(session, other, article)
    library.load(session)
    assert library.doubts(session, text, DAY) == []
    assert session.scalar(select(Instrument).where(Instrument.own)) is rule


def test_a_citation_out_of_force_is_refused_with_what_holds(session: orm.Session) -> None:
    library.load(session)
    with pytest.raises(Refusal, match=r"不是现行有效.*《中华人民共和国村民委员会组织法》第三十条"):
        library.require_in_force(session, "村民委员会组织法(2018)第26条", DAY)


@pytest.mark.parametrize(("sheet", "column"), [("deadlines", "source"), ("recusal_kinds", "basis")])
def test_no_time_limit_and_no_kind_of_recusal_rests_on_law_out_of_force(
    sheet: str, column: str, known: list[Version], seeds: Path
) -> None:
    with (seeds / "catalogue" / f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as lines:
        said = {row["code"]: row[column] for row in csv.DictReader(lines)}
    named = [code for code, text in said.items() if citations.mentions(text, known)]
    assert len(named) > 2
    for code in named:
        assert not [doubt for doubt in review(said[code], known, DAY) if doubt.bars], code
