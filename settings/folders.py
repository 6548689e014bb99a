"""The folder of a library: whether it is one, its making, its privacy, and the secrets in it."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from library.mail import vapid
from library.store import backup, database, ownership
from settings import instances
from settings.instances import FILE, WrongSetting

KEY = "secret-key"
BEFOREHAND = {FILE, "inbox", "backup", "ebooks", "covers", "mail"}  # what may lie in a folder before a library does


def is_library(settings: Mapping[str, Any]) -> bool:
    """Tell whether the instance folder is a library's, or can't be looked into. A mistyped one isn't, and nothing is
    made there.
    """
    instance, file = settings["INSTANCE"], database.file_of(settings["DATABASE_URL"])
    usable = os.path.isdir(instance) and os.access(instance, os.R_OK | os.W_OK | os.X_OK)
    if os.path.exists(instance) and not usable:
        return True
    has_database = os.path.exists(file) if file else os.path.isdir(instance)
    return has_database or os.path.exists(os.path.join(instance, KEY))


def key(settings: Mapping[str, Any]) -> str:
    """Return the key that signs; where there is no library yet, one for this process alone. Raises: WrongSetting."""
    if not is_library(settings):
        return secrets.token_hex(32)
    return stored_token(prepare_instance(settings) / KEY)


def prepare_instance(settings: Mapping[str, Any]) -> Path:
    """Make the instance folder, for its owner alone. Raises: WrongSetting where it can't be written, or holds other
    things.
    """
    instance = Path(settings["INSTANCE"])
    try:
        if not is_library(settings) and instance.is_dir():
            _require_free(instance)
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        instance.chmod(0o700)
        probe = instance / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        if isinstance(error, PermissionError) and os.path.exists(instance):
            raise WrongSetting(_not_ours(instance)) from error
        raise WrongSetting(
            f"フォルダ {instance} に書き込めません（{error.strerror}）。{instances.CHOSEN} を確かめてください。"
        ) from error
    return instance


def _require_free(folder: Path) -> None:
    if strange := sorted(set(os.listdir(folder)) - BEFOREHAND):
        raise WrongSetting(
            f"フォルダ {folder} には、ほかのもの（{strange[0]}）があります。図書館だけのフォルダを指定してください。"
        )


def keep_private(settings: dict[str, Any]) -> list[str]:
    """Close files to everybody but their owner that hold secrets or people, and return a warning of each that was open.
    Raises: WrongSetting where one can't be closed.
    """
    instance, file = Path(settings["INSTANCE"]), database.file_of(settings["DATABASE_URL"])
    files = [instance / name for name in (KEY, "installation-id", vapid.FILE, FILE)]
    files += [Path(f"{file}{side}") for side in ("", *database.SIDES)] if file else []
    files += sorted(backup.folder(str(instance)).glob("*"))
    warnings = []
    for path in files:
        if path.exists() and (mode := path.stat().st_mode & 0o777) & 0o077:
            try:
                path.chmod(0o600)
            except OSError as error:
                if not ownership.is_ours(path):
                    raise WrongSetting(ownership.refusal(path)) from error
                raise WrongSetting(
                    f"{path} をほかの利用者が読めます（{mode:04o}）。「chmod 600 {path}」で直してください。"
                ) from error
            warnings.append(f"{path} をほかの利用者が読めたので（{mode:04o}）、持ち主だけのものに戻しました（0600）。")
    return warnings


def _not_ours(instance: Path) -> str:
    """Return the refusal of another's folder: become its owner, or hand over what root made for the service."""
    owner = ownership.owner_of(instance)
    become_it = "" if owner == "root" else f"「sudo -u {owner}」を付けて実行してください。"
    return f"{ownership.refusal(instance)}{become_it}"


def stored_token(path: Path) -> str:
    """Return the secret in this file; made at the first start, readable by the owner alone."""
    if not path.exists() or not path.read_text():
        database.make_private(path)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()
