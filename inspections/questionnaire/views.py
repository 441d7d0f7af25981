"""The villagers' page behind the square code, and the team's page with code, count, results and hints."""

import io
import uuid
from typing import Any

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_wtf import FlaskForm
from markupsafe import Markup
from sqlalchemy import select
from wtforms import IntegerField, SubmitField
from wtforms.validators import InputRequired, NumberRange

from inspections import web
from inspections.questionnaire import polling
from inspections.questionnaire.models import Poll
from inspections.questionnaire.sheet import LEAST, Question, questions
from inspections.questionnaire.slips import answer_slips
from inspections.rounds.models import Posting
from inspections.site.refusal import Refusal
from inspections.typesetting.render import render_pdf
from inspections.units.table_xlsx import table_xlsx
from inspections.web import guarded

bp = Blueprint("questionnaire", __name__)

HEADER = ("题号", "问题", "选项", "选择（份）", "答题（份）", "占比")


class OpenForm(FlaskForm):
    quota = IntegerField(
        "最多收几份",
        [InputRequired("请填写份数。"), NumberRange(5, 5000, "份数应为 5 至 5000。")],
        default=60,
        description="收满即止；随驻点结束自动停收。",
    )
    save = SubmitField("发放问卷")


class SlipForm(FlaskForm):
    number = IntegerField(
        "张数",
        [
            InputRequired("请填写张数。"),
            NumberRange(1, polling.MOST_SLIPS, f"一次 1 至 {polling.MOST_SLIPS} 张。"),
        ],
        default=30,
        description="每张只能填写一次，打乱后发放；印过以后，没有条的不再计入。",
    )
    print = SubmitField("打印答卷条（PDF）")


@bp.route("/q/<token>", methods=["GET", "POST"])
@bp.route("/q/<token>/<slip>", methods=["GET", "POST"])
@guarded("questionnaire.answer")
def answer(token: str, slip: str = "") -> Any:
    """No sign-in, no script, no worker; nothing is kept but the answers. A slip goes before the brake: it is
    one sheet, from wherever it comes."""
    poll = web.session().scalar(select(Poll).where(Poll.token == token[:64]))
    if poll is None:
        return web.error_page(404, "没有这份问卷，请重新扫描二维码。")
    if request.method == "POST":
        try:
            key, address = current_app.config["SECRET_KEY"], request.remote_addr or ""
            if not poll.by_slip or not polling.is_unused(web.session(), poll, slip):
                polling.admit(web.session(), poll, key, address)
            polling.take(web.session(), poll, _name(), _said(), slip)
            web.session().commit()
            return render_template("questionnaire/thanks.html", words="已经收到，感谢您的参与。")
        except Refusal as refusal:
            web.session().rollback()
            shown = {"error": str(refusal), "said": _said(), "name": request.form.get("name", "")}
            return _sheet(poll, **shown), 422
    if not poll.is_open:
        return render_template("questionnaire/thanks.html", words=polling.CLOSED)
    if poll.by_slip and not polling.is_unused(web.session(), poll, slip):
        words = polling.SLIP_USED if slip else polling.ONLY_BY_SLIP
        return render_template("questionnaire/thanks.html", words=words)
    return _sheet(poll, error="", said={}, name=str(uuid.uuid4()))


def _sheet(poll: Poll, **shown: Any) -> str:
    return render_template("questionnaire/sheet.html", poll=poll, questions=questions(), **shown)


def _name() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("name", ""))
    except ValueError:
        raise Refusal("页面已失效，请重新扫描二维码。") from None


def _said() -> dict[str, Any]:
    return {question.code: _chosen(question) for question in questions()}


def _chosen(question: Question) -> Any:
    return (
        request.form.getlist(question.code) if question.type == "multi" else request.form.get(question.code)
    )


@bp.get("/postings/<uuid:name>/questionnaire")
@guarded("questionnaire.read")
def page(name: uuid.UUID) -> Any:
    posting = web.one(Posting, name, "posting.read")
    poll = polling.poll_of(web.session(), posting)
    shown: dict[str, Any] = {"posting": posting, "poll": poll, "form": OpenForm(), "least": LEAST}
    if poll is not None:
        address = url_for("questionnaire.answer", token=poll.token, _external=True)
        code = segno.make(address, error="m", micro=False).svg_inline(scale=6, border=4, omitsize=True)
        shown |= {
            "address": address,
            "code": Markup(code),  # noqa: S704 (drawn by segno from our own address)
            "count": polling.count(web.session(), poll),
            "slips": polling.slips_left(web.session(), poll),
            "slip_form": SlipForm(),
            "results": polling.result_of(web.session(), poll),
            "remarks": polling.remarks(web.session(), poll),
            "followed": polling.followed(web.session(), poll),
        }
    return render_template("questionnaire/page.html", **shown)


@bp.post("/postings/<uuid:name>/questionnaire")
@guarded("questionnaire.write")
def begin(name: uuid.UUID) -> Any:
    posting, form = web.one(Posting, name, "posting.read"), OpenForm()
    if not form.validate_on_submit():
        raise Refusal("没有发放：" + "".join(error for errors in form.errors.values() for error in errors))
    polling.open_poll(web.session(), posting, form.quota.data or 0, web.myself())
    return _done(posting, "问卷已发放，请张贴或出示二维码。")


@bp.post("/postings/<uuid:name>/questionnaire/slips")
@guarded("questionnaire.write")
def slips(name: uuid.UUID) -> Any:
    """Slips to be cut and handed out, each good for one sheet; one that is lost is made anew."""
    posting, form = web.one(Posting, name, "posting.read"), SlipForm()
    if not form.validate_on_submit():
        raise Refusal("没有打印：" + "".join(error for errors in form.errors.values() for error in errors))
    poll = _poll(posting)
    words = polling.print_slips(web.session(), poll, form.number.data or 0, web.myself())
    web.session().commit()  # nobody waits while they are drawn
    addresses = [
        url_for("questionnaire.answer", token=poll.token, slip=word, _external=True) for word in words
    ]
    paper = render_pdf(answer_slips(posting.unit.called, addresses))
    return send_file(
        io.BytesIO(paper.data), "application/pdf", as_attachment=True, download_name="答卷条.pdf"
    )


@bp.post("/postings/<uuid:name>/questionnaire/close")
@guarded("questionnaire.write")
def close(name: uuid.UUID) -> Any:
    posting = web.one(Posting, name, "posting.read")
    polling.close(web.session(), _poll(posting), web.myself())
    return _done(posting, "问卷已停收。")


@bp.post("/postings/<uuid:name>/questionnaire/follow")
@guarded("questionnaire.write")
def follow(name: uuid.UUID) -> Any:
    posting = web.one(Posting, name, "posting.read")
    made = polling.follow(web.session(), _poll(posting), web.myself())
    return _done(posting, f"已生成 {len(made)} 件核查任务，由本组核查，乡镇和村看不到。")


@bp.get("/postings/<uuid:name>/questionnaire.xlsx")
@guarded("questionnaire.read")
def workbook(name: uuid.UUID) -> Any:
    """The results as a table; only its head below five sheets."""
    posting = web.one(Posting, name, "posting.read")
    lines = [
        (
            each.question.code,
            each.question.words,
            option,
            number,
            each.answered,
            number / max(each.answered, 1),
        )
        for each in polling.result_of(web.session(), _poll(posting))
        for option, number in zip(each.question.options, each.counts, strict=True)
    ]
    return send_file(
        table_xlsx("问卷结果", HEADER, lines),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"{posting.unit.name}问卷结果.xlsx",
    )


def _poll(posting: Posting) -> Poll:
    poll = polling.poll_of(web.session(), posting)
    if poll is None:
        raise Refusal("这次驻点还没有发放问卷。")
    return poll


def _done(posting: Posting, words: str) -> Any:
    web.session().commit()
    flash(words)
    return redirect(url_for("questionnaire.page", name=posting.uuid))
