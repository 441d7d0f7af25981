"""Fonts: every role is served, Fandol is unpacked once and left alone afterwards."""

import subprocess
import sys
from pathlib import Path

import pytest

from inspections.typesetting import fonts

FONTS = Path(fonts.__file__)


def test_every_role_has_a_font_on_this_machine() -> None:
    found = fonts.role_fonts()
    assert [font.role for font in found] == list(fonts.ROLES)
    assert all(font.family and font.file and Path(font.file).is_file() for font in found)


def test_the_style_sheet_names_each_role_once() -> None:
    css = fonts.role_stylesheet()
    assert all(css.count(f"--font-{role}:") == 1 for role in fonts.ROLES)


def test_installing_again_does_nothing_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(fonts, "_download", lambda folder: ran.append([str(folder)]))
    done = subprocess.run([sys.executable, FONTS, "install"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert fonts.install_fandol() == [] and ran == []


def test_set_up_can_run_the_file_before_any_package_is_there() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", FONTS, "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [
        "仿宋",
        "小标宋",
        "黑体",
        "楷体",
        "宋体",
    ]


def test_a_missing_tool_is_named_with_the_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "fandol_present", lambda: False)
    monkeypatch.setattr(fonts.shutil, "which", lambda tool: None)
    with pytest.raises(fonts.FontSetupError, match="apt-get"):
        fonts.install_fandol()


def test_a_failed_download_copies_nothing_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "fandol_present", lambda: False)
    monkeypatch.setattr(fonts, "fandol_folder", lambda: tmp_path / "fandol")
    failed = subprocess.CompletedProcess(["apt-get"], 100, "", "")
    monkeypatch.setattr(fonts, "_run", lambda command, folder=None: failed)
    monkeypatch.setattr(fonts.os, "geteuid", lambda: 1000)
    with pytest.raises(fonts.FontSetupError, match="apt-get update"):
        fonts.install_fandol()
    assert not (tmp_path / "fandol").exists()


def test_a_wrong_word_on_the_command_line_ends_in_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert fonts.main(["remove"]) == 2
    assert "install|check" in capsys.readouterr().err


def test_the_countys_own_fonts_are_copied_once_and_what_is_no_font_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[list[str]] = []
    monkeypatch.setattr(fonts, "fandol_folder", lambda: tmp_path / "share" / "fandol")
    monkeypatch.setattr(fonts, "_must", lambda command, complaint: told.append(list(command)))
    folder = tmp_path / "fonts"
    assert fonts.install_own(folder) == []
    folder.mkdir()
    (folder / "README.txt").write_text("字体放在这里")
    owned = folder / "FZXBSJW.TTF"
    owned.write_bytes(Path(fonts.role_fonts()[0].file or "").read_bytes())
    assert [path.name for path in fonts.install_own(folder)] == ["FZXBSJW.TTF"]
    assert (tmp_path / "share" / "county" / "FZXBSJW.TTF").read_bytes() == owned.read_bytes()
    assert told == [["fc-cache", str(tmp_path / "share" / "county")]]
    assert fonts.install_own(folder) == []
    (folder / "broken.otf").write_bytes(b"no font")
    with pytest.raises(fonts.FontSetupError, match=r"broken\.otf"):
        fonts.install_own(folder)
