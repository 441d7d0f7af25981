"""A signed paper that the county sorted to the demands (FD7) becomes one, so that it does not vanish."""

from sqlalchemy import orm, select

from inspections.accounts.models import User
from inspections.demands import handling
from inspections.demands.models import Demand
from inspections.findings.models import Finding
from inspections.wording import SHANGHAI

#: 转信访或诉求清单
DISPOSAL = "FD7"
CHANNEL, TOPIC = "paper", "other"


def arrive(session: orm.Session, finding: Finding, disposal: str, actor: User) -> Demand | None:
    """The demand of that paper after it was sorted, None where it has none.

    Sorted to the demands it is registered once, on the day of the paper's last step; sorted otherwise, a
    demand that nobody has taken on yet is dropped with the reason told. Raises Refusal as `handling.hear`.
    """
    known = session.scalar(select(Demand).where(Demand.finding_id == finding.id))
    if disposal == DISPOSAL and known is None:
        text = f"底稿{finding.number}：{finding.current.summary or finding.current.title}"
        day = finding.steps[-1].at.astimezone(SHANGHAI).date()
        known = handling.hear(
            session,
            finding.posting.unit,
            TOPIC,
            CHANNEL,
            text[: handling.LONGEST],
            actor,
            finding.posting,
            day,
        )
        known.finding_id = finding.id
        session.flush()
    elif disposal != DISPOSAL and known is not None and known.state == "received":
        handling.drop(session, known, known.version, "底稿已改作其他处置", actor)
        known.finding_id = None
        session.flush()
        return None
    return known
