"""The page on which a visit is closed and opened again, with what arrived late."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from inspections import web
from inspections.database import today
from inspections.fieldwork.closing import acts
from inspections.fieldwork.closing.forms import CloseForm, ReopenForm
from inspections.fieldwork.closing.opening import Stand, opening_of, steps_of
from inspections.fieldwork.entry.quarantine import place_and_field
from inspections.fieldwork.schedule import WHOLE
from inspections.findings import team
from inspections.rounds.models import Posting
from inspections.site.refusal import Conflict, Refusal
from inspections.web import guarded

bp = Blueprint("closing", __name__)


@bp.get("/postings/<uuid:name>/closing")
@guarded("visit.close")
def page(name: uuid.UUID) -> Any:
    return _page(web.one(Posting, name, with_=WHOLE), _reopening(), 200)


@bp.post("/postings/<uuid:name>/close")
@guarded("visit.close")
def close(name: uuid.UUID) -> Any:
    found = web.one(Posting, name, with_=WHOLE)
    return _done(found, CloseForm(), lambda: acts.close(web.session(), found, web.myself()), "驻点已关闭。")


@bp.post("/postings/<uuid:name>/reopen")
@guarded("visit.reopen")
def reopen(name: uuid.UUID) -> Any:
    found, form = web.one(Posting, name, with_=WHOLE), ReopenForm()

    def act() -> object:
        return acts.reopen(
            web.session(), found, form.until.data or dt.date.min, form.reason.data or "", web.myself()
        )

    return _done(found, form, act, "驻点已重新开放。")


def _done(found: Posting, form: CloseForm | ReopenForm, act: Callable[[], object], told: str) -> Any:
    """The way back to the page once it is done, or the page with what is in its way and what was typed."""
    shown = form if isinstance(form, ReopenForm) else _reopening()
    if not form.validate():
        return _page(found, shown, 422)
    try:
        act()
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        shown.form_errors.append(str(refusal))
        return _page(found, shown, 409 if isinstance(refusal, Conflict) else 422)
    flash(told)
    return redirect(url_for("closing.page", name=found.uuid))


def _reopening() -> ReopenForm:
    return ReopenForm(until=today() + dt.timedelta(days=2))


def _page(found: Posting, form: ReopenForm, code: int) -> Any:
    session = web.session()
    shown = {
        "posting": found,
        "opening": opening_of(session, found),
        "steps": steps_of(session, found),
        "late": acts.late_arrivals(session, found),
        "place": place_and_field,
        "form": form,
        "leads": team.is_leader(found, web.myself()),
        "stands": Stand,
    }
    return render_template("fieldwork/closing.html", **shown), code
