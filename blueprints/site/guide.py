"""利用案内 and サイトマップ: what one can do here, and where."""

from flask import Blueprint

from library import branches, clock, policy
from library.calendar import opening
from library.site import articles, features, guidance
from web import access, htmx
from web.links import url_for

bp = Blueprint("guide", __name__)
MAP = (  # every page that anybody may open without knowing more than its address
    ("資料を探す", (
        ("catalog.search", "検索（すべての資料）"), ("catalog.advanced", "詳細検索"), ("catalog.new", "新着図書"),
        ("catalog.classes", "分類から探す"), ("catalog.authors", "著者名から探す"),
        ("catalog.ranking", "貸出ベスト30", {"name": "loans"}), ("catalog.ranking", "予約ベスト30", {"name": "holds"}),
        ("features.index", "特集"),
    )),
    ("図書館の案内", (
        ("site.front", "トップページ"), ("guide.index", "利用案内"), ("places.index", "アクセス"),
        ("opening_days.month", "開館カレンダー"), ("news.index", "お知らせ"), ("pages.faq", "よくある質問"),
        ("reference.index", "レファレンス"), ("reference.ask", "レファレンスの質問"),
    )),
    ("My Library", (
        ("session.login", "ログイン"), ("session.reset", "パスワードの再設定"), ("my.index", "Myライブラリ"),
        ("loans.index", "借りている資料"), ("holds.index", "予約した資料"), ("cart.index", "予約かご"),
        ("history.index", "借りたことがある資料"), ("shelves.index", "本棚"), ("sdi.index", "SDI（新着資料のお知らせ）"),
        ("ebooks.index", "電子書籍サービス"), ("questions.index", "レファレンスの質問と回答"), ("card.index", "利用者カード"), ("profile.edit", "利用者情報の変更"),
    )),
    ("このサイトについて", (
        ("guide.sitemap", "サイトマップ"), ("pages.privacy", "プライバシー"), ("pages.accessibility", "ウェブアクセシビリティ"),
    )),
)  # fmt: skip


@bp.get("/guide")
@access.public
def index():
    listed, rules = branches.in_order(), policy.read()
    closed = guidance.closed_days(listed)
    return htmx.page(
        "guide/index.html",
        lending=guidance.lending(rules),
        shelf_days=guidance.shelf_days(rules),
        cart_limits=guidance.cart_limits(rules),
        has_ebooks=guidance.EBOOK in rules.get("material_types"),
        rules=rules.several(
            "overdue_stops", "holds_on_shelf", "card_years", "first_password_mode", "first_password_days",
            "password_minimum", "holidays_shift", "sdi_day",
        ),
        branches=[
            {
                "name": row.name,
                "url": url_for("places.branch", code=row.code),
                "hours": opening.hours(row),
                "closed": closed[row.id],
            }
            for row in listed
        ],
    )  # fmt: skip


@bp.get("/sitemap")
@access.public
def sitemap():
    groups = [
        (heading, [(url_for(endpoint, **dict(*given)), words) for endpoint, words, *given in pages])
        for heading, pages in MAP
    ]
    featured = [(url_for("features.show", slug=row.slug), row.title) for row in features.shown(today=clock.today())]
    own = [(url_for("pages.show", slug=row.slug), row.title) for row in articles.pages()]
    places = [(url_for("places.branch", code=row.code), row.name) for row in branches.in_order()]
    more = [("特集", featured), ("そのほかの案内", own), ("館", places)]
    return htmx.page("guide/sitemap.html", groups=[*groups, *(group for group in more if group[1])])
