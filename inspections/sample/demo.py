"""The main job on the sample counties from nothing: import, plan, check, fieldwork, papers.

It prints what it made and where; running it again changes nothing that exists.
"""

import json
import tempfile
import time
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import orm

from inspections import migrations
from inspections.database import open_engine, session_factory
from inspections.documents.models import KINDS, Paper
from inspections.fieldwork.models import Operation
from inspections.findings.models import Finding, Photo
from inspections.people.models import Person, Tie
from inspections.planning import generate, verdicts
from inspections.rounds.models import Cycle, Plan
from inspections.sample import counties, finished_round, half_year, ready, rectified
from inspections.sample.catalogue import load_catalogue
from inspections.site.refusal import Refusal
from inspections.units.models import Unit
from inspections.wording import document_number

#: the cycles to plan, what they show, and the seconds the solver may take
PLANS = (
    ("柳河镇镇内轮驻（七轮）", "一镇 26 村、7 轮、镇内交叉", 10),
    ("柳河镇镇内轮驻（四轮两村）", "同一镇、4 轮、每组两村", 10),
    ("县直单位轮驻", "2+5、县直单位", 10),
    ("2027年大冶市全域驻点", "大冶全部村（社区）、全县交叉", 40),
)


@click.command("demo", help="在样例县上从头走一遍：导入、排程、复核、驻点、文书。")
@with_appcontext
def demo() -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    began = time.monotonic()
    migrations.upgrade(app.extensions["engine"])
    instance = Path(app.instance_path)
    open_session = app.extensions["sessions"]
    with open_session() as session:
        load_catalogue(session)
        counties.load_rosters(session)
        counties.load_cycles(session, "qinghe")
        counties.load_cycles(session, "daye")
        accounts = counties.load_accounts(session, instance)
        finished_round.load(session, instance / "photos")
        ready.load(session)
        session.commit()
        _say_counts(session)
    click.echo("\n方案（违规数由独立复核程序得出）：")
    for name, words, seconds in PLANS:
        _plan(open_session, name, words, seconds)
    finished_round.print_papers(open_session)
    with open_session() as session:
        rectified.load(session)
        session.commit()
    click.echo("\n文书：")
    with open_session() as session:
        _papers(session, instance / "demo")
    click.echo("\n可以试用的账号：")
    for account in accounts:
        click.echo(f"  {account['login']:<12}{account['password']:<16}{account['role']}  {account['name']}")
    click.echo(f"\n用时 {time.monotonic() - began:.0f} 秒。")


@click.command("sample-problem", help="写出样例县一个周期的排程问题文件，供性能测试。")
@click.argument("cycle")
@click.option("--out", "file", required=True, type=click.Path(dir_okay=False, path_type=Path))
def sample_problem(cycle: str, file: Path) -> None:
    """Builds the sample counties in a database of their own that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/sample.db")
        migrations.upgrade(engine)
        with session_factory(engine)() as session:
            load_catalogue(session)
            counties.load_rosters(session)
            for county in ("qinghe", "daye"):
                counties.load_cycles(session, county)
            found = session.scalar(sa.select(Cycle).where(Cycle.name == cycle))
            if found is None:
                raise Refusal(f"样例中没有名为“{cycle}”的周期。")
            problem = generate.problem_of(session, found)
            session.rollback()
        engine.dispose()
    file.write_text(json.dumps(problem, ensure_ascii=False), "utf-8")


@click.command("half-year", help="模拟清河县半年的驻点监督，写出半年综合报告（约一分钟）。")
@click.option("--out", "file", required=True, type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def half_year_report(file: Path) -> None:
    """Builds the half-year in a database of its own that is gone afterwards, and writes its report."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/half-year.db")
        migrations.upgrade(engine)
        open_session = session_factory(engine)
        name = half_year.simulate(open_session)
        with open_session() as session:
            paper = session.scalars(sa.select(Paper).where(Paper.uuid == name)).one()
            if paper.file is None:
                raise click.ClickException(paper.trouble)
            file.write_bytes(paper.file.data)
            click.echo(f"{paper.title}：{paper.file.pages} 页  {file}")
        engine.dispose()


def _say_counts(session: orm.Session) -> None:
    def count(model: type, *where: sa.ColumnElement[bool]) -> int:
        return session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0

    fictional = count(Unit, Unit.planning_only.is_(False))
    real = count(Unit, Unit.planning_only.is_(True))
    click.echo(
        f"导入：单位 {fictional + real} 个（清河县 {fictional}，大冶仅供排程 {real}）、"
        f"人员 {count(Person)} 名、回避关系 {count(Tie)} 条"
    )
    click.echo(f"驻点：清单填写 {count(Operation)} 条、底稿 {count(Finding)} 份、照片 {count(Photo)} 张")


def _plan(open_session: generate.OpenSession, name: str, words: str, seconds: int) -> None:
    """Prints the cycle's newest plan, made now where there is none."""
    with open_session() as session:
        cycle = session.scalars(sa.select(Cycle).where(Cycle.name == name)).one()
        plan = cycle.plans[-1] if cycle.plans else generate.queue(session, cycle, 1, seconds, None)
        session.commit()
        plan_name = str(plan.uuid)
    generate.run(open_session, plan_name)
    with open_session() as session:
        plan = session.scalars(sa.select(Plan).where(Plan.uuid == plan.uuid)).one()
        if plan.answer is None:
            raise click.ClickException(f"{name}：{plan.trouble or plan.state}")
        answer = plan.answer
        visited = sum(len(team["units"]) for team in answer["teams"])
        gap = "—" if answer["gap"] is None else f"{answer['gap']:.1%}"
        click.echo(
            f"  {words}：{visited} 个单位、{len(plan.cycle.rounds)} 轮、{len(answer['teams'])} 组，"
            f"违规 {len(verdicts.judged(plan).broken)} 处，缺口 {len(answer['shortages'])} 处，"
            f"距理论最优 {gap}，{answer['seconds']:.1f} 秒"
        )


def _papers(session: orm.Session, folder: Path) -> None:
    """Prints every paper with the path of a copy of its stored bytes."""
    folder.mkdir(exist_ok=True)
    for paper in session.scalars(sa.select(Paper).order_by(Paper.id)):
        if paper.file is None:
            raise click.ClickException(f"{paper.title}：{paper.trouble}")
        number = document_number(paper.code or "", paper.year or 0, paper.number) if paper.number else "草稿"
        copy = folder / f"{number}-{KINDS[paper.kind]}-{paper.township.name}.pdf"
        copy.write_bytes(paper.file.data)
        click.echo(f"  {number} {KINDS[paper.kind]} {paper.township.name}：{paper.file.pages} 页  {copy}")
