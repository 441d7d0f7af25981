"""What goes out of the office about visits: one member's own assignment sheet, the notice on a unit's wall.

Built from published postings that the caller may see; which those are is the page's matter.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from inspections.documents.models import Letterhead
from inspections.documents.wording.blocks import filled
from inspections.documents.wording.content import neutral
from inspections.findings import team
from inspections.people.models import Person
from inspections.rounds.models import Posting, team_words
from inspections.site.refusal import Refusal
from inspections.typesetting.layout import lacking
from inspections.typesetting.letter import (
    Block,
    Column,
    Contact,
    Heading,
    Letter,
    Paragraph,
    Status,
    Table,
    gap,
)
from inspections.units.models import place_on
from inspections.wording import count_words, listed, period_words

RULES = (
    "发现本人或者同组人员与所驻单位有应当回避的情形，立即向组长和县统筹报告，回避决定作出以前不参与检查。",
    "公布日期以前，不打听、不传播其他驻点的安排。",
    "不能按期到岗的，及时请假，由县统筹安排替补。",
)


def assignment_sheet(person: Person, postings: Sequence[Posting], issuer: str, day: dt.date) -> Letter:
    """个人驻点安排: the visits of one member with days, place, duty and colleagues, as known on `day`.

    `postings` are those released to the person, at least one, in the order of the sheet.
    """
    rows = tuple(_visit(person, posting) for posting in postings)
    columns = (
        Column("组别", Decimal(24), "center"),
        Column("日期", Decimal(30), "center"),
        Column("驻点单位", Decimal(28), "center"),
        Column("职责", Decimal(24), "center"),
        Column("同组人员"),
    )
    opening = (
        f"{person.name}（{person.whereabouts}）截至本表日期已公布的驻点共{count_words(len(rows), '个')}。"
        "以后各轮到公布日期时另行通知。"
    )
    body: list[Block] = [Paragraph(opening), Table(columns, rows), Heading(1, "注意事项")]
    body += [Paragraph(f"{n}.{words}") for n, words in enumerate(RULES, 1)]
    return Letter(
        issuer=issuer,
        code="",
        year=day.year,
        number=None,
        serial=f"{person.code}-{day:%Y%m%d}",
        title="个人驻点安排",
        to=(),
        cc=(),
        date=day,
        body=tuple(body),
        seal_zone=False,
        status=Status.ISSUED,
    )


def _visit(person: Person, posting: Posting) -> tuple[str, ...]:
    round_, seats = posting.team.round, posting.team.members
    duty = next(team.slot_name(posting, seat.slot) for seat in seats if seat.person_id == person.id)
    others = [
        f"{team.slot_name(posting, seat.slot)}{seat.person.called}"
        for seat in seats
        if seat.person_id != person.id
    ]
    place = place_on(posting.unit, round_.start)
    return posting.team.name, period_words(round_.start, round_.end), place, duty, listed(others)


def notice(
    posting: Posting, head: Letterhead, topics: Sequence[str], day: dt.date, own: Mapping[str, str]
) -> Letter:
    """监督检查公告 (papers.md §6.7) for the wall of the posting's unit; `topics`: what is looked into.

    `own` is the county's wording of its blocks.

    Before the release day it is a draft without a date, and so it is with visible gaps while the letterhead
    lacks the hours or the place of the letter box. It names no person of the team. Raises Refusal for a real
    place: no paper may say that it is inspected.
    """
    unit, round_ = posting.unit, posting.team.round
    if unit.planning_only:
        raise Refusal(f"{unit.name}是真实地名，只用于排程，不能制发公告。")
    place = place_on(unit, round_.start)
    opening = {
        "依据": head.authority,
        "小组": team_words("", posting.team.code),
        "起止": period_words(round_.start, round_.end),
        "单位": place,
        "检查内容": listed(topics),
    }
    contact = {
        "电话": head.contact_phone,
        "受理时段": head.hours or gap("受理时段"),
        "意见箱": head.box or gap("意见箱位置"),
    }
    body = (
        Paragraph(neutral(filled("notice", "opening", own, opening))),
        Paragraph(neutral(filled("notice", "scope", own))),
        Paragraph(neutral(filled("notice", "contact", own, contact))),
    )
    letter = Letter(
        issuer=head.issuer,
        code="",
        year=round_.start.year,
        number=None,
        serial=posting.team.name,
        title="驻点监督检查公告",
        to=(),
        cc=(),
        date=round_.release_on if round_.release_on <= day else None,
        body=body,
        qr=head.public_address,
        contact=Contact(head.contact_name, head.contact_phone),
        status=Status.ISSUED,
    )
    return replace(letter, status=Status.DRAFT) if lacking("notice", letter) else letter
