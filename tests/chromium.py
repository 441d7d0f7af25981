"""Debian's Chromium for the tests: the flags with which it starts, and how."""

from playwright.sync_api import Browser, Playwright

EXECUTABLE = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launched(playwright: Playwright, *flags: str) -> Browser:
    """A headless Chromium with these flags beside the usual ones."""
    return playwright.chromium.launch(executable_path=EXECUTABLE, args=[*FLAGS, *flags])
