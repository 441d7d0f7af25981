"""No number of a person is kept where nobody looks: in the log, in a traceback, in the journal."""

import logging

import pytest
from sqlalchemy import exc, orm, text

from inspections import journal
from inspections.site.logs import Discreet, discreet
from inspections.site.privacy import blotted_in
from tests import factories

NUMBER, SPACED, CARD = "11010519491231002X", "110105 19491231 002X", "6222021234567890123"


def test_the_log_holds_none_in_message_arguments_or_traceback(caplog: pytest.LogCaptureFixture) -> None:
    discreet()
    log = logging.getLogger("inspections.test")
    log.warning("cannot read %s of %s", SPACED, {"card": CARD})
    try:
        raise ValueError(f"no such person {NUMBER}")
    except ValueError:
        log.exception("unhandled fault on %s", NUMBER)
    assert all(isinstance(record, Discreet) for record in caplog.records)
    assert "no such person ［身份证号］" in caplog.text and "［银行卡号］" in caplog.text
    assert not any(number in caplog.text for number in (NUMBER, SPACED, CARD))


def test_a_statement_that_fails_tells_none_of_its_values(session: orm.Session) -> None:
    with pytest.raises(exc.OperationalError) as told:
        session.execute(text("SELECT 1 FROM nowhere WHERE name = :name"), {"name": "张三"})
    assert "张三" not in str(told.value)


def test_the_journal_keeps_none_and_leaves_sums_and_names_as_they_are(session: orm.Session) -> None:
    unit, sha = factories.make_unit(session), "62" + "0123456789" * 6 + "01"
    entry = journal.record(
        session,
        "unit.change",
        unit.uuid,
        None,
        changes=[["note", "", f"身份证 {SPACED}"]],
        card=int(CARD),
        sha256=sha,
        number=3,
        done=True,
    )
    session.flush()
    assert entry.detail["changes"] == [["note", "", "身份证 ［身份证号］"]]
    assert entry.detail["card"] == "［银行卡号］" and entry.detail["sha256"] == sha
    assert (entry.detail["number"], entry.detail["done"]) == (3, True)
    assert blotted_in(str(unit.uuid)) == str(unit.uuid)
