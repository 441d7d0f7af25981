"""A county's own wording of the blocks of its papers: every version is kept, the newest counts."""

from collections.abc import Mapping, Sequence

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.documents.models import OwnText
from inspections.documents.wording import blocks
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal
from inspections.typesetting.shapes import without_unseen
from inspections.units.models import Area


def texts_of(session: orm.Session, county: Area | None, kind: str) -> dict[str, str]:
    """Block → the county's own text; blocks that it leaves to the program are absent."""
    newest = {row.block: row.text for row in history(session, county, kind)}
    return {block: text for block, text in newest.items() if text}


def history(session: orm.Session, county: Area | None, kind: str) -> Sequence[OwnText]:
    """Every version of the county's texts for that kind of paper, the oldest first."""
    if county is None:
        return []
    wanted = select(OwnText).where(OwnText.area_id == county.id, OwnText.kind == kind)
    return session.scalars(wanted.order_by(OwnText.id)).all()


def reword(
    session: orm.Session, county: Area, kind: str, said: Mapping[str, str], seen: int, user: User | None
) -> int:
    """How many blocks got a new version; what is worded as before, or as the program does, gets none.

    `seen` is the number of versions on the page. Raises Conflict when somebody reworded meanwhile, Refusal
    naming every fault by its block.
    """
    known = history(session, county, kind)
    if len(known) != seen:
        raise Conflict("您打开页面后，用语已被他人修改，您的修改没有保存。")
    own = {row.block: row.text for row in known}
    told: list[str] = []
    changed: dict[str, str] = {}
    for block in blocks.BLOCKS[kind]:
        text = without_unseen(said.get(block.code, "")).strip()
        if text == block.text:
            text = ""
        if text:
            told += [f"{block.name}：{fault}" for fault in blocks.faults(kind, block.code, text)]
        if privacy.private_number(text):
            told.append(f"{block.name}：{privacy.SENTENCE}")
        if text != own.get(block.code, ""):
            changed[block.code] = text
    if told:
        raise Refusal("；".join(told) + "。")
    for code, text in changed.items():
        author = user.id if user is not None else None
        session.add(OwnText(area_id=county.id, kind=kind, block=code, text=text, author_id=author))
    session.flush()
    if changed:
        journal.record(session, "wording.save", county.uuid, user, kind=kind, blocks=sorted(changed))
    return len(changed)
