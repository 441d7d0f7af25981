"""The law library's pages: what is in force, what each article says, which questions to look at again."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from inspections import web
from inspections.database import today
from inspections.law import library
from inspections.law.forms import ArticleForm, RuleForm
from inspections.law.models import KINDS, PLACES, STATES, Article, Instrument
from inspections.web import guarded

bp = Blueprint("law", __name__)


@bp.get("/law")
@guarded("law.read")
def listing() -> Any:
    return _listing(RuleForm())


def _listing(form: RuleForm, code: int = 200) -> Any:
    asked = request.args.get("q", "").strip()
    wanted = select(Instrument).order_by(
        Instrument.kind != "county", Instrument.title, Instrument.in_force_from
    )
    if asked:
        wanted = wanted.where(Instrument.title.contains(asked, autoescape=True))
    found = web.session().scalars(wanted).all()
    shown = {"kinds": KINDS, "states": STATES, "places": PLACES, "today": today()}
    return render_template("law/listing.html", instruments=found, asked=asked, form=form, **shown), code


@bp.post("/law")
@guarded("law.write")
def enter() -> Any:
    form = RuleForm()
    if not form.validate_on_submit():
        return _listing(form, 422)
    rule = Instrument(code=form.code.data, title=form.title.data, short_title=form.title.data)
    rule.number, rule.in_force_from = form.number.data or "", form.since.data
    library.enter(web.session(), current_user, rule)
    web.session().commit()
    flash("已登记，请登记要引用的条文，由另一人核对。")
    return redirect(url_for("law.page", code=rule.code))


@bp.get("/law/<code>")
@guarded("law.read")
def page(code: str) -> Any:
    return _page(_one(code), ArticleForm())


def _one(code: str) -> Instrument:
    return web.session().get(Instrument, code) or abort(404)


def _page(instrument: Instrument, form: ArticleForm, code: int = 200) -> Any:
    shown = {"kinds": KINDS, "states": STATES, "places": PLACES, "today": today()}
    return render_template("law/page.html", instrument=instrument, form=form, **shown), code


@bp.post("/law/<code>/articles")
@guarded("law.write")
def enter_article(code: str) -> Any:
    instrument, form = _one(code), ArticleForm()
    if not form.validate_on_submit():
        return _page(instrument, form, 422)
    library.enter_article(
        web.session(), current_user, instrument, form.label.data or "", form.gist.data or ""
    )
    web.session().commit()
    flash("已登记，待另一人核对。")
    return redirect(url_for("law.page", code=code))


@bp.post("/law/articles/<int:number>/confirm")
@guarded("law.write")
def confirm(number: int) -> Any:
    article = web.session().get(Article, number) or abort(404)
    library.confirm(web.session(), current_user, article)
    web.session().commit()
    flash(f"{article.label}已核对。")
    return redirect(url_for("law.page", code=article.instrument_code))
