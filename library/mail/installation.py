"""The installation that may send the mails of a database: a restored or copied one sends nothing until it is released."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models import Setting


def identity(settings: Mapping[str, Any]) -> str:
    """Return what tells this installation from a copy of its database; empty where there is none."""
    try:
        return (Path(settings["INSTANCE"]) / "installation-id").read_text().strip()
    except FileNotFoundError:
        return ""


def adopt(identity: str) -> None:
    """Bind a new database to the installation it was made by; one that is bound already stays as it is."""
    Setting.insert(name="installation_id", value=identity).on_conflict_ignore().execute()


def release(identity: str) -> None:
    """Let this installation send what a restored or copied database holds."""
    stored = Setting.insert(name="installation_id", value=identity)
    stored.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]).execute()


def is_held(identity: str) -> bool:
    """Tell whether this database came from elsewhere: its patrons may have been mailed by the other already."""
    row = Setting.get_or_none(Setting.name == "installation_id")
    return row is None or not identity or row.value != identity
