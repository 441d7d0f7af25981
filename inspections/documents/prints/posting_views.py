"""Papers about visits as PDF: the own assignment sheet of a member, the notice for a unit's wall."""

import uuid
from typing import Any

from flask import Blueprint
from sqlalchemy import select

from inspections import web
from inspections.accounts.permissions import Reach
from inspections.database import today
from inspections.documents.prints.posting_papers import assignment_sheet, notice
from inspections.documents.wording import own_words
from inspections.documents.wording.facts import issuer_of, letterhead_of
from inspections.fieldwork import answers
from inspections.fieldwork.schedule import WHOLE
from inspections.people.models import Person
from inspections.rounds.models import Posting, Round, Team
from inspections.site.refusal import Refusal
from inspections.typesetting.layout import letter_paper
from inspections.typesetting.letter import Letter
from inspections.typesetting.views import printed
from inspections.web import guarded

bp = Blueprint("posting_papers", __name__)


@bp.get("/postings/mine.pdf")
@guarded("posting.read")
def mine() -> Any:
    """The user's own visits, as far as they are released."""
    user = web.myself()
    wanted = select(Posting).where(Posting.within(Reach.TEAM, user)).join(Posting.team).join(Team.round)
    wanted = wanted.options(*WHOLE).order_by(Round.start, Team.position, Posting.position)
    found = web.session().scalars(wanted).all()
    if user.person_id is None or not found:
        raise Refusal("现在没有已公布的驻点，到公布日期时再来打印。")
    person = web.session().get_one(Person, user.person_id)
    issuer = issuer_of(web.session(), found[0].unit.area)
    return _pdf("assignment", assignment_sheet(person, found, issuer, today()), "个人驻点安排.pdf")


@bp.get("/postings/<uuid:name>/notice.pdf")
@guarded("posting.read")
def wall(name: uuid.UUID) -> Any:
    posting = web.one(Posting, name, with_=WHOLE)
    head = letterhead_of(web.session(), posting.unit.area)
    topics = [section.name for section in answers.sheet(web.session(), posting).sections]
    own = own_words.texts_of(web.session(), posting.unit.area.ancestor("county"), "notice")
    return _pdf("notice", notice(posting, head, topics, today(), own), "监督检查公告.pdf")


def _pdf(kind: str, letter: Letter, name: str) -> Any:
    return printed(letter_paper(kind, letter), name)
