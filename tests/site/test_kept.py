"""What serve started is started again when it dies, and given up when it never came up."""

import os
import sys
import time

import pytest

from inspections.site import serve


def test_a_killed_process_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "UP_SECONDS", 0.0)
    kept = serve._Kept([sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ))
    try:
        for _ in range(serve.MOST_DEATHS):
            killed = kept.process
            killed.kill()
            killed.wait(10)
            assert kept.lives() and kept.process.pid != killed.pid
        kept.process.kill()
        kept.process.wait(10)
        assert not kept.lives()  # too often
    finally:
        kept.process.kill()
        kept.process.wait(10)


def test_one_that_never_came_up_is_given_up() -> None:
    kept = serve._Kept([sys.executable, "-c", "raise SystemExit(3)"], dict(os.environ))
    kept.process.wait(30)
    assert time.monotonic() - kept.since < serve.UP_SECONDS + 30
    kept.since = time.monotonic()
    assert not kept.lives()
