"""Slow lines and silent ones stop nobody; sizes are held by address; only named proxies are believed."""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.site import front, limits
from inspections.site.proxies import TrustedProxies
from tests import factories
from tests.browser.site import Site, running_site

HEAD = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("front")) as started:
        yield started


@pytest.mark.xdist_group("browser")
def test_slow_and_silent_sockets_stop_nobody(site: Site) -> None:
    host, _, port = site.address.removeprefix("http://").partition(":")
    opened = [socket.create_connection((host, int(port))) for _ in range(60)]
    try:
        for each in opened[:30]:
            each.sendall(HEAD + b"Content-Length: 5000\r\n\r\nlogin=")
        time.sleep(0.5)
        for _ in range(5):
            with urllib.request.urlopen(f"{site.address}/sign-in", timeout=20) as answer:
                assert answer.status == 200
    finally:
        for each in opened:
            each.close()


@pytest.mark.xdist_group("browser")
def test_the_front_says_what_is_too_large_in_a_sentence(site: Site) -> None:
    for path, start in (
        ("/sign-in", "上传的内容过大"),
        ("/api/ops", '{"app": "inspections", "error": "上传'),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{site.address}{path}", data=b"x" * 5 * 1024 * 1024, timeout=30)
        assert refused.value.code == 413
        with refused.value as answer:
            assert answer.read().decode().startswith(start)


def test_the_front_knows_every_address_that_takes_files(application: Flask, tmp_path: Path) -> None:
    known = {rule.endpoint for rule in application.url_map.iter_rules()}
    assert set(limits.ROUTES) <= known
    patterns = tuple(limits.patterns(application.url_map))
    said = front.Front("::1", 8000, tmp_path / "s", tmp_path, None, patterns, ("10.0.0.0/8",)).settings()
    assert "listen [::1]:8000 " in said
    assert "set_real_ip_from 10.0.0.0/8;" in said
    assert f'location ~ "^/api/photos/[^/]+$" {{ client_max_body_size {32 * limits.MB};' in said


def test_a_stranger_sends_no_more_than_a_form(app: Flask) -> None:
    sent = {"login": "x", "password": "y" * limits.STRANGERS}
    answer = app.test_client().post("/sign-in", data=sent)
    assert answer.status_code == 413
    assert "过大" in answer.get_data(as_text=True)
    bare = app.test_client().put("/api/photos/6f2c1fb2-53a7-4f7f-9c1e-000000000000", data=b"x" * 100_000)
    assert bare.status_code in (401, 413)


@pytest.mark.parametrize(("path", "size"), [("/units", 3), ("/checklists", 7), ("/roster", 25)])
def test_a_signed_in_person_sends_files_only_where_files_are_asked_for(
    session: orm.Session, sign_in: Callable[[User], FlaskClient], path: str, size: int
) -> None:
    client = sign_in(factories.make_user(session, "planner"))
    path = "/calendar/import" if path == "/units" else path
    said = {"CONTENT_LENGTH": str(size * limits.MB)}
    assert client.post(path, data={"file": "x"}, environ_overrides=said).status_code == 413


@pytest.mark.parametrize(
    ("trusted", "near", "told", "address"),
    [
        ("", "10.0.0.9", "1.2.3.4", "10.0.0.9"),
        ("10.0.0.0/8", "10.0.0.9", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.0/8", "10.0.0.9", "6.6.6.6, 1.2.3.4, 10.0.0.7", "1.2.3.4"),
        ("10.0.0.0/8", "10.0.0.9", "", "10.0.0.9"),
        ("10.0.0.0/8", "192.0.2.1", "1.2.3.4", "192.0.2.1"),
        ("", "", "1.2.3.4", "1.2.3.4"),
    ],
)
def test_only_a_named_proxy_says_who_calls(trusted: str, near: str, told: str, address: str) -> None:
    seen: list[str] = []
    environ = {"REMOTE_ADDR": near, "HTTP_X_FORWARDED_FOR": told}
    TrustedProxies(lambda given, _: seen.append(given["REMOTE_ADDR"]), trusted)(environ, None)
    assert seen == [address]
