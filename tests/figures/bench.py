"""Measures the figures at full size: `python -m tests.figures.bench --out docs/benchmarks-figures.md`.

Not a test. It starts a PostgreSQL of its own for a made-up city, and a SQLite file for one county.
"""

import argparse
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import migrations
from inspections.database import open_engine
from inspections.documents.models import Letterhead, Paper
from inspections.documents.wording.build import build_letter
from inspections.figures import table
from inspections.figures.county import figures
from inspections.figures.measures import Window
from inspections.figures.scope import Scope, below
from inspections.findings.models import TaxonomyEntry
from inspections.followup.models import Item
from inspections.sample.catalogue import load_catalogue
from inspections.sample.many import FIRST_YEAR, Size, fill
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.render import render_pdf
from inspections.units.models import Area
from tests.postgres import private_server

CITY = Size(counties=18, units=3000, years=5, papers=400_000)
COUNTY = Size(counties=1, units=430, years=5, papers=20_000)
RUNS = 7


def main() -> None:
    """Nothing; the table of medians is written to the file named, or printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--papers", type=int, default=CITY.papers, help="papers of the city")
    asked = parser.parse_args()
    city = Size(CITY.counties, CITY.units, CITY.years, asked.papers)
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        with private_server(Path(folder) / "server") as url:
            lines += measured("PostgreSQL", url, city)
        lines += measured("SQLite", f"sqlite:///{folder}/county.db", COUNTY)
    text = HEAD.format(runs=RUNS, python=platform.python_version()) + "\n".join(lines) + "\n"
    if asked.out:
        asked.out.write_text(text, "utf-8")
    print(text)


HEAD = """# Benchmarks of the figures

Medians (and slowest) of {runs} runs, one process, Python {python}, 2 cores; the rows are made up
(`inspections/sample/many.py`). Made by `make bench`.

| database | rows | what | median, ms | slowest, ms |
| --- | --- | --- | ---: | ---: |
"""


def measured(name: str, url: str, size: Size) -> list[str]:
    """Lines of the table for one database filled to that size."""
    engine = open_engine(url)
    migrations.upgrade(engine)
    with orm.Session(engine) as session:
        load_catalogue(session)
        session.commit()
        kinds = {
            entry.code: entry.default_severity
            for entry in session.scalars(sa.select(TaxonomyEntry).where(TaxonomyEntry.kind == "subcategory"))
        }
    with engine.begin() as connection:
        fill(connection, size, kinds)
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    last = FIRST_YEAR + size.years - 1
    today = Window.month(last, 9).end
    lines = []
    with orm.Session(engine) as session:
        found = f"{size.papers:,} papers, {size.units:,} units, {size.counties} counties"
        areas = {"CITY": "whole city", "C0": "one county"} if size.counties > 1 else {"C0": "one county"}
        for code, words in areas.items():
            area = session.scalars(sa.select(Area).where(Area.code == code)).one()
            for window, length in ((Window.month(last, 9), "a month"), (Window.year(last), "a year")):
                scope = Scope(window, below(session, area))
                page, behind = partial(figures, session, scope, today), partial(listed, session, scope)
                lines.append(line(name, found, f"page, {words}, {length}", page))
                lines.append(line(name, found, f"rows behind “overdue”, {words}, {length}", behind))
            if area.kind == "county":
                session.add(letterhead(area))
                session.flush()
                printing = partial(bulletin, session, area, f"{last}-09")
                lines.append(line(name, found, f"月通报 read, laid out and printed, {words}", printing))
                session.rollback()
    engine.dispose()
    return lines


def listed(session: orm.Session, scope: Scope) -> int:
    """How many rows stand behind the overdue ones; they are read in pages of two hundred."""
    wanted = table.items("overdue", scope, scope.window.end).order_by(Item.due, Item.id).limit(200)
    return len(session.scalars(wanted).all())


def letterhead(area: Area) -> Letterhead:
    """Whoever writes for the made-up county."""
    values = {"issuer": "中共样例县纪律检查委员会", "code": "样纪函", "authority": "《样例方案》"}
    rest = {"report_to": "县纪委办公室", "contact_name": "李某", "contact_phone": "0000-0000000"}
    return Letterhead(area=area, **values, **rest)


def bulletin(session: orm.Session, area: Area, month: str) -> int:
    """How many bytes the printed bulletin of that month has."""
    wording = {"month": month, "suggestions": ["逐项明确责任人和完成时限"]}
    paper = Paper(kind="bulletin", township=area, title="", wording=wording, facts={}, findings=[])
    letter = build_letter(session, paper, 1, Window.of(month).end)
    return len(render_pdf(letter_paper("bulletin", letter)).data)


def line(database: str, found: str, what: str, run: Callable[[], object]) -> str:
    """One line of the table."""
    times = []
    run()
    for _ in range(RUNS):
        began = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - began))
    return f"| {database} | {found} | {what} | {statistics.median(times):.0f} | {max(times):.0f} |"


if __name__ == "__main__":
    main()
