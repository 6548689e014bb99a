"""窓口: the pages of the staff, a page a module."""

from flask import Blueprint, request
from flask_login import current_user

from library import clock
from web.links import url_for

bp = Blueprint("desk", __name__)
MENU = (  # endpoint, words, icon, for 管理 alone
    ("desk.checkout", "貸出", "lend", False),
    ("desk.returns", "返却", "return", False),
    ("desk.renewals", "延長", "history", False),
    ("desk.holds", "予約", "bookmark", False),
    ("desk.transfers", "搬送", "truck", False),
    ("desk.patrons", "利用者", "person", False),
    ("desk.questions", "レファレンス", "question", False),
    ("desk.items", "資料", "book", False),
    ("desk.claims", "確認中の資料", "warning", False),
    ("desk.overdue", "督促", "phone", False),
    ("desk.calendar", "カレンダー", "calendar", True),
    ("desk.titles", "書誌", "page", False),
    ("desk.ebooks", "電子書籍", "ebook", False),
    ("desk.labels", "ラベル", "barcode", False),
    ("desk.stocktakings", "蔵書点検", "shelf", False),
    ("desk.imports", "取り込み", "import", True),
    ("desk.notices", "通知", "bell", False),
    ("desk.statistics", "統計", "chart", True),
    ("desk.policies", "運用ルール", "pencil", True),
    ("desk.features", "特集", "star", False),
    ("desk.articles", "サイトの文章", "page", True),
    ("desk.pictures", "写真", "picture", True),
    ("desk.texts", "メールの文面", "mail", True),
    ("desk.status", "システムの状態", "info", False),
    ("desk.terminal", "館内端末", "device", False),
    ("desk.accounts", "職員", "card", True),
    ("desk.audit", "操作の記録", "list", True),
    ("desk.password", "パスワード", "key", False),
)


KEYS = 5  # entries of the menu that Alt and a digit open


@bp.context_processor
def bar_and_menu():
    """Where this desk is, and what this member of staff may open."""
    if current_user.staff is None:
        return {"desk_menu": []}
    is_admin = current_user.staff.role == "admin"
    entries = [
        {"label": label, "icon": icon, "url": url_for(endpoint), "key": str(number) if number <= KEYS else ""}
        for number, (endpoint, label, icon, for_admin) in enumerate(MENU, start=1)
        if is_admin or not for_admin
    ]
    above = [entry for entry in entries if f"{request.path}/".startswith(f"{entry['url']}/")]
    for entry in above:
        entry["here"] = True
    branch = counter.branch()
    return {
        "desk_menu": entries,
        "desk_branch": branch.name if branch else "",
        "desk_branch_chosen": counter.is_chosen(),
        "desk_moment": clock.now(),
    }


from blueprints.desk import (  # noqa: E402 (each brings its addresses)
    accounts,  # noqa: F401
    articles,  # noqa: F401
    calendar,  # noqa: F401
    checkout,  # noqa: F401
    closing,  # noqa: F401
    copies,  # noqa: F401
    counter,
    ebooks,  # noqa: F401
    family,  # noqa: F401
    features,  # noqa: F401
    holds,  # noqa: F401
    imports,  # noqa: F401
    items,  # noqa: F401
    labels,  # noqa: F401
    notices,  # noqa: F401
    overdue,  # noqa: F401
    patrons,  # noqa: F401
    pictures,  # noqa: F401
    policies,  # noqa: F401
    questions,  # noqa: F401
    renewals,  # noqa: F401
    reserving,  # noqa: F401
    returns,  # noqa: F401
    session,  # noqa: F401
    setup,  # noqa: F401
    statistics,  # noqa: F401
    status,  # noqa: F401
    stocktakings,  # noqa: F401
    terminal,  # noqa: F401
    texts,  # noqa: F401
    titles,  # noqa: F401
)
