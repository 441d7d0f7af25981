"""Hands a lead to the case room: sealed as it is written, signed for on the other side, disposed of there.

监督执纪工作规则 article 23: leads are kept by the case room, registered one by one, every hand-over signed.
"""

import datetime as dt
import json

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today, whole
from inspections.findings import gate, team
from inspections.findings.models import Finding
from inspections.followup import deadlines
from inspections.leads import blotting, keys, sealing
from inspections.leads.models import DISPOSALS, LeadEnvelope, LeadStep, SealedLead
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal

LONGEST = 5000
#: 线索处置: thirty days from the day the case room has it
DISPOSE = "DL-12"
FIELDS = {
    "person": "被反映人",
    "post": "单位及职务",
    "matter": "主要问题",
    "evidence": "已掌握证据目录",
    "advice": "处置建议",
}
#: what the case room reads: that, and the paper as it was written
SHOWN = FIELDS | {"paper": "原底稿"}


def seal(session: orm.Session, finding: Finding, said: dict[str, str], actor: User) -> SealedLead:
    """The sealed lead of a paper that two people agreed to hand over, with all that the paper said.

    The words exist nowhere else from then on.

    Raises Refusal unless both agreed, or when the author is not the team's leader; Conflict for a second one.
    """
    if gate.verdict(session, finding) != "lead":
        raise Refusal("须由两人一致研判为线索，才能移送。")
    if not team.is_leader(finding.posting, actor):
        raise Refusal("线索由本组组长移送。")
    if session.scalar(select(SealedLead.id).where(SealedLead.finding_id == finding.id)):
        raise Conflict("这份底稿的线索已经移送。")
    words = {name: said.get(name, "").strip() for name in FIELDS}
    if not words["person"] or not words["matter"]:
        raise Refusal("请填写被反映人和主要问题。")
    for name, text in words.items():
        if len(text) > LONGEST:
            raise Refusal(f"{FIELDS[name]}最多 {LONGEST} 字。")
        if privacy.private_number(text):
            raise Refusal(f"{FIELDS[name]}：{privacy.SENTENCE}")
    open_to = keys.in_use(session)
    number = _next_number(session)
    words["paper"] = blotting.whole_text(session, finding)
    plain = json.dumps(words, ensure_ascii=False).encode()
    closed = sealing.seal([sealing.read_public(key.public_pem) for key in open_to], plain, number.encode())
    lead = SealedLead(
        number=number,
        finding_id=finding.id,
        unit_id=finding.unit_id,
        nonce=closed.nonce,
        body=closed.body,
        sha256=closed.sha256,
        sealed_by_id=actor.id,
        envelopes=[
            LeadEnvelope(key_id=key.id, wrapped_key=wrapped)
            for key, wrapped in zip(open_to, closed.wrapped, strict=True)
        ],
    )
    session.add(lead)
    session.flush()
    blotting.blot(session, finding, lead)
    journal.record(session, "lead.seal", lead.uuid, actor)
    return lead


def _next_number(session: orm.Session) -> str:
    """XS2026-0007: the year and a number that says nothing of round, team or unit."""
    year = today().year
    of_year = SealedLead.number.startswith(f"XS{year}-")
    with whole(session):  # the number is the installation's, whatever the leader may see
        had = session.scalar(select(sa.func.count(SealedLead.id)).where(of_year))
    return f"XS{year}-{(had or 0) + 1:04d}"


def receive(session: orm.Session, lead: SealedLead, sha256: str, actor: User) -> LeadStep:
    """The case room's signature on what it holds: the hash it read must be the one on the team's receipt."""
    if lead.steps:
        raise Conflict("这条线索已经签收。")
    if sha256.strip().lower() != lead.sha256:
        raise Refusal("校验值与移送时不一致，不能签收；请与移送人核对回执。")
    due = deadlines.limit(session, DISPOSE, today()).day
    return _step(session, lead, "received", actor, due=due)


def dispose(
    session: orm.Session, lead: SealedLead, disposal: str, due: dt.date | None, actor: User
) -> LeadStep:
    """How the case room deals with it, and until when. Raises Refusal before it is received."""
    if not lead.steps:
        raise Refusal("请先签收，再登记处置方式。")
    if lead.steps[-1].what == "finished":
        raise Conflict("这条线索已经办结。")
    if disposal not in DISPOSALS:
        raise Refusal("请选择谈话函询、初步核实、暂存待查或予以了结。")
    if due is not None and due < today():
        raise Refusal("办理期限不能早于今天。")
    return _step(session, lead, "finished" if disposal == "LD4" else "disposed", actor, disposal, due)


def finish(session: orm.Session, lead: SealedLead, actor: User) -> LeadStep:
    """That the disposal is done."""
    if not lead.steps or lead.steps[-1].what != "disposed":
        raise Refusal("登记处置方式之后才能办结。")
    return _step(session, lead, "finished", actor, lead.steps[-1].disposal)


def _step(
    session: orm.Session,
    lead: SealedLead,
    what: str,
    actor: User,
    disposal: str = "",
    due: dt.date | None = None,
) -> LeadStep:
    step = LeadStep(lead_id=lead.id, what=what, disposal=disposal, due=due, actor_id=actor.id)
    session.add(step)
    session.flush()
    session.expire(lead, ["steps"])
    journal.record(session, f"lead.{what}", lead.uuid, actor)
    return step
