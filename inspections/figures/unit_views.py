"""Pages about units: one unit's record, and the annual score sheet with the county's weights."""

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import orm, select

from inspections import web
from inspections.database import today
from inspections.figures import score
from inspections.figures.unit_record import records
from inspections.findings.models import TaxonomyEntry
from inspections.findings.register import names_of
from inspections.followup.rulebook import STATES
from inspections.units.models import Area, Unit
from inspections.units.table_xlsx import table_xlsx
from inspections.web import guarded

bp = Blueprint("unit_record", __name__)

FIRST_YEAR, LAST_YEAR = 2000, 2100


@bp.get("/units/<uuid:name>/record")
@guarded("figures.read")
def page(name: uuid.UUID) -> Any:
    unit = web.one(Unit, name, "unit.read")
    [record] = records(web.session(), [unit])
    names = names_of(web.session().scalars(select(TaxonomyEntry)).all())
    return render_template("figures/unit.html", record=record, names=names, states=STATES)


@bp.get("/figures/score")
@guarded("figures.read")
def sheet() -> Any:
    year = _year()
    shown = {"year": year, "lines": _lines(year), "rules": score.rules(web.session())}
    return render_template("figures/score.html", **shown)


def _year() -> int:
    year = request.args.get("year", today().year, int)
    return year if FIRST_YEAR <= year <= LAST_YEAR else abort(404)


def _lines(year: int) -> list[score.ScoreLine]:
    wanted = web.rows(Unit, "unit.read").where(Unit.planning_only.is_(False)).order_by(Unit.code)
    units = (
        web.session()
        .scalars(
            wanted.options(
                orm.joinedload(Unit.area).selectinload(Area.former_names), orm.selectinload(Unit.former_names)
            )
        )
        .all()
    )
    return [line for line in score.sheet(web.session(), units, year, today()) if line.visited]


@bp.get("/figures/score.xlsx")
@guarded("figures.read")
def workbook() -> Any:
    year, rules = _year(), score.rules(web.session())
    last = min(dt.date(year, 12, 31), today())
    header = ["单位", "乡镇", *(f"{rule.name}（{rule.points:+}分）" for rule in rules), "得分"]
    lines = [
        [
            line.unit.named_on(last),
            line.unit.area.named_on(last),
            *(line.cases[rule.code] for rule in rules),
            float(line.points),
        ]
        for line in _lines(year)
    ]
    return send_file(
        table_xlsx(f"{year}年考核附表", header, lines),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"{year}年考核附表.xlsx",
    )


@bp.post("/figures/score")
@guarded("score.write")
def weigh() -> Any:
    actor = web.myself()
    changed = score.set_points(web.session(), request.form, actor)
    web.session().commit()
    flash(f"已保存，改动 {changed} 项。")
    return redirect(url_for("unit_record.sheet"))
