"""Sorts a round's signed working papers (梳理分析): twins, what becomes of each, what villages share.

It writes no letter; which papers a letter may cite, it says in `for_a_letter`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts import confirming
from inspections.accounts.models import User
from inspections.database import now
from inspections.findings import gate
from inspections.findings.models import SEVERITIES, Finding, FindingRevision
from inspections.followup.models import WAYS, Campaign, Item, Sorting
from inspections.rounds.models import Plan, Posting, Round, Team
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal

#: FD… of the taxonomy that a letter to the place hands over; the others go another way or nowhere
HANDED_OVER = ("FD1", "FD2", "FD4", "FD6")
DEFAULT = {"S1": ("FD1", "at_once"), "S2": ("FD2", "deadline"), "S3": ("FD2", "deadline")}
#: 大冶: 行业性、系统性问题; the same kind of problem in so many units of a round
MANY_UNITS = 3
#: 同比/环比 only on bases of at least so many
LEAST_BASE = 5


#: what a sorting brings about in the rooms above, entered by them when the program is put together:
#: (session, paper, disposal, actor); a paper merged into another counts as sorted to nothing
ARRIVALS: list[Callable[[orm.Session, Finding, str, User], object]] = []

_Last = orm.aliased(Sorting)
#: what a signed paper counts as: as the county sorted it, else as it was signed; after `with_sorting`
CATEGORY = sa.func.coalesce(_Last.category, FindingRevision.category)
SEVERITY = sa.func.coalesce(_Last.severity, FindingRevision.severity)


def with_sorting(wanted: sa.Select[Finding]) -> sa.Select[Finding]:
    """The select, with FindingRevision in it, with the newest sorting of each beside it, if any."""
    newest = select(sa.func.max(Sorting.id)).group_by(Sorting.finding_id)
    said = sa.and_(_Last.finding_id == Finding.id, _Last.id.in_(newest), _Last.disposal != "")
    return wanted.outerjoin(_Last, said)


@dataclass(frozen=True, slots=True)
class Sorted:
    """A signed working paper and what the county made of it, the default where nobody has said anything."""

    finding: Finding
    disposal: str
    way: str
    category: str
    severity: str
    responsible: str
    office: str
    merged_into: Finding | None
    #: whether a person sorted it; False: the default of its severity
    decided: bool
    #: why it was sorted so, where somebody said it
    reason: str = ""
    #: papers of the same unit and kind, which may be the same problem
    twins: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A kind of problem that several units of one round share, with the papers that prove it."""

    category: str
    units: int
    #: units of the round that were visited
    of_units: int
    findings: tuple[Finding, ...]
    #: papers of this kind in the round before, None where there was none
    before: int | None
    proposal: Campaign | None

    @property
    def share(self) -> float:
        """Units with the problem among the units visited, 0 to 1."""
        return self.units / self.of_units if self.of_units else 0.0

    @property
    def trend(self) -> float | None:
        """Change against the round before, e.g. 0.25; None on a base under five."""
        if self.before is None or self.before < LEAST_BASE:
            return None
        return len(self.findings) / self.before - 1


def signed_papers(session: orm.Session, round_: Round) -> list[Finding]:
    """The signed working papers of that round that are no leads, by number (S4 only past the gate)."""
    return signed_by_round(session, [round_])[round_.id]


def signed_by_round(session: orm.Session, rounds: Sequence[Round]) -> dict[int, list[Finding]]:
    """The same of each of these rounds, by its id."""
    wanted = (
        select(Finding)
        .join(Finding.posting)
        .join(Posting.team)
        .where(
            Team.round_id.in_([round_.id for round_ in rounds]),
            Finding.state == "signed",
            sa.or_(_severity() != "S4", gate.is_a_problem()),
        )
        .options(orm.joinedload(Finding.posting).joinedload(Posting.unit))
        .add_columns(Team.round_id)
    )
    found: dict[int, list[Finding]] = {round_.id: [] for round_ in rounds}
    for paper, round_id in session.execute(wanted.order_by(Finding.number)):
        found[round_id].append(paper)
    return found


def sorted_papers(session: orm.Session, round_: Round) -> list[Sorted]:
    """Each signed paper of the round with its sorting."""
    return sorted_by_round(session, [round_])[round_.id]


def sorted_by_round(session: orm.Session, rounds: Sequence[Round]) -> dict[int, list[Sorted]]:
    """The same of each of these rounds, by its id."""
    signed = signed_by_round(session, rounds)
    newest = _newest(session, [paper for papers in signed.values() for paper in papers])
    return {round_id: _with_sortings(papers, newest) for round_id, papers in signed.items()}


def _with_sortings(papers: Sequence[Finding], newest: Mapping[int, Sorting]) -> list[Sorted]:
    alike: dict[tuple[int, str], list[Finding]] = defaultdict(list)
    for paper in papers:
        alike[(paper.unit_id, paper.current.category)].append(paper)
    return [
        _sorted(
            paper,
            newest.get(paper.id),
            tuple(other for other in alike[(paper.unit_id, paper.current.category)] if other is not paper),
        )
        for paper in papers
    ]


def as_sorted(session: orm.Session, finding: Finding) -> Sorted:
    """That paper with its sorting, the default of its severity where nobody has said anything."""
    return all_as_sorted(session, [finding])[0]


def all_as_sorted(session: orm.Session, papers: Sequence[Finding]) -> list[Sorted]:
    """The same of each of these papers, in their order."""
    newest = _newest(session, papers)
    return [_sorted(paper, newest.get(paper.id)) for paper in papers]


def _sorted(paper: Finding, row: Sorting | None, twins: tuple[Finding, ...] = ()) -> Sorted:
    said = paper.current
    if row is None or not row.disposal:
        disposal, way = DEFAULT.get(said.severity, DEFAULT["S3"])
        responsible = said.responsible or paper.posting.unit.name
        return Sorted(
            paper, disposal, way, said.category, said.severity, responsible, "", None, False, twins=twins
        )
    return Sorted(
        finding=paper,
        disposal=row.disposal,
        way=row.way,
        category=row.category,
        severity=row.severity,
        responsible=row.responsible,
        office=row.office,
        merged_into=row.merged_into,
        decided=True,
        reason=row.reason,
        twins=twins,
    )


def sort(
    session: orm.Session,
    finding: Finding,
    actor: User,
    disposal: str,
    way: str,
    responsible: str,
    office: str = "",
    category: str = "",
    severity: str = "",
    merged_into: Finding | None = None,
    reason: str = "",
) -> Sorting:
    """What the county now makes of the paper. Raises Refusal for what does not fit or is handed over.

    The working paper stays as it was signed: a category or severity set here stands in what follows.
    """
    said = finding.current
    category, severity = category or said.category, severity or said.severity
    if finding.state != "signed":
        raise Refusal(f"底稿 {finding.number} 还没有审签，不能梳理。")
    if session.scalar(select(Item.id).where(Item.finding_id == finding.id, Item.state != "withdrawn")):
        raise Conflict(f"底稿 {finding.number} 已经交办，不能再梳理。")
    if way not in WAYS or severity not in SEVERITIES:
        raise Refusal("请选择整改方式和程度。")
    if said.severity == "S4" and gate.verdict(session, finding) != "problem":
        raise Refusal("严重（S4）的底稿须先由两人研判为问题，才能梳理。")
    if disposal == "FD3" and not office.strip():
        raise Refusal("转主管部门的，请写明转往哪个部门。")
    if disposal == "FD8" and not reason.strip():
        raise Refusal("认定不成立或备查的，请写明理由。")
    if privacy.private_number(responsible + office + reason):
        raise Refusal(privacy.SENTENCE)
    if merged_into is not None:
        _may_merge(session, finding, merged_into)
    row = Sorting(
        finding_id=finding.id,
        disposal=disposal,
        way=way,
        category=category,
        severity=severity,
        responsible=responsible.strip() or finding.posting.unit.name,
        office=office.strip(),
        merged_into_id=merged_into.id if merged_into else None,
        reason=reason.strip(),
        actor_id=actor.id,
    )
    session.add(row)
    session.flush()
    journal.record(session, "finding.sort", finding.uuid, actor, disposal=disposal)
    for arrive in ARRIVALS:
        arrive(session, finding, "" if merged_into is not None else disposal, actor)
    return row


def _may_merge(session: orm.Session, finding: Finding, into: Finding) -> None:
    if into.unit_id != finding.unit_id or into.id == finding.id:
        raise Refusal("只能并入同一单位的另一份底稿。")
    if into.state != "signed":
        raise Refusal(f"底稿 {into.number} 还没有审签，不能并入。")
    newest = _newest(session, [into]).get(into.id)
    if newest is not None and newest.merged_into_id is not None:
        raise Refusal(f"底稿 {into.number} 自己已并入另一份，请直接并入那一份。")
    others = select(Sorting.finding_id).where(Sorting.merged_into_id == finding.id, _is_newest())
    if session.scalar(others.limit(1)) is not None:
        raise Refusal(f"已有底稿并入 {finding.number}，它不能再并入别的底稿。")


def _newest(session: orm.Session, papers: Sequence[Finding]) -> dict[int, Sorting]:
    wanted = select(Sorting).where(Sorting.finding_id.in_([paper.id for paper in papers]), _is_newest())
    return {row.finding_id: row for row in session.scalars(wanted)}


def _is_newest() -> sa.ColumnElement[bool]:
    later = orm.aliased(Sorting)
    return ~select(later.id).where(later.finding_id == Sorting.finding_id, later.id > Sorting.id).exists()


def for_a_letter() -> sa.ColumnElement[bool]:
    """Papers that a letter to the place may cite: not merged into another, not sent another way."""
    elsewhere = sa.or_(
        Sorting.merged_into_id.is_not(None),
        sa.and_(Sorting.disposal != "", Sorting.disposal.not_in(HANDED_OVER)),
    )
    return Finding.id.not_in(select(Sorting.finding_id).where(_is_newest(), elsewhere))


def sent_to_departments(session: orm.Session) -> list[Sorting]:
    """The newest sortings that send a signed paper to the department in charge (FD3, 转办)."""
    return _sent(session, "FD3")


def sent_to_advice(session: orm.Session) -> list[Sorting]:
    """The newest sortings after which a 建议书 is to be written about a signed paper (FD4)."""
    return _sent(session, "FD4")


def _sent(session: orm.Session, disposal: str) -> list[Sorting]:
    wanted = select(Sorting).where(
        _is_newest(), Sorting.disposal == disposal, Sorting.merged_into_id.is_(None)
    )
    visit = orm.selectinload(Sorting.finding).joinedload(Finding.posting)
    whole = visit.joinedload(Posting.unit), visit.joinedload(Posting.team).joinedload(Team.round)
    return list(session.scalars(wanted.options(*whole).order_by(Sorting.id)))


def clusters(session: orm.Session, round_: Round) -> list[Cluster]:
    """Kinds of problem found in at least three units of the round, the widest spread first."""
    before = _round_before(session, round_)
    every = sorted_by_round(session, [round_, before] if before is not None else [round_])
    rows = [row for row in every[round_.id] if row.disposal != "FD8"]
    by_kind: dict[str, list[Finding]] = defaultdict(list)
    for row in rows:
        by_kind[row.category].append(row.finding)
    of_units = visited(session, round_)
    earlier = Counter(row.category for row in every[before.id]) if before is not None else None
    proposals = {
        one.category: one for one in session.scalars(select(Campaign).where(Campaign.round_id == round_.id))
    }
    found = []
    for kind, papers in by_kind.items():
        units = len({paper.unit_id for paper in papers})
        if units >= MANY_UNITS:
            was = earlier[kind] if earlier is not None else None
            found.append(Cluster(kind, units, of_units, tuple(papers), was, proposals.get(kind)))
    return sorted(found, key=lambda one: (-one.units, one.category))


def propose(session: orm.Session, round_: Round, category: str, text: str, actor: User) -> Campaign:
    """The proposal for a special campaign (专项治理) with its papers. Refusal unless three units share it."""
    cluster = next((one for one in clusters(session, round_) if one.category == category), None)
    if cluster is None:
        raise Refusal(f"这类问题没有出现在本轮 {MANY_UNITS} 个以上单位，不能提出专项治理建议。")
    if cluster.proposal is not None:
        raise Conflict("这类问题已经提出过专项治理建议。")
    if not text.strip():
        raise Refusal("请写明专项治理的建议内容。")
    made = Campaign(
        round_id=round_.id,
        category=category,
        text=text.strip(),
        proposed_by_id=actor.id,
        findings=[*cluster.findings],
    )
    session.add(made)
    session.flush()
    journal.record(session, "campaign.propose", made.uuid, actor, category=category, units=cluster.units)
    return made


def decide(session: orm.Session, campaign: Campaign, adopted: bool, reason: str, actor: User) -> None:
    """Nothing; the proposal is adopted or declined by somebody other than who made it."""
    if campaign.state != "proposed":
        raise Conflict("这项建议已有结论。")
    if confirming.is_same(session, campaign.proposed_by_id, actor):
        raise Refusal("提出建议的人不能自己决定是否采纳。")
    if not adopted and not reason.strip():
        raise Refusal("不采纳请写明理由。")
    campaign.state, campaign.reason = "adopted" if adopted else "declined", reason.strip()
    campaign.decided_by_id, campaign.decided_at = actor.id, now()
    session.flush()
    journal.record(session, f"campaign.{campaign.state}", campaign.uuid, actor)


def visited(session: orm.Session, round_: Round) -> int:
    """How many units the published plan visits in that round."""
    wanted = (
        select(sa.func.count(sa.distinct(Posting.unit_id)))
        .join(Posting.team)
        .join(Team.plan)
        .where(Team.round_id == round_.id, Plan.state == "published")
    )
    return session.scalar(wanted) or 0


def _round_before(session: orm.Session, round_: Round) -> Round | None:
    """The round of the same county's work that ended last before this one began."""
    counted = select(Team.round_id).join(Team.postings).join(Finding, Finding.posting_id == Posting.id)
    wanted = select(Round).where(Round.end < round_.start, Round.id.in_(counted)).order_by(Round.end.desc())
    return session.scalar(wanted.limit(1))


def _severity() -> sa.ScalarSelect[str]:
    return (
        select(FindingRevision.severity)
        .where(FindingRevision.finding_id == Finding.id)
        .order_by(FindingRevision.n.desc())
        .limit(1)
        .correlate(Finding)
        .scalar_subquery()
    )
