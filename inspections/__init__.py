"""巡回驻点: plans, runs and follows up a county's roving, stationed supervision of villages.

`create_app` is where everything is put together; each capability has a folder of its own.
"""

import gc
import os
import secrets
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from sqlalchemy import orm

from inspections import migrations, web
from inspections.accounts import attending_views, sign_in
from inspections.accounts.permissions import Permissions
from inspections.database import open_engine, session_factory
from inspections.jobs import Jobs, open_job_engine
from inspections.site import chain, limits, logs, room, settings
from inspections.site.proxies import TrustedProxies

ROOT = settings.ROOT

csrf = CSRFProtect()
bootstrap = Bootstrap5()


def create_app(given: Mapping[str, Any] | None = None) -> Flask:
    """The application, or RuntimeError when a page is not guarded by an action of the permission table.

    `given`: settings in capitals (see `site.settings`) instead of file and environment, and what tests alone
    tell the libraries (TESTING, WTF_CSRF_ENABLED). Raises settings.BadSetting.
    """
    logs.discreet()
    told = dict(given or {})
    chosen = settings.read({key: told.pop(key) for key in list(told) if key.lower() in settings.FIELDS})
    instance = chosen.instance
    for folder in (instance, instance / "photos"):
        folder.mkdir(mode=0o700, exist_ok=True, parents=True)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), instance_path=str(instance))
    app.config.update(
        SECRET_KEY=secret_key(instance),
        DEBUG=False,  # else FLASK_DEBUG of the environment would be one more setting
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=chosen.secure_cookies,
        # a browser takes that name only over TLS, for this host and the whole of it
        SESSION_COOKIE_NAME="__Host-session" if chosen.secure_cookies else "session",
        REMEMBER_COOKIE_DURATION=0,
        TABLET_KEEP_DAYS=chosen.tablet_keep_days,  # how long a delivered stay remains on a tablet
        PERMANENT_SESSION_LIFETIME=chosen.session_days * 24 * 3600,
        # a slow answer to an old request must not lay its old cookie over a newer one; see sign_in.renew
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session
        MAX_CONTENT_LENGTH=limits.STRANGERS,  # what limits.ROUTES does not raise
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        BOOTSTRAP_SERVE_LOCAL=True,
        TRUSTED_HOSTS=list(chosen.allowed_hosts) or None,
        TRUSTED_PROXIES=",".join(chosen.trusted_proxies),
    )
    app.config.update(told)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    app.extensions["settings"] = chosen
    engine = open_engine(chosen.database)
    migrations.guard(engine)
    app.extensions["engine"] = engine
    app.extensions["anchor"] = chain.Anchor(instance)
    app.extensions["sessions"] = session_factory(engine, **{chain.SEAL: app.extensions["anchor"]})
    app.extensions["permissions"] = Permissions.read(ROOT / "seeds" / "permissions.csv")
    app.extensions["jobs"] = Jobs(open_job_engine(chosen.database, instance))

    app.wsgi_app = TrustedProxies(app.wsgi_app, app.config["TRUSTED_PROXIES"])  # type: ignore[method-assign]
    web.hold_bodies(app)  # before anything reads a form
    csrf.init_app(app)
    bootstrap.init_app(app)
    sign_in.init_app(app)
    attending_views.init_app(app)
    web.init_app(app)
    mount(app)
    web.refuse_unguarded(app)
    return app


def web_process() -> Flask:
    """The application of the web process. What stands in memory at its start stays, and is never searched for
    garbage again: a full search would hold up a page for 0.2 s every now and then."""
    app = create_app()
    orm.configure_mappers()
    room.keep_ballast(Path(app.instance_path))
    gc.collect()
    gc.freeze()
    return app


def mount(app: Flask) -> None:
    """Every capability's pages, in the order of the work: who, where, plan, field, paper."""
    from inspections import cli, sight
    from inspections.accounts import security_views as security
    from inspections.accounts import views as accounts
    from inspections.clocks import views as clocks
    from inspections.comparisons import views as comparisons
    from inspections.demands import arriving
    from inspections.demands import views as demands
    from inspections.documents.course import approval_views as approval
    from inspections.documents.course import delivery_views as course
    from inspections.documents.course import letter_plan_views as letter_plans
    from inspections.documents.course import signing_views as signing
    from inspections.documents.course import views as documents
    from inspections.documents.prints import batch_views as batches
    from inspections.documents.prints import plan_views as grouping
    from inspections.documents.prints import posting_views as posting_papers
    from inspections.documents.prints import rectification_views as rectification_list
    from inspections.documents.prints import three_lists_views as three_lists
    from inspections.documents.prints import working_paper_views as working_papers
    from inspections.documents.wording import letterhead_views as letterheads
    from inspections.documents.wording import own_words_views as own_words
    from inspections.fieldwork import board_views as board
    from inspections.fieldwork import checklist_views as checklists
    from inspections.fieldwork import views as fieldwork
    from inspections.fieldwork import writing_views as writing
    from inspections.fieldwork.checks import views as checks
    from inspections.fieldwork.closing import views as closing
    from inspections.fieldwork.tablet import device_views as devices
    from inspections.fieldwork.tablet import handover_views, photo_views
    from inspections.fieldwork.tablet import sync_views as sync
    from inspections.fieldwork.tablet import tablet_views as tablet
    from inspections.figures import case_views as case_counts
    from inspections.figures import unit_views as unit_record
    from inspections.figures import views as figures
    from inspections.findings import views as findings
    from inspections.followup import sorting_views as sorting
    from inspections.followup import views as followup
    from inspections.followup.campaigns import views as campaigns
    from inspections.followup.sorting import ARRIVALS
    from inspections.home import inbox_views as inbox
    from inspections.home import views as home
    from inspections.law import views as law
    from inspections.leads import views as leads
    from inspections.lives import account_views as team_accounts
    from inspections.lives import unit_views as unit_lives
    from inspections.lives import views as lives
    from inspections.operations import known_views as known
    from inspections.operations import trail_views as trail
    from inspections.operations import views as operations
    from inspections.people import views as people
    from inspections.planning import adjusting_views as adjusting
    from inspections.planning import plan_views as plans
    from inspections.planning import reasons_views as reasons
    from inspections.planning import refit_views as refits
    from inspections.planning import views as rounds
    from inspections.planning.amending import views as amending
    from inspections.planning.policy import views as policy
    from inspections.planning.readiness import stand_in_views as stand_in
    from inspections.planning.readiness import views as readiness
    from inspections.questionnaire import views as questionnaire
    from inspections.recusal import views as recusal
    from inspections.roster import views as roster
    from inspections.roster.changes import views as life_sheets
    from inspections.rounds import waiver_views as waivers
    from inspections.units import blackout_views as blackouts
    from inspections.units import views as units
    from inspections.workdays import views as workdays
    from inspections.zones import views as zones

    for group in (
        home,
        inbox,
        operations,
        trail,
        known,
        accounts,
        security,
        units,
        blackouts,
        zones,
        team_accounts,
        lives,
        life_sheets,
        unit_lives,
        people,
        roster,
        recusal,
        waivers,
        rounds,
        plans,
        amending,
        policy,
        readiness,
        stand_in,
        reasons,
        adjusting,
        refits,
        fieldwork,
        closing,
        board,
        sync,
        photo_views,
        handover_views,
        checklists,
        law,
        tablet,
        writing,
        devices,
        findings,
        checks,
        comparisons,
        sorting,
        campaigns,
        followup,
        demands,
        questionnaire,
        leads,
        documents,
        approval,
        letter_plans,
        signing,
        rectification_list,
        clocks,
        three_lists,
        letterheads,
        own_words,
        grouping,
        posting_papers,
        working_papers,
        batches,
        course,
        case_counts,
        figures,
        unit_record,
        workdays,
    ):
        app.register_blueprint(group.bp)
    if arriving.arrive not in ARRIVALS:
        ARRIVALS.append(arriving.arrive)
    cli.init_app(app)
    app.extensions["sight"] = sight.limit
    # pages that libraries bring along: style sheets and scripts only
    for endpoint in ("static", "bootstrap.static"):
        app.view_functions[endpoint] = web.guarded("assets.read")(app.view_functions[endpoint])


def all_models() -> None:
    """Nothing; every table is now known to the metadata (relationships name each other across groups)."""
    for group in (
        "accounts",
        "units",
        "zones",
        "people",
        "roster",
        "lives",
        "workdays",
        "law",
        "recusal",
        "rounds",
        "planning.amending",
        "findings",
        "fieldwork",
        "fieldwork.checks",
        "comparisons",
        "followup",
        "followup.campaigns",
        "demands",
        "questionnaire",
        "leads",
        "figures",
        "documents",
    ):
        import_module(f"inspections.{group}.models")
    for table in ("journal", "accounts.brake", "accounts.sessions", "site.chain"):
        import_module(f"inspections.{table}")


def secret_key(instance: Path) -> str:
    """This installation's key, made at the first start and kept: a new one would sign every tablet out."""
    file = instance / "secret_key"
    if not file.exists():
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as key:
            key.write(secrets.token_hex(32))
    return file.read_text()
