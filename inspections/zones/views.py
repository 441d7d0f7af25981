"""Pages of cooperation zones: those in force, a proposal beside them, and who is in charge."""

import re
import uuid
from collections import Counter
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from inspections import journal, web
from inspections.site.refusal import Refusal
from inspections.units.models import Area
from inspections.web import guarded
from inspections.zones import pictures, proposals
from inspections.zones.forms import AdoptForm, ChargeForm, ProposeForm
from inspections.zones.models import MEASURES, ZoneProposal

bp = Blueprint("zones", __name__)


def _chosen(name: str) -> dict[str, str]:
    """What was chosen for each township, by its code: the fields `near-…` or `zone-…` of the form."""
    return {
        key.removeprefix(f"{name}-"): value
        for key, value in request.form.items()
        if key.startswith(f"{name}-") and value
    }


@bp.get("/zones")
@guarded("zone.read")
def listing() -> Any:
    """`?county=` is the random name of a county; without it the first."""
    known = proposals.counties(web.session())
    asked = request.args.get("county", "")
    county = next(
        (area for area in known if str(area.uuid) == asked), None if asked else next(iter(known), None)
    )
    if county is None and known:
        abort(404)
    return _listing(county, known, ProposeForm(formdata=None), 200)


def _listing(county: Area | None, known: list[Area], form: ProposeForm, code: int) -> Any:
    if county is None:
        return render_template("zones/none.html"), code
    members = proposals.townships(web.session(), county)
    zones = proposals.zones_in_force(web.session(), county)
    number = {zone.id: n for n, zone in enumerate(zones)}
    zone_of = {area.code: number[zone.id] for area in members if (zone := area.ancestor("zone")) is not None}
    made = web.rows(ZoneProposal).where(ZoneProposal.county_id == county.id)
    page = render_template(
        "zones/list.html",
        county=county,
        counties=known,
        members=members,
        zones=zones,
        zone_of=zone_of,
        counts=Counter(
            zone_of[area.code] for area, units in members.items() if area.code in zone_of for _ in units
        ),
        charges=proposals.charges(web.session(), zones),
        picture=pictures.picture(members, zone_of),
        lost=proposals.without_place(web.session(), county),
        near=_chosen("near"),
        proposals=web.session().scalars(made.order_by(ZoneProposal.number.desc())).all(),
        measures=MEASURES,
        form=form,
    )
    return page, code


@bp.post("/zones/<uuid:name>/propose")
@guarded("zone.write")
def propose(name: uuid.UUID) -> Any:
    """The name is the county's."""
    county = web.one(Area, name)
    known = proposals.counties(web.session())
    if county not in known:
        abort(404)
    form = ProposeForm()
    if not form.validate():
        return _listing(county, known, form, 422)
    try:
        wanted = form.count.data, form.measure.data, form.tolerance.data
        near = _chosen("near")
        made = proposals.propose(web.session(), county, *wanted, web.myself(), near)
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        form.form_errors.append(str(refusal))
        return _listing(county, known, form, 422)
    return redirect(url_for("zones.page", name=made.uuid))


@bp.get("/zones/<uuid:name>")
@guarded("zone.read")
def page(name: uuid.UUID) -> Any:
    return _page(web.one(ZoneProposal, name), AdoptForm(formdata=None), "", 200)


def _page(proposal: ZoneProposal, form: AdoptForm, refused: str, code: int) -> Any:
    members = proposals.townships(web.session(), proposal.county)
    zones = proposal.answer["zones"]
    zone_of = {code: n for n, zone in enumerate(zones) for code in zone["townships"]}
    page = render_template(
        "zones/proposal.html",
        proposal=proposal,
        zones=zones,
        zone_of=zone_of,
        members=members,
        names={
            row["id"]: row["name"]
            for key in ("townships", "rooms", "stationed")
            for row in proposal.areas[key]
        },
        average=sum(zone["work"] for zone in zones) / len(zones),
        picture=pictures.picture(members, zone_of),
        heirs=proposals.heirs(web.session(), proposal),
        moved=proposals.moved(web.session(), proposal),
        measures=MEASURES,
        history=journal.history(web.session(), proposal.uuid),
        form=form,
        refused=refused,
    )
    return page, code


@bp.post("/zones/<uuid:name>/redraw")
@guarded("zone.write")
def redraw(name: uuid.UUID) -> Any:
    proposal = web.one(ZoneProposal, name)
    numbers = {code: int(text) for code, text in _chosen("zone").items() if re.fullmatch(r"\d{1,3}", text)}
    try:
        made = proposals.redraw(web.session(), proposal, numbers, web.myself())
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        return _page(proposal, AdoptForm(formdata=None), str(refusal), 422)
    return redirect(url_for("zones.page", name=made.uuid))


@bp.post("/zones/<uuid:name>/adopt")
@guarded("zone.adopt")
def adopt(name: uuid.UUID) -> Any:
    proposal, form = web.one(ZoneProposal, name), AdoptForm()
    if not form.validate():
        return _page(proposal, form, "", 422)
    try:
        proposals.adopt(web.session(), proposal, form.reason.data or "", web.myself())
        web.session().commit()
    except Refusal as refusal:
        web.session().rollback()
        return _page(proposal, form, str(refusal), 422)
    flash(f"{proposal.county.name}已按第 {proposal.number} 号划分调整片区，以后排程即按新的片区交叉。")
    return redirect(url_for("zones.listing", county=proposal.county.uuid))


@bp.route("/zones/<uuid:name>/charge", methods=["GET", "POST"])
@guarded("zone.write")
def charge(name: uuid.UUID) -> Any:
    """The name is the zone's."""
    zone = web.one(Area, name)
    county = zone.ancestor("county")
    if zone.kind != "zone" or county is None:
        abort(404)
    held = proposals.charges(web.session(), [zone]).get(zone.id)
    form = ChargeForm(obj=held)
    if form.validate_on_submit():
        told = form.leader.data or "", form.bodies.data or ""
        proposals.put_in_charge(web.session(), zone, *told, web.myself())
        web.session().commit()
        return redirect(url_for("zones.listing", county=county.uuid))
    code = 422 if form.is_submitted() else 200
    members = (
        web.session().scalars(sa.select(Area).where(Area.parent_id == zone.id).order_by(Area.code)).all()
    )
    return render_template("zones/charge.html", zone=zone, county=county, members=members, form=form), code
