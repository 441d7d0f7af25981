"""The page on which a county words the blocks of its papers, with their former versions."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from inspections import web
from inspections.documents.wording import own_words
from inspections.documents.wording.blocks import BLOCKS
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.layout import KINDS
from inspections.units.models import Area
from inspections.web import guarded

bp = Blueprint("own_words", __name__)


@bp.route("/papers/letterheads/<code>/words/<kind>", methods=["GET", "POST"])
@guarded("paper.write")
def page(code: str, kind: str) -> Any:
    county = web.session().scalar(web.rows(Area).where(Area.code == code, Area.kind == "county"))
    if county is None or kind not in BLOCKS:
        abort(404)
    told: list[str] = []
    status = 200
    said = {block.code: request.form.get(block.code, "") for block in BLOCKS[kind]}
    if request.method == "POST":
        try:
            seen = web.seen(request.form.get("seen"))
            number = own_words.reword(web.session(), county, kind, said, seen, current_user)
            web.session().commit()
            flash(f"已修改 {number} 段用语，以后起草和核稿的文书照此生成。" if number else "没有改动。")
            return redirect(url_for("own_words.page", code=code, kind=kind))
        except Refusal as refusal:
            web.session().rollback()
            told, status = (
                str(refusal).rstrip("。").split("；"),
                409 if isinstance(refusal, Conflict) else 422,
            )
    versions = own_words.history(web.session(), county, kind)
    own = own_words.texts_of(web.session(), county, kind)
    shown = {"county": county, "kind": kind, "kinds": [(one, KINDS[one].name) for one in BLOCKS]}
    shown |= {"blocks": BLOCKS[kind], "own": own, "versions": versions, "told": told}
    shown["texts"] = said if told else {block.code: own.get(block.code, block.text) for block in BLOCKS[kind]}
    return render_template("documents/own_words.html", **shown), status
