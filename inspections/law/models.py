"""Instruments by version and the articles somebody read. A county's own rules stand in the same tables."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.database import Base

KINDS = {
    "law": "法律",
    "regulation": "行政法规",
    "party_rule": "党内法规",
    "department_rule": "部门规章和文件",
    "policy": "政策文件",
    "county": "本县规定",
}
#: how sure the library is that a version holds between its dates
STATES = {
    "in_force": "现行有效",
    "presumed": "推定有效，待核",
    "unverified": "只见名称，待核",
    "doubtful": "可能已被取代，待核",
    "superseded": "已被取代",
    "not_yet": "尚未施行",
}
PLACES = {"all": "不限", "village": "村", "community": "社区", "department": "单位"}


class Instrument(Base):
    """One version of a law, regulation, party rule or document; another version is another row."""

    __tablename__ = "law_instruments"

    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    #: as a letter writes it between 《》, without year and number
    title: orm.Mapped[str]
    short_title: orm.Mapped[str]
    #: 民发〔2021〕57号; empty where it has none
    number: orm.Mapped[str] = orm.mapped_column(default="")
    kind: orm.Mapped[str]
    issued_by: orm.Mapped[str] = orm.mapped_column(default="")
    #: the year by which the version is told from others: 2018 in 村民委员会组织法（2018修正）
    year: orm.Mapped[int | None]
    in_force_from: orm.Mapped[dt.date | None]
    in_force_to: orm.Mapped[dt.date | None]
    #: code of the version before
    replaces: orm.Mapped[str] = orm.mapped_column(default="")
    #: how many articles it has; None where nobody counted
    articles: orm.Mapped[int | None]
    applies_to: orm.Mapped[str] = orm.mapped_column(default="all")
    state: orm.Mapped[str]
    #: the day up to which the state was looked at
    as_of: orm.Mapped[dt.date | None]
    #: whether the county entered it itself
    own: orm.Mapped[bool] = orm.mapped_column(default=False)

    read: orm.Mapped[list["Article"]] = orm.relationship(
        back_populates="instrument", order_by="Article.position"
    )

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", "kind"),
        CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", "state"),
        CheckConstraint(f"applies_to IN ({', '.join(map(repr, PLACES))})", "applies_to"),
        CheckConstraint("in_force_to IS NULL OR in_force_from <= in_force_to", "period"),
    )


class Article(Base):
    """The gist of one article in our words; `checked` only where the wording itself was read."""

    __tablename__ = "law_articles"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    instrument_code: orm.Mapped[str] = orm.mapped_column(ForeignKey("law_instruments.code"), index=True)
    position: orm.Mapped[int]
    #: 第三十条, or 一、1 where a document has no articles
    label: orm.Mapped[str]
    gist: orm.Mapped[str]
    checked: orm.Mapped[bool] = orm.mapped_column(default=False)
    #: where the same matter stood in the version before: CZF-2018#26
    was: orm.Mapped[str] = orm.mapped_column(default="")
    entered_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    checked_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))

    instrument: orm.Mapped[Instrument] = orm.relationship(back_populates="read")
    entered_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=[entered_by_id])

    __table_args__ = (
        UniqueConstraint("instrument_code", "label"),
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> entered_by_id", "two_people"),
    )
