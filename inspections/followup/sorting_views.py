"""Pages of the sorting (梳理分析): a round's signed papers, what becomes of each, what villages share."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import orm, select
from wtforms import SelectChoice

from inspections import web
from inspections.database import today
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.followup import sorting
from inspections.followup.forms import SortingForm
from inspections.followup.models import WAYS, Campaign, Item
from inspections.followup.sorting import Sorted
from inspections.rounds.models import Cycle, Plan, Posting, Round, Team
from inspections.site.refusal import Refusal
from inspections.web import guarded

bp = Blueprint("sorting", __name__)

CAMPAIGN_STATES = {"proposed": "待决定", "adopted": "已采纳", "declined": "未采纳"}


@bp.get("/sorting")
@guarded("sorting.read")
def listing() -> Any:
    with_papers = select(Team.round_id).join(Team.postings).join(Finding, Finding.posting_id == Posting.id)
    rounds = web.session().scalars(
        select(Round)
        .join(Round.cycle)
        .options(orm.contains_eager(Round.cycle))
        .where(Round.id.in_(with_papers.where(Finding.state == "signed")))
        .order_by(Round.start.desc())
    )
    proposed = select(Campaign).order_by(Campaign.proposed_at.desc())
    campaigns = web.session().scalars(proposed.options(orm.selectinload(Campaign.findings))).all()
    shown = {"rounds": rounds.all(), "campaigns": campaigns, "states": CAMPAIGN_STATES, "words": _words()}
    return render_template("followup/sortings.html", **shown)


@bp.get("/rounds/parts/<uuid:name>/sorting")
@guarded("sorting.read")
def page(name: uuid.UUID) -> Any:
    return _page(_round(name))


def _round(name: uuid.UUID) -> Round:
    """The round that is under way or over; what is to come has no papers and stays a secret."""
    published = Cycle.plans.any(Plan.state == "published")
    wanted = select(Round).join(Round.cycle).where(Round.uuid == name, Round.start <= today(), published)
    found = web.session().scalar(wanted)
    return found if found is not None else abort(404)


def _page(round_: Round, code: int = 200) -> Any:
    session = web.session()
    rows = sorting.sorted_papers(session, round_)
    ids = [row.finding.id for row in rows]
    handed = {
        item.finding_id: item
        for item in session.scalars(select(Item).where(Item.finding_id.in_(ids), Item.state != "withdrawn"))
    }
    shown = {
        "round": round_,
        "rows": rows,
        "handed": handed,
        "clusters": sorting.clusters(session, round_),
        "words": _words(),
        "ways": WAYS,
        "states": CAMPAIGN_STATES,
    }
    return render_template("followup/sorting.html", **shown), code


def _words() -> dict[tuple[str, str], str]:
    """(kind, code) → name of the taxonomy."""
    return {(entry.kind, entry.code): entry.name for entry in web.session().scalars(select(TaxonomyEntry))}


@bp.route("/findings/<uuid:name>/sorting", methods=["GET", "POST"])
@guarded("sorting.write")
def sort(name: uuid.UUID) -> Any:
    finding = web.one(Finding, name, "finding.read")
    row = sorting.as_sorted(web.session(), finding)
    round_ = finding.posting.team.round
    listed = sorting.sorted_papers(web.session(), round_)
    twins = next((one.twins for one in listed if one.finding is finding), ())
    form = _form(row, twins)
    if form.validate_on_submit():
        into = next((twin for twin in twins if str(twin.uuid) == form.into.data), None)
        try:
            sorting.sort(
                web.session(),
                finding,
                web.myself(),
                disposal=form.disposal.data,
                way=form.way.data,
                responsible=form.responsible.data,
                office=form.office.data or "",
                category=form.category.data,
                severity=form.severity.data,
                merged_into=into,
                reason=form.reason.data or "",
            )
            web.session().commit()
        except Refusal as refusal:
            web.session().rollback()
            form.form_errors.append(str(refusal))
        else:
            flash(f"底稿 {finding.number} 已梳理。")
            return redirect(url_for("sorting.page", name=round_.uuid))
    shown = {"finding": finding, "form": form, "round": round_, "row": row}
    return render_template("followup/sort.html", **shown), 422 if form.is_submitted() else 200


def _form(row: Sorted, twins: tuple[Finding, ...]) -> SortingForm:
    form = SortingForm(
        disposal=row.disposal,
        way=row.way,
        category=row.category,
        severity=row.severity,
        responsible=row.responsible,
        office=row.office,
        into=str(row.merged_into.uuid) if row.merged_into else "",
    )
    words = _words()
    form.disposal.choices = [
        SelectChoice(code, f"{code} {name}")
        for (kind, code), name in words.items()
        if kind == "finding_disposal" and code != "FD5"  # leads go through their own gate
    ]
    form.category.choices = [
        SelectChoice(code, f"{code} {name}") for (kind, code), name in words.items() if kind == "subcategory"
    ]
    form.severity.choices = [
        SelectChoice(code, f"{name}（{code}）") for (kind, code), name in words.items() if kind == "severity"
    ]
    form.into.choices = [SelectChoice("", "不并入")] + [
        SelectChoice(str(twin.uuid), f"{twin.number} {twin.current.title}") for twin in twins
    ]
    return form


@bp.post("/rounds/parts/<uuid:name>/campaigns")
@guarded("sorting.write")
def propose(name: uuid.UUID) -> Any:
    round_ = _round(name)
    said = request.form.get("category", "")[:16], request.form.get("text", "")[:2000]
    sorting.propose(web.session(), round_, *said, web.myself())
    web.session().commit()
    flash("专项治理建议已提出，待领导决定。")
    return redirect(url_for("sorting.page", name=round_.uuid))


@bp.post("/campaigns/<uuid:name>")
@guarded("campaign.decide")
def decide(name: uuid.UUID) -> Any:
    campaign = web.one(Campaign, name)
    adopted = request.form.get("adopted", "") == "1"
    reason = request.form.get("reason", "")[:500]
    sorting.decide(web.session(), campaign, adopted, reason, web.myself())
    web.session().commit()
    flash("已采纳。" if adopted else "已记录不采纳的理由。")
    return redirect(url_for("sorting.listing"))
