"""Pages of villagers' demands: the list, taking one down, one demand with what may be done to it now."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import orm
from wtforms import DateField, IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from inspections import web
from inspections.demands import handling
from inspections.demands.models import CHANNELS, SATISFACTION, STATES, TOPICS, Demand
from inspections.rounds.models import Posting
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit
from inspections.units.table_xlsx import table_xlsx
from inspections.web import guarded

bp = Blueprint("demands", __name__)

PAGE = 100
HEADER = ("单位", "乡镇", "类别", "来源", "登记日期", "诉求", "承办单位", "时限", "状态", "答复", "回访")


class DemandForm(FlaskForm):
    """A demand as it is heard. There is no field for who asked."""

    unit = SelectField("单位", [InputRequired("请选择单位。")])
    topic = SelectField("类别", choices=[SelectChoice(code, name) for code, name in TOPICS.items()])
    channel = SelectField("来源", choices=[SelectChoice(code, name) for code, name in CHANNELS.items()])
    text = TextAreaField(
        "诉求内容",
        [InputRequired("请填写诉求内容。"), Length(max=handling.LONGEST)],
        description="写事不写人：不写提出人的姓名、电话、住址；反映具体人违纪违法的，走线索通道。",
        render_kw={"rows": 4},
    )


class HandlingForm(FlaskForm):
    """What is done to a demand; which fields are shown depends on its state."""

    seen = IntegerField(widget=HiddenInput(), default=0)
    owner = StringField("承办单位", [Optional(), Length(max=60)])
    due = DateField("办理时限", [Optional()], description="不填写的，按规定时限。")
    text = TextAreaField("内容", [Optional(), Length(max=handling.LONGEST)], render_kw={"rows": 3})
    satisfaction = RadioField(
        "回访结果", [Optional()], choices=[SelectChoice(code, name) for code, name in SATISFACTION.items()]
    )


@bp.get("/demands")
@guarded("demand.read")
def listing() -> Any:
    state, page = request.args.get("state", "")[:16], web.page_number()
    reached = web.rows(Demand)
    wanted = reached.where(Demand.state == state) if state else reached
    found = web.session().scalars(_loaded(wanted).limit(PAGE).offset(PAGE * (page - 1))).all()
    counts = handling.counts(web.session(), reached)
    shown = {"state": state, "page": page, "size": PAGE, "states": STATES, "topics": TOPICS}
    return render_template("demands/list.html", found=found, counts=counts, **shown)


def _loaded(wanted: Any) -> Any:
    loaded = wanted.options(orm.joinedload(Demand.unit), orm.joinedload(Demand.township))
    return loaded.order_by(Demand.heard_on.desc(), Demand.id.desc())


@bp.get("/demands.xlsx")
@guarded("demand.read")
def workbook() -> Any:
    state = request.args.get("state", "")[:16]
    wanted = web.rows(Demand).where(Demand.state == state) if state else web.rows(Demand)
    lines: list[Sequence[Any]] = [
        (
            one.unit.name,
            one.township.name,
            TOPICS[one.topic],
            CHANNELS[one.channel],
            one.heard_on.isoformat(),
            one.text,
            one.owner,
            one.due.isoformat() if one.due else "",
            STATES[one.state],
            one.reply,
            SATISFACTION.get(one.satisfaction, ""),
        )
        for one in web.session().scalars(_loaded(wanted))
    ]
    return send_file(
        table_xlsx("群众诉求清单", HEADER, lines),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name="群众诉求清单.xlsx",
    )


@bp.route("/demands/new", methods=["GET", "POST"])
@guarded("demand.write")
def new() -> Any:
    form = DemandForm()
    places = _places()
    form.unit.choices = [SelectChoice(name, words) for name, words, _, _ in places]
    if form.validate_on_submit():
        _, _, unit, posting = next(place for place in places if place[0] == form.unit.data)
        try:
            said = form.topic.data, form.channel.data, form.text.data
            demand = handling.hear(web.session(), unit, *said, web.myself(), posting)
            web.session().commit()
            flash("诉求已登记。")
            return redirect(url_for("demands.page", name=demand.uuid))
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
    return render_template("demands/new.html", form=form), 422 if form.is_submitted() else 200


def _places() -> list[tuple[str, str, Unit, Posting | None]]:
    """(name in the form, words, unit, visit) that the user may take demands down for."""
    if web.permissions().allows(current_user, "unit.read"):
        wanted = web.rows(Unit, "unit.read").where(Unit.planning_only.is_(False)).order_by(Unit.code)
        units = web.session().scalars(wanted.options(orm.joinedload(Unit.area)))
        return [(str(unit.uuid), f"{unit.area.name} {unit.name}", unit, None) for unit in units]
    mine = web.rows(Posting, "posting.read").order_by(Posting.id.desc())
    postings = web.session().scalars(mine.options(orm.selectinload(Posting.unit)))
    return [(str(one.uuid), one.unit.name, one.unit, one) for one in postings if not one.unit.planning_only]


@bp.get("/demands/<uuid:name>")
@guarded("demand.read")
def page(name: uuid.UUID) -> Any:
    return _page(web.one(Demand, name), HandlingForm())


def _page(demand: Demand, form: HandlingForm, code: int = 200) -> Any:
    form.seen.data = demand.version
    shown = {"states": STATES, "topics": TOPICS, "channels": CHANNELS, "satisfaction": SATISFACTION}
    return render_template("demands/page.html", demand=demand, form=form, **shown), code


@bp.post("/demands/<uuid:name>/assign")
@guarded("demand.assign")
def assign(name: uuid.UUID) -> Any:
    def act(demand: Demand, form: HandlingForm, seen: int) -> None:
        handling.assign(web.session(), demand, seen, form.owner.data or "", form.due.data, web.myself())

    return _handled(name, act)


@bp.post("/demands/<uuid:name>/drop")
@guarded("demand.assign")
def drop(name: uuid.UUID) -> Any:
    def act(demand: Demand, form: HandlingForm, seen: int) -> None:
        handling.drop(web.session(), demand, seen, form.text.data or "", web.myself())

    return _handled(name, act)


@bp.post("/demands/<uuid:name>/reply")
@guarded("demand.reply")
def reply(name: uuid.UUID) -> Any:
    def act(demand: Demand, form: HandlingForm, seen: int) -> None:
        handling.reply(web.session(), demand, seen, form.text.data or "", web.myself())

    return _handled(name, act)


@bp.post("/demands/<uuid:name>/ask-again")
@guarded("demand.assign")
def ask_again(name: uuid.UUID) -> Any:
    def act(demand: Demand, form: HandlingForm, seen: int) -> None:
        said = form.satisfaction.data or "", form.text.data or ""
        handling.ask_again(web.session(), demand, seen, *said, web.myself())

    return _handled(name, act)


def _handled(name: uuid.UUID, act: Callable[[Demand, HandlingForm, int], None]) -> Any:
    """The answer after one step: the page again, or the form with what is wrong and everything typed."""
    demand = web.one(Demand, name)
    form = HandlingForm()
    if not form.validate_on_submit():
        return _page(demand, form, 422)
    try:
        act(demand, form, form.seen.data or 0)
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        told = refusal.changes if isinstance(refusal, Conflict) else []
        form.form_errors.append("".join([str(refusal), *told]))
        return _page(demand, form, 409 if isinstance(refusal, Conflict) else 422)
    flash(f"已办理，现为“{STATES[demand.state]}”。")
    return redirect(url_for("demands.page", name=demand.uuid))
