"""The library that a process serves or a command acts on: one whose settings lie in /etc/madoguchi, or that of a
folder.

``--instance NAME|DIR``, else MADOGUCHI_INSTANCE, else the only one there is. In a source tree ./instance counts as one.
"""

import json
import os
import pwd
import re
import socket
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from library.store import backup, database, ownership
from settings import settings_file
from settings.settings_file import WrongSetting

ROOT = Path(__file__).resolve().parent.parent
IS_INSTALLED = ROOT.name == "madoguchi_server"  # by pip, which lays the program in a folder of this name
PROGRAM = "madoguchi" if IS_INSTALLED else "flask"  # what the commands belong to
COMMAND = PROGRAM if IS_INSTALLED else f".venv/bin/{PROGRAM}"
CHOSEN = "MADOGUCHI_INSTANCE"
FILE = "config.toml"  # of settings, where they lie in the folder of the library
OF_TREE = ROOT / "instance"
USER = "madoguchi"  # whose the libraries of a server are
DATA = Path("/var/lib/madoguchi")
FIRST_PORT = 8000
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
READABLE, PASSABLE = 0o640, 0o755
SAMPLE = """\
# 図書館 {name} の設定です。書けるものは docs/settings.md にあります。変えたら: sudo systemctl restart madoguchi@{name}
INSTANCE = {folder}
PORT = {port}
# LIBRARY_NAME = "すずかけ市立図書館"
# PUBLIC_URL = "https://library.example.jp"
# TRUSTED_PROXIES = 1
# MAIL_SERVER = "mail.example.jp"
# MAIL_SENDER = "library@example.jp"
# ADMIN_MAIL = "admin@example.jp"
"""


class NotChosen(WrongSetting):
    """Refuse to guess which library is meant."""


@dataclass(frozen=True)
class Place:
    """A library's folder and the file of its settings, which need not exist. ``name``: of a file in /etc/madoguchi."""

    folder: Path
    file: Path
    name: str = ""


# -- those that there are --------------------------------------------------------------------------------------------
def directory() -> Path:
    """Return the folder with a file of settings for each library of this machine. MADOGUCHI_ETC leads
    tests elsewhere.
    """
    return Path(os.environ.get("MADOGUCHI_ETC") or "/etc/madoguchi")


def named() -> dict[str, Path]:
    """Return the files of settings of this machine's libraries, by their names."""
    return {file.stem: file for file in sorted(directory().glob("*.toml")) if NAME.fullmatch(file.stem)}


def folder_in(file: Path) -> Path | None:
    """Return the folder that a file of settings names; None where it can't be read or names none."""
    try:
        folder = tomllib.loads(file.read_text(encoding="utf-8")).get("INSTANCE")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return Path(folder) if isinstance(folder, str) and folder.startswith("/") else None


def others(folder: Path) -> list[str]:
    """Return the libraries of this machine that don't lie in this folder, as ``NAME（FOLDER）``."""
    found = [(name, folder_in(file)) for name, file in named().items()]
    lines = [f"{name}（{place}）" if place else name for name, place in found if place != folder]
    return lines + ([str(OF_TREE)] if _tree_has_one() and folder != OF_TREE else [])


def _tree_has_one() -> bool:
    return not IS_INSTALLED and os.path.exists(OF_TREE / "secret-key")


# -- the one that is meant -------------------------------------------------------------------------------------------
def choose() -> Place:
    """Return the library that the command line or the environment names, else the only one there is.
    Raises: NotChosen.
    """
    files = named()
    if word := os.environ.get(CHOSEN):
        if word in files:
            return of_name(word)
        if files and "/" not in word and not os.path.isdir(word):
            raise NotChosen(f"図書館を選べません。{word} という図書館はありません。{_choices()}")
        return of_folder(Path(word))
    if len(files) == 1 and not _tree_has_one():
        return of_name(*files)
    if not files and not IS_INSTALLED:
        return of_folder(OF_TREE)
    raise NotChosen(f"図書館を選べません。{_choices()}")


def of_folder(folder: Path) -> Place:
    """Return the library in a folder: its settings lie in /etc/madoguchi where a file there names the folder, else in
    itself.
    """
    folder = folder.absolute()
    name = _name_of(folder)
    return of_name(name) if name else Place(folder, folder / FILE)


def _name_of(folder: Path) -> str:
    """Return the name of the file in /etc/madoguchi that names this folder; empty where none does."""
    return next((name for name, file in named().items() if folder_in(file) == folder), "")


def of_name(name: str) -> Place:
    """Return the library of this name. Raises: WrongSetting, where its file can't be read or names no folder, or where
    there are settings in the folder, too.
    """
    file = directory() / f"{name}.toml"
    if not os.access(file, os.R_OK):
        raise WrongSetting(f"{file} を読む権限がありません。「sudo -u {_group_of(file)}」を付けて実行してください。")
    settings_file.read(file)
    folder = folder_in(file)
    if folder is None:
        raise WrongSetting(
            f'{settings_file.found_at(file, "INSTANCE")}INSTANCE = "/…" の形で、図書館のフォルダを書いてください。'
        )
    if os.path.exists(folder / FILE):
        raise WrongSetting(
            f"設定が二つあります（{file} と {folder / FILE}）。{file} に書き写し、{folder / FILE} の名前を変えてください。"
        )
    return Place(folder, file, name)


def command(folder: str) -> str:
    """Return the words with which a command on the library in this folder begins, as a person types them."""
    name = _name_of(Path(folder)) or folder
    return f"madoguchi --instance {name}" if IS_INSTALLED else f"{CHOSEN}={name} {COMMAND}"


def _choices() -> str:
    option = "--instance" if IS_INSTALLED else f"{CHOSEN}="
    if found := others(Path()):
        return "\n".join([f"{option} で、次のどれかを指定してください。", *(f"  {line}" for line in found)])
    return (
        f"{directory()} に図書館がありません。作るときは「sudo madoguchi init NAME」を、"
        "いまある図書館のときは「sudo madoguchi adopt NAME フォルダ」を実行してください。"
    )


def _group_of(file: Path) -> str:
    try:
        group = file.group()
    except (OSError, KeyError):
        return USER
    return USER if group == "root" else group


# -- what to say of it --------------------------------------------------------------------------------------------
def no_library(settings: Mapping[str, Any]) -> str:
    """Return the sentence for an instance folder without a library: where it looked, what else there is, and how to
    name it.
    """
    instance, file = settings["INSTANCE"], database.file_of(settings["DATABASE_URL"]) or "DATABASE_URL"
    found = "、".join(others(Path(instance)))
    name = "--instance NAME" if IS_INSTALLED else f"{CHOSEN}=フォルダ"
    return (
        f"フォルダ {instance} には、まだ図書館がありません（データベース {file}）。"
        f"ほかの図書館のときは、{name} を付けて実行してください（{found or 'この機械には見つかりません'}）。"
        f"はじめて作るときは「{command(instance)} init」を実行してください。"
    )


def of_damage(settings: Mapping[str, Any]) -> str:
    """Return the sentence for a damaged database: the command that brings the newest good copy back."""
    instance = settings["INSTANCE"]
    folder = backup.folder(instance)
    found = backup.newest_good(folder)
    first = (
        ""
        if database.file_of(settings["DATABASE_URL"])
        else "PostgreSQL の記録（ログ）とディスクを確かめてください。直らないときは、空のデータベースを作り、DATABASE_URL をそちらに変えます。"
    )
    way = (
        f"サーバーを止めて、いちばん新しい控えに戻してください: {command(instance)} db restore {found}"
        if found
        else f"{folder} に使える控えがありません。ほかに写した控えを探して、{COMMAND} db restore で戻してください。"
    )
    return f"{database.Damaged()}{first}{way}"


# -- new ones --------------------------------------------------------------------------------------------------------
def make(name: str, folder: Path, user: str) -> Place:
    """Make the file of settings and the folder of a new library, for the user who serves it; what is there stays.
    Raises: WrongSetting.
    """
    owner = _owner(name, user)
    file = directory() / f"{name}.toml"
    if file.exists():
        folder = of_name(name).folder
    else:
        if holder := _name_of(folder):
            raise WrongSetting(f"フォルダ {folder} は、{holder} という図書館のものです。")
        text = SAMPLE.format(name=name, folder=_quoted(folder), port=_free_port())
        _write(file, text, owner.pw_gid)
    _make_passable(folder.parent)
    for each in (folder, folder / "inbox"):
        if not each.exists():
            each.mkdir(mode=0o700)
            os.chown(each, owner.pw_uid, owner.pw_gid)
    return of_name(name)


def adopt(name: str, folder: Path) -> Place:
    """Give an existing library a file of settings in /etc/madoguchi: that of its folder, which is moved aside. Done
    again after it was broken off, it goes on. Raises: WrongSetting.
    """
    folder = folder.absolute()
    if not (folder / "secret-key").exists():
        raise WrongSetting(f"フォルダ {folder} に、図書館がありません。")
    owner = _owner(name, ownership.owner_of(folder))
    file, former = directory() / f"{name}.toml", folder / FILE
    written = former.read_text(encoding="utf-8") if former.exists() else ""
    text = f"INSTANCE = {_quoted(folder)}\n{written}"
    if "INSTANCE" in settings_file.parse(written, former):
        raise WrongSetting(f"{settings_file.found_at(former, 'INSTANCE')}INSTANCE の行を消してください。")
    if (holder := _name_of(folder)) not in ("", name):
        raise WrongSetting(f"フォルダ {folder} は、{holder} という図書館のものです。")
    if file.exists() and (former.exists() or holder != name) and file.read_text(encoding="utf-8") != text:
        raise WrongSetting(f"{file} がもうあります。ほかの名前にしてください。")
    if not file.exists():
        _write(file, text, owner.pw_gid)
    if former.exists():
        former.replace(folder / f"{FILE}.adopted")
    return of_name(name)


def _owner(name: str, user: str) -> pwd.struct_passwd:
    """Return the user who will serve a library that root makes."""
    if not NAME.fullmatch(name):
        raise WrongSetting(
            f"図書館の名前「{name}」は使えません。半角の英小文字、数字、ハイフンで、32文字までにしてください。"
        )
    if os.geteuid() != 0:
        raise WrongSetting("このコマンドは「sudo」を付けて実行してください。")
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise WrongSetting(
            f"利用者 {user} がいません。「sudo useradd --system --user-group --home-dir /nonexistent"
            f" --shell /usr/sbin/nologin {user}」で作ってください。"
        ) from None


def _free_port() -> int:
    """Return the first port from FIRST_PORT on that neither a library of this machine has nor another program."""
    taken = {_port_in(file) for file in named().values()}
    return next(port for port in range(FIRST_PORT, FIRST_PORT + 1000) if port not in taken and _is_free(port))


def _port_in(file: Path) -> int:
    """Return the port of a library by its file, even where that has a fault."""
    with suppress(OSError, UnicodeDecodeError):
        if found := re.search(r'^\s*PORT\s*=\s*"?(\d+)', file.read_text(encoding="utf-8"), re.M):
            return int(found[1])
    return FIRST_PORT


def _is_free(port: int) -> bool:
    with socket.socket() as tried, suppress(OSError):
        tried.bind(("", port))
        return True
    return False


def _write(file: Path, text: str, group: int) -> None:
    """Write a file of settings for root and the group that reads it, whole or not at all."""
    _make_passable(file.parent)
    draft = file.with_suffix(".new")
    draft.write_text("", encoding="utf-8")
    os.chown(draft, 0, group)
    draft.chmod(READABLE)
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


def _make_passable(folder: Path) -> None:
    """Make a folder of root's, and those above it, that others may enter whatever the umask is; what is there stays."""
    for each in reversed([folder, *folder.parents]):
        if not each.exists():
            each.mkdir()
            each.chmod(PASSABLE)


def _quoted(folder: Path) -> str:
    return json.dumps(str(folder), ensure_ascii=False)
