"""Debian packages the program needs: installs what is missing, or prints the line that does.

Runs with the system's bare python3, before the virtual environment exists; installs no Python package.
"""

import os
import shutil
import subprocess
import sys

RUNTIME = (
    "python3-venv",
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fontconfig",
    "fonts-noto-cjk",
    "fonts-lxgw-wenkai",
    "nginx-light",
)
#: unicode-data tells which characters stand in the 通用规范汉字表
TESTS = ("chromium", "postgresql", "libreoffice-writer-nogui", "unicode-data")


def missing(packages: tuple[str, ...]) -> list[str]:
    """Those of `packages` that dpkg does not know as installed, in the order given."""
    gone = []
    for package in packages:
        asked = subprocess.run(
            ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
            capture_output=True,
            text=True,
        )
        if asked.stdout.strip() != "installed":
            gone.append(package)
    return gone


def keep_asleep(gone: list[str], privileged: list[str]) -> None:
    """Nothing; an nginx that comes with this set-up does not start as a service of the system.

    `serve` starts its own with its own configuration; Debian's would open port 80 to everybody. An nginx that
    the county had installed before stays as it was.
    """
    ours = "nginx-light" in gone and missing(("nginx-common",))
    if ours and shutil.which("systemctl"):
        subprocess.run([*privileged, "systemctl", "--quiet", "mask", "nginx.service"], capture_output=True)


def main(arguments: list[str]) -> int:
    """0 when nothing is missing (any more), 2 when somebody with the right must run the printed line."""
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        print(
            "This set-up installs Debian packages; on another system install their equivalents:",
            file=sys.stderr,
        )
        print("  " + " ".join(RUNTIME + TESTS), file=sys.stderr)
        return 2
    gone = missing(RUNTIME + TESTS if "--tests" in arguments else RUNTIME)
    if not gone:
        return 0
    install = ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", *gone]
    if os.geteuid() == 0:
        privileged: list[str] = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        privileged = ["sudo", "-n"]
    else:
        print(
            "These Debian packages are missing and installing them needs root. Run, then try again:",
            file=sys.stderr,
        )
        print(
            "  apt-get update && apt-get install --yes --no-install-recommends " + " ".join(gone),
            file=sys.stderr,
        )
        return 2
    print("installing Debian packages: " + " ".join(gone))
    keep_asleep(gone, privileged)
    # in run level 1 no installed package starts a service of its own, where there is no systemd to mask it
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["apt-get", "update", "--quiet=2"], install):
        done = subprocess.run([*privileged, *command], env=quiet, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr.strip() or done.stdout.strip(), file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
