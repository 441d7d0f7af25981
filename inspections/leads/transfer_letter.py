"""问题线索移送函: says that a sealed lead goes to the case room, who signed for it, and nothing of the lead.

监督执纪工作规则 article 23: every hand-over is signed on both sides. What the lead says is printed by
the case room alone, in its own browser (leads/page.html).
"""

from sqlalchemy import orm

from inspections.documents.wording.facts import code_of, days_of, letterhead_of
from inspections.leads.models import SealedLead
from inspections.leads.transfer import DISPOSE
from inspections.typesetting.letter import PEN, Annex, Contact, Letter, Paragraph, Status, fields
from inspections.wording import SHANGHAI, date_words, digest_words, moment_words

CASE_ROOM = "案件监督管理室"


def transfer_letter(session: orm.Session, lead: SealedLead) -> Letter:
    """The letter that goes with the sealed lead, dated and numbered like it.

    Raises Refusal where the county has no letterhead.
    """
    head = letterhead_of(session, lead.finding.posting.unit.area)
    year, number = (int(part) for part in lead.number.removeprefix("XS").split("-"))
    received = lead.steps[0] if lead.steps else None
    days = days_of(session, DISPOSE)
    within = f"自签收之日起{days}日内" if days is not None else "按规定时限"
    rows = (
        ("线索编号", lead.number),
        ("移送人", f"{lead.sealed_by.name}　{moment_words(lead.sealed_at)}"),
        ("移送人签名", PEN),
        ("密封件校验值", digest_words(lead.sha256)),
        *((("接收人", f"{received.actor.name}　{moment_words(received.at)}"),) if received else ()),
        ("接收人签名", PEN),
        ("处置意见期限", date_words(received.due) if received and received.due else within),
    )
    return Letter(
        issuer=head.issuer,
        code=code_of(head, "lead_transfer"),
        year=year,
        number=number,
        title="关于移送问题线索的函",
        to=(CASE_ROOM,),
        cc=(),
        date=lead.sealed_at.astimezone(SHANGHAI).date(),
        body=(
            Paragraph(
                f"现将驻点监督检查中形成的问题线索1件移送你室，线索编号{lead.number}。线索内容已由移送人密封，"
                f"只有你室的私钥可以解开。请核对密封件校验值，一致的，请签收，并{within}提出处置意见。"
            ),
        ),
        annexes=(Annex("问题线索移送登记表", fields(*rows)),),
        contact=Contact(head.contact_name, head.contact_phone),
        seal_zone=True,
        status=Status.ISSUED,
    )
