"""A simulated half-year of the fictional county: 24 rounds, what they found, what became of it, the report.

Its size is that of a publicised half-year (24 轮次、300 余个问题、24 份交办函、3 份建议书、5 条线索、19 人).
Every step goes through the function that a page calls, each on its own day.
"""

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.database import at
from inspections.documents.course import issue, occasions
from inspections.figures.models import CaseCount
from inspections.findings import drafting, gate, review
from inspections.findings.models import Finding, TaxonomyEntry
from inspections.findings.sample_photo import draw_photo
from inspections.followup import checking, rectification, sorting
from inspections.followup.models import Item
from inspections.followup.proofs import receive
from inspections.followup.rectification import Act
from inspections.leads import keys, sealing, transfer
from inspections.people.models import Person
from inspections.planning import generate, publish
from inspections.recusal import readiness
from inspections.rounds import cycles
from inspections.rounds.models import Cycle, Posting, Round
from inspections.sample import counties
from inspections.sample.catalogue import load_catalogue
from inspections.sample.letters import send_out
from inspections.sample.tables import SHANGHAI
from inspections.units.models import Area, Unit
from inspections.wording import chinese_number

OpenSession = Callable[[], orm.Session]

FIRST_MONDAY = dt.date(2026, 1, 5)
ROUNDS, LEADS, ADVICE, PERSONS = 24, 5, 3, 19
PERIOD = "2026-H1"
#: problems of one visit; the share that is not put right by the end, and that turns out weak on site
PER_VISIT, UNDONE, WEAK = (3, 4), 0.07, 0.05
SOLVE_SECONDS = 5


def simulate(open_session: OpenSession, rounds: int = ROUNDS, seed: int = 1) -> uuid.UUID:
    """The random name of the printed report; the database holds the half-year that it is about.

    `rounds` fewer than 24 make a shorter one for tests.
    """
    draw = random.Random(seed)  # noqa: S311 (no secret is drawn)
    with open_session() as session:
        load_catalogue(session)
        counties.load_rosters(session)
        with at(_moment(FIRST_MONDAY - dt.timedelta(days=30))):
            _people(session)
        session.commit()
    kinds: list[str] = []
    for number, (town, units) in enumerate(_slices(open_session, rounds)):
        _round(open_session, number, town, units, draw, kinds)
    _leads(open_session, min(LEADS, rounds))
    _advice(open_session)
    with open_session() as session:
        for item in session.scalars(select(Item).order_by(Item.id)):
            _put_right(session, item, draw)
        _cases(session)
        session.commit()
    return _report(open_session)


def _moment(day: dt.date, clock: str = "10:00") -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI)


def _people(session: orm.Session) -> None:
    """Accounts of the office, and a liaison for every township."""
    for login, role, duty in (
        ("planner", "planner", ""),
        ("office", "planner", "office"),
        ("leadership", "leadership", "deputy"),
        ("secretary", "leadership", "secretary"),
        ("caseroom", "case_room", ""),
    ):
        _account(session, login, role, duty=duty)
    for area in session.scalars(select(Area).where(Area.kind == "township")):
        if area.ancestor("county").code == "QH":  # type: ignore[union-attr]
            _account(session, f"liaison-{area.code}", "recipient", township=area)


def _account(session: orm.Session, login: str, role: str, **given: object) -> User:
    """An account that nobody can sign in with: the half-year is only read."""
    known = session.scalar(select(User).where(User.login == login))
    if known is None:
        known = User(login=login, name=login, role=role, password_hash="none", **given)  # noqa: S106
        if role in ("leader", "member"):
            known.name = known.person.name  # type: ignore[union-attr]
        session.add(known)
        session.flush()
    return known


def _user(session: orm.Session, login: str) -> User:
    return session.scalars(select(User).where(User.login == login)).one()


def _slices(open_session: OpenSession, rounds: int) -> Iterator[tuple[str, list[str]]]:
    """A township and the codes of the villages that a round visits in it, so many rounds in all."""
    with open_session() as session:
        villages: dict[str, list[str]] = defaultdict(list)
        wanted = (
            select(Unit).where(Unit.planning_only.is_(False), Unit.kind != "department").order_by(Unit.code)
        )
        for unit in session.scalars(wanted):
            villages[unit.area.code].append(unit.code)
    total = sum(map(len, villages.values()))
    parts = {code: max(1, round(ROUNDS * len(units) / total)) for code, units in villages.items()}
    while sum(parts.values()) != ROUNDS:
        gap = 1 if sum(parts.values()) < ROUNDS else -1
        parts[max(parts, key=lambda code: gap * len(villages[code]) / parts[code])] += gap
    made = [(code, units[at :: parts[code]]) for code, units in villages.items() for at in range(parts[code])]
    yield from made[:rounds]


def _round(
    open_session: OpenSession, number: int, town: str, codes: list[str], draw: random.Random, kinds: list[str]
) -> None:
    """One week: planned, published, visited, signed, sorted and handed over."""
    monday = FIRST_MONDAY + dt.timedelta(days=7 * number)
    with open_session() as session, at(_moment(monday - dt.timedelta(days=10))):
        units = session.scalars(select(Unit).where(Unit.code.in_(codes)).order_by(Unit.code)).all()
        cycle = _cycle(session, f"2026年第{chinese_number(number + 1)}轮", monday, units)
        plan = generate.queue(session, cycle, number, SOLVE_SECONDS, _user(session, "planner"))
        session.commit()
        name, cycle_id = str(plan.uuid), cycle.id
    generate.run(open_session, name)
    with open_session() as session:
        plan = session.get_one(Cycle, cycle_id).plans[-1]
        with at(_moment(monday - dt.timedelta(days=7))):
            publish.submit(session, plan, plan.version, "", _user(session, "planner"))
            publish.approve(session, plan, plan.version, "样例", _user(session, "leadership"))
            publish.publish(session, plan, plan.version, str(plan.number), _user(session, "planner"))
        for posting in session.scalars(select(Posting).where(Posting.team.has(plan_id=plan.id))):
            _visit(session, posting, monday, draw, kinds)
        session.commit()
    with open_session() as session, at(_moment(monday + dt.timedelta(days=11))):
        round_ = session.get_one(Cycle, cycle_id).rounds[0]
        area = session.scalars(select(Area).where(Area.code == town)).one()
        paper = issue.draft(session, "handover", round_, area, _user(session, "planner"))
        send_out(session, paper, _user(session, "planner"), _user(session, "leadership"))
        session.commit()
        key = issue.job_key(paper)
        issue.render_job(open_session, key)


def _cycle(session: orm.Session, name: str, monday: dt.date, units: Sequence[Unit]) -> Cycle:
    planner = _user(session, "planner")
    setting = cycles.Setting(name, "county_wide", "1+2+N", tuple(units))
    rounds = cycles.first_rounds(1, monday, days=5, pause=0, teams=len(units), visits=1)
    cycle = cycles.create(session, setting, rounds, planner)
    reason = "模拟半年，不逐人申报"
    readiness.set_rule(session, cycle.id, cycle.uuid, False, False, reason, planner)
    return cycle


def _visit(
    session: orm.Session, posting: Posting, monday: dt.date, draw: random.Random, kinds: list[str]
) -> None:
    """The signed working papers of one village, written by a member and signed by the leader."""
    if not kinds:
        wanted = select(TaxonomyEntry).where(TaxonomyEntry.kind == "subcategory").order_by(TaxonomyEntry.code)
        kinds += [entry.code for entry in session.scalars(wanted)]
    seats = {seat.slot: seat.person for seat in reversed(posting.team.members)}
    leader = _of(session, seats["leader"], "leader")
    author = _of(session, next(person for slot, person in seats.items() if slot != "leader"), "member")
    names = {
        entry.code: entry
        for entry in session.scalars(select(TaxonomyEntry).where(TaxonomyEntry.kind == "subcategory"))
    }
    for n in range(draw.randint(*PER_VISIT)):
        # a few kinds are common, as everywhere
        kind = names[kinds[min(int(draw.expovariate(0.12)), len(kinds) - 1)]]
        day = monday + dt.timedelta(days=min(n, 4))
        severity = kind.default_severity if kind.default_severity in ("S1", "S2", "S3") else "S2"
        with at(_moment(day, "15:00")):
            finding = drafting.draft(
                session, posting, author, _said(posting.unit, kind, severity, draw), uuid.uuid4()
            )
            review.submit(session, finding, author, finding.current.n)
        _second_look(session, finding, _moment(day, "18:00"))
        with at(_moment(day + dt.timedelta(days=1), "17:00")):
            review.sign(session, finding, leader, finding.current.n)


def _second_look(session: orm.Session, finding: Finding, moment: dt.datetime) -> None:
    """Nothing; another specialist of the team has looked at the paper, where there is one with an account."""
    if finding.state == "in_review":
        with at(moment):
            review.check(session, finding, review.reviewers(session, finding)[0], finding.current.n)


def _of(session: orm.Session, person: Person, role: str) -> User:
    """The account of that person, made where there is none."""
    known = session.scalar(select(User).where(User.person_id == person.id))
    if known is None:
        return _account(session, f"half-{person.code}", role, person=person)
    if role == "leader":
        known.role = "leader"
    return known


def _said(unit: Unit, kind: TaxonomyEntry, severity: str, draw: random.Random) -> drafting.Said:
    cases = draw.randint(1, 6)
    return drafting.Said(
        title=kind.name,
        category=kind.code,
        severity=severity,
        summary=f"{unit.name}抽查{cases + draw.randint(2, 10)}项，其中{cases}项存在“{kind.name}”的情形。",
        process="查阅资料并现场核对。",
        method="查阅资料",
        place=f"{unit.name}村部",
        basis="本县驻点监督问题类别目录",
        responsible=f"{unit.name}党组织、村（居）民委员会",
        evidence="凭证复制件",
    )


def _leads(open_session: OpenSession, count: int) -> None:
    """Grave papers that two people take for leads, each sealed for the case room, one a round."""
    with open_session() as session:
        office = _user(session, "caseroom")
        private = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        pem = private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        key = keys.enrol(session, pem.decode(), office)
        keys.prove(session, key, sealing.unwrap(private, key.challenge).decode(), office)
        keys.confirm(session, key, _user(session, "leadership"))
        session.commit()  # what is not linked yet seals nothing
        kind = session.scalars(
            select(TaxonomyEntry).where(TaxonomyEntry.kind == "subcategory").order_by(TaxonomyEntry.code)
        ).first()
        rounds = session.scalars(select(Round).order_by(Round.start).limit(count)).all()
        for round_ in rounds:
            posting = session.scalars(select(Posting).where(Posting.team.has(round_id=round_.id))).first()
            if posting is None or kind is None:
                continue
            seats = {seat.slot: seat.person for seat in reversed(posting.team.members)}
            leader = _of(session, seats["leader"], "leader")
            with at(_moment(round_.start + dt.timedelta(days=4))):
                said = drafting.Said("须研判的事项", kind.code, "S4", "检查中发现须研判的事项。")
                finding = drafting.draft(session, posting, leader, said, uuid.uuid4())
                review.submit(session, finding, leader, 1)
            _second_look(session, finding, _moment(round_.start + dt.timedelta(days=4)))
            with at(_moment(round_.start + dt.timedelta(days=4))):
                review.sign(session, finding, leader, 1)
                gate.propose(session, finding, "lead", leader)
                gate.confirm(session, finding, True, _user(session, "planner"))
                words = {"person": "化名某", "matter": "模拟线索，没有真实内容"}
                transfer.seal(session, finding, words, leader)
        session.commit()


def _advice(open_session: OpenSession) -> None:
    """Three kinds of problem that most villages of a round share, adopted and written about."""
    made = 0
    with open_session() as session:
        planner, leadership = _user(session, "planner"), _user(session, "leadership")
        for round_ in session.scalars(select(Round).order_by(Round.start)).all():
            shared = sorting.clusters(session, round_)
            if not shared or made == ADVICE:
                continue
            made += 1
            with at(_moment(round_.start + dt.timedelta(days=14))):
                text = "开展专项清理，明确责任分工和完成时限"
                campaign = sorting.propose(session, round_, shared[0].category, text, planner)
                sorting.decide(session, campaign, True, "", leadership)
                session.flush()
                paper = occasions.draft(session, f"advice/{campaign.uuid}", planner)
                wording = {"to": "县农业农村局", "appraisal": "责任分工不清，日常核对没有坚持"}
                issue.revise(session, paper, wording, paper.version, planner)
                send_out(session, paper, planner, leadership)
                session.commit()
                issue.render_job(open_session, issue.job_key(paper))


def _put_right(session: orm.Session, item: Item, draw: random.Random) -> None:
    """One problem along its way: most are closed in time, some late, some weak at first, some not at all."""
    liaison = session.scalars(
        select(User).where(User.role == "recipient", User.township_id == item.township_id)
    ).one()
    planner = _user(session, "planner")
    end, pace = dt.date(2026, 6, 30), (item.due - item.served_on).days / 30

    def step(days: float, action: str, actor: User, **what: object) -> bool:
        day = item.served_on + dt.timedelta(days=max(1, round(days * pace)))
        if day > end:
            return False
        with at(_moment(day)):
            rectification.act(session, item, action, actor, item.version, Act(**what))  # type: ignore[arg-type]
        return True

    if not step(2, "sign_receipt", liaison) or draw.random() < UNDONE:
        return
    if item.way != "at_once":
        words = {"measures": "逐项核对，限期改正", "persons": "村党组织书记"}
        if not step(8, "submit_plan", liaison, until=item.due, **words) or not step(
            10, "accept_plan", planner
        ):
            return
    late = draw.random() < 0.06
    if not step(34 if late else 18, "report_done", liaison, text="已经改正", files=_proofs()):
        return
    checker = next(user for user in _checkers(session) if not checking.why_not(session, item, user))
    if not step(36 if late else 22, "assign_check", planner, checker=checker):
        return
    if draw.random() < WEAK:
        step(38 if late else 24, "rate_weak", checker, text="仍有个别项目没有改到位", files=_proofs()[1:])
        return
    if step(38 if late else 24, "rate_good", checker, text="现场查看，情况属实", files=_proofs()[1:]):
        step(40 if late else 26, "close", _user(session, "leadership"))


def _proofs() -> tuple[object, ...]:
    if not _PROOFS:
        _PROOFS.extend(receive(what, f"{what}.jpg", draw_photo("road", what)) for what in ("before", "after"))
    return tuple(_PROOFS)


_PROOFS: list[object] = []


def _checkers(session: orm.Session) -> Iterator[User]:
    yield from session.scalars(select(User).where(User.role == "leader").order_by(User.id))


def _cases(session: orm.Session) -> None:
    """The case room's counts, spread over six months; their sums are those of the publicised practice."""
    county = session.scalars(select(Area).where(Area.code == "QH")).one()
    office = _user(session, "caseroom")
    for month in range(1, 7):
        leads = 1 if month <= LEADS else 0
        persons = PERSONS // 6 + (1 if month <= PERSONS % 6 else 0)
        day = dt.date(2026, month, 1)
        count = CaseCount(county=county, month=day, leads=leads, persons=persons, actor_id=office.id)
        session.merge(count)
    session.flush()


def _report(open_session: OpenSession) -> uuid.UUID:
    """The half-year's 综合报告, printed."""
    with open_session() as session, at(_moment(dt.date(2026, 7, 6))):
        planner = _user(session, "planner")
        county = session.scalars(select(Area).where(Area.code == "QH")).one()
        paper = occasions.draft(session, f"round_report/{county.uuid}/{PERIOD}", planner)
        wording = {
            "signer": "王某某",
            "appraisal": "坚持交叉派员、入户走访和一问题一底稿，当日录入、当周复核",
            "causes": ["制度执行不严，日常核对没有坚持", "村级会计、报账员业务培训不足"],
            "suggestions": ["对多发问题开展专项治理", "把整改情况纳入年度考核"],
        }
        issue.revise(session, paper, wording, paper.version, planner)
        send_out(session, paper, planner, _user(session, "leadership"))
        session.commit()
        issue.render_job(open_session, issue.job_key(paper))
        return paper.uuid
