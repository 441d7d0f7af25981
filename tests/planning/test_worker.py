"""The worker's own habits: one a host, what waits is found, and no web page fails for lack of it."""

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import orm

from inspections.jobs import Jobs, open_job_engine
from inspections.planning import generate, shortfall
from inspections.site.refusal import Refusal
from inspections.worker import only_worker, waiting_jobs
from tests.planning.county import small_county


def test_what_waits_is_found_although_nobody_enqueued_it(app: Flask, session: orm.Session) -> None:
    plan = generate.queue(session, small_county(session), 1, 10, None)
    assert list(waiting_jobs(session)) == [("solve_plan", str(plan.uuid))]
    session.commit()
    generate.run(app.extensions["sessions"], str(plan.uuid))
    session.expire_all()
    assert list(waiting_jobs(session)) == [("diagnose_plan", str(plan.uuid))]
    shortfall.run(app.extensions["sessions"], str(plan.uuid))
    assert list(waiting_jobs(session)) == []


def test_a_second_worker_on_one_host_is_refused(tmp_path: Path) -> None:
    with only_worker(tmp_path), pytest.raises(Refusal, match="已有一个后台进程"), only_worker(tmp_path):
        pass
    with only_worker(tmp_path):
        pass


def test_a_job_said_before_the_first_worker_ever_ran_only_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_job_engine("sqlite:///own.db", tmp_path)
    with caplog.at_level(logging.WARNING):
        Jobs(engine).enqueue("solve_plan", "some-plan")
    engine.dispose()
    assert "waits until a worker finds it" in caplog.text
