"""The gate of the gravest papers (S4): two people say whether it is a problem or a lead about a person.

Until both have spoken no letter, list of problems or figure has the paper; a lead's words never stand here.
"""

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.findings import team
from inspections.findings.models import Finding, GateVoice
from inspections.site.refusal import Conflict, Refusal

VERDICTS = {"problem": "按问题交办", "lead": "作为线索移送"}


def voices(session: orm.Session, finding: Finding) -> list[GateVoice]:
    """What has been said since the last disagreement, oldest first: none, one, or two that agree."""
    wanted = select(GateVoice).where(GateVoice.finding_id == finding.id).order_by(GateVoice.id)
    said = list(session.scalars(wanted))
    if _agreed(said[-2:]):
        return said[-2:]
    return said[-1:] if said and said[-1].is_first else []


def verdict(session: orm.Session, finding: Finding) -> str:
    """`problem` or `lead` once two people agree, else empty."""
    said = voices(session, finding)
    return said[0].verdict if len(said) == 2 else ""


def propose(session: orm.Session, finding: Finding, what: str, actor: User) -> GateVoice:
    """The first voice, by the leader of the team that wrote the paper. Raises Refusal, Conflict."""
    if finding.current.severity != "S4" or finding.state != "signed":
        raise Refusal("只有已审签、程度为严重（S4）的底稿需要研判。")
    if what not in VERDICTS:
        raise Refusal("请选择按问题交办，还是作为线索移送。")
    if not team.is_leader(finding.posting, actor):
        raise Refusal("由本组组长先提出研判意见。")
    if voices(session, finding):
        raise Conflict("这份底稿已经提出过研判意见。")
    return _say(session, finding, what, actor, first=True)


def confirm(session: orm.Session, finding: Finding, agrees: bool, actor: User) -> str:
    """The verdict, or an empty text where the second person disagrees and the paper goes back to the leader.

    Raises Refusal for whoever proposed it: the second voice is another person's.
    """
    said = voices(session, finding)
    if len(said) != 1:
        raise Conflict("这份底稿没有等待确认的研判意见。")
    if confirming.is_same(session, said[0].actor_id, actor):
        raise Refusal("提出研判意见的人不能自己确认，须由第二人确认。")
    if not agrees:
        journal.record(session, "finding.gate_refused", finding.uuid, actor)
        session.add(GateVoice(finding_id=finding.id, verdict="", is_first=False, actor_id=actor.id))
        session.flush()
        return ""
    return _say(session, finding, said[0].verdict, actor, first=False).verdict


def _say(session: orm.Session, finding: Finding, what: str, actor: User, first: bool) -> GateVoice:
    voice = GateVoice(finding_id=finding.id, verdict=what, is_first=first, actor_id=actor.id)
    session.add(voice)
    session.flush()
    # which way it went is the case room's knowledge: the journal tells only that somebody spoke
    journal.record(session, "finding.gate", finding.uuid, actor)
    return voice


def _agreed(pair: list[GateVoice]) -> bool:
    return len(pair) == 2 and pair[0].is_first and not pair[1].is_first and pair[0].verdict == pair[1].verdict


def is_a_problem() -> sa.ColumnElement[bool]:
    """Two people agreed that the S4 paper is a problem: the second voice says so, and is the newest."""
    return Finding.id.in_(_newest().where(~GateVoice.is_first, GateVoice.verdict == "problem"))


def is_a_lead() -> sa.ColumnElement[bool]:
    """Two people agreed that the S4 paper is a lead: it is the case room's from then on."""
    return Finding.id.in_(_newest().where(~GateVoice.is_first, GateVoice.verdict == "lead"))


def undecided() -> sa.ColumnElement[bool]:
    """One person has spoken and the second has not."""
    return Finding.id.in_(_newest().where(GateVoice.is_first))


def _newest() -> sa.Select[int]:
    later = orm.aliased(GateVoice)
    after = select(later.id).where(later.finding_id == GateVoice.finding_id, later.id > GateVoice.id)
    return select(GateVoice.finding_id).where(~after.exists())
