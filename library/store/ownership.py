"""Owners of a library's files. The service opens only its own files; root hands over files that it makes."""

import os
import pwd
import shutil
from pathlib import Path


def copy_owner(path: Path, like: Path) -> None:
    """Give ``path`` the owner of ``like`` and, if ``like`` is a file, its mode."""
    found = like.stat()
    if os.geteuid() == 0:  # only root can, and needs to: others own their files anyway
        os.chown(path, found.st_uid, found.st_gid)
    if like.is_file():
        shutil.copymode(like, path)


def become_owner(folder: Path) -> None:
    """Let root become the owner of a folder for the rest of the process, so that no file of root's is made.

    Nothing changes for other users, or if the folder is root's or isn't there.
    """
    if os.geteuid() != 0 or not folder.exists() or not (number := (found := folder.stat()).st_uid):
        return
    try:
        user = pwd.getpwuid(number)
        os.initgroups(user.pw_name, user.pw_gid)
        os.setgid(user.pw_gid)
    except KeyError:  # a user id without a name
        os.setgroups([])
        os.setgid(found.st_gid)
    os.setuid(number)


def is_ours(path: Path) -> bool:
    """Tell whether this process may read and write a file or folder."""
    return os.access(path, os.R_OK | os.W_OK)


def refusal(path: Path) -> str:
    """Return the sentence about a file that is not ours: its owner, the present user, and the command that mends it."""
    me = _name(os.geteuid())
    try:
        owner = owner_of(path)
    except OSError:  # its folder may not be entered
        return f"{path} を読み書きする権限がありません（いまの利用者は {me}）。"
    sentence = f"{path} を読み書きする権限がありません（所有者は {owner}、いまの利用者は {me}）。"
    if owner == me:
        return f"{sentence}「chmod u+rw {path}」で直せます。"
    if owner_of(path.parent) == me:  # root seldom left only one file there
        return f"{sentence}「sudo chown -R {me}: {path.parent}」で直せます。"
    return f"{sentence}「sudo chown {me}: {path}」で直せます。" if owner == "root" else sentence


def owner_of(path: Path) -> str:
    """Return the user name of the owner."""
    return _name(path.stat().st_uid)


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
