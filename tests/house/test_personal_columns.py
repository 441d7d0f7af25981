"""Every column that can say something about a person is named in seeds/pii.toml, with what it says."""

import tomllib

import sqlalchemy as sa

from inspections import all_models
from inspections.database import Base, UtcDateTime
from inspections.site.settings import ROOT

CLASSES = {"who", "contact", "kin", "work", "words", "secret", "none"}
#: what cannot say anything about a person by itself
MUTE = (sa.Integer, sa.Boolean, sa.Uuid, sa.Numeric, sa.Float, UtcDateTime)


def speaking() -> set[str]:
    all_models()
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if not isinstance(column.type, MUTE)
        and not (column.foreign_keys and not isinstance(column.type, sa.String))
    }


def test_every_column_has_its_class() -> None:
    told = tomllib.loads((ROOT / "seeds" / "pii.toml").read_text("utf-8"))["columns"]
    assert speaking() - told.keys() == set(), "say in seeds/pii.toml what these columns say about a person"
    assert told.keys() - speaking() == set(), "these columns are gone"
    assert set(told.values()) <= CLASSES


def test_no_column_is_made_for_a_number_of_identity() -> None:
    """None is kept anywhere: not of a member, a relative, a villager or an informant."""
    words = ("id_number", "identity", "id_card", "bank", "mobile", "phone", "birth")
    assert [name for name in speaking() if any(word in name for word in words)] == [
        "letterheads.contact_phone"
    ]
