"""Font roles of official papers: the file that prints each, the characters none can print, Fandol set-up.

It names proprietary fonts but never ships or fetches one; it lays nothing out. Standard library only at
import, so that set-up can run this file before the application's packages exist.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# GB/T 9704-2012 asks for 3号仿宋 in the body, 小标宋 in mark and title, 黑体 and 楷体 for the levels 1 and 2,
# 4号半角宋体 for page numbers. Office machines own the first names; the last ones are free and in Debian.
ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "fang": (
        "仿宋",
        (
            "仿宋_GB2312",
            "FangSong_GB2312",
            "方正仿宋_GBK",
            "仿宋",
            "FangSong",
            "朱雀仿宋",
            "FandolFang R",
            "LXGW WenKai Light",
            "Noto Serif CJK SC",
        ),
    ),
    "title": (
        "小标宋",
        ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC"),
    ),
    "hei": ("黑体", ("黑体", "SimHei", "FandolHei", "Noto Sans CJK SC")),
    "kai": ("楷体", ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "FandolKai", "LXGW WenKai")),
    "song": ("宋体", ("宋体", "SimSun", "Noto Serif CJK SC")),
}

FANDOL_PACKAGE = "texlive-lang-chinese"
FANDOL_FILES = (
    "FandolFang-Regular.otf",
    "FandolHei-Regular.otf",
    "FandolKai-Regular.otf",
    "FandolSong-Regular.otf",
)


class FontSetupError(Exception):
    """Fandol could not be unpacked; the message says in Chinese what to run."""


@dataclass(frozen=True)
class RoleFont:
    """The first family of a role that this machine has; family and file are None when it has none."""

    role: str
    words: str
    family: str | None
    file: str | None


@dataclass(frozen=True)
class _Face:
    families: tuple[str, ...]
    file: str
    index: int


def role_fonts() -> list[RoleFont]:
    """One entry per role, in the order of ROLES."""
    known = {name for face in _installed() for name in face.families}
    found = []
    for role, (words, stack) in ROLES.items():
        family = next((name for name in stack if name in known), None)
        file = font_file(family, bold=role == "title") if family else None
        found.append(RoleFont(role, words, family, file))
    return found


def role_stylesheet() -> str:
    """CSS that names each role's families once, as --font-fang, --font-title and so on."""
    lines = []
    for role, (_, stack) in ROLES.items():
        families = ", ".join(f'"{name}"' for name in stack)
        lines.append(f"--font-{role}: {families};")
    return ":root { " + " ".join(lines) + " }"


def family_list(role: str) -> str:
    """The families of a role as an attribute of a drawing has them, the first that is there counts."""
    return ", ".join(ROLES[role][1])


def font_file(family: str, bold: bool = False) -> str:
    """Path of the file fontconfig takes for this family, empty when fontconfig cannot say."""
    pattern = family.replace("\\", "").replace(":", "\\:").replace("-", "\\-").replace(",", "\\,")
    return _output(["fc-match", "--format", "%{file}", pattern + (":bold" if bold else "")]).strip()


def uncovered(text: str) -> list[str]:
    """The characters of the text that no font of any role can print, each once, in order of appearance."""
    left = {char for char in text if not char.isspace()}
    for face in _faces_of_roles():
        if not left:
            break
        left -= _characters(face.file, face.index)
    return [char for char in dict.fromkeys(text) if char in left]


def fandol_folder() -> Path:
    """Where Fandol belongs: for everybody when root installs it, else for this user only."""
    if os.geteuid() == 0:
        return Path("/usr/local/share/fonts/fandol")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "fonts/fandol"


def fandol_present() -> bool:
    """True when fontconfig knows every Fandol file, wherever it lies."""
    known = {Path(face.file).name for face in _installed()}
    return known.issuperset(FANDOL_FILES)


def install_fandol() -> list[Path]:
    """The files copied into the font folder, taken from the Debian package without installing TeX.

    Nothing is done and the list is empty when fontconfig already knows Fandol. Raises FontSetupError.
    """
    if fandol_present():
        return []
    for tool in ("apt-get", "dpkg-deb", "fc-cache"):
        if shutil.which(tool) is None:
            raise FontSetupError(f"缺少命令 {tool}：请在 Debian 上执行 apt-get install apt dpkg fontconfig")
    folder = fandol_folder()
    copied = []
    with tempfile.TemporaryDirectory(prefix="fandol-") as scratch:
        package = _download(Path(scratch))
        _must(["dpkg-deb", "-x", str(package), f"{scratch}/unpacked"], "字体包无法解开")
        folder.mkdir(parents=True, exist_ok=True)
        for name in FANDOL_FILES:
            source = next(Path(scratch, "unpacked").rglob(name), None)
            if source is None:
                raise FontSetupError(f"软件包 {FANDOL_PACKAGE} 中没有 {name}")
            copied.append(Path(shutil.copyfile(source, folder / name)))
    _must(["fc-cache", str(folder)], "字体缓存未能更新")
    _installed.cache_clear()
    _faces_of_roles.cache_clear()
    return copied


def install_own(folder: Path) -> list[Path]:
    """The county's own fonts, copied from `folder` to where fontconfig looks; again only when they changed.

    A folder that is not there counts as empty. Raises FontSetupError for a file that is no font.
    """
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]  # it carries no type hints

    target, copied = fandol_folder().parent / "county", []
    for file in sorted(folder.glob("*")) if folder.is_dir() else []:
        if file.suffix.lower() not in (".ttf", ".otf", ".ttc"):
            continue
        try:
            with file.open("rb") as opened:
                TTFont(opened, fontNumber=0, lazy=True)
        except (TTLibError, OSError):
            raise FontSetupError(f"{file.name} 不是可用的字体文件（ttf、otf、ttc）") from None
        own = target / file.name
        if own.is_file() and own.read_bytes() == file.read_bytes():
            continue
        target.mkdir(parents=True, exist_ok=True)
        copied.append(Path(shutil.copyfile(file, own)))
    if copied:
        _must(["fc-cache", str(target)], "字体缓存未能更新")
        _installed.cache_clear()
        _faces_of_roles.cache_clear()
        _faces_of_role.cache_clear()
    return copied


def _download(folder: Path) -> Path:
    command = ["apt-get", "download", FANDOL_PACKAGE]
    if os.geteuid() == 0:
        command += ["-o", "APT::Sandbox::User=root"]  # the sandbox user cannot enter a private folder
    if _run(command, folder).returncode and os.geteuid() == 0:
        _must(["apt-get", "update"], "软件包列表未能更新")  # a fresh machine has no package lists yet
        _run(command, folder)
    package = next(folder.glob("*.deb"), None)
    if package is None:
        raise FontSetupError(f"无法下载 {FANDOL_PACKAGE}：请先执行 sudo apt-get update，再重试")
    return package


def _must(command: Sequence[str], complaint: str) -> None:
    done = _run(command)
    if done.returncode:
        raise FontSetupError(f"{complaint}：{(done.stderr or done.stdout).strip()}")


def _run(command: Sequence[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    # fixed programs with arguments made here, no shell
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _output(command: Sequence[str]) -> str:
    try:
        return _run(command).stdout
    except FileNotFoundError:
        return ""


@cache
def _installed() -> tuple[_Face, ...]:
    listing = _output(["fc-list", "--format", "%{file}\t%{index}\t%{family}\n"])
    rows = (line.split("\t") for line in sorted(listing.splitlines()))
    return tuple(
        _Face(tuple(families.split(",")), file, int(index) & 0xFFFF) for file, index, families in rows
    )


@cache
def _faces_of_roles() -> tuple[_Face, ...]:
    names = dict.fromkeys(name for _, stack in ROLES.values() for name in stack)
    faces = (next((face for face in _installed() if name in face.families), None) for name in names)
    return tuple(dict.fromkeys(face for face in faces if face))


def advance(role: str, char: str) -> float:
    """Width in em of the character as the role's fonts print it: that of the first family which has it."""
    for face in _faces_of_role(role):
        width = _advances(face.file, face.index).get(char)
        if width is not None:
            return width
    return 1.0


@cache
def _faces_of_role(role: str) -> tuple[_Face, ...]:
    faces = (next((face for face in _installed() if name in face.families), None) for name in ROLES[role][1])
    return tuple(dict.fromkeys(face for face in faces if face))


@cache
def _advances(file: str, index: int) -> dict[str, float]:
    """Character → width in em, read from the font's horizontal metrics."""
    from fontTools.ttLib import TTFont

    with TTFont(file, fontNumber=index, lazy=True) as font:
        metrics, whole = font["hmtx"].metrics, font["head"].unitsPerEm
        glyphs = font.getBestCmap() or {}
        return {chr(code): metrics[name][0] / whole for code, name in glyphs.items() if name in metrics}


@cache
def _characters(file: str, index: int) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(file, fontNumber=index, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap() or {}))


def report(found: Iterable[RoleFont]) -> list[str]:
    """One line per role for a terminal: role, family, file; 缺 where no font serves it."""
    return [f"{font.words}\t{font.family or '缺'}\t{font.file or ''}".rstrip() for font in found]


def main(arguments: Sequence[str]) -> int:
    """Exit code of `install` (0 there or unpacked, 2 failed) and of `check` (0 all roles served, 1 not)."""
    if list(arguments) == ["install"]:
        try:
            copied = install_fandol()
        except FontSetupError as error:
            print(error, file=sys.stderr)
            return 2
        if copied:
            print(f"已安装字体：{'、'.join(path.stem for path in copied)}（{copied[0].parent}）")
        return 0
    if list(arguments) == ["check"]:
        found = role_fonts()
        print("\n".join(report(found)))
        return 0 if all(font.family for font in found) else 1
    print("用法：python -m inspections.typesetting.fonts install|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
