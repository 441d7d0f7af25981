"""The page of figures (统计): one scope in numbers and charts, and the rows behind every number."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import orm, select

from inspections import web
from inspections.database import today
from inspections.figures import table
from inspections.figures.county import figures
from inspections.figures.measures import Window
from inspections.figures.newest import newest_month
from inspections.figures.records import LISTINGS
from inspections.figures.scope import Scope, below
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.findings.register import names_of
from inspections.followup.models import WAYS, Item
from inspections.followup.rulebook import STATES
from inspections.followup.sorting import CATEGORY
from inspections.rounds.models import Plan, Posting, Round, Team
from inspections.units.models import Area, Unit
from inspections.units.table_xlsx import table_xlsx
from inspections.web import guarded

bp = Blueprint("figures", __name__)

#: page of rows → the action that opens it; the records each name their own
OPENS = {table.ITEM_PAGE: "item.read", table.PAPER_PAGE: "finding.read"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: an area, and a month, a year or a round of it."""

    area: Area
    scope: Scope
    arguments: dict[str, str]

    def behind(self, page: str, which: str | None = None, more: Mapping[str, str] | None = None) -> str:
        """The address of the rows behind a figure, of these days and places and of what is `more` narrow."""
        asked: dict[str, Any] = self.arguments | dict(more or {})
        return url_for(f"figures.{page}", which=which or None, **asked)

    def lists(self, definition: table.Definition) -> list[tuple[str, str]]:
        """Words and address of each list behind the figure that this reader may open."""
        allows = web.permissions().allows
        return [
            (words, self.behind(page, which))
            for words, page, which in definition.lists
            if allows(current_user, OPENS.get(page) or LISTINGS[which].action)
        ]


@bp.get("/figures")
@guarded("figures.read")
def page() -> Any:
    if not _areas():
        return render_template("figures/none.html")
    asked = _asked()
    found = figures(web.session(), asked.scope, today())
    shown = {"found": found, "areas": _areas(), "rounds": _rounds(), "months": _months()}
    definitions = _of_this(asked)
    return render_template("figures/page.html", asked=asked, definitions=definitions, **shown)


def _of_this(asked: Asked) -> list[table.Definition]:
    """The table of figures; a round has no month or year before it."""
    apart = ("against_month", "against_year") if asked.scope.round_id is not None else ()
    return [one for one in table.DEFINITIONS if one.code not in apart]


@bp.get("/figures.xlsx")
@guarded("figures.read")
def workbook() -> Any:
    """The figures as the page shows them, each with what it says and as of when."""
    asked = _asked()
    found = figures(web.session(), asked.scope, today())
    lines = []
    for one in _of_this(asked):
        rate = found.rate(one.code)
        parts = (rate.part, rate.whole) if rate else (None, None)
        lines.append((one.name, found.words(one.code), *parts, found.on.isoformat(), one.sentence))
    name = f"{asked.area.name}{found.name}指标"
    made = table_xlsx("指标", ("指标", "数值", "分子", "分母", "截至", "口径"), lines)
    return send_file(made, mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")


@bp.get("/figures/records/<which>")
@guarded("figures.read")
def behind_records(which: str) -> Any:
    """The visits, units, people, offices, plans or months behind a figure."""
    listing = LISTINGS.get(which)
    if listing is None or not web.permissions().allows(current_user, listing.action):
        abort(404)
    asked = _asked()
    lines = listing.lines(web.session(), asked.scope)
    return render_template("figures/records.html", asked=asked, listing=listing, lines=lines)


@bp.get("/figures/problems/<which>")
@guarded("figures.read")
def behind_items(which: str) -> Any:
    """The handed-over problems behind a figure, for those who may read the register."""
    if which not in table.ITEMS or not web.permissions().allows(current_user, "item.read"):
        abort(404)
    asked = _asked()
    wanted = table.items(which, asked.scope, _on(asked.scope), request.args.get("town", "")[:32])
    ids = wanted.with_only_columns(Item.id)
    listed = web.session().scalars(
        web.rows(Item, "item.read")
        .where(Item.id.in_(ids))
        .options(orm.joinedload(Item.unit), orm.joinedload(Item.township))
        .order_by(Item.due, Item.id)
    )
    shown = {"asked": asked, "items": listed.all(), "words": table.ITEMS[which].words}
    return render_template("figures/items.html", states=STATES, ways=WAYS, names=_names(), **shown)


@bp.get("/figures/papers")
@guarded("figures.read")
def behind_papers() -> Any:
    """The working papers behind a count, for those who may read them."""
    if not web.permissions().allows(current_user, "finding.read"):
        abort(404)
    asked = _asked()
    category, town = request.args.get("category", "")[:8], request.args.get("town", "")[:32]
    ids = table.papers(asked.scope, category, town).with_only_columns(Finding.id)
    listed = web.session().scalars(
        web.rows(Finding, "finding.read")
        .where(Finding.id.in_(ids))
        .options(orm.joinedload(Finding.posting).joinedload(Posting.unit))
        .order_by(Finding.number)
    )
    counted = table.papers(asked.scope, category, town).with_only_columns(Finding.id, CATEGORY)
    kinds = dict(iter(web.session().execute(counted)))
    shown = {"kinds": kinds, "asked": asked, "papers": listed.all(), "category": category, "names": _names()}
    return render_template("figures/papers.html", **shown)


def _names() -> dict[str, str]:
    return names_of(web.session().scalars(select(TaxonomyEntry)).all())


def _on(scope: Scope) -> dt.date:
    return min(scope.window.end, today())


def _asked() -> Asked:
    """The scope in the address; this month of the first area where it says nothing, 404 for what is odd."""
    areas = _areas()
    if not areas:
        abort(404)
    code = request.args.get("area", "")
    area = next((one for one in areas if one.code == code), None if code else areas[0])
    if area is None:
        abort(404)
    townships = below(web.session(), area)
    kept = {"area": area.code}
    if request.args.get("round"):
        round_ = _round(request.args["round"])
        window = Window(round_.start, today(), f"{round_.cycle.name} {round_.name}")
        return Asked(area, Scope(window, townships, round_.id), kept | {"round": str(round_.uuid)})
    month = request.args.get("month", "")[:7] or newest_month(web.session(), townships, today())
    return Asked(area, Scope(_window(month), townships), kept | {"month": month})


def _window(text: str) -> Window:
    try:
        return Window.of(text)
    except ValueError:
        abort(404)


def _areas() -> list[Area]:
    """Cities, then counties, with places that may be accused: where findings can be."""
    fictional = select(Unit.area_id).where(Unit.planning_only.is_(False))
    wanted = select(Area).where(Area.id.in_(fictional))
    tops: dict[str, Area] = {}
    for area in web.session().scalars(wanted):
        tops |= {top.code: top for kind in ("city", "county") if (top := area.ancestor(kind)) is not None}
    return sorted(tops.values(), key=lambda one: (one.kind == "county", one.code))


def _rounds() -> list[Round]:
    """Rounds that have begun, of published plans, the newest first."""
    published = select(Team.round_id).join(Team.plan).where(Plan.state == "published")
    wanted = select(Round).where(Round.id.in_(published), Round.start <= today()).order_by(Round.start.desc())
    return list(web.session().scalars(wanted.options(orm.joinedload(Round.cycle)).limit(60)))


def _round(name: str) -> Round:
    try:
        found = next((one for one in _rounds() if one.uuid == uuid.UUID(name)), None)
    except ValueError:
        found = None
    return found if found is not None else abort(404)


def _months() -> list[str]:
    """The last thirteen months, the half-years and years they lie in, as the address writes them."""
    window, found = Window.month(today().year, today().month), []
    for _ in range(13):
        found.append(window.start.strftime("%Y-%m"))
        window = window.month_before()
    halves = {f"{month[:4]}-H{1 if month[5:] <= '06' else 2}" for month in found}
    return [*found, *sorted(halves, reverse=True), *sorted({month[:4] for month in found}, reverse=True)]
