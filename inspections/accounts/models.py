"""The account with which a person signs in. It holds a role and a place, never a password in clear."""

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, orm

from inspections.accounts.duties import DUTIES
from inspections.accounts.permissions import POWERS, ROLES, Reach
from inspections.database import Base, Named, now

if TYPE_CHECKING:
    from inspections.people.models import Person
    from inspections.units.models import Area, Unit


_POWER = sa.text(f"role IN ({', '.join(repr(role) for role in POWERS)}) AND (active OR awaits)")


class User(UserMixin, Named, Base):
    """Someone who may sign in. Changing `session_version` ends every session the account has."""

    __tablename__ = "users"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    login: orm.Mapped[str] = orm.mapped_column(unique=True)
    name: orm.Mapped[str]
    role: orm.Mapped[str]
    #: what it does in the house: who checks and who signs papers (`duties`)
    duty: orm.Mapped[str] = orm.mapped_column(default="")
    password_hash: orm.Mapped[str]
    must_change: orm.Mapped[bool] = orm.mapped_column(default=False)
    active: orm.Mapped[bool] = orm.mapped_column(default=True)
    #: whether it takes effect only when a leader has confirmed it
    awaits: orm.Mapped[bool] = orm.mapped_column(default=False)
    session_version: orm.Mapped[int] = orm.mapped_column(default=1)
    #: of the second factor, sealed; the time step whose code was used last, which counts no more
    totp_secret: orm.Mapped[str | None]
    totp_step: orm.Mapped[int | None]
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    #: the roster entry of a team member; the township or the one unit that a recipient answers for
    person_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("people.id"))
    township_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("areas.id"))
    unit_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("units.id"))
    #: the county or city that the account works for and beyond which it sees nothing; None: the installation
    area_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("areas.id"))

    person: orm.Mapped["Person | None"] = orm.relationship()
    township: orm.Mapped["Area | None"] = orm.relationship(foreign_keys=township_id)
    area: orm.Mapped["Area | None"] = orm.relationship(foreign_keys=area_id)
    unit: orm.Mapped["Unit | None"] = orm.relationship()

    __table_args__ = (
        CheckConstraint(
            f"role IN ({', '.join(repr(role) for role in ROLES if role != 'anonymous')})", "role"
        ),
        CheckConstraint(f"duty IN ({', '.join(repr(duty) for duty in DUTIES)})", "duty"),
        CheckConstraint("duty = '' OR role IN ('planner', 'leadership')", "duty_in_the_house"),
        CheckConstraint("NOT (active AND awaits)", "confirmed_before_active"),
        CheckConstraint(
            "role <> 'recipient' OR (township_id IS NULL) <> (unit_id IS NULL)", "recipient_has_one_place"
        ),
        sa.Index(
            "uq_users_one_power_each", "person_id", unique=True, sqlite_where=_POWER, postgresql_where=_POWER
        ),
    )

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def role_name(self) -> str:
        """The role in Chinese, e.g. 县统筹."""
        return ROLES[self.role]

    def get_id(self) -> str:
        """What the session cookie holds: the random name and the session version."""
        return f"{self.uuid}:{self.session_version}"

    @classmethod
    def within(cls, reach: Reach, user: "User") -> sa.ColumnElement[bool]:
        """Accounts in reach: `own` is one's own account."""
        return cls.id == user.id if reach is Reach.OWN else sa.false()
