"""窓口: the table of contents of the staff's pages, a resource a module, in the groups of the menu."""

from flask import Blueprint, g, request, url_for
from flask_login import current_user

from blueprints.desk import imports, menu
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
    spoken_questions,
    title_holds,
    today,
)
from blueprints.desk.figures import definitions, figures, reports, surveys
from blueprints.desk.library import branches, branding, cutover, cutover_opening, cutover_sample, lists, partners, rooms
from blueprints.desk.materials import (
    claims,
    creators as headings,
    ebook_services,
    ebooks,
    exports,
    items,
    labels,
    merges,
    register,
    serials,
    sets,
    stocktakings,
    titles,
    withdrawals,
    works,
)
from blueprints.desk.menu import Row
from blueprints.desk.patrons import (
    cards,
    categories,
    closing,
    family,
    interlibrary,
    lost_cards,
    numbers,
    other_numbers,
    overdue,
    patrons as patron_records,
    postcards,
    procedures,
    requests,
    spoken_requests,
)
from blueprints.desk.site import articles, features, kids, pictures, published_answers, texts, translations
from library import clock
from web import access, htmx
from web.desk import arrivals, counter, visits
from web.parts import offline as offline_files

bp = Blueprint("desk", __name__)

bp.register_blueprint(today.bp)
bp.register_blueprint(branch.bp, url_prefix="/branch")
bp.register_blueprint(checkout.bp, url_prefix="/checkout")
bp.register_blueprint(returns.bp, url_prefix="/returns")
bp.register_blueprint(scan.bp, url_prefix="/scan")
bp.register_blueprint(renewals.bp, url_prefix="/renewals")
bp.register_blueprint(holds.bp)
bp.register_blueprint(title_holds.bp)
bp.register_blueprint(questions.bp, url_prefix="/questions")
bp.register_blueprint(spoken_questions.bp, url_prefix="/questions")
bp.register_blueprint(offline.bp, url_prefix="/offline")
bp.register_blueprint(offline_entries.bp, url_prefix="/offline/entries")
bp.register_blueprint(offline_paper.bp, url_prefix="/offline/paper")

bp.register_blueprint(patron_records.bp, url_prefix="/patrons")
bp.register_blueprint(procedures.bp, url_prefix="/patrons")
bp.register_blueprint(lost_cards.bp, url_prefix="/patrons")
bp.register_blueprint(cards.bp, url_prefix="/patrons")
bp.register_blueprint(family.bp, url_prefix="/patrons")
bp.register_blueprint(other_numbers.bp, url_prefix="/patrons")
bp.register_blueprint(closing.bp, url_prefix="/patrons")
bp.register_blueprint(categories.bp, url_prefix="/patrons/categories")
bp.register_blueprint(overdue.bp, url_prefix="/overdue")
bp.register_blueprint(postcards.bp, url_prefix="/overdue/postcards")
bp.register_blueprint(requests.bp, url_prefix="/requests")
bp.register_blueprint(spoken_requests.bp, url_prefix="/requests")
bp.register_blueprint(interlibrary.bp, url_prefix="/interlibrary")
bp.register_blueprint(partners.bp, url_prefix="/interlibrary/partners")

bp.register_blueprint(titles.bp, url_prefix="/titles")
bp.register_blueprint(works.bp, url_prefix="/works")
bp.register_blueprint(merges.bp, url_prefix="/merges")
bp.register_blueprint(headings.bp, url_prefix="/people")
bp.register_blueprint(items.bp, url_prefix="/items")
bp.register_blueprint(claims.bp, url_prefix="/claims")
bp.register_blueprint(ebooks.bp, url_prefix="/ebooks")
bp.register_blueprint(ebook_services.bp, url_prefix="/ebooks/services")
bp.register_blueprint(labels.bp, url_prefix="/labels")
bp.register_blueprint(sets.bp, url_prefix="/sets")
bp.register_blueprint(stocktakings.bp, url_prefix="/stocktaking")
bp.register_blueprint(withdrawals.bp, url_prefix="/withdrawals")
bp.register_blueprint(serials.bp, url_prefix="/serials")
bp.register_blueprint(register.bp, url_prefix="/register")
bp.register_blueprint(imports.bp, url_prefix="/import")
bp.register_blueprint(exports.bp, url_prefix="/export")

bp.register_blueprint(features.bp, url_prefix="/features")
bp.register_blueprint(kids.bp, url_prefix="/kids")
bp.register_blueprint(articles.bp, url_prefix="/articles")
bp.register_blueprint(pictures.bp, url_prefix="/pictures")
bp.register_blueprint(texts.bp, url_prefix="/texts")
bp.register_blueprint(translations.bp, url_prefix="/translations")
bp.register_blueprint(published_answers.bp, url_prefix="/answers")

bp.register_blueprint(branches.bp, url_prefix="/branches")
bp.register_blueprint(branding.bp, url_prefix="/library")
bp.register_blueprint(cutover.bp, url_prefix="/move")
bp.register_blueprint(cutover_opening.bp, url_prefix="/move")
bp.register_blueprint(cutover_sample.bp, url_prefix="/move/sample")
bp.register_blueprint(lists.bp, url_prefix="/lists")
bp.register_blueprint(calendar.bp, url_prefix="/calendar")
bp.register_blueprint(policies.bp, url_prefix="/policies")
bp.register_blueprint(numbers.bp, url_prefix="/numbers")
bp.register_blueprint(reports.bp)
bp.register_blueprint(surveys.bp, url_prefix="/reports/survey")
bp.register_blueprint(definitions.bp, url_prefix="/reports/figures")
bp.register_blueprint(figures.bp, url_prefix="/figures")
bp.register_blueprint(notices.bp, url_prefix="/notices")
bp.register_blueprint(rooms.bp)
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

KEYS = (  # 今日の仕事, and what Alt and a digit open
    Row("desk.index", "今日の仕事", "sun", ("desk.today.edit_note",), tuple(today.ROWS)),
    Row("desk.checkout.index", "貸出", "lend"),
    Row("desk.returns.index", "返却", "return"),
    Row("desk.renewals.index", "延長", "history"),
    Row("desk.holds.index", "予約", "bookmark", works=("pull", "contact", "over")),
    Row("desk.holds.transfers", "搬送", "truck", works=("arriving", "send")),
    Row("desk.patrons.index", "利用者", "person"),
)
MENU = {
    "利用者と連絡": (
        Row("desk.overdue.index", "督促", "phone", works=("overdue",)),
        Row("desk.questions.index", "レファレンス", "question", works=("questions",)),
        Row("desk.requests.index", "リクエスト", "mail", works=("requests",)),
        Row("desk.interlibrary.index", "相互貸借", "truck", ("desk.partners.index",), ("partners_days",)),
        Row("desk.notices.index", "通知", "bell", works=("mails",)),
        Row("desk.claims.index", "確認中の資料", "warning", works=("claims",)),
    ),
    "資料": (
        Row("desk.items.index", "資料", "book", ("desk.sets.index",)),
        Row("desk.titles.index", "書誌・作品・著者", "shelf", ("desk.works.index", "desk.headings.index", "desk.merges.index")),
        Row("desk.serials.index", "雑誌", "page", works=("serials",)),
        Row("desk.ebooks.index", "電子書籍", "ebook"),
        Row("desk.labels.index", "ラベル", "barcode"),
        Row("desk.stocktakings.index", "蔵書点検", "list"),
        Row("desk.withdrawals.index", "除籍と図書原簿", "page", ("desk.register.index",)),
    ),
    "サイト": (
        Row("desk.features.index", "特集", "star"),
        Row("desk.articles.index", "サイトの文章", "page", ("desk.translations.index",)),
        Row("desk.kids.index", "こどものさがす", "family"),
        Row("desk.pictures.index", "写真", "picture"),
        Row("desk.texts.index", "メールの文面", "mail"),
        Row("desk.face.index", "名称・ロゴ・色", "home"),
    ),
    "管理": (
        Row("desk.reports.index", "統計", "chart", ("desk.figures.index",)),
        Row("desk.branches.index", "館と開館日", "calendar", ("desk.calendar.index",)),
        Row("desk.policies.index", "運用ルール", "pencil"),
        Row("desk.numbers.index", "番号の形式", "barcode"),
        Row("desk.rooms.files", "取り込みと書き出し", "import", ("desk.imports.index", "desk.move.index", "desk.lists.index")),
        Row(
            "desk.rooms.colleagues", "職員とログイン", "key",
            ("desk.accounts.index", "desk.sign_ins.index", "desk.second_factor.index", "desk.session.password"),
        ),
        Row(
            "desk.rooms.system", "システム", "info",
            ("desk.status.index", "desk.discovery.index", "desk.terminal.index", "desk.offline.index",
             "desk.audit.index"),
        ),
    ),
}  # fmt: skip


@bp.get("/")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    """Show 今日の仕事, with which the day at the desk begins."""
    return today.page()


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
    """Return the branch of this desk, and the menu of this member of staff; a part of a page has neither."""
    if g.get("plain") or current_user.staff is None or htmx.asks_for_part():  # an error page asks the database nothing
        return {"desk_menu": None, "interrupted": not g.get("plain") and arrivals.note_parked_form()}
    here = counter.branch()
    return {
        "desk_menu": menu.show(KEYS, MENU, counter.work()),
        "desk_move": url_for("desk.move.index") if g.get("moving") and current_user.staff.role == "admin" else None,
        "desk_branch": here.name if here else "",
        "desk_day": clock.today(),
        "desk_time": counter.time_of_day(),
        "interrupted": arrivals.note_parked_form(),
        "offline_refresh": offline_files.address("refresh.js") if here and offline_files.is_installed() else "",
        "offline_branch": here.code if here else "",
    }
