"""The stored key of a name: a column that follows the name beside it, for look-ups."""

from sqlalchemy import orm
from sqlalchemy.engine.default import DefaultExecutionContext

from inspections.naming.names import key


class NameKey:
    """A row with a `name`: `name_key` is what is compared and searched."""

    @orm.declared_attr
    def name_key(cls) -> orm.Mapped[str]:  # noqa: N805 - SQLAlchemy hands the class over
        return orm.mapped_column(index=True, default=_default)

    @orm.validates("name")
    def _follow(self, _field: str, name: str) -> str:
        self.name_key = key(name)
        return name


def _default(context: DefaultExecutionContext) -> str:
    """The key for a row that is written without its class."""
    return key(str(context.get_current_parameters()["name"]))
