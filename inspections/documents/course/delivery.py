"""What becomes of an issued paper: delivered, signed for, replied to; filed upward (备案).

Steps are only added. Which problems a receipt starts, `followup` decides.
"""

import datetime as dt

from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import today
from inspections.documents.models import OUT, REPLIES, STEPS, Paper, PaperStep
from inspections.fieldwork.models import Deadline
from inspections.followup import deadlines, handing_over
from inspections.followup.models import Filing
from inspections.site import privacy
from inspections.site.refusal import Conflict, Refusal
from inspections.wording import SHANGHAI

#: a reply is asked of these
ANSWERED = ("transfer", "advice")
#: the time limit for the answer to a 建议书
ANSWER = "DL-10"


def take(
    session: orm.Session,
    paper: Paper,
    what: str,
    day: dt.date,
    person: str,
    actor: User,
    verdict: str = "",
    text: str = "",
) -> PaperStep:
    """The new step. Raises Refusal for what does not fit the paper, Conflict for a step taken already.

    With the receipt of a 交办函 its problems count as received.
    """
    _may(paper, what, day)
    if paper.step(what) is not None:
        raise Conflict(f"这份文书已登记过{STEPS[what]}。")
    if not person.strip():
        raise Refusal("请填写对方经办人。")
    if what == "replied" and paper.kind == "advice" and verdict not in REPLIES:
        raise Refusal("请选择采纳、部分采纳或提出异议。")
    if what == "replied" and not text.strip():
        raise Refusal("请写明回复的内容。")
    if privacy.private_number(person + text):
        raise Refusal(privacy.SENTENCE)
    step = PaperStep(
        paper_id=paper.id,
        what=what,
        day=day,
        person=person.strip(),
        verdict=verdict if what == "replied" and paper.kind == "advice" else "",
        text=text.strip(),
        actor_id=actor.id,
    )
    session.add(step)
    session.flush()
    session.refresh(paper, ["steps"])
    if what == "received" and paper.kind == "handover":
        handing_over.sign_receipt(session, paper.id, actor, person.strip())
    journal.record(session, f"paper.{what}", paper.uuid, actor, day=day.isoformat())
    return step


def open_steps(paper: Paper) -> list[str]:
    """The steps that may be entered now, in their order."""
    if paper.state != "issued":
        return []
    asked = [what for what in STEPS if what != "replied" or paper.kind in ANSWERED]
    return [what for what in asked if paper.step(what) is None]


def of_recipient(paper: Paper) -> list[str]:
    """The steps that the other side enters itself: the receipt, and of what it answers the reply."""
    return ["received", "replied"] if paper.kind in ANSWERED else ["received"]


def reply_due(session: orm.Session, paper: Paper) -> deadlines.Limit | None:
    """Until when a 建议书 is to be answered, and why; None before it is delivered, or without a limit."""
    if paper.kind != "advice":
        return None
    served = paper.step("received") or paper.step("delivered")
    if served is None or session.get(Deadline, ANSWER) is None:
        return None
    return deadlines.limit(session, ANSWER, served.day)


def filing_of(session: orm.Session, paper: Paper) -> Filing | None:
    """The filing of the letter, if there is one."""
    if paper.state not in OUT:
        return None
    return session.scalar(select(Filing).where(Filing.paper_id == paper.id))


def filing_due(session: orm.Session, paper: Paper) -> deadlines.Limit | None:
    """Until when a 交办函 is to be filed, and why; None for other papers."""
    if paper.kind != "handover" or paper.issued_at is None or session.get(Deadline, deadlines.FILING) is None:
        return None
    return deadlines.limit(session, deadlines.FILING, paper.issued_at.astimezone(SHANGHAI).date())


def _may(paper: Paper, what: str, day: dt.date) -> None:
    if what not in STEPS or (what == "replied" and paper.kind not in ANSWERED):
        raise Refusal("这种文书没有这一步。")
    if paper.state != "issued" or paper.issued_at is None:
        raise Refusal("文书还没有印发，不能登记送达、签收或回复。")
    if not paper.issued_at.astimezone(SHANGHAI).date() <= day <= today():
        raise Refusal("日期应在印发之日和今天之间。")
