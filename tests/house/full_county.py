"""A county with some of everything, which can be given as much again: for counting what its pages ask.

One record of each kind is looked at (`named`); what grows is the lists, and what hangs on those records.
"""

import datetime as dt
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import orm

from inspections import journal
from inspections.accounts.models import User
from inspections.comparisons.models import Exercise
from inspections.database import now, today
from inspections.demands import handling
from inspections.documents.models import Batch, PaperStep
from inspections.fieldwork.checks.models import CheckTask
from inspections.fieldwork.models import Device, DeviceContact, Operation, Quarantined
from inspections.figures.models import CaseCount
from inspections.findings.models import Finding, FindingStep, Photo
from inspections.followup.campaigns.models import CampaignProject, CampaignStep, CampaignTask
from inspections.followup.models import Campaign, Item, ItemStep, LetterPlan, Proof, Reminder, Sorting
from inspections.law.models import Instrument
from inspections.leads.models import CaseRoomKey, CaseRoomKeyStep, LeadEnvelope, LeadStep, SealedLead
from inspections.people.models import Absence, KeyPost, Kin, Person, Tie
from inspections.planning import generate
from inspections.planning.generate import OpenSession
from inspections.questionnaire import polling
from inspections.questionnaire.models import AnswerSheet
from inspections.recusal import readiness, requests
from inspections.recusal.models import Declaration, Training, Waiver
from inspections.rounds.models import Lock, Posting
from inspections.units.models import Area, Blackout, Unit
from inspections.workdays.models import CalendarDay
from inspections.zones import proposals
from tests import factories
from tests.fieldwork.team import COUNT, YES_NO, taxonomy
from tests.planning.county import small_county

SHA = "0" * 64
FACTS = Path(__file__).parents[2] / "docs" / "schemas" / "examples" / "handover.json"


class FullCounty:
    """The county, who looks at it (by role), and what is looked at (by part of its address)."""

    def __init__(self, session: orm.Session) -> None:
        self.session = session
        self.users: dict[str, User] = {}
        #: the team: its people in their seats, the leader first
        self.seated: dict[Person, str] = {}
        #: the random name of what is looked at, by the part of the address before it
        self.named: dict[str, uuid.UUID] = {}
        #: endpoint → further records that are looked at
        self.also: dict[str, list[uuid.UUID]] = {}
        #: the same by endpoint and argument, for the rest and what stands behind ?
        self.words: dict[tuple[str, str], Any] = {}
        #: the numbers of what there is of everything
        self.grown: list[int] = []
        self._ground()
        self._records()
        self.grow(2)
        proposed = proposals.propose(session, self.county, 2, "units", 50, self.users["planner"])
        self.words["zones.page", "name"] = proposed.uuid
        session.commit()

    @property
    def leader(self) -> Person:
        """The person who leads the team."""
        return next(iter(self.seated))

    def grow(self, times: int) -> None:
        """Nothing; there is so much more of everything."""
        for n in range(len(self.grown) + 1, len(self.grown) + times + 1):
            self.grown.append(n)
            person, unit = self._who_and_where(n)
            self._plans(n, person, unit)
            finding = self._field(n, unit)
            self._after(n, finding, unit)
            self._papers(n, finding)
        self.session.commit()

    def solve(self, open_session: OpenSession, townships: int, state: str = "ready") -> None:
        """Nothing; the plan that is looked at is one of so many townships."""
        cycle = small_county(self.session, townships, villages=2, rounds=2, teams=townships)
        cycle.units[0].area.parent.parent = self.county  # type: ignore[union-attr]
        plan = generate.queue(self.session, cycle, seed=1, seconds=2, user=self.users["planner"])
        self.session.commit()
        generate.run(open_session, str(plan.uuid), breath=0)
        self.session.refresh(plan)
        plan.state = state
        pin = {"round": "R1", "units": [cycle.units[0].code], "members": [], "exclude": []}
        self.add(Lock(cycle=cycle, kind="visit", words="某", pin=pin))
        self.session.commit()
        self.named["plans"] = plan.uuid
        self.words["reasons.page", "unit"] = cycle.units[0].code

    def add(self, *rows: Any) -> None:
        self.session.add_all(rows)
        self.session.flush()

    def _ground(self) -> None:
        session = self.session
        self.county = factories.make_area(session, "county", name="清河县", code="QH")
        factories.make_letterhead(session, self.county)
        factories.make_deadlines(session)
        self.zone = factories.make_area(session, "zone", parent=self.county)
        self.town = factories.make_area(session, parent=self.zone, lng=104.0, lat=39.1)
        self.office = factories.make_office(session, self.town)
        self.unit = factories.make_unit(session, self.town, lng=104.01, lat=39.12)
        self.checklist = factories.make_checklist(session)
        factories.make_checklist(session, "department")
        factories.make_recusal_kind(session, "RC-05")
        factories.make_recusal_kind(session, "RC-16", strength="soft")
        taxonomy(session)
        for role in ("planner", "leadership", "case_room", "auditor", "admin"):
            self.users[role] = factories.make_user(session, role, area=self.county)
        for role in ("leader", "member"):
            person = factories.make_person(session, self.office)
            self.users[role] = factories.make_user(session, role, person=person)
            self.seated[person] = "leader" if role == "leader" else "finance"
        self.users["recipient"] = factories.make_user(session, "recipient", township=self.town)

    def _records(self) -> None:
        session, planner = self.session, self.users["planner"]
        self.cycle = factories.make_cycle(session, name="清河周期", units=[self.unit])
        readiness.begin(session, self.cycle.id)
        self.round = factories.make_round(session, self.cycle)
        self.posting = factories.make_posting(session, self.seated, self.unit, round=self.round)
        self.finding = self._finding("draft")
        facts = json.loads(FACTS.read_bytes())
        self.letter = factories.make_paper(session, [self._finding("signed")], facts=facts)
        self.item = factories.make_item(session, self._finding("signed"), due=today())
        self.poll = polling.open_poll(session, self.posting, 200, planner)
        self.key = self._key()
        self.exercise = self._exercise("清河比对")
        self.demand = handling.hear(session, self.unit, "open", "visit", "路灯", planner, self.posting)
        self.request = requests.apply(session, self.unit, "RC-16", "unit", "某同志", "熟人", planner)
        self.waiver = self._waiver(self.leader, self.unit)
        self.lead = self._lead(self._finding("signed", severity="S4"))
        self.batch = Batch(round=self.round, contents=[], made_by_id=planner.id)
        self.check = self._check()
        self.add(self.batch)
        self.project = self._project("C2")
        task, plan = self._task(self.town), self._letter_plan()
        leader = self.leader
        tie = Tie(person=leader, other=self.users["member"].person, kind_code="RC-05", hard=True)
        kin = Kin(person=leader, term="兄", relative_name="某甲", unit=self.unit)
        post = KeyPost(unit=self.unit, post="会计", name="某丙")
        self.add(tie, kin, post)
        self.named = {
            "ties": tie.uuid,
            "kin": kin.uuid,
            "posts": post.uuid,
            "proofs": self._reported(self.item, 0).uuid,
            "accounts": self.users["leader"].uuid,
            "units": self.unit.uuid,
            "people": self.leader.uuid,
            "offices": self.office.uuid,
            "rounds": self.cycle.uuid,
            "parts": self.round.uuid,
            "postings": self.posting.uuid,
            "findings": self.finding.uuid,
            "papers": self.letter.uuid,
            "rectification": self.item.uuid,
            "declarations": self.cycle.uuid,
            "zones": self.zone.uuid,
            "areas": self.unit.area.uuid,
            "demands": self.demand.uuid,
            "recusal": self.request.uuid,
            "waivers": self.waiver.uuid,
            "new": self.cycle.uuid,
            "leads": self.lead.uuid,
            "receipts": self.lead.uuid,
            "batches": self.batch.uuid,
            "comparisons": self.exercise.uuid,
            "checks": self.check.uuid,
            "visits": self.posting.uuid,
            "campaigns": self.project.campaign.uuid,
            "tasks": task.uuid,
        }
        self.words = {
            ("checklists.page", "kind"): "village",
            ("checklists.page", "version"): self.checklist.version,
            ("checklists.workbook", "kind"): "village",
            ("checklists.workbook", "version"): self.checklist.version,
            ("home.help_page", "role"): "planner",
            ("fieldwork.item", "code"): COUNT,
            ("fieldwork.problem", "code"): COUNT,
            ("fieldwork.section", "code"): "X",
            ("letterheads.edit", "code"): "QH",
            ("own_words.page", "code"): "QH",
            ("approval.page", "code"): "QH",
            ("letter_plans.signed_page", "name"): plan.uuid,
            ("own_words.page", "kind"): "handover",
            ("figures.behind_items", "which"): "overdue",
            ("figures.behind_records", "which"): "visits",
            ("questionnaire.answer", "token"): self.poll.token,
            ("law.page", "code"): "X",
            ("amending.page", "code"): self.round.code,
            ("sync.changes", "visit"): self.posting.uuid,
            ("sync.papers", "visit"): self.posting.uuid,
        }
        self.draft = factories.make_paper(session, [self._finding("signed")], state="draft")
        signed = self._finding("signed")
        self.also = {"documents.page": [self.draft.uuid], "findings.paper": [signed.uuid]}
        self.add(Instrument(code="X", title="某法", short_title="某法", kind="law", state="in_force"))

    def _who_and_where(self, n: int) -> tuple[Person, Unit]:
        """One more of each: township, unit, office, colleague, account, tie, relative, post, absence."""
        session, day = self.session, today()
        leader = self.leader
        town = factories.make_area(session, parent=self.zone, lng=104.0 + n / 50, lat=39.1)
        unit = factories.make_unit(session, town, lng=104.01 + n / 50, lat=39.12)
        person = factories.make_person(session, self.office, home_unit=unit)
        factories.make_person(session, factories.make_office(session, town))
        factories.make_user(session, "leader", person=person)
        factories.make_user(session, "planner", area=self.county)
        factories.make_user(session, "recipient", township=town)
        beside = factories.make_unit(session, self.town)
        self.cycle.units += [unit, beside]
        self.add(
            Tie(person=leader, unit=unit, kind_code="RC-16", hard=False),
            Tie(person=person, unit=self.unit, kind_code="RC-05", hard=True),
            Tie(person=person, other=leader, kind_code="RC-05", hard=True),
            Kin(person=leader, term="兄", relative_name=f"某甲{n}", unit=unit),
            Kin(person=person, term="兄", relative_name=f"某乙{n}", unit=self.unit),
            KeyPost(unit=self.unit, post="会计", name=f"某丙{n}"),
            KeyPost(unit=unit, post="会计", name=f"某丁{n}"),
            Absence(person=person, start=day, end=day, entered_by_id=self.users["planner"].id),
            Absence(person=leader, start=day, end=day, entered_by_id=self.users["leader"].id),
            Blackout(name=f"农忙{n}", start=day, end=day, area=town, kinds=["village"]),
            CalendarDay(day=day + dt.timedelta(days=n), works=False),
        )
        for subject in (unit.uuid, self.unit.uuid, self.cycle.uuid, self.letter.uuid, person.uuid):
            journal.record(session, "unit.edit", subject, self.users["planner"])
        return person, unit

    def _plans(self, n: int, person: Person, unit: Unit) -> None:
        """One more: cycle, round of the cycle, request, waiver, declaration, training."""
        session, planner = self.session, self.users["planner"]
        another = factories.make_cycle(session, units=[unit, self.unit])
        factories.make_round(session, another)
        past = today() - dt.timedelta(days=30 + n)
        over = factories.make_round(session, another, start=past)
        former = self._finding("signed", posting=factories.make_posting(session, {}, self.unit, round=over))
        self._sorted(former)
        factories.make_round(session, self.cycle)
        requests.apply(session, unit, "RC-16", "unit", "某同志", "熟人", planner)
        requests.apply(session, self.unit, "RC-16", "unit", "某同志", "熟人", self.users["recipient"])
        self._waiver(person, unit)
        training = Training(cycle_id=self.cycle.id, day=today(), topic="培训", recorded_by_id=planner.id)
        training.people.append(person)
        said = {"cycle_id": self.cycle.id, "nil": True, "said": []}
        self.add(training, Declaration(person=person, **said))
        self.add(Declaration(person=self.leader, **said))

    def _field(self, n: int, unit: Unit) -> Finding:
        """One more: visit of the team, visit elsewhere, answer, paper, photograph, tablet, refused edit."""
        session, leader = self.session, self.users["leader"]
        plan = self.posting.team.plan
        again = factories.make_posting(session, self.seated, unit, round=self.round, plan=plan)
        other = factories.make_posting(session, {}, self.unit, round=self.round, plan=plan)
        polling.open_poll(session, again, 200, self.users["planner"])
        for posting, field in ((self.posting, "answer"), (self.posting, "note"), (again, "answer")):
            self._operation(posting, COUNT if n % 2 else YES_NO, field, n)
        signed = self._finding("signed", posting=again)
        self._finding("signed", posting=other)
        self._finding("submitted")
        for finding in (self.finding, signed, None):
            self._photo(finding)
        self.add(FindingStep(finding=self.finding, revision=1, state="draft", actor=leader))
        tablet = Device(id=uuid.uuid4(), user=leader, waiting=0, client=1)
        body = {"refused": "not_in_team", "item": COUNT, "field": "answer", "kind": "set", "value": 3}
        refused = {"operation_id": uuid.uuid4(), "sha256": SHA, "device": str(tablet.id), "body": body}
        self.add(
            tablet,
            DeviceContact(device=tablet, user=leader),
            DeviceContact(device=tablet, user=self.users["member"]),
        )
        self.add(Quarantined(posting_id=self.posting.id, author=leader, **refused))
        for _ in range(5):
            self.add(AnswerSheet(id=uuid.uuid4(), poll_id=self.poll.id, said={}))
        polling.together(session, self.poll)
        for where in (self.posting, again):
            handling.hear(session, where.unit, "open", "visit", "路灯", leader, where)
        return signed

    def _after(self, n: int, finding: Finding, unit: Unit) -> None:
        """One more of what becomes of it: sorted, handed over, step with proof, reminder, lead, hit."""
        session, planner = self.session, self.users["planner"]
        self._sorted(self._finding("signed"))
        item = factories.make_item(session, finding, due=today() - dt.timedelta(days=1))
        mine = factories.make_item(session, self._finding("signed"), due=today())
        for each in (self.item, mine, item):
            self._reported(each, n)
        campaign = {"category": f"A{n}", "text": "共性", "proposed_by": planner}
        self.add(Campaign(round_id=self.round.id, findings=[finding], **campaign))
        self._project(f"B{n}")
        self._task(unit.area)
        self._letter_plan()
        self.item.partners.append(unit)
        item.partners.append(self.unit)
        lead = self._lead(self._finding("signed", severity="S4"))
        for known in (lead, self.lead):
            self.add(LeadStep(lead=known, what="received", actor=self.users["case_room"]))
        self.add(
            CaseCount(
                county=self.county,
                month=dt.date(2020 + n // 12, n % 12 + 1, 1),
                leads=1,
                persons=1,
                actor=planner,
            )
        )
        self._exercise(f"比对{n}")
        self._check()

    def _project(self, category: str) -> CampaignProject:
        """An adopted campaign that is under way."""
        planner = self.users["planner"]
        adopted = {"category": category, "text": "共性", "state": "adopted", "proposed_by": planner}
        campaign = Campaign(round_id=self.round.id, findings=[self._finding("signed")], **adopted)
        days = {"starts_on": today(), "ends_on": today()}
        project = CampaignProject(campaign=campaign, lead=self.unit, plan="核对", opened_by=planner, **days)
        self.add(campaign, project)
        return project

    def _task(self, town: Area) -> CampaignTask:
        """A township's task in the project that is looked at, with a step."""
        task = CampaignTask(project=self.project, township=town, text="核对", due=today())
        self.add(task)
        self.add(
            CampaignStep(task_id=task.id, state="given", text="", actor=factories.make_user(self.session))
        )
        return task

    def _letter_plan(self) -> LetterPlan:
        data = b"x"
        page = {"name": "方案.txt", "media_type": "text/plain", "data": data}
        digest = hashlib.sha256(data).hexdigest()
        plan = LetterPlan(
            paper_id=self.item.paper_id,
            held_on=today(),
            leader="某",
            sha256=digest,
            actor_id=self.users["recipient"].id,
            **page,
        )
        self.add(plan)
        return plan

    def _sorted(self, finding: Finding) -> None:
        said = {"way": "deadline", "category": "A1", "severity": "S2", "responsible": "某"}
        self.add(Sorting(finding=finding, disposal="FD1", actor=self.users["planner"], **said))

    def _reported(self, item: Item, n: int) -> Proof:
        """The proof of one more step; there is one more reminder, too."""
        step = ItemStep(item=item, action="report_progress", state="rectifying", actor=self.users["planner"])
        data = b"x"
        file = {"what": "document", "name": "证明.txt", "media_type": "text/plain", "data": data}
        proof = Proof(step=step, item=item, sha256=hashlib.sha256(data).hexdigest(), size=1, **file)
        told = {"kind": "DL-16", "name": "周提醒", "due_on": today() + dt.timedelta(days=n)}
        self.add(step, proof, Reminder(item=item, channel="desk", to="某镇", text="请", **told))
        return proof

    def _papers(self, n: int, finding: Finding) -> None:
        """One more letter to the township, finding in the letter, step of the letter, batch."""
        session, planner = self.session, self.users["planner"]
        factories.make_paper(session, [self._finding("signed")])
        factories.make_paper(session, [self._finding("signed")], state="draft")
        for letter in (self.letter, self.draft):
            letter.findings.append(self._finding("signed"))
        self.add(PaperStep(paper=self.letter, what="delivered", day=today(), person="某", actor=planner))
        self.add(Batch(round=self.round, contents=[], made_by_id=planner.id))

    def _finding(self, state: str, posting: Posting | None = None, **given: Any) -> Finding:
        given.setdefault("author", self.users["leader"])
        return factories.make_finding(self.session, posting or self.posting, state=state, **given)

    def _operation(self, posting: Posting, item: str, field: str, n: int) -> None:
        said: Any = n if item == COUNT else "no"
        where = {"posting_id": posting.id, "checklist_id": self.checklist.id, "item": item, "field": field}
        value = said if field == "answer" else "某"
        by = {"author_id": self.users["leader"].id, "device": "web", "client_time": now()}
        self.add(Operation(id=uuid.uuid4(), kind="set", value=value, **where, **by))

    def _photo(self, finding: Finding | None) -> Photo:
        about = {"finding_id": finding.id} if finding else {"item_code": COUNT}
        posting = finding.posting if finding else self.posting
        picture = {"media_type": "image/jpeg", "width": 1, "height": 1, "size": 1, "sha256": SHA}
        photo = Photo(
            id=uuid.uuid4(),
            posting=posting,
            unit_id=posting.unit_id,
            author=self.users["leader"],
            **picture,
            **about,
        )
        self.add(photo)
        return photo

    def _waiver(self, person: Person, unit: Unit) -> Waiver:
        said = {"kinds": ["RC-05"], "grounds": ["亲属"], "reason": "无人可换"}
        waiver = Waiver(
            cycle_id=self.cycle.id, person=person, unit=unit, asked_by=self.users["planner"], **said
        )
        self.add(waiver)
        return waiver

    def _key(self) -> CaseRoomKey:
        public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
        form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        key = CaseRoomKey(
            public_pem=public.public_bytes(*form).decode(),
            fingerprint=SHA,
            challenge=b"x",
            answer_sha256=SHA,
            enrolled_by=self.users["case_room"],
        )
        self.add(key)
        for what, who in (("proved", "case_room"), ("confirmed", "leadership")):
            of_key = {"key_id": key.id, "enrolled_by_id": key.enrolled_by_id}
            self.add(CaseRoomKeyStep(what=what, actor=self.users[who], **of_key))
        return key

    def _lead(self, finding: Finding) -> SealedLead:
        sealed = {"nonce": b"x", "body": b"x", "sha256": SHA}
        envelopes = [LeadEnvelope(key=self.key, wrapped_key=b"x")]
        lead = SealedLead(
            number=f"线索{finding.id}", finding=finding, unit_id=finding.unit_id, envelopes=envelopes,
            sealed_by=self.users["leader"], **sealed,
        )  # fmt: skip
        self.add(lead)
        return lead

    def _exercise(self, name: str) -> Exercise:
        said = {"purpose": "核对", "basis": "方案", "until": today(), "state": "done"}
        exercise = Exercise(name=name, area_id=self.county.id, proposed_by=self.users["planner"], **said)
        self.add(exercise)
        return exercise

    def _check(self) -> CheckTask:
        hit = {"model": "M01", "grade": "strong", "subject": "某", "reason": "同名", "rows": [], "lot": 1}
        said = {"title": "死亡后领取", "ask": "谁支取", "groups": ["X"], "category": "E1", "severity": "S4"}
        check = CheckTask(
            exercise_id=self.exercise.id, unit_id=self.unit.id, source="comparison", **hit, **said
        )
        self.add(check)
        return check
