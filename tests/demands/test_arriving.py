"""A paper sorted to the demands is one, once; sorted otherwise it is dropped while nobody took it on."""

from flask import Flask
from sqlalchemy import orm, select

from inspections.demands import handling
from inspections.demands.models import Demand
from inspections.findings.models import Finding
from inspections.followup import sorting
from tests.demands.test_demands import rule  # noqa: F401 (the time limit of demands)
from tests.factories import make_finding, make_user


def demands(session: orm.Session, finding: Finding) -> list[Demand]:
    return list(session.scalars(select(Demand).where(Demand.unit_id == finding.unit_id)))


def test_it_arrives_once_and_goes_again_while_nobody_has_taken_it_on(
    app: Flask, session: orm.Session
) -> None:
    finding, planner = make_finding(session, state="signed", summary="邻里排水纠纷"), make_user(session)
    sorting.sort(session, finding, planner, "FD7", "deadline", "某村")
    sorting.sort(session, finding, planner, "FD7", "deadline", "某村委会")
    [demand] = demands(session, finding)
    assert (demand.state, demand.channel, demand.finding_id) == ("received", "paper", finding.id)
    assert demand.text == f"底稿{finding.number}：邻里排水纠纷"
    sorting.sort(session, finding, planner, "FD2", "deadline", "某村")
    assert (demand.state, demand.finding_id) == ("dropped", None)
    sorting.sort(session, finding, planner, "FD7", "deadline", "某村")
    assert [one.state for one in demands(session, finding)] == ["dropped", "received"]


def test_what_an_office_has_stays_with_it(app: Flask, session: orm.Session, rule: None) -> None:  # noqa: F811
    finding, planner = make_finding(session, state="signed"), make_user(session)
    sorting.sort(session, finding, planner, "FD7", "deadline", "某村")
    [demand] = demands(session, finding)
    handling.assign(session, demand, demand.version, "镇司法所", None, planner)
    sorting.sort(session, finding, planner, "FD2", "deadline", "某村")
    assert demand.state == "assigned"
