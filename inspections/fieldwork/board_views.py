"""The page of the leader's board, with the team's photographs."""

import uuid
from typing import Any

from flask import Blueprint, render_template

from inspections import web
from inspections.fieldwork import answers, board
from inspections.fieldwork.schedule import WHOLE
from inspections.findings.models import Photo
from inspections.rounds.models import Posting
from inspections.web import guarded

bp = Blueprint("board", __name__)

#: as many as a page of a slow line bears; each item's own page has all of it
MOST_PHOTOS = 24


@bp.get("/postings/<uuid:name>/board")
@guarded("board.read")
def page(name: uuid.UUID) -> Any:
    found = web.one(Posting, name, with_=WHOLE)
    removed = answers.removed_photos(web.session(), found)
    newest = web.rows(Photo, "photo.read").where(Photo.posting_id == found.id)
    newest = newest.order_by(Photo.received_at.desc()).limit(MOST_PHOTOS + len(removed))
    photos = [each for each in web.session().scalars(newest) if str(each.id) not in removed]
    shown = {"posting": found, "board": board.board(web.session(), found), "papers": board.PAPERS}
    return render_template("fieldwork/board.html", **shown, photos=photos[:MOST_PHOTOS])
