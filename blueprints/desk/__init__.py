"""窓口: the pages of the staff, a page a module."""

from flask import Blueprint, request
from flask_login import current_user

bp = Blueprint("desk", __name__)
MENU = (  # endpoint, words, icon, for 管理 alone
    ("desk.patrons", "利用者", "card", False),
    ("desk.status", "いまの状態", "info", False),
    ("desk.accounts", "職員", "person", True),
    ("desk.audit", "操作の記録", "history", True),
    ("desk.password", "パスワード", "key", False),
)


@bp.context_processor
def menu():
    """What this member of staff may open."""
    is_admin = current_user.staff is not None and current_user.staff.role == "admin"
    return {"here_endpoint": request.endpoint, "desk_menu": [entry[:3] for entry in MENU if is_admin or not entry[3]]}


from blueprints.desk import accounts, patrons, session, setup, status  # noqa: E402, F401 (each brings its addresses)
