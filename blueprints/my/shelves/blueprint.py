"""The blueprint of 本棚, and a shelf or book of the patron by its id."""

from flask import Blueprint
from flask_login import current_user

from models import Shelf, ShelvedTitle
from web import access

bp = Blueprint("shelves", __name__)
ROOT = "/my/shelves"
ONE = f"{ROOT}/<row_id:shelf_id>"


def shelf_or_404(shelf_id: int) -> Shelf:
    """Return a shelf of this patron; 404 without one."""
    return access.mine_or_404(Shelf.select().where(Shelf.id == shelf_id, Shelf.patron == current_user.patron))


def book_or_404(shelf_id: int, book_id: int) -> ShelvedTitle:
    """Return a book on a shelf of this patron; 404 without one."""
    standing = (ShelvedTitle.id == book_id) & (ShelvedTitle.shelf == shelf_id) & (Shelf.patron == current_user.patron)
    return access.mine_or_404(ShelvedTitle.select(ShelvedTitle, Shelf).join(Shelf).where(standing))
