"""本棚: what a patron put together, seen as a shelf of spines or as a list; and the page for whoever has its link."""

from flask import Blueprint
from flask_login import current_user

from models import Shelf, ShelvedTitle
from web import access

bp = Blueprint("shelves", __name__)
ROOT = "/my/shelves"
ONE = f"{ROOT}/<row_id:shelf_id>"


def mine(shelf_id: int) -> Shelf:
    """A shelf of the patron's own."""
    return access.mine_or_404(Shelf.select().where(Shelf.id == shelf_id, Shelf.patron == current_user.patron))


def book_of_mine(shelf_id: int, book_id: int) -> ShelvedTitle:
    """A book on a shelf of the patron's own."""
    standing = (ShelvedTitle.id == book_id) & (ShelvedTitle.shelf == shelf_id) & (Shelf.patron == current_user.patron)
    return access.mine_or_404(ShelvedTitle.select(ShelvedTitle, Shelf).join(Shelf).where(standing))
