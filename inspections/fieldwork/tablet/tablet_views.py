"""The page of the tablet, the worker that keeps it ready without a network, and what a tablet needs to trust.

Nothing here is about anybody: these files lie on tablets that several people use.
"""

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, send_file, url_for

from inspections.fieldwork.tablet import rule_file
from inspections.web import guarded

bp = Blueprint("tablet", __name__)

#: what the very first screen needs: on a slow line nothing else stands in its way
FIRST = ("dom.js", "welcome.js", "kept/db.js")
#: what every other screen needs, all of it asked for at once as soon as the first one stands; the rest is
#: fetched when it is first opened, or comes from the worker
THEN = (
    *("start.js", "line.js", "work.js", "rules/rules.js", "rules/numbers.js"),
    *("kept/films.js", "kept/papers.js", "kept/people.js", "kept/rows.js", "kept/seal.js", "kept/store.js"),
    *("sent/calls.js", "sent/outbox.js", "sent/session.js"),
)


@bp.get("/tablet/")
@guarded("assets.read")
def shell() -> Any:
    response = Response(_page())
    response.headers["X-Tablet"] = version()  # a portal's page has none: the worker does not keep it
    return response


@bp.get("/tablet/worker.js")
@guarded("assets.read")
def worker() -> Any:
    """The worker, with the files it keeps and a version that changes whenever one of them does."""
    head = f"const VERSION = {json.dumps(version())};\nconst SHELL = {json.dumps(kept_files())};\n"
    source = (_folder() / "worker.js").read_text(encoding="utf-8")
    return Response(head + source, mimetype="text/javascript")


@bp.get("/tablet/app.webmanifest")
@guarded("assets.read")
def manifest() -> Any:
    """What the tablet shows on its home screen; an installed page keeps its storage longer."""
    icon = {"src": url_for("static", filename="icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    said = {
        "name": "巡回驻点",
        "short_name": "驻点",
        "lang": "zh-CN",
        "start_url": url_for("tablet.shell"),
        "scope": url_for("tablet.shell"),
        "display": "standalone",
        "theme_color": "#1c2733",
        "background_color": "#f2f2ee",
        "icons": [icon],
    }
    return Response(json.dumps(said, ensure_ascii=False), mimetype="application/manifest+json")


@bp.get("/tablet/rules.json")
@guarded("assets.read")
def rules() -> Any:
    """Every limit by which the server refuses, so that a tablet says it while somebody types."""
    return rule_file.rules()


@bp.get("/tablet/check")
@guarded("assets.read")
def check() -> Any:
    return render_template("fieldwork/tablet_check.html", authority=_authority().exists())


@bp.get("/tablet/ca.crt")
@guarded("assets.read")
def authority() -> Any:
    """The county's own certificate authority, for the tablets; its key never leaves the server."""
    if not _authority().exists():
        abort(404)
    return send_file(_authority(), mimetype="application/x-x509-ca-cert", download_name="county-ca.crt")


def kept_files() -> list[str]:
    """The addresses of every file that the page needs without a network."""
    names = sorted(str(each.relative_to(_folder())) for each in files() if each.name != "worker.js")
    return [
        url_for("tablet.shell"),
        url_for("tablet.rules"),
        *(url_for("static", filename=f"tablet/{name}") for name in names),
    ]


def _page() -> str:
    return render_template("fieldwork/tablet.html", first=FIRST, then=THEN)


def files(folder: Path | None = None) -> list[Path]:
    """Every file of the page, in one order."""
    return sorted(each for each in (folder or _folder()).rglob("*") if each.is_file())


def version() -> str:
    """Twelve hex digits over the page and all its files."""
    return _version(_folder(), _page() + rule_file.rules_hash())


@functools.cache
def _version(folder: Path, page: str) -> str:
    digest = hashlib.sha256(page.encode())
    for each in files(folder):
        digest.update(each.read_bytes())
    return digest.hexdigest()[:12]


def _folder() -> Path:
    return Path(current_app.static_folder or "") / "tablet"


def _authority() -> Path:
    return Path(current_app.instance_path) / "tls" / "ca.crt"
