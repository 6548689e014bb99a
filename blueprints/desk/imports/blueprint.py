"""取り込み: a file on its way in: sent, columns and words assigned, tried whole, read in."""

from pathlib import Path

from flask import Blueprint, current_app

from library import errors
from library.importing import runs

bp = Blueprint("imports", __name__)
PAGE = "desk.imports.show"
TICKS, TEXTS = ("pad_zeros", "with_consent"), ("source", "area_code")  # choices beside the columns


def instance() -> Path:
    """Return the folder of this library."""
    return Path(current_app.instance_path)


def run_of(token: str) -> runs.Run:
    """Return the run of this page. Raises: UploadGone, KindOpen, both answered by the page where files are sent."""
    run = runs.Run(instance(), token)
    if not run.plan.kind:
        raise errors.KindOpen()
    return run


def facts(run: runs.Run) -> dict:
    """Return the facts of a run that all its pages show."""
    chosen = {name: getattr(run.plan, name) for name in (*TICKS, *TEXTS)}
    return {"token": run.token, "kind": run.kind.label, "name": run.plan.name, "offers": run.kind.offers} | chosen
