"""签收回执 of an issued paper: one page that goes out with it and comes back signed by hand.

What was entered already (course.py) is printed; the rest is left to the pen.
"""

from inspections.documents.models import Letterhead, Paper, PaperStep
from inspections.site.refusal import Refusal
from inspections.typesetting.letter import Contact, Letter, Status, fields
from inspections.wording import SHANGHAI, date_words

_PEN_DAY = "　　　　年　　月　　日"


def receipt(paper: Paper, head: Letterhead) -> Letter:
    """The receipt as a form under the paper's number. Raises Refusal unless the paper is issued."""
    if paper.state != "issued" or paper.issued_at is None:
        raise Refusal("签收回执随已印发的文书生成。")
    addressed = "、".join(paper.facts.get("to", ())) or f"{paper.township.name}及参会单位"
    delivered, received = paper.step("delivered"), paper.step("received")
    rows = (
        ("文书", paper.document_number),
        ("标题", paper.title),
        ("发文单位", head.issuer),
        ("收文单位", addressed),
        ("送达方式", delivered.text if delivered and delivered.text else "□直接送达　□邮寄　□其他："),
        ("送达日期", _day(delivered)),
        ("签收人", received.person if received else "（签名）"),
        ("签收日期", _day(received)),
        ("备注", ""),
    )
    return Letter(
        issuer=head.issuer,
        code="",
        year=paper.year or paper.issued_at.year,
        number=None,
        serial=paper.document_number,
        title="文书签收回执",
        to=(),
        cc=(),
        date=paper.issued_at.astimezone(SHANGHAI).date(),
        body=(fields(*rows),),
        contact=Contact(head.contact_name, head.contact_phone),
        seal_zone=False,
        status=Status.ISSUED,
    )


def _day(step: PaperStep | None) -> str:
    return date_words(step.day) if step else _PEN_DAY
