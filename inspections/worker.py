"""The worker: runs the jobs that outlive a request, in a process of its own beside the web process.

It knows job names and records to be resumed; what a job does stands with its capability.

A job survives the death of its worker. The job library resumes what this host's last worker left (same
executor name); `Reaper` does the rest: jobs of a worker that fell silent on another host, and records that
wait although their job was never enqueued. Every job may therefore run twice and must leave one result.
"""

import fcntl
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType

import click
import sqlalchemy as sa
from dbos import DBOS, DBOSConfig
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import orm

from inspections import migrations
from inspections.database import now
from inspections.followup import reminders
from inspections.followup.webhook import Webhook
from inspections.jobs import QUEUE, Heartbeat, Jobs
from inspections.lives.people import settle
from inspections.planning import generate, shortfall
from inspections.rounds.models import Plan
from inspections.site.refusal import Refusal
from inspections.workdays import lived

log = logging.getLogger(__name__)

#: jobs at a time on one host: a solve and a paper
CONCURRENCY = 2
BEAT_SECONDS = 5.0
SILENT_SECONDS = 60.0
#: how long a stopping worker waits for its jobs; what is not done by then is resumed by the next worker
GRACE_SECONDS = 5


def start(app: Flask, executor: str) -> None:
    """Nothing; jobs run from now on, in threads of this process."""
    open_session = app.extensions["sessions"]
    jobs: Jobs = app.extensions["jobs"]
    config: DBOSConfig = {
        "name": "inspections",
        "system_database_engine": jobs.engine,
        "executor_id": executor,
        "application_version": "1",  # else jobs enqueued before an update would wait for the old program
        "enable_otlp": False,
        "log_level": "WARNING",
    }
    DBOS(config=config)
    chosen = app.extensions["settings"]
    pushing = Webhook.of(chosen.webhook_url, chosen.webhook_hosts)

    @DBOS.step(name="solve_plan_step")
    def solve_step(key: str) -> None:
        generate.run(open_session, key)
        shortfall.run(open_session, key)

    @DBOS.workflow(name=generate.SOLVE_JOB)
    def solve_plan(key: str) -> None:
        solve_step(key)

    @DBOS.step(name="diagnose_plan_step")
    def diagnose_step(key: str) -> None:
        shortfall.run(open_session, key)

    @DBOS.workflow(name=shortfall.JOB)
    def diagnose_plan(key: str) -> None:
        diagnose_step(key)

    @DBOS.step(name="look_over_paper_step")
    def look_over_step(key: str) -> None:
        from inspections.documents.course import appearance

        appearance.look_over(open_session, key)

    @DBOS.workflow(name="look_over_paper")
    def look_over_paper(key: str) -> None:
        look_over_step(key)

    @DBOS.step(name="render_paper_step")
    def render_step(key: str) -> None:
        from inspections.documents.course import appearance, issue

        issue.render_job(open_session, key)
        with open_session(reading=True) as session:
            printed = appearance.waiting(session)
        for file in printed:
            appearance.look_over(open_session, file)

    @DBOS.workflow(name="render_paper")
    def render_paper(key: str) -> None:
        render_step(key)

    @DBOS.step(name="send_reminders_step")
    def remind_step(key: str) -> None:
        reminders.run(open_session, key)
        if pushing is not None:
            pushing.push(open_session)

    @DBOS.workflow(name=reminders.JOB)
    def send_reminders(key: str) -> None:
        remind_step(key)

    @DBOS.step(name="draft_bulletin_step")
    def bulletin_step(key: str) -> None:
        from inspections.documents.course.occasions import draft_job

        draft_job(open_session, key)

    @DBOS.workflow(name="draft_bulletin")
    def draft_bulletin(key: str) -> None:
        bulletin_step(key)

    @DBOS.step(name="make_batch_step")
    def batch_step(key: str) -> None:
        from inspections.documents.prints import batches

        batches.run(open_session, Path(app.instance_path), key)

    @DBOS.workflow(name="make_batch")
    def make_batch(key: str) -> None:
        batch_step(key)

    @DBOS.step(name="look_after_step")
    def look_step(key: str) -> None:
        from inspections.operations import weekly

        weekly.run(open_session, Path(app.instance_path), key)

    @DBOS.workflow(name="look_after")
    def look_after(key: str) -> None:
        look_step(key)

    @DBOS.step(name="compare_lists_step")
    def compare_step(key: str) -> None:
        from inspections.comparisons import course

        course.run(open_session, Path(app.instance_path), key)

    @DBOS.workflow(name="compare_lists")
    def compare_lists(key: str) -> None:
        compare_step(key)

    generate.get_ready()
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=CONCURRENCY, on_conflict="always_update")


class Reaper:
    """Says that this worker is alive and finds the work that nobody will do otherwise."""

    def __init__(self, app: Flask, executor: str, silent: float = SILENT_SECONDS) -> None:
        self.open_session = app.extensions["sessions"]
        self.jobs: Jobs = app.extensions["jobs"]
        self.instance = Path(app.instance_path)
        self.executor, self.silent = executor, timedelta(seconds=silent)
        self.watch = lived.Watch()

    def beat(self) -> None:
        """One round: own heartbeat, moves whose day has come, keys past their end, silent workers' jobs,
        records
        without a job."""
        from inspections.comparisons import course

        with self.open_session() as session:
            session.merge(Heartbeat(executor=self.executor, seen_at=now()))
            lived.note(session, self.watch)
            settle(session)
            course.end_overdue(session, self.instance)
            session.commit()
            heard = sa.select(Heartbeat.executor).where(Heartbeat.seen_at > now() - self.silent)
            alive = {self.executor, *session.scalars(heard)}  # a slow commit does not make this one silent
            waiting = list(waiting_jobs(session))
        for left in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            if left.executor_id not in alive:
                log.warning("taking over %s from %s", left.workflow_id, left.executor_id)
                DBOS.resume_workflow(left.workflow_id, queue_name=QUEUE)
        for job, key in waiting:  # a job that was enqueued before is enqueued again only when it broke
            self.jobs.enqueue(job, key)


def waiting_jobs(session: orm.Session) -> Iterator[tuple[str, str]]:
    """Job and key of every record that waits for a worker, whether its job was enqueued or not."""
    from inspections.comparisons import course
    from inspections.documents.course import appearance, issue, occasions
    from inspections.documents.prints import batches
    from inspections.operations import weekly

    for key in course.waiting(session):
        yield course.JOB, key
    for name in session.scalars(sa.select(Plan.uuid).where(Plan.state.in_(generate.ACTIVE))):
        yield generate.SOLVE_JOB, str(name)
    for key in shortfall.waiting(session):
        yield shortfall.JOB, key
    for key in issue.unprinted(session):
        yield issue.RENDER_JOB, key
    for key in appearance.waiting(session):
        yield appearance.JOB, key
    day = reminders.waiting(session)
    if day is not None:
        yield reminders.JOB, day
    for key in occasions.due_bulletins(session):
        yield occasions.JOB, key
    week = weekly.waiting(session)
    if week is not None:
        yield weekly.JOB, week
    for key in batches.waiting(session):
        yield batches.JOB, key


@contextmanager
def only_worker(instance: Path) -> Iterator[None]:
    """Holds this installation's worker lock; Refusal when another worker of this host has it."""
    with (instance / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refusal("本机已有一个后台进程在运行。") from None
        yield


def work(app: Flask, executor: str, silent: float = SILENT_SECONDS) -> None:
    """Works until SIGTERM or SIGINT, then ends this process: solver threads cannot be waited for."""
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with only_worker(Path(app.instance_path)):
        start(app, executor)
        reaper = Reaper(app, executor, silent)
        click.echo("后台进程已启动。")
        while not told.is_set():
            try:
                reaper.beat()
            except sa.exc.SQLAlchemyError:
                log.exception("the worker could not look after its jobs; it tries again")
            told.wait(BEAT_SECONDS)
        DBOS.destroy(workflow_completion_timeout_sec=GRACE_SECONDS)
        os._exit(0)


def refuse_damaged(open_session: Callable[..., orm.Session], instance: Path) -> None:
    """Nothing. Raises Refusal where pages of the database are damaged: more writing makes it worse."""
    from inspections.operations.verify import engine_itself

    with open_session(reading=True) as session:
        for damage in engine_itself(session, instance, True):
            raise Refusal(f"{damage.sentence}。请停用系统，先留下现在的文件，再用最近的备份恢复。")


@click.command("worker", help="运行后台进程：排程、制发文书。")
@click.option(
    "--silent-seconds", default=SILENT_SECONDS, show_default=True, help="其他主机失联多久后接管其任务。"
)
@with_appcontext
def worker(silent_seconds: float) -> None:
    migrations.require_current(current_app.extensions["engine"])
    refuse_damaged(current_app.extensions["sessions"], Path(current_app.instance_path))
    work(current_app._get_current_object(), socket.gethostname(), silent_seconds)  # type: ignore[attr-defined]
