"""窓口: the table of contents of the staff's pages, a resource a module, in the groups of the menu."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from flask_login import current_user

from blueprints.desk.admin import (
    accounts,
    again,
    audit,
    calendar,
    discovery,
    notices,
    policies,
    second_factor,
    second_step,
    session,
    setup,
    sign_ins,
    statistics,
    status,
    terminal,
)
from blueprints.desk.counter import (
    branch,
    checkout,
    holds,
    offline,
    offline_entries,
    offline_paper,
    questions,
    renewals,
    returns,
    scan,
    title_holds,
)
from blueprints.desk.library import branches, branding, cutover, cutover_sample, lists
from blueprints.desk.materials import (
    claims,
    creators as headings,
    ebook_services,
    ebooks,
    exports,
    imports,
    items,
    labels,
    merges,
    stocktakings,
    titles,
    works,
)
from blueprints.desk.patrons import (
    cards,
    categories,
    closing,
    family,
    numbers,
    other_numbers,
    overdue,
    patrons as patron_records,
    postcards,
)
from blueprints.desk.site import articles, features, pictures, published_answers, texts
from library import clock
from web import access, htmx
from web.desk import arrivals, counter, visits
from web.parts import offline as offline_files

bp = Blueprint("desk", __name__)

bp.register_blueprint(branch.bp, url_prefix="/branch")
bp.register_blueprint(checkout.bp, url_prefix="/checkout")
bp.register_blueprint(returns.bp, url_prefix="/returns")
bp.register_blueprint(scan.bp, url_prefix="/scan")
bp.register_blueprint(renewals.bp, url_prefix="/renewals")
bp.register_blueprint(holds.bp)
bp.register_blueprint(title_holds.bp, url_prefix="/titles")
bp.register_blueprint(questions.bp, url_prefix="/questions")
bp.register_blueprint(offline.bp, url_prefix="/offline")
bp.register_blueprint(offline_entries.bp, url_prefix="/offline/entries")
bp.register_blueprint(offline_paper.bp, url_prefix="/offline/paper")

bp.register_blueprint(patron_records.bp, url_prefix="/patrons")
bp.register_blueprint(cards.bp, url_prefix="/patrons")
bp.register_blueprint(family.bp, url_prefix="/patrons")
bp.register_blueprint(other_numbers.bp, url_prefix="/patrons")
bp.register_blueprint(closing.bp, url_prefix="/patrons")
bp.register_blueprint(categories.bp, url_prefix="/patrons/categories")
bp.register_blueprint(overdue.bp, url_prefix="/overdue")
bp.register_blueprint(postcards.bp, url_prefix="/overdue/postcards")

bp.register_blueprint(titles.bp, url_prefix="/titles")
bp.register_blueprint(works.bp, url_prefix="/works")
bp.register_blueprint(merges.bp, url_prefix="/merges")
bp.register_blueprint(headings.bp, url_prefix="/people")
bp.register_blueprint(items.bp, url_prefix="/items")
bp.register_blueprint(claims.bp, url_prefix="/claims")
bp.register_blueprint(ebooks.bp, url_prefix="/ebooks")
bp.register_blueprint(ebook_services.bp, url_prefix="/ebooks/services")
bp.register_blueprint(labels.bp, url_prefix="/labels")
bp.register_blueprint(stocktakings.bp, url_prefix="/stocktaking")
bp.register_blueprint(imports.bp, url_prefix="/import")
bp.register_blueprint(exports.bp, url_prefix="/export")

bp.register_blueprint(features.bp, url_prefix="/features")
bp.register_blueprint(articles.bp, url_prefix="/articles")
bp.register_blueprint(pictures.bp, url_prefix="/pictures")
bp.register_blueprint(texts.bp, url_prefix="/texts")
bp.register_blueprint(published_answers.bp, url_prefix="/answers")

bp.register_blueprint(branches.bp, url_prefix="/branches")
bp.register_blueprint(branding.bp, url_prefix="/library")
bp.register_blueprint(cutover.bp, url_prefix="/move")
bp.register_blueprint(cutover_sample.bp, url_prefix="/move/sample")
bp.register_blueprint(lists.bp, url_prefix="/lists")
bp.register_blueprint(calendar.bp, url_prefix="/calendar")
bp.register_blueprint(policies.bp, url_prefix="/policies")
bp.register_blueprint(numbers.bp, url_prefix="/numbers")
bp.register_blueprint(statistics.bp, url_prefix="/statistics")
bp.register_blueprint(notices.bp, url_prefix="/notices")
bp.register_blueprint(status.bp, url_prefix="/status")
bp.register_blueprint(discovery.bp, url_prefix="/discovery")
bp.register_blueprint(audit.bp, url_prefix="/audit")
bp.register_blueprint(terminal.bp, url_prefix="/terminal")
bp.register_blueprint(accounts.bp, url_prefix="/staff")
bp.register_blueprint(sign_ins.bp, url_prefix="/sign-ins")
bp.register_blueprint(session.bp)
bp.register_blueprint(second_step.bp, url_prefix="/login/second-factor")
bp.register_blueprint(again.bp, url_prefix="/again")
bp.register_blueprint(second_factor.bp, url_prefix="/second-factor")
bp.register_blueprint(setup.bp, url_prefix="/setup")

MENU: tuple[tuple[Any, ...], ...] = (  # groups; of each the words, then endpoint, words, icon, for 管理 alone
    (
        "窓口",
        ("desk.checkout.index", "貸出", "lend", False),
        ("desk.returns.index", "返却", "return", False),
        ("desk.renewals.index", "延長", "history", False),
        ("desk.holds.index", "予約", "bookmark", False),
        ("desk.holds.transfers", "搬送", "truck", False),
        ("desk.patrons.index", "利用者", "person", False),
    ),
    (
        "連絡",
        ("desk.overdue.index", "督促", "phone", False),
        ("desk.notices.index", "通知", "bell", False),
        ("desk.claims.index", "確認中の資料", "warning", False),
        ("desk.questions.index", "レファレンス", "question", False),
    ),
    (
        "資料",
        ("desk.items.index", "資料", "book", False),
        ("desk.titles.index", "書誌", "page", False),
        ("desk.works.index", "作品", "shelf", False),
        ("desk.headings.index", "著者", "person", False),
        ("desk.ebooks.index", "電子書籍", "ebook", False),
        ("desk.labels.index", "ラベル", "barcode", False),
        ("desk.stocktakings.index", "蔵書点検", "shelf", False),
    ),
    (
        "サイト",
        ("desk.features.index", "特集", "star", False),
        ("desk.articles.index", "サイトの文章", "page", True),
        ("desk.pictures.index", "写真", "picture", True),
        ("desk.texts.index", "メールの文面", "mail", True),
    ),
    (
        "図書館",
        ("desk.branches.index", "館", "home", True),
        ("desk.calendar.index", "カレンダー", "calendar", True),
        ("desk.policies.index", "運用ルール", "pencil", True),
        ("desk.numbers.index", "番号の形式", "barcode", True),
        ("desk.face.index", "名称・ロゴ・色", "picture", True),
        ("desk.imports.index", "取り込み", "import", True),
        ("desk.move.index", "移行", "truck", True),
        ("desk.statistics.index", "統計", "chart", False),
        ("desk.lists.index", "一覧の書き出し", "list", True),
    ),
    (
        "システム",
        ("desk.offline.index", "非常用の窓口", "shield", False),
        ("desk.status.index", "システムの状態", "info", False),
        ("desk.discovery.index", "外部連携", "list", True),
        ("desk.terminal.index", "館内端末", "device", False),
        ("desk.accounts.index", "職員", "card", True),
        ("desk.sign_ins.index", "ログインの状況", "shield", True),
        ("desk.audit.index", "操作の記録", "list", True),
        ("desk.second_factor.index", "2段階認証", "key", False),
        ("desk.session.password", "パスワード", "key", False),
    ),
)
WHILE_MOVING = "desk.move.index"  # stands above all others until the library is open
KEYS = 5  # entries of the menu that Alt and a digit open


@bp.get("/")
@access.staff_required
def index() -> access.Reply:
    """Lead to 貸出, with which the day at the desk begins."""
    return redirect(url_for("desk.checkout.index"))


@bp.before_request
def leave_checkout() -> None:
    """Let the card be read again at 貸出 once another page of the desk was opened: not for what a page
    fetches by itself.
    """
    is_page = request.headers.get("Sec-Fetch-Dest", "document") == "document" and not htmx.asks_for_part()
    if is_page and request.blueprint != "desk.checkout":
        visits.leave()


@bp.context_processor
def bar_and_menu() -> dict:
    """Return the branch of this desk, and the menu of this member of staff."""
    if g.get("plain") or current_user.staff is None:  # an error page asks the database nothing
        return {"desk_menu": []}
    is_admin, is_moving = current_user.staff.role == "admin", g.get("moving")
    groups = [_group(*group, is_admin=is_admin) for group in MENU]
    entries = [entry for group in groups for entry in group["entries"]]
    for number, entry in enumerate(entries[:KEYS], start=1):
        entry["key"] = str(number)
    above = [entry for entry in entries if f"{request.path}/".startswith(f"{entry['url']}/")]
    if above:
        max(above, key=lambda entry: len(entry["url"]))["here"] = True
    here = counter.branch()
    return {
        "desk_menu": groups,
        "desk_move": next((entry for entry in entries if is_moving and entry["name"] == WHILE_MOVING), None),
        "desk_branch": here.name if here else "",
        "desk_branch_chosen": counter.is_chosen(),
        "desk_moment": clock.now(),
        "interrupted": arrivals.note_parked_form(),
        "offline_refresh": offline_files.address("refresh.js") if here and offline_files.is_installed() else "",
        "offline_branch": here.code if here else "",
    }


def _group(label: str, *rows: Any, is_admin: bool) -> dict:
    entries = [
        {"name": endpoint, "label": words, "icon": icon, "url": url_for(endpoint), "key": "", "here": False}
        for endpoint, words, icon, for_admin in rows
        if is_admin or not for_admin
    ]
    return {"label": label, "entries": entries}
