"""家族: what the family has out and on hold, renewing it together, the cards side by side, and who may look at whose."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, url_for
from peewee import Expression

from library import errors
from models import FamilyTie
from web import access, flash

bp = Blueprint("family", __name__)


def mine(tie_id: int, condition: Expression) -> FamilyTie:
    """A tie that meets a condition of ``library.patrons.family.ties``."""
    return access.mine_or_404(FamilyTie.select().where(FamilyTie.id == tie_id, condition))


def back_with(
    done: str, tie: FamilyTie | None = None, refused: Sequence[errors.Refused] = (), **facts: Any
) -> access.Reply:
    """Return to the ties with a message."""
    flash.keep("family ties", done=done, tie=tie and tie.id, refused=refused, **facts)
    return redirect(url_for("family.ties"), 303)
