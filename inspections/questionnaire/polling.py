"""Opens and closes the questionnaire of a visit, takes sheets without knowing from whom, follows its hints.

What villagers answer becomes checks for the team and results from five sheets on: no finding.
"""

import datetime as dt
import hashlib
import re
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc, orm, select

from inspections import journal
from inspections.accounts import brake
from inspections.accounts.models import User
from inspections.database import today
from inspections.fieldwork.checks import tasks
from inspections.fieldwork.checks.models import CheckTask
from inspections.findings.models import TaxonomyEntry
from inspections.questionnaire.models import AnswerSheet, Poll, PollFive, PollSlip, PollTask
from inspections.questionnaire.sheet import LEAST, LONGEST_TEXT, Result, questions, results
from inspections.rounds.models import Posting
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal

_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
#: sheets of one poll, from one address, on one day
MOST_FROM_ONE_PLACE = 12
#: slips printed at once: their paper takes some seconds
MOST_SLIPS = 300
SLIP_BYTES = 12
ONLY_BY_SLIP = "这份问卷凭答卷条填写，请扫描工作人员发给您的答卷条上的二维码。"
SLIP_USED = "这张答卷条已经用过，每张只能填写一次。"
CLOSED = "这份问卷已经结束，感谢您的关心。"


def open_poll(session: orm.Session, posting: Posting, quota: int, actor: User) -> Poll:
    """The new questionnaire of the visit. Raises Refusal for a real place, Conflict for a second one."""
    if posting.unit.planning_only:
        raise Refusal("真实地名只用于排程，不能发放问卷。")
    if not 5 <= quota <= 5000:
        raise Refusal("问卷份数应为 5 至 5000。")
    if poll_of(session, posting) is not None:
        raise Conflict("这次驻点已经发放问卷。")
    poll = Poll(posting_id=posting.id, quota=quota, opened_by_id=actor.id)
    session.add(poll)
    session.flush()
    journal.record(session, "poll.open", poll.uuid, actor, quota=quota)
    return poll


def close(session: orm.Session, poll: Poll, actor: User) -> None:
    """Nothing; no more sheets are taken."""
    if poll.closed:
        raise Conflict("这份问卷已经结束。")
    poll.closed = True
    session.execute(sa.delete(PollSlip).where(PollSlip.poll_id == poll.id))
    session.flush()
    journal.record(session, "poll.close", poll.uuid, actor)


def poll_of(session: orm.Session, posting: Posting) -> Poll | None:
    """The questionnaire of the visit, if there is one."""
    return session.scalar(select(Poll).where(Poll.posting_id == posting.id))


def count(session: orm.Session, poll: Poll) -> int:
    """How many sheets came."""
    return session.scalar(select(sa.func.count()).where(AnswerSheet.poll_id == poll.id)) or 0


def print_slips(session: orm.Session, poll: Poll, number: int, actor: User) -> list[str]:
    """The words of so many new slips, each of which brings one sheet; from now on none counts without one.

    They stand nowhere but on the paper. Raises Refusal where the questionnaire is over, or would have more
    slips than sheets left to take.
    """
    if not poll.is_open:
        raise Refusal(CLOSED)
    session.refresh(poll, with_for_update={"of": type(poll)})
    left = min(MOST_SLIPS, poll.quota - count(session, poll) - slips_left(session, poll))
    if not 1 <= number <= left:
        raise Refusal(f"这次最多可印 {max(left, 0)} 张答卷条。")
    words = [secrets.token_urlsafe(SLIP_BYTES) for _ in range(number)]
    session.add_all(PollSlip(sha256=_digest(word), poll_id=poll.id) for word in words)
    poll.by_slip = True
    session.flush()
    journal.record(session, "poll.slips", poll.uuid, actor, count=number)
    return words


def slips_left(session: orm.Session, poll: Poll) -> int:
    """How many printed slips have not been used."""
    return session.scalar(select(sa.func.count()).where(PollSlip.poll_id == poll.id)) or 0


def is_unused(session: orm.Session, poll: Poll, slip: str) -> bool:
    """Whether that slip of the questionnaire may still bring its sheet."""
    known = session.get(PollSlip, _digest(slip))
    return known is not None and known.poll_id == poll.id


def _digest(slip: str) -> str:
    return hashlib.sha256(slip.encode("utf-8", "surrogatepass")).hexdigest()


def _use(session: orm.Session, poll: Poll, slip: str) -> None:
    """Nothing; the slip is gone. Raises Refusal where there is none, or another sheet has just used it."""
    if not slip:
        raise Refusal(ONLY_BY_SLIP)
    used = sa.delete(PollSlip).where(PollSlip.sha256 == _digest(slip), PollSlip.poll_id == poll.id)
    if session.execute(used.returning(PollSlip.sha256)).one_or_none() is None:
        raise Refusal(SLIP_USED)


def take(session: orm.Session, poll: Poll, name: uuid.UUID, said: Mapping[str, Any], slip: str = "") -> None:
    """Nothing; the sheet is kept, once. Raises Refusal with one sentence for what is missing or unfit.

    Neither who nor when is written: the row has the form's random name and the answers. Where slips were
    printed one is used up with it.
    """
    if session.get(AnswerSheet, name) is not None:
        return
    if not poll.is_open:
        raise Refusal(CLOSED)
    session.refresh(poll, with_for_update={"of": type(poll)})
    if count(session, poll) >= poll.quota:
        raise Refusal("问卷份数已满，感谢您的关心。")
    kept = _readable(said)
    try:
        with session.begin_nested():
            if poll.by_slip:
                _use(session, poll, slip)
            session.add(AnswerSheet(id=name, poll_id=poll.id, said=kept))
    except exc.IntegrityError:  # the same form came twice at the same moment
        return
    together(session, poll)


def together(session: orm.Session, poll: Poll) -> None:
    """Nothing; sheets that have not been shown are shown from now on, five at a time."""
    seen = _in_fives(session, poll)
    names = session.scalars(select(AnswerSheet.id).where(AnswerSheet.poll_id == poll.id))
    left = sorted(str(name) for name in names if str(name) not in seen)
    for start in range(0, len(left) // LEAST * LEAST, LEAST):
        session.add(PollFive(poll_id=poll.id, sheets=left[start : start + LEAST]))
    session.flush()


def _in_fives(session: orm.Session, poll: Poll) -> set[str]:
    fives = session.scalars(select(PollFive.sheets).where(PollFive.poll_id == poll.id))
    return {name for five in fives for name in five}


def admit(session: orm.Session, poll: Poll, secret: str, address: str) -> None:
    """Nothing; one more sheet of today came from that address, of which nothing is kept that tells it.

    Raises Refusal beyond what one house can fill in a day: a single machine must not speak for the village.
    """
    key = brake.digest(secret, f"q {poll.token} {today()} {address}")
    if brake.count(session, key, dt.timedelta(days=1)) > MOST_FROM_ONE_PLACE:
        raise Refusal("今天从这个网络填写的份数已满，请改日或换用自己的手机网络填写。")


def _readable(said: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for number, question in enumerate(questions(), 1):
        value = said.get(question.code)
        if question.type == "text":
            text = str(value or "").strip()
            if len(text) > LONGEST_TEXT:
                raise Refusal(f"第 {number} 题最多 {LONGEST_TEXT} 字。")
            if privacy.private_number(text) or _PHONE.search(text):
                raise Refusal(f"第 {number} 题请不要填写身份证号、银行卡号或电话。")
            if text:
                kept[question.code] = text
            continue
        chosen = [str(one) for one in (value if isinstance(value, list) else [value])]
        numbers = [int(one) for one in chosen if one.isdecimal()]
        fit = all(1 <= one <= len(question.options) for one in numbers)
        if not fit or (question.type != "multi" and len(numbers) > 1):
            raise Refusal(f"第 {number} 题请从所列选项中选择。")
        if question.required and not numbers:
            raise Refusal(f"第 {number} 题还没有选择。")
        if numbers:
            kept[question.code] = sorted(set(numbers)) if question.type == "multi" else numbers[0]
    return kept


def result_of(session: orm.Session, poll: Poll) -> list[Result]:
    """What the sheets say, question by question; empty below five sheets. See `shown`."""
    return results(shown(session, poll))


def shown(session: orm.Session, poll: Poll) -> list[dict[str, Any]]:
    """The sheets that may be counted now: all once the poll is closed, before that in fives.

    Whoever looks before and after one sheet must not learn that sheet. A five once shown never
    changes; within it nothing tells which came first.
    """
    sheets = list(session.scalars(select(AnswerSheet).where(AnswerSheet.poll_id == poll.id)))
    if poll.is_open:
        seen = _in_fives(session, poll)
        sheets = [sheet for sheet in sheets if str(sheet.id) in seen]
    return [sheet.said for sheet in sorted(sheets, key=lambda sheet: str(sheet.id))]


def remarks(session: orm.Session, poll: Poll) -> list[str]:
    """What was written freely, in the order of the letters and not of arrival; empty below five sheets."""
    sheets = shown(session, poll)
    if len(sheets) < LEAST:
        return []
    codes = [question.code for question in questions() if question.type == "text"]
    return sorted(str(said[code]) for said in sheets for code in codes if said.get(code))


def followed(session: orm.Session, poll: Poll) -> set[str]:
    """The questions whose hints are tasks already."""
    return set(session.scalars(select(PollTask.question).where(PollTask.poll_id == poll.id)))


def follow(session: orm.Session, poll: Poll, actor: User) -> list[CheckTask]:
    """The new checks for the team at that unit, one for each question that hints at something; none twice.

    Raises Refusal while there are fewer than five sheets.
    """
    found = result_of(session, poll)
    if not found:
        raise Refusal("答卷不足 5 份，还不能据此核查。")
    severities = {entry.code: entry.default_severity for entry in session.scalars(_subcategories())}
    known, made = followed(session, poll), []
    for result in found:
        struck = result.struck()
        if not struck or result.question.code in known:
            continue
        kinds = list(dict.fromkeys(hint.kind for hint, _ in struck))
        told = tasks.Told(
            title=f"问卷提示：{result.question.words}"[:120],
            reason="；".join(words for _, words in struck),
            ask=f"{result.question.words}请入户或者查阅资料核实，问卷本身不作依据。",
            groups=tuple(dict.fromkeys(kind[0] for kind in kinds)),
            category=kinds[0],
            severity=severities.get(kinds[0]) or "S2",
            whom="不同湾组的群众",
        )
        name = uuid.uuid5(poll.uuid, result.question.code)
        check = tasks.give(session, poll.posting.unit_id, "questionnaire", told, name)
        session.add(PollTask(poll_id=poll.id, question=result.question.code, check_id=check.id))
        made.append(check)
    session.flush()
    if made:
        journal.record(session, "poll.follow", poll.uuid, actor, tasks=len(made))
    return made


def _subcategories() -> sa.Select[TaxonomyEntry]:
    return select(TaxonomyEntry).where(TaxonomyEntry.kind == "subcategory")
