"""Signed papers are sorted before a letter cites them; what villages share becomes a proposal."""

import datetime as dt

import pytest
from sqlalchemy import orm

from inspections.documents.wording import citing
from inspections.findings.models import Finding
from inspections.followup import sorting
from inspections.rounds.models import Round
from inspections.site.refusal import Conflict, Refusal
from tests.factories import make_area, make_finding, make_item, make_posting, make_round, make_unit, make_user


def a_round(
    session: orm.Session, units: int, category: str = "C2", **given: object
) -> tuple[Round, list[Finding]]:
    """A round in which so many villages have one signed paper of the category each."""
    round_ = make_round(session, **given)
    town = make_area(session)
    first = make_posting(session, unit=make_unit(session, town), round=round_)
    plan = first.team.plan
    others = [
        make_posting(session, unit=make_unit(session, town), round=round_, plan=plan)
        for _ in range(units - 1)
    ]
    postings = [first, *others]
    return round_, [make_finding(session, one, state="signed", category=category) for one in postings]


def cited(session: orm.Session, finding: Finding) -> bool:
    wanted = sorting.select(Finding.id).where(Finding.id == finding.id, citing.may_be_cited())
    return session.scalar(wanted) is not None


def test_unsorted_papers_go_the_way_of_their_severity(session: orm.Session) -> None:
    _, [finding] = a_round(session, 1)
    row = sorting.as_sorted(session, finding)
    assert (row.disposal, row.way, row.decided) == ("FD2", "deadline", False)


def test_a_paper_merged_into_its_twin_is_cited_by_no_letter(session: orm.Session) -> None:
    round_, [finding] = a_round(session, 1)
    twin = make_finding(session, finding.posting, state="signed", category="C2")
    planner = make_user(session)
    assert [row.twins for row in sorting.sorted_papers(session, round_)] == [(twin,), (finding,)]
    sorting.sort(session, twin, planner, "FD2", "deadline", "", merged_into=finding)
    assert (cited(session, finding), cited(session, twin)) == (True, False)
    with pytest.raises(Refusal, match="已并入另一份"):
        sorting.sort(session, finding, planner, "FD2", "deadline", "", merged_into=twin)
    sorting.sort(session, twin, planner, "FD2", "deadline", "")
    assert cited(session, twin)


def test_what_goes_to_a_department_or_is_set_aside_is_cited_by_no_letter(session: orm.Session) -> None:
    _, [first, second] = a_round(session, 2)
    planner = make_user(session)
    with pytest.raises(Refusal, match="转往哪个部门"):
        sorting.sort(session, first, planner, "FD3", "deadline", "")
    sorting.sort(session, first, planner, "FD3", "deadline", "", office="县民政局")
    with pytest.raises(Refusal, match="写明理由"):
        sorting.sort(session, second, planner, "FD8", "deadline", "")
    sorting.sort(session, second, planner, "FD8", "deadline", "", reason="证据不足")
    assert not cited(session, first)
    assert not cited(session, second)


def test_what_was_handed_over_is_sorted_no_more(session: orm.Session) -> None:
    item = make_item(session)
    with pytest.raises(Conflict, match="已经交办"):
        sorting.sort(session, item.finding, make_user(session), "FD2", "deadline", "")


def test_three_units_with_one_kind_of_problem_are_a_cluster_and_two_are_none(session: orm.Session) -> None:
    round_, papers = a_round(session, 3)
    [cluster] = sorting.clusters(session, round_)
    assert (cluster.category, cluster.units, cluster.of_units, cluster.share) == ("C2", 3, 3, 1.0)
    assert set(cluster.findings) == set(papers)
    two, _ = a_round(session, 2)
    assert sorting.clusters(session, two) == []


def test_the_trend_is_told_only_on_a_base_of_five(session: orm.Session) -> None:
    start = dt.date(2020, 1, 6)
    a_round(session, 4, start=start, end=start + dt.timedelta(days=6), release_on=start)
    later = start + dt.timedelta(days=30)
    round_, _ = a_round(session, 6, start=later, end=later + dt.timedelta(days=6), release_on=later)
    [cluster] = sorting.clusters(session, round_)
    assert (cluster.before, cluster.trend) == (4, None)
    last = later + dt.timedelta(days=30)
    third, _ = a_round(session, 3, start=last, end=last + dt.timedelta(days=6), release_on=last)
    assert sorting.clusters(session, third)[0].trend == -0.5


def test_a_proposal_needs_a_cluster_and_is_decided_by_somebody_else(session: orm.Session) -> None:
    round_, papers = a_round(session, 3)
    planner, leader = make_user(session), make_user(session, "leadership")
    with pytest.raises(Refusal, match="没有出现在"):
        sorting.propose(session, round_, "A1", "开展专项治理", planner)
    campaign = sorting.propose(session, round_, "C2", "开展专项治理", planner)
    assert set(campaign.findings) == set(papers)
    with pytest.raises(Refusal, match="不能自己决定"):
        sorting.decide(session, campaign, True, "", planner)
    with pytest.raises(Refusal, match="写明理由"):
        sorting.decide(session, campaign, False, "", leader)
    sorting.decide(session, campaign, True, "", leader)
    assert campaign.state == "adopted"
