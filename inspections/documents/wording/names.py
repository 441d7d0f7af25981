"""Which names a paper may not say: what the rule finds, what is on record, and what a reader decided."""

from sqlalchemy import orm, select, union

from inspections import journal
from inspections.accounts.models import User
from inspections.database import whole
from inspections.documents.models import NameCheck, Paper
from inspections.naming.masking import Masking
from inspections.naming.names import key
from inspections.people.models import KeyPost, Kin, Office, Person
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Unit


def masking_of(session: orm.Session, paper: Paper | None = None) -> Masking:
    """The masking of a paper: the names on record, and what was decided for it (a list: for any paper)."""
    return Masking(_on_record(session), _places(session), _decided(session, paper))


def decide(session: orm.Session, paper: Paper, word: str, is_name: bool, user: User | None) -> None:
    """Nothing; it stands on record that the word names a person in this paper, or names nobody.

    Raises Refusal once the paper is checked.
    """
    if paper.state != "draft":
        raise Refusal("文书已经核稿，不能再改对姓名的确认；请先退回。")
    row = session.scalar(select(NameCheck).where(NameCheck.paper_id == paper.id, NameCheck.word == key(word)))
    if row is None:
        row = NameCheck(paper_id=paper.id, word=key(word))
        session.add(row)
    row.is_name, row.decided_by = is_name, user
    session.flush()
    said = "是人名" if is_name else "不是人名"
    journal.record(session, "paper.name_check", paper.uuid, user, said=said)


def _decided(session: orm.Session, paper: Paper | None) -> dict[str, bool]:
    wanted = select(NameCheck.word, NameCheck.is_name).order_by(NameCheck.is_name)
    if paper is not None:
        wanted = wanted.where(NameCheck.paper_id == paper.id)
    return dict(session.execute(wanted).all())  # of several papers a name outweighs


def _on_record(session: orm.Session) -> frozenset[str]:
    with whole(session):
        columns = (Person.name, KeyPost.name, Kin.relative_name, User.name)
        return frozenset(session.scalars(union(*(select(column) for column in columns))))


def _places(session: orm.Session) -> frozenset[str]:
    with whole(session):
        columns = (Unit.name, Area.name, Office.name)
        return frozenset(session.scalars(union(*(select(column) for column in columns))))
