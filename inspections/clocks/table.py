"""The one table of clocks: each step that somebody owes, whose turn it is, since when, who waits for it.

How long a step may take stands in the catalogue (`seeds/catalogue/deadlines.csv`) under the same code; a step
whose last day is stored with the record (plan, rectification, demand, disposal) reads that day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from inspections.accounts.models import User
from inspections.demands.models import Demand
from inspections.documents.models import Paper, PaperStep
from inspections.documents.wording import citing
from inspections.findings import gate
from inspections.findings.models import Finding, FindingRevision, FindingStep, GateVoice
from inspections.followup.models import Filing, Item, ItemStep
from inspections.leads.models import LeadStep, SealedLead
from inspections.rounds.models import Posting, Round, Team

Condition = sa.ColumnElement[bool]


def _everybody(_user: User) -> Condition:
    return sa.true()


@dataclass(frozen=True, slots=True)
class Clock:
    """A step that is owed: code of its time limit, its words, the roles whose turn it is, and who waits."""

    code: str
    words: str
    roles: tuple[str, ...]
    #: who cannot go on because of it
    waits: str
    #: the action that may read these rows, and the table they stand in
    action: str
    model: Any
    runs: Condition
    #: since when it runs (a moment or a day), or its stored last day
    since: Any = None
    last_day: Any = None
    title: Any = None
    page: str = ""
    #: which of the rows are this very person's
    mine: Callable[[User], Condition] = field(default=_everybody)


def _of_steps(action: str) -> Any:
    """When that step was taken last on the item."""
    newest = sa.select(sa.func.max(ItemStep.at)).where(ItemStep.item_id == Item.id, ItemStep.action == action)
    return newest.correlate(Item).scalar_subquery()


def _last_step() -> Any:
    newest = sa.select(sa.func.max(ItemStep.at)).where(ItemStep.item_id == Item.id)
    return newest.correlate(Item).scalar_subquery()


def _paper_step() -> Any:
    newest = sa.select(sa.func.max(FindingStep.at)).where(FindingStep.finding_id == Finding.id)
    return newest.correlate(Finding).scalar_subquery()


def _last_voice() -> Any:
    newest = sa.select(sa.func.max(GateVoice.at)).where(GateVoice.finding_id == Finding.id)
    return newest.correlate(Finding).scalar_subquery()


def _visit_ended() -> Any:
    """The last day of the round in which the paper was written."""
    end = sa.select(Round.end).join(Team, Team.round_id == Round.id).join(Posting, Posting.team_id == Team.id)
    return end.where(Posting.id == Finding.posting_id).correlate(Finding).scalar_subquery()


def _lead_due() -> Any:
    said = sa.select(sa.func.max(LeadStep.due)).where(LeadStep.lead_id == SealedLead.id)
    return said.correlate(SealedLead).scalar_subquery()


def _severity() -> Any:
    said = sa.select(FindingRevision.severity).where(FindingRevision.finding_id == Finding.id)
    return said.order_by(FindingRevision.n.desc()).limit(1).correlate(Finding).scalar_subquery()


def _author() -> Any:
    said = sa.select(FindingRevision.author_id).where(FindingRevision.finding_id == Finding.id)
    return said.order_by(FindingRevision.n.desc()).limit(1).correlate(Finding).scalar_subquery()


def _has(what: str) -> Condition:
    return Paper.steps.any(PaperStep.what == what)


def _served() -> Any:
    """When the paper was signed for, else delivered, as its own page counts the reply."""

    def day(what: str) -> Any:
        said = sa.select(sa.func.max(PaperStep.day)).where(
            PaperStep.paper_id == Paper.id, PaperStep.what == what
        )
        return said.correlate(Paper).scalar_subquery()

    return sa.func.coalesce(day("received"), day("delivered"), type_=sa.Date())


def _lead_received() -> Any:
    said = sa.select(sa.func.max(LeadStep.at)).where(
        LeadStep.lead_id == SealedLead.id, LeadStep.what == "received"
    )
    return said.correlate(SealedLead).scalar_subquery()


_FILED = sa.select(Filing.paper_id)
_SEALED = sa.select(SealedLead.finding_id)
_ITEM: Mapping[str, Any] = {
    "action": "item.read",
    "model": Item,
    "title": Item.title,
    "page": "followup.item_page",
}
_PAPER: Mapping[str, Any] = {
    "action": "paper.read",
    "model": Paper,
    "title": Paper.title,
    "page": "documents.page",
}
_FINDING: Mapping[str, Any] = {
    "action": "finding.read",
    "model": Finding,
    "title": Finding.number,
    "page": "findings.paper",
}
_DEMAND: Mapping[str, Any] = {
    "action": "demand.read",
    "model": Demand,
    "title": Demand.text,
    "page": "demands.page",
}
_LEAD: Mapping[str, Any] = {
    "action": "lead.read",
    "model": SealedLead,
    "title": SealedLead.number,
    "page": "leads.page",
}


def _wrote(user: User) -> Condition:
    return sa.true() if user.role not in ("member", "leader", "village") else Finding.created_by_id == user.id


def _another_wrote(user: User) -> Condition:
    return _author() != user.id


def _another_spoke(user: User) -> Condition:
    newest = sa.select(GateVoice.actor_id).where(GateVoice.finding_id == Finding.id)
    last = newest.order_by(GateVoice.id.desc()).limit(1).correlate(Finding).scalar_subquery()
    return last != user.id


def _sent(user: User) -> Condition:
    return Item.checker_id == user.id


def _may_sign(user: User) -> Condition:
    return sa.or_(Paper.checked_by_id.is_(None), Paper.checked_by_id != user.id)


def _not_drafted(user: User) -> Condition:
    return sa.or_(Paper.created_by_id.is_(None), Paper.created_by_id != user.id)


TEAM = ("leader", "member")
PLACE, COUNTY = "乡镇、单位", "县统筹"

#: in the order of the work
CLOCKS: tuple[Clock, ...] = (
    Clock("DL-03", "底稿提交复核", TEAM, "本组", runs=Finding.state.in_(("draft", "returned")),
          since=Finding.created_at, mine=_wrote, **_FINDING),
    Clock("DL-04", "底稿复核", TEAM, "经办人", runs=Finding.state == "in_review", since=_paper_step(),
          mine=_another_wrote, **_FINDING),
    Clock("DL-22", "底稿审签", ("leader",), "经办人", runs=Finding.state == "submitted",
          since=_paper_step(), **_FINDING),
    Clock("DL-23", "S4研判：组长提出", ("leader",), "案管室",
          runs=sa.and_(Finding.state == "signed", _severity() == "S4", ~gate.is_a_problem(),
                       ~gate.is_a_lead(), ~gate.undecided()),
          since=_paper_step(), **_FINDING),
    Clock("DL-24", "S4研判：第二人确认", (*TEAM, "planner"), "案管室", runs=gate.undecided(),
          since=_last_voice(), mine=_another_spoke, **_FINDING),
    Clock("DL-11", "线索密封移送", ("leader",), "案管室",
          runs=sa.and_(gate.is_a_lead(), Finding.id.not_in(_SEALED)), since=_last_voice(), **_FINDING),
    Clock("DL-05", "驻点结束后审签完毕", ("leader",), COUNTY, runs=Finding.state != "signed",
          since=_visit_ended(), **_FINDING),
    Clock("DL-06", "梳理、反馈交办", ("planner",), PLACE,
          runs=sa.and_(citing.may_be_cited(), ~citing.handed_over("handover")), since=_visit_ended(),
          **_FINDING),
    Clock("DL-25", "文书核稿", ("planner", "leadership"), "起草人", runs=Paper.state == "draft",
          since=Paper.created_at, mine=_not_drafted, **_PAPER),
    Clock("DL-26", "文书签发", ("leadership",), COUNTY, runs=Paper.state == "checked",
          since=Paper.checked_at, mine=_may_sign, **_PAPER),
    Clock("DL-27", "文书印发", ("planner",), PLACE, runs=Paper.state == "signed", since=Paper.signed_at,
          **_PAPER),
    Clock("DL-21", "交办函备案", ("planner",), "上级",
          runs=sa.and_(Paper.kind == "handover", Paper.state == "issued", Paper.id.not_in(_FILED)),
          since=Paper.issued_at, **_PAPER),
    Clock("DL-10", "建议书、转办单回复", ("recipient", "planner"), COUNTY,
          runs=sa.and_(Paper.kind.in_(("advice", "transfer")), Paper.state == "issued", ~_has("replied"),
                       sa.or_(_has("received"), _has("delivered"))),
          since=_served(), **_PAPER),
    Clock("DL-28", "签收交办", ("recipient",), COUNTY, runs=Item.state == "issued", since=Item.served_on,
          **_ITEM),
    Clock("DL-08", "报送整改方案", ("recipient",), COUNTY,
          runs=sa.and_(Item.state == "received", Item.way != "at_once"), last_day=Item.plan_due, **_ITEM),
    Clock("DL-29", "审核整改方案", ("planner",), PLACE, runs=Item.state == "planned", since=_last_step(),
          **_ITEM),
    Clock("DL-30", "报告整改进展", ("recipient",), COUNTY, runs=Item.state == "rectifying",
          since=_last_step(), **_ITEM),
    Clock("DL-31", "答复延期申请", ("planner",), PLACE, runs=Item.asked_due.is_not(None),
          since=_of_steps("ask_extension"), **_ITEM),
    Clock("DL-07", "整改到位", ("recipient",), COUNTY,
          runs=Item.state.in_(("issued", "received", "planned", "rectifying", "returned", "reopened")),
          last_day=Item.due, **_ITEM),
    Clock("DL-09", "集中整改", ("planner",), "群众",
          runs=Item.state.not_in(("closed", "withdrawn", "long_term")), since=Item.served_on, **_ITEM),
    Clock("DL-32", "审核材料、派人核验", ("planner",), PLACE, runs=Item.state == "reported",
          since=_last_step(), **_ITEM),
    Clock("DL-33", "现场核验", ("leader", "member", "planner"), PLACE, runs=Item.state == "checking",
          since=_last_step(), mine=_sent, **_ITEM),
    Clock("DL-34", "批准销号", ("leadership",), PLACE, runs=Item.state == "checked", since=_last_step(),
          **_ITEM),
    Clock("DL-19", "回头看", ("planner",), "群众",
          runs=sa.and_(Item.state == "closed", Item.rechecked_on.is_(None)), since=Item.closed_on, **_ITEM),
    Clock("DL-14", "诉求分流", ("planner",), "群众", runs=Demand.state == "received", since=Demand.heard_on,
          **_DEMAND),
    Clock("DL-15", "诉求办理", ("recipient",), "群众", runs=Demand.state == "assigned", last_day=Demand.due,
          **_DEMAND),
    Clock("DL-35", "诉求回访", ("planner",), "群众", runs=Demand.state == "replied",
          since=Demand.replied_on, **_DEMAND),
    Clock("DL-13", "签收移送的线索", ("case_room",), "移送的小组", runs=~SealedLead.steps.any(),
          since=SealedLead.sealed_at, **_LEAD),
    Clock("DL-12", "线索处置意见", ("case_room",), "领导",
          runs=sa.and_(SealedLead.steps.any(), ~SealedLead.steps.any(LeadStep.what != "received")),
          since=_lead_received(), **_LEAD),
    Clock("DL-20", "线索办结", ("case_room",), "领导",
          runs=sa.and_(SealedLead.steps.any(LeadStep.what == "disposed"),
                       ~SealedLead.steps.any(LeadStep.what == "finished")),
          last_day=_lead_due(), **_LEAD),
)  # fmt: skip
