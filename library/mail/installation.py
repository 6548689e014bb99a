"""The installation that may send the mails of a database: a restored or copied one sends nothing until
it is released.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models import Setting


def identity(settings: Mapping[str, Any]) -> str:
    """Return the installation's identity, which is in no copy of its database; empty where it has none."""
    try:
        return (Path(settings["INSTANCE"]) / "installation-id").read_text().strip()
    except FileNotFoundError:
        return ""


def bind(identity: str) -> None:
    """Record in a new database the installation that made it; a record that is there already stays."""
    Setting.insert(name="installation_id", value=identity).on_conflict_ignore().execute()


def release(identity: str) -> None:
    """Let this installation send the mails that wait in a restored or copied database."""
    stored = Setting.insert(name="installation_id", value=identity)
    stored.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]).execute()


def is_copied(identity: str) -> bool:
    """Tell whether this database was restored or copied from another installation, which may have mailed its patrons
    already.
    """
    row = Setting.get_or_none(Setting.name == "installation_id")
    return row is None or not identity or row.value != identity
