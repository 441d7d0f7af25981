"""With which month the page of figures opens: the newest in which something was found or handed over."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections.findings.models import Finding, FindingStep
from inspections.followup.models import Item
from inspections.units.models import Unit
from inspections.wording import SHANGHAI


def newest_month(session: orm.Session, townships: Collection[int], today: dt.date) -> str:
    """2026-10; the month of `today` where these places have neither a signed paper nor an item yet."""
    served = select(sa.func.max(Item.served_on)).where(
        Item.township_id.in_(townships), Item.served_on <= today
    )
    signed = (
        select(sa.func.max(FindingStep.at))
        .join(Finding, Finding.id == FindingStep.finding_id)
        .join(Unit, Unit.id == Finding.unit_id)
        .where(FindingStep.state == "signed", Unit.area_id.in_(townships))
    )
    at = session.scalar(signed)
    days = [session.scalar(served), at and at.astimezone(SHANGHAI).date()]
    newest = max((day for day in days if day is not None and day <= today), default=today)
    return f"{newest:%Y-%m}"
