"""Whose a draft's next step is (拟稿、核稿、会签、签发), kind by kind: one table, which a county may change.

`seeds/approval.csv` holds what counties do: the office or the head of the room checks, whoever shares the
responsibility countersigns, a leader of the commission signs; the county committee reads and signs nothing.
"""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.confirming import same_person
from inspections.accounts.duties import DUTIES
from inspections.accounts.models import User
from inspections.documents.chain import APPROVALS, ApprovalRule, Countersignature
from inspections.documents.models import KINDS, Paper
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Area

TABLE = Path(__file__).parents[3] / "seeds" / "approval.csv"
#: duty, or the desk where papers are drafted, in words
SEATS: Mapping[str, str] = {"desk": "统筹办"} | {
    duty: DUTIES[duty] for duty in ("office", "room", "deputy", "secretary")
}
#: who may be named for a step; the permissions hold besides
FIT: Mapping[str, tuple[str, ...]] = {
    "check": tuple(SEATS),
    "countersign": ("office", "room", "deputy", "secretary"),
    "sign": ("deputy", "secretary"),
}
#: which two steps a county keeps apart; that an author never signs is nobody's choice
APART: Mapping[str, str] = {
    "author_check": "拟稿人不核稿",
    "check_sign": "核稿人不签发",
    "countersign_sign": "会签人不签发",
}
OWN_CHECK = "这份文书由您核稿，须由另一人签发。"
OWN_VOICE = "这份文书由您会签，须由另一人签发。"
OWN_DRAFT = "这份文书由您起草或修改，须由另一人核稿、签发。"
_COLUMNS = {"核稿": "check", "会签": "countersign", "签发": "sign"}


@dataclass(frozen=True, slots=True)
class Chain:
    """Who takes the steps of one kind of paper: one of `check` and of `sign`, each of `countersign`."""

    kind: str
    check: tuple[str, ...]
    countersign: tuple[str, ...]
    sign: tuple[str, ...]
    apart: frozenset[str]

    def of(self, step: str) -> tuple[str, ...]:
        """The seats of that step."""
        return {"check": self.check, "countersign": self.countersign, "sign": self.sign}[step]


def seat_of(user: User) -> str:
    """The duty of the account, or the desk; empty for who stands in no chain."""
    if user.duty in SEATS:
        return user.duty
    return "desk" if user.role == "planner" else ""


def named(seats: Collection[str], joint: str = "、") -> str:
    """The seats in words, in the order of the house; `joint` 或 where one of them is enough."""
    return joint.join(words for seat, words in SEATS.items() if seat in seats)


@cache
def shipped() -> Mapping[str, Chain]:
    """The chains of seeds/approval.csv, by kind. Raises ValueError for an unknown word or a missing kind."""
    found: dict[str, Chain] = {}
    with TABLE.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            seats = {step: tuple(row[column].split()) for column, step in _COLUMNS.items()}
            chain = Chain(row["文种"], **seats, apart=frozenset(row["分开"].split()))
            if wrong := _faults(chain):
                raise ValueError(f"{TABLE.name}:{number}: {wrong}")
            found[chain.kind] = chain
    if missing := KINDS.keys() - found.keys():
        raise ValueError(f"{TABLE.name}: no chain for {', '.join(sorted(missing))}")
    return found


def chains(session: orm.Session, county: Area | None) -> dict[str, Chain]:
    """The chains that hold in the county, by kind, in the order of the kinds."""
    wanted = select(ApprovalRule).where(ApprovalRule.area_id == (county.id if county else None))
    own = {rule.kind: _chain(rule) for rule in session.scalars(wanted)}
    return {kind: own.get(kind, shipped()[kind]) for kind in KINDS}


def _chain(rule: ApprovalRule) -> Chain:
    seats = {step: tuple(rule.seats.get(step, ())) for step in APPROVALS}
    return Chain(rule.kind, **seats, apart=frozenset(rule.apart))


def chain_of(session: orm.Session, paper: Paper) -> Chain:
    """The chain of this paper in its county."""
    return chains(session, paper.township.ancestor("county"))[paper.kind]


def arrange(session: orm.Session, county: Area, wanted: Collection[Chain], actor: User) -> None:
    """Nothing; from now on the county's papers go these ways. Raises Refusal naming the kind at fault.

    A draft that is under way goes on by the new table; what was countersigned stays so.
    """
    for chain in wanted:
        if wrong := _faults(chain):
            raise Refusal(f"{KINDS.get(chain.kind, chain.kind)}：{wrong}。")
    before = chains(session, county)
    changed = [chain for chain in wanted if chain != before[chain.kind]]
    for chain in changed:
        rule = session.get(ApprovalRule, (county.id, chain.kind))
        if rule is None:
            rule = ApprovalRule(area_id=county.id, kind=chain.kind)
            session.add(rule)
        rule.seats = {step: list(chain.of(step)) for step in APPROVALS}
        rule.apart = sorted(chain.apart)
    session.flush()
    if changed:
        told = {
            KINDS[one.kind]: {words: named(one.of(step)) or "无" for step, words in APPROVALS.items()}
            | {"分开": "、".join(words for pair, words in APART.items() if pair in one.apart) or "无"}
            for one in changed
        }
        journal.record(session, "approval.arrange", county.uuid, actor, chains=told)


def missing(paper: Paper, chain: Chain) -> list[str]:
    """The seats that must still countersign the checked paper, in the order of the house."""
    there = {one.seat for one in paper.countersigned if one.version == paper.version}
    return [seat for seat in chain.countersign if seat not in there]


def countersign(session: orm.Session, paper: Paper, page: str, text: str, actor: User) -> None:
    """Nothing; the actor's seat agreed to the checked paper, `page` being the SHA-256 of what was seen.

    Raises Refusal where it is not this seat's turn, or the author would countersign the own paper.
    """
    if paper.state != "checked":
        raise Refusal("只有已核稿、还没有签发的文书可以会签。")
    seat, chain = seat_of(actor), chain_of(session, paper)
    if seat not in chain.countersign:
        raise Refusal(f"{KINDS[paper.kind]}不由您会签。")
    if seat not in missing(paper, chain):
        raise Conflict(f"{SEATS[seat]}已经会签。")
    session.add(
        Countersignature(
            paper_id=paper.id, version=paper.version, seat=seat, page=page, text=text, actor_id=actor.id
        )
    )
    session.flush()
    session.expire(paper, ["countersigned"])
    journal.record(session, "paper.countersign", paper.uuid, actor, seat=SEATS[seat])


def why_not(paper: Paper, chain: Chain, user: User, is_author: bool) -> str:
    """Why this user may not take the draft's next step (check, countersign or sign); empty when he may."""
    seat = seat_of(user)
    if paper.state == "draft":
        if is_author and "author_check" in chain.apart:
            return OWN_DRAFT
        return "" if seat in chain.check else f"{KINDS[paper.kind]}由{named(chain.check, '或')}核稿。"
    if is_author:
        return OWN_DRAFT
    if left := missing(paper, chain):
        return "" if seat in left else f"还须{named(left)}会签。"
    if seat not in chain.sign:
        return f"{KINDS[paper.kind]}由{named(chain.sign, '或')}签发。"
    if "check_sign" in chain.apart and paper.checked_by and same_person(user, paper.checked_by):
        return OWN_CHECK
    voices = [one.actor for one in paper.countersigned if one.version == paper.version]
    if "countersign_sign" in chain.apart and any(same_person(user, one) for one in voices):
        return OWN_VOICE
    return ""


def turns(session: orm.Session, user: User) -> dict[str, sa.ColumnElement[bool]]:
    """Step → the papers that wait there for the user's seat, as a condition."""
    rules = list(session.scalars(select(ApprovalRule)))
    own = {step: _turn(user, step, rules) for step in APPROVALS}
    return {
        step: sa.and_(Paper.state == ("draft" if step == "check" else "checked"), own[step]) for step in own
    }


def _turn(user: User, step: str, rules: Collection[ApprovalRule]) -> sa.ColumnElement[bool]:
    seat = seat_of(user)
    voices = select(sa.func.count()).where(
        Countersignature.paper_id == Paper.id, Countersignature.version == Paper.version
    )
    parts: list[sa.ColumnElement[bool]] = [sa.false()]
    for kind, default in shipped().items():
        said = [(sa.literal(rule.area_id), _chain(rule)) for rule in rules if rule.kind == kind]
        others = ~_in_county([area for area, _ in said]) if said else sa.true()
        places = [(_in_county([area]), chain) for area, chain in said] + [(others, default)]
        for here, chain in places:
            if seat in chain.of(step):
                own = voices.where(Countersignature.seat == seat).scalar_subquery() == 0
                whole = voices.scalar_subquery() >= len(chain.countersign)
                when = {"check": sa.true(), "countersign": own, "sign": whole}[step]
                parts.append(sa.and_(Paper.kind == kind, here, when))
    return sa.or_(*parts)


def _in_county(counties: Collection[sa.ColumnElement[int]]) -> sa.ColumnElement[bool]:
    """A paper is about a county or one of its townships."""
    below = select(Area.id).where(sa.or_(Area.id.in_(counties), Area.parent_id.in_(counties)))
    return Paper.township_id.in_(below)


def _faults(chain: Chain) -> str:
    """What is wrong with the chain, in Chinese; empty when nothing is."""
    if chain.kind not in KINDS:
        return "没有这个文种"
    for step, words in APPROVALS.items():
        if odd := set(chain.of(step)) - set(FIT[step]):
            return f"{words}不能由{'、'.join(SEATS.get(one, one) for one in sorted(odd))}办理"
        if step != "countersign" and not chain.of(step):
            return f"{words}至少选择一个岗位"
    if "countersign_sign" in chain.apart and set(chain.sign) <= set(chain.countersign):
        return "签发的岗位都要会签，又规定会签人不签发，就没有人可以签发"
    return "" if chain.apart <= APART.keys() else "没有这种分开办法"
