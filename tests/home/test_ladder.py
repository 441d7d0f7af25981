"""The first page of an empty county: seven steps, each with its state and its page."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import now, today
from inspections.home import ladder, waiting
from inspections.recusal import readiness
from inspections.rounds.models import Plan
from tests import factories
from tests.planning.county import small_county

Browser = Callable[[User], FlaskClient]


def done(app: Flask, session: orm.Session, user: User) -> list[bool]:
    return [rung.done for rung in ladder.ladder(session, app.extensions["permissions"], user)]


def test_an_empty_county_is_led_step_by_step(app: Flask, session: orm.Session, sign_in: Browser) -> None:
    session.execute(sa.update(Plan).values(published_at=None))
    planner = factories.make_user(session)
    client = sign_in(planner)
    page = client.get("/").text
    assert page.index("导入名册") < page.index("新建周期") < page.index("批准并发布")
    assert "第一步" in page
    for rung in ladder.ladder(session, app.extensions["permissions"], planner):
        with app.test_request_context():
            address = app.url_for(rung.endpoint, **rung.arguments)
        assert client.get(address).status_code == 200
    cycle = small_county(session)
    session.commit()
    assert (done(app, session, planner)[0], done(app, session, planner)[3]) == (True, True)
    assert f"/rounds/{cycle.uuid}" in client.get("/").text
    plan = factories.make_posting(session, round=cycle.rounds[0]).team.plan
    plan.published_at = now()
    session.commit()
    assert done(app, session, planner) == []


def test_who_plans_nothing_sees_no_ladder(app: Flask, session: orm.Session) -> None:
    assert done(app, session, factories.make_user(session, "leadership")) == []


def test_what_is_released_tomorrow_comes_before_what_can_wait(app: Flask, session: orm.Session) -> None:
    cycle = small_county(session)
    factories.make_posting(session, round=cycle.rounds[0])
    cycle.rounds[0].release_on = today() + dt.timedelta(days=1)
    session.commit()
    planner = factories.make_user(session)
    words = [task.words for task in waiting.tasks(session, app.extensions["permissions"], planner)]
    assert words[0] == f"{cycle.name}{cycle.rounds[0].name}明天向各组公布，请再核对一次"


def test_nobody_is_asked_to_declare_for_what_is_laid_by_or_cancelled(
    app: Flask, session: orm.Session
) -> None:
    cycle = small_county(session)
    readiness.begin(session, cycle.id)
    planner = factories.make_user(session)

    def asked() -> bool:
        found = waiting.tasks(session, app.extensions["permissions"], planner)
        return any(task.words.startswith(f"{cycle.name}还有") for task in found)

    assert asked()
    for round_ in cycle.rounds:
        round_.cancelled_at = now()
    session.flush()
    assert not asked()
    for round_ in cycle.rounds:
        round_.cancelled_at = None
    cycle.archived_at = now()
    session.flush()
    assert not asked()
