"""The page of a cycle's crossing table and of the days between visits, with what it leaves in sentences."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from inspections import web
from inspections.planning.statement import people_of, policy_of
from inspections.rounds import copying, crossing, cycles, memory
from inspections.rounds.forms import ActForm, CopyForm
from inspections.rounds.models import CROSSINGS, Cycle
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("policy", __name__)


@bp.route("/rounds/<uuid:name>/policy", methods=["GET", "POST"])
@guarded("cycle.write")
def page(name: uuid.UUID) -> Any:
    cycle, form = web.one(Cycle, name), ActForm()
    if not form.is_submitted():
        table = policy_of(cycle)
        if request.args.get("preset") in CROSSINGS:
            table = crossing.preset(request.args["preset"], cycle.slots)
        return _page(cycle, form, table, memory.memory_of(cycle), 200)
    table, kept = _asked(cycle, request.form)
    try:
        if not form.validate():
            raise Refusal("页面已过期，请重新打开。")
        cycles.change_policy(web.session(), cycle, web.seen(form.seen.data), table, kept, web.myself())
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        form.form_errors.append(str(refusal))
        return _page(web.one(Cycle, name), form, table, kept, 422)
    flash("交叉规则和间隔已保存；已排出的设想请重新排程。")
    return redirect(url_for("rounds.cycle_page", name=name))


@bp.get("/rounds/<uuid:name>/policy/effect")
@guarded("cycle.read")
def effect(name: uuid.UUID) -> Any:
    """The sentences for the table in the address, while it is being changed."""
    cycle = web.one(Cycle, name)
    table, _ = _asked(cycle, request.args)
    return render_template("rounds/effect.html", **_effect(cycle, table))


def _page(
    cycle: Cycle, form: ActForm, table: crossing.Table, kept: memory.Memory, code: int
) -> tuple[str, int]:
    page = render_template(
        "rounds/policy.html",
        cycle=cycle,
        form=form,
        table=table,
        kept=kept,
        presets=CROSSINGS,
        circles=crossing.CIRCLES,
        policies=crossing.POLICIES,
        sources=crossing.SOURCES,
        **_effect(cycle, table),
    )
    return page, code


def _effect(cycle: Cycle, table: crossing.Table) -> dict[str, Any]:
    try:
        crossing.checked(table, {slot["id"]: slot["name"] for slot in cycle.slots})
    except Refusal as refusal:
        return {"effects": [], "trouble": str(refusal)}
    found = crossing.effects(table, cycle.slots, people_of(web.session(), cycle), cycle.units)
    return {"effects": found, "trouble": ""}


def _asked(cycle: Cycle, given: Mapping[str, str]) -> tuple[crossing.Table, memory.Memory]:
    """The table and the days of a submitted form; a field that is missing stays as the cycle has it."""
    table = policy_of(cycle)
    for slot, row in table.items():
        fields = {part: given.get(f"{slot}-{part}", getattr(row, part)) for part in row._fields}
        table[slot] = crossing.SeatPolicy(**fields)
    old = memory.memory_of(cycle)
    return table, memory.Memory(
        _days(given.get("unit_days"), old.unit_days),
        given.get("unit_hard", "1" if old.unit_hard else "0") == "1",
        _days(given.get("person_days"), old.person_days),
        given.get("person_hard", "1" if old.person_hard else "0") == "1",
    )


def _days(sent: str | None, old: int) -> int:
    """Whole days; -1, which no county can mean, for anything else."""
    if sent is None:
        return old
    return int(sent) if sent.strip().isdecimal() and len(sent.strip()) < 6 else 0 if not sent.strip() else -1


@bp.route("/rounds/<uuid:name>/copy", methods=["GET", "POST"])
@guarded("cycle.write")
def copy(name: uuid.UUID) -> Any:
    """The cycle again for the next year: what it would be, and the button that makes it."""
    cycle = web.one(Cycle, name)
    if not cycle.standing_rounds:
        abort(404)
    form = CopyForm(start=copying.first_day(cycle), name=_next_name(cycle.name))
    start = form.start.data if form.is_submitted() and form.validate() else copying.first_day(cycle)
    if form.is_submitted() and not form.errors and not request.form.get("preview"):
        try:
            made = copying.copy(web.session(), cycle, form.name.data.strip(), start, web.myself())
            web.session().commit()
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
        else:
            flash(f"已新建“{made.name}”。")
            return redirect(url_for("rounds.cycle_page", name=made.uuid))
    found = copying.next_of(web.session(), cycle, start)
    code = 422 if form.errors or form.form_errors else 200
    return render_template("rounds/copy.html", cycle=cycle, form=form, found=found), code


def _next_name(name: str) -> str:
    """2027年大冶市驻点 after 2026年大冶市驻点; without a year, the name and what it needs."""
    found = re.search(r"20\d\d", name)
    return name.replace(found[0], str(int(found[0]) + 1), 1) if found else f"{name}（下一年）"
