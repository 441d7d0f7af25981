"""What set-up asks of the system: installed as root, printed exactly where somebody else must do it."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bare_system(tmp_path: Path) -> dict[str, str]:
    """The environment of an ordinary user on a Debian that has none of the packages."""
    for name, script in {
        "dpkg-query": "#!/bin/sh\nexit 1\n",
        "apt-get": '#!/bin/sh\necho called >> "$CALLED"\n',
        "id": "#!/bin/sh\necho 1000\n",
    }.items():
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    return {"PATH": str(tmp_path), "CALLED": str(tmp_path / "called")}


def run(environment: dict[str, str], as_root: bool, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import os, runpy, sys; "
        f"os.geteuid = lambda: {0 if as_root else 1000}; "
        f"sys.argv = ['prerequisites.py', *{list(arguments)!r}]; "
        f"runpy.run_path({str(ROOT / 'inspections' / 'site' / 'prerequisites.py')!r}, run_name='__main__')"
    )
    python = os.path.realpath("/proc/self/exe")
    return subprocess.run([python, "-c", code], env=environment, capture_output=True, text=True, timeout=60)


def test_an_ordinary_user_gets_the_complete_line_and_exit_2(bare_system: dict[str, str]) -> None:
    done = run(bare_system, False)
    assert done.returncode == 2
    line = done.stderr.splitlines()[-1].strip()
    assert line == (
        "apt-get update && apt-get install --yes --no-install-recommends python3-venv libpango-1.0-0 "
        "libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk fonts-lxgw-wenkai nginx-light"
    )
    assert not Path(bare_system["CALLED"]).exists()


def test_the_tests_also_ask_for_a_browser_a_database_server_and_an_office_suite(
    bare_system: dict[str, str],
) -> None:
    line = run(bare_system, False, "--tests").stderr.rstrip()
    assert line.endswith(
        "fonts-lxgw-wenkai nginx-light chromium postgresql libreoffice-writer-nogui unicode-data"
    )


def test_root_installs_what_is_missing(bare_system: dict[str, str]) -> None:
    done = run(bare_system, True)
    assert done.returncode == 0
    assert len(Path(bare_system["CALLED"]).read_text().splitlines()) == 2


def test_nothing_is_said_when_nothing_is_missing(bare_system: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "dpkg-query").write_text("#!/bin/sh\nprintf installed\n")
    done = run(bare_system, False, "--tests")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("has_its_own", [False, True])
def test_an_nginx_that_comes_with_the_set_up_opens_no_port_of_its_own(
    bare_system: dict[str, str], tmp_path: Path, has_its_own: bool
) -> None:
    for name in ("systemctl", "apt-get"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "{name} $* $RUNLEVEL" >> "$CALLED"\n')
        (tmp_path / name).chmod(0o755)
    if has_its_own:
        told = "#!/bin/sh\nfor last; do :; done\n[ $last = nginx-common ] && printf installed\n"
        (tmp_path / "dpkg-query").write_text(told)
    assert run(bare_system, True).returncode == 0
    called = Path(bare_system["CALLED"]).read_text().splitlines()
    first = "apt-get update" if has_its_own else "systemctl --quiet mask nginx.service"
    assert called[0].startswith(first)
    assert all(line.endswith(" 1") for line in called if line.startswith("apt-get"))
