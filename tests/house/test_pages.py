"""Every page names an action of the table; templates hold no script, no style and no foreign address."""

import re
from pathlib import Path

import pytest
from flask import Flask

from inspections import create_app, web
from inspections.accounts.permissions import ROLES, Permissions, Reach

ROOT = Path(__file__).parents[2]
PAGES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if path.parent.name != "typesetting"]


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app({"INSTANCE": tmp_path_factory.mktemp("instance")})


def test_every_url_has_an_action_of_the_table(bare_app: Flask) -> None:
    known = Permissions.read(ROOT / "seeds" / "permissions.csv").table
    for rule in bare_app.url_map.iter_rules():
        assert getattr(bare_app.view_functions[rule.endpoint], "action", None) in known, rule.rule


def test_the_application_refuses_to_start_with_an_unguarded_page(bare_app: Flask) -> None:
    unguarded = Flask("unguarded")
    unguarded.extensions["permissions"] = bare_app.extensions["permissions"]
    unguarded.view_functions["static"] = web.guarded("assets.read")(unguarded.view_functions["static"])
    web.refuse_unguarded(unguarded)
    unguarded.add_url_rule("/forgotten", "forgotten", lambda: "seen by everybody")
    with pytest.raises(RuntimeError, match="/forgotten"):
        web.refuse_unguarded(unguarded)


def test_every_action_of_the_table_is_used_by_a_page(bare_app: Flask) -> None:
    used = {getattr(view, "action", None) for view in bare_app.view_functions.values()}
    asked = set()
    for path in [*PAGES, *sorted((ROOT / "inspections").rglob("views.py"))]:
        asked |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', path.read_text("utf-8")))
    assert set(bare_app.extensions["permissions"].table) <= used | asked


def test_an_action_or_role_that_the_table_does_not_name_is_never_allowed(bare_app: Flask) -> None:
    class Somebody:
        is_authenticated = True
        role = "guest"

    table: Permissions = bare_app.extensions["permissions"]
    assert table.reach(Somebody(), "unit.read") is Reach.NEVER
    Somebody.role = "planner"
    assert table.reach(Somebody(), "unit.abolish") is Reach.NEVER


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("action,说明\nhome.read,首页\n", "no column"),
        ("action,说明," + ",".join(ROLES) + "\nhome.read,首页," + ",".join(["far"] * 10) + "\n", ":2:.*far"),
        ("action,说明," + ",".join(ROLES) + ("\nhome.read,首页," + "," * 9) * 2 + "\n", ":3:.*twice"),
    ],
)
def test_a_broken_permission_table_is_refused_by_place(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "p.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=fault):
        Permissions.read(tmp_path / "p.csv")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_inline_script_or_style_and_no_foreign_address(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"<style|\sstyle=", text), "inline style"
    assert not re.search(r"\son[a-z]+=", text), "inline handler"
    assert not re.search(r"https?://(?!www\.w3\.org/)", text), "foreign address"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_form_that_posts_carries_a_token(path: Path) -> None:
    for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text("utf-8"), re.S):
        assert "csrf_token" in form or "hidden_tag()" in form, form[:80]
