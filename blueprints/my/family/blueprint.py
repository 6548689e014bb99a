"""The blueprint of 家族, a tie by its id, and the way back to the ties."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from peewee import Expression

from library import errors
from models import FamilyTie
from web import access, flash

bp = Blueprint("family", __name__)


def tie_or_404(tie_id: int, condition: Expression) -> FamilyTie:
    """Return the tie that meets a condition of ``library.patrons.family.ties``; 404 without one."""
    return access.mine_or_404(FamilyTie.select().where(FamilyTie.id == tie_id, condition))


def back_with(
    done: str, tie: FamilyTie | None = None, refused: Sequence[errors.Refused] = (), **facts: Any
) -> access.Reply:
    """Go back to the page of ties with a message."""
    return flash.leave("family.ties", done=done, tie=tie and tie.id, refused=refused, **facts)
