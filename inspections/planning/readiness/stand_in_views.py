"""What a planner does for many before a cycle: enter signed declarations and trainings, or take them back."""

import re
import tempfile
import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from inspections import web
from inspections.people.meant import person_meant
from inspections.people.models import Person
from inspections.planning.readiness.views import page_of_cycle, training_form
from inspections.planning.statement import people_of
from inspections.recusal import readiness, stand_in
from inspections.recusal.forms import StandInForm
from inspections.recusal.models import Training
from inspections.roster.faults import RosterFaults
from inspections.rounds.models import Cycle
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("stand_in", __name__)

#: the answer of `whom` that means the boxes of the list, or the file in their place
TICKED = "ticked"


def _chosen(people: list[Person]) -> tuple[list[Person], list[str]]:
    """The people of the list that was sent along, else those ticked; and who did not sign."""
    file = request.files.get("file")
    if file is not None and file.filename:
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder) / "signed"
            file.save(kept)
            found = stand_in.signed_list(web.session(), kept, people)
        return found.people, found.passed
    ticked = set(request.form.getlist("person"))
    return [person for person in people if str(person.uuid) in ticked], []


def _told(refusal: Refusal) -> list[str]:
    """The sentences of a refusal: each cell of a faulty list, or the one."""
    if isinstance(refusal, RosterFaults):
        return [f"{fault}。" for fault in refusal.faults[:20]]
    return [str(refusal)]


@bp.post("/rounds/<uuid:name>/readiness/stand-in")
@guarded("readiness.write")
def declare(name: uuid.UUID) -> Any:
    cycle, form = web.one(Cycle, name), StandInForm()
    if not form.validate():
        return page_of_cycle(cycle, 422, stand_in_form=form)
    try:
        people, passed = _chosen(people_of(web.session(), cycle))
        stand_in.declare(web.session(), cycle.id, cycle.uuid, people, web.myself())
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        form.form_errors.extend(_told(refusal))
        return page_of_cycle(cycle, 422, stand_in_form=form)
    skipped = f"；{len(passed)} 人没有签字，没有代录：{'、'.join(passed[:20])}" if passed else ""
    flash(f"已代录 {len(people)} 人的纸质申报，批准方案前可以撤销{skipped}。")
    return redirect(url_for("readiness.page", name=name))


@bp.post("/rounds/<uuid:name>/trainings")
@guarded("readiness.write")
def train(name: uuid.UUID) -> Any:
    cycle = web.one(Cycle, name)
    everybody = people_of(web.session(), cycle)
    form = training_form(everybody)
    if not form.validate():
        return page_of_cycle(cycle, 422, form=form)
    try:
        came = _came(everybody, form)
        told = (came, form.day.value, form.topic.value, form.hours.value)
        readiness.train(web.session(), cycle.id, cycle.uuid, *told, web.myself())
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        form.form_errors.extend(_told(refusal))
        return page_of_cycle(cycle, 422, form=form)
    flash(f"已登记 {len(came)} 人参加培训，批准方案前可以撤销。")
    return redirect(url_for("readiness.page", name=name))


def _came(everybody: list[Person], form: Any) -> list[Person]:
    """Who attended: the list or the boxes, an office, or all; less those who were absent."""
    said = [
        part for part in re.split(r"[、;；\n]+|[,，\s]+(?![^（(]*[)）])", form.left_out.value) if part.strip()
    ]
    absent = {person_meant(web.session(), part).id for part in said}
    people = everybody
    if form.whom.data == TICKED:
        people, _ = _chosen(everybody)
    elif form.whom.data:
        people = [person for person in everybody if str(person.office.uuid) == form.whom.data]
    return [person for person in people if person.id not in absent]


def _still_open(cycle: Cycle) -> None:
    if any(plan.state in ("approved", "published") for plan in cycle.plans):
        raise Refusal("本周期的方案已批准，代录和培训登记不能再撤销；有误的请在人员页更正后重新补位。")


@bp.post("/rounds/<uuid:name>/readiness/stand-in/<uuid:batch>/undo")
@guarded("readiness.write")
def undo(name: uuid.UUID, batch: uuid.UUID) -> Any:
    cycle = web.one(Cycle, name)
    _still_open(cycle)
    number = stand_in.undo(web.session(), cycle.id, cycle.uuid, batch, web.myself())
    web.session().commit()
    flash(f"已撤销 {number} 人的代录，他们须重新申报。")
    return redirect(url_for("readiness.page", name=name))


@bp.post("/rounds/<uuid:name>/trainings/<uuid:training>/undo")
@guarded("readiness.write")
def undo_training(name: uuid.UUID, training: uuid.UUID) -> Any:
    cycle, held = web.one(Cycle, name), web.one(Training, training)
    if held.cycle_id != cycle.id:
        abort(404)
    _still_open(cycle)
    stand_in.drop_training(web.session(), held, cycle.uuid, web.myself())
    web.session().commit()
    flash("培训登记已撤销。")
    return redirect(url_for("readiness.page", name=name))
