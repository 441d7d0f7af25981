"""Measures the planner's desk at full size: `python -m tests.planning.bench --out docs/benchmarks-desk.md`.

Not a test. A county of 430 units, 900 people and 4,000 ties is planned once; then a real browser opens its
plan page and tries exchanges on it, while the server runs as a county runs it.
"""

import argparse
import platform
import random
import statistics
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import orm

from inspections import create_app, migrations
from inspections.accounts.sign_in import hash_password
from inspections.people.models import Office, Person, RecusalKind, Tie
from inspections.people.ties import TieBook
from inspections.planning import generate
from inspections.planning.statement import people_of, problem_of
from inspections.rounds.models import Cycle
from inspections.sample import counties
from inspections.sample.catalogue import load_catalogue
from inspections.units.models import Unit
from planners.books.tables import Tables
from planners.formats.parse import parse_problem
from tests import factories
from tests.browser.site import serving
from tests.chromium import launched
from tests.measuring import line, seconds

UNITS, PEOPLE, TIES = 430, 900, 4_000
CYCLE = "2027年大冶市全域驻点"
SECONDS, LOADS, SWAPS, RUNS = 60, 20, 60, 7
WORD = "word-of-the-bench"
#: X on one seat, X on another: milliseconds until the dialog stands open with its answer
SWAP = """async ([one, other]) => {
  const seats = [...document.querySelectorAll(".matrix .seat:not(.free)")];
  const dialog = document.getElementById("trial");
  dialog.close();
  dialog.innerHTML = "";
  const press = (seat, key) => seat.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  press(seats[one], "Escape");
  press(seats[one], "x");
  const began = performance.now();
  press(seats[other], "x");
  while (!dialog.open) {
    if (performance.now() - began > 10000) return null;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - began;
}"""


def main() -> None:
    """Nothing; the table is written to the file named, or printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        app = create_app({"INSTANCE": instance})
        migrations.upgrade(app.extensions["engine"])
        with app.extensions["sessions"]() as session:
            plan, lines = county(session, app.extensions["sessions"])
        app.extensions["engine"].dispose()
        with serving(instance) as address, sync_playwright() as playwright:
            browser = launched(playwright)
            page = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 860}).new_page()
            lines += desk(page, address, f"{address}/plans/{plan}")
            browser.close()
    text = HEAD.format(python=platform.python_version()) + "\n".join(lines) + "\n"
    if asked.out:
        asked.out.write_text(text, "utf-8")
    print(text)


HEAD = """# Benchmarks of the planner's desk

`python -m tests.planning.bench`, part of `make bench`: the sample of 大冶 (planning only) filled up to 430
units, 900 people and 4,000 ties, planned once; server, worker and Chromium on one machine of two cores,
Python {python}.

| | target | measured |
| --- | --- | --- |
"""


def county(session: orm.Session, open_session: generate.OpenSession) -> tuple[object, list[str]]:
    """The random name of the county's plan, and the lines about its problem."""
    dice = random.Random(1)
    load_catalogue(session)
    counties.load_rosters(session)
    counties.load_cycles(session, "daye")
    cycle = session.scalars(sa.select(Cycle).where(Cycle.name == CYCLE)).one()
    areas = sorted({unit.area for unit in cycle.units}, key=lambda area: area.code)
    while len(cycle.units) < UNITS:
        area = dice.choice(areas)
        made = factories.make_unit(session, area, lng=area.lng, lat=area.lat, planning_only=True)
        cycle.units = [*cycle.units, made]
    staff = people_of(session, cycle)
    offices = sorted({person.office for person in staff}, key=lambda office: office.code)
    for _ in range(PEOPLE - len(staff)):
        office: Office = dice.choice(offices)
        skills = next(person.skills for person in staff if person.office is office)
        factories.make_person(session, office, skills=list(skills))
    ties(session, cycle, dice)
    user = factories.make_user(session, login="tongchou", password_hash=hash_password(WORD))
    session.commit()
    days = sorted({round_.start for round_ in cycle.rounds})
    people, units = people_of(session, cycle), list(cycle.units)
    problem = parse_problem(problem_of(session, cycle))
    pairs = len(people) * len(units)
    lines = [
        line("units, people, ties", "", f"{len(units)}, {len(people)}, {count(session)}"),
        line(
            "ties in force over all rounds, kin derived, median (slowest)",
            "",
            seconds(lambda: list(TieBook(session, people, units).over(days)), RUNS),
        ),
        line(
            f"eligibility of all {pairs:,} pairs for every seat (H03, H05 to H07), median (slowest)",
            "1 s",
            seconds(lambda: Tables(problem), RUNS),
        ),
        line(
            "the cycle's problem from the tables, median (slowest)",
            "",
            seconds(lambda: problem_of(session, cycle), RUNS),
        ),
    ]
    plan = generate.queue(session, cycle, seed=1, seconds=SECONDS, user=user)
    session.commit()
    generate.run(open_session, str(plan.uuid), breath=0)
    session.expire_all()
    if plan.answer is None:
        raise SystemExit(f"no plan: {plan.trouble}")
    seats = sum(len(team["members"]) for team in plan.answer["teams"])
    words = f"{seats}, {len(plan.answer['shortages'])}"
    return plan.uuid, [*lines, line("seats of the plan, shortages", "", words)]


def ties(session: orm.Session, cycle: Cycle, dice: random.Random) -> None:
    """Random declared ties between people and units until there are as many as wanted, half of them hard."""
    people, units = people_of(session, cycle), list(cycle.units)
    kinds = {
        hard: session.scalars(sa.select(RecusalKind).where(RecusalKind.code == code)).one()
        for hard, code in ((True, "RC-25"), (False, "RC-16"))
    }
    taken = {(tie.person_id, tie.unit_id) for tie in session.scalars(sa.select(Tie))}
    missing = TIES - count(session)
    while missing > 0:
        person: Person = dice.choice(people)
        unit: Unit = dice.choice(units)
        if (person.id, unit.id) not in taken:
            taken.add((person.id, unit.id))
            hard = missing % 2 == 0
            session.add(Tie(person=person, unit=unit, kind=kinds[hard], hard=hard))
            missing -= 1
    session.flush()


def count(session: orm.Session) -> int:
    return session.scalar(sa.select(sa.func.count(Tie.id))) or 0


def desk(page: Page, address: str, plan: str) -> list[str]:
    """The lines about the page and the exchanges on it."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("账号").fill("tongchou")
    page.get_by_label("密码").fill(WORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{address}/")
    loads = []
    for _ in range(LOADS):
        began = time.perf_counter()
        page.goto(plan)
        page.locator("#how").wait_for()
        loads.append(time.perf_counter() - began)
    seats = page.locator(".matrix .seat:not(.free)").count()
    dice = random.Random(2)
    swaps = [page.evaluate(SWAP, dice.sample(range(seats), 2)) for _ in range(SWAPS + 1)]
    answered = [one for one in swaps if one is not None]  # two seats of one team are no exchange
    return [
        line(
            f"plan page usable: median, p95 of {LOADS}",
            "p95 1.5 s",
            f"{statistics.median(loads):.2f} s, {p95(loads):.2f} s",
        ),
        line("the first exchange tried after a change of the tables", "", f"{answered[0]:.0f} ms"),
        line(
            f"an exchange tried, judged and priced: median, p95 of {len(answered) - 1}",
            "p95 200 ms",
            f"{statistics.median(answered[1:]):.0f} ms, {p95(answered[1:]):.0f} ms",
        ),
    ]


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()
