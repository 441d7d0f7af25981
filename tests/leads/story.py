"""A lead as its tests tell it: a signed S4 paper, two people who agree, a case room that holds a key."""

import json
from collections.abc import Callable

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.fieldwork.models import Deadline
from inspections.findings import gate
from inspections.leads import keys, sealing, transfer
from inspections.leads.models import CaseRoomKey, SealedLead
from tests.factories import make_finding, make_person, make_posting, make_user
from tests.leads.canary import CANARY, SAID

SignIn = Callable[[User], FlaskClient]
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=3072)


def pem(private: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def answer(key: CaseRoomKey, private: rsa.RSAPrivateKey) -> str:
    return private.decrypt(key.challenge, sealing._OAEP).decode()


class Story:
    """A signed S4 paper with its leader, a second person and the case room with a proven key."""

    def __init__(self, session: orm.Session) -> None:
        self.session = session
        person = make_person(session)
        posting = make_posting(session, {person: "leader"})
        self.leader = make_user(session, "leader", person=person)
        self.planner, self.room = make_user(session), make_user(session, "case_room")
        words = {"title": f"{CANARY}底稿", "summary": f"{CANARY}概述", "amount": 4321}
        self.finding = make_finding(session, posting, state="signed", severity="S4", **words)
        values = {"name": "线索处置意见", "start_event": "lead.received", "unit": "day", "source": "规则"}
        session.merge(Deadline(code="DL-12", offset=30, basis_checked=True, **values))
        self.key = keys.enrol(session, pem(PRIVATE), self.room)
        keys.prove(session, self.key, answer(self.key, PRIVATE), self.room)
        self.head = make_user(session, "leadership")
        keys.confirm(session, self.key, self.head)

    def agree(self, what: str = "lead") -> "Story":
        gate.propose(self.session, self.finding, what, self.leader)
        gate.confirm(self.session, self.finding, True, self.planner)
        return self

    def sealed(self) -> SealedLead:
        return transfer.seal(self.session, self.finding, SAID, self.leader)


def closed(lead: SealedLead, body: bytes | None = None) -> sealing.Sealed:
    wrapped = tuple(each.wrapped_key for each in lead.envelopes)
    return sealing.Sealed(wrapped, lead.nonce, body or lead.body)


def opened(lead: SealedLead, private: rsa.RSAPrivateKey) -> dict[str, str]:
    said: dict[str, str] = json.loads(sealing.open_sealed(private, closed(lead), lead.number.encode()))
    assert f"{CANARY}概述" in said.pop("paper")
    return said
