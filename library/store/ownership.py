"""Owners of a library's files. The service opens only what is its own; root, who makes what it can't open, hands it over."""

import os
import pwd
import shutil
from pathlib import Path


def copy_owner(path: Path, like: Path) -> None:
    """Give the file the owner of ``like``, and its mode where that is a file."""
    found = like.stat()
    if os.geteuid() == 0:  # nobody else can give away, nor needs to: what others make is theirs
        os.chown(path, found.st_uid, found.st_gid)
    if like.is_file():
        shutil.copymode(like, path)


def become_owner(folder: Path) -> None:
    """Have root become the owner of this folder for the rest of the process; nothing that it writes will be root's. Others stay who
    they are, and so does root where the folder is its own or isn't there.
    """
    if os.geteuid() != 0 or not folder.exists() or not (number := (found := folder.stat()).st_uid):
        return
    try:
        user = pwd.getpwuid(number)
        os.initgroups(user.pw_name, user.pw_gid)
        os.setgid(user.pw_gid)
    except KeyError:  # a number without a name
        os.setgroups([])
        os.setgid(found.st_gid)
    os.setuid(number)


def is_ours(path: Path) -> bool:
    """Tell whether this process may read and write the file or folder."""
    return os.access(path, os.R_OK | os.W_OK)


def refusal(path: Path) -> str:
    """Return the sentence about a file or folder that is not ours: whose it is, who asks, and the command that mends it."""
    me = _name(os.geteuid())
    try:
        owner = owner_of(path)
    except OSError:  # it lies in a folder that may not be entered
        return f"{path} を読み書きする権限がありません（いまの利用者は {me}）。"
    sentence = f"{path} を読み書きする権限がありません（所有者は {owner}、いまの利用者は {me}）。"
    if owner == me:
        return f"{sentence}「chmod u+rw {path}」で直せます。"
    if owner_of(path.parent) == me:  # one file that root left there is seldom alone
        return f"{sentence}「sudo chown -R {me}: {path.parent}」で直せます。"
    return f"{sentence}「sudo chown {me}: {path}」で直せます。" if owner == "root" else sentence


def owner_of(path: Path) -> str:
    """Return the name of the owner."""
    return _name(path.stat().st_uid)


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
