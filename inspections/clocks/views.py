"""The page of clocks (时限): what of mine is late or due, which reminders reached me, how each step is."""

from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from inspections import web
from inspections.accounts.permissions import ROLES
from inspections.clocks import counting
from inspections.followup import reminders
from inspections.web import guarded

bp = Blueprint("clocks", __name__)


@bp.get("/clocks")
@guarded("home.read")
def page() -> Any:
    opened, table = web.session(), web.permissions()
    found = counting.running(opened, table, current_user)
    mine = counting.owed(opened, table, current_user)
    told = reminders.told(opened, web.rows(reminders.Reminder, "item.read"), current_user)
    shown = {"said": counting.words(found), "roles": ROLES}
    return render_template("clocks/page.html", found=found, mine=mine, told=told, **shown)
