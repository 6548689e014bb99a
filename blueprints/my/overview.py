"""Myライブラリ: what waits for the patron, and where to go."""

from datetime import timedelta

from flask import Blueprint, redirect
from flask_login import current_user

from library import clock, dates
from library.access import sessions
from library.account import glance
from models import Session
from web import access, htmx
from web.links import url_for
from web.parts import shelf_rows

bp = Blueprint("my", __name__)
MOST_NOTICES = 3  # the others are a line each
MOST_SHELVES = 20  # the page of the shelves has all
CARD_EXPIRES_SOON = timedelta(days=30)
TILES = (  # | stands where a name may be parted
    ("借りて|いる|資料", "現在、借受中の資料です。", "loans.index", "book"),
    ("予約した|資料", "予約状況を確認できます。", "holds.index", "bookmark"),
    ("予約かご", "予約かごに入れた資料を確認できます。", "cart.index", "basket"),
    ("借りた|ことが|ある|資料", "過去に借りたことがある資料を確認できます。", "history.index", "history"),
    ("電子書籍|サービス", "電子書籍サービスの利用状況を確認できます。", "ebooks.index", "ebook"),
)
SIDE = (
    ("利用者情報の変更", "profile.edit", "pencil"),
    ("SDIを設定する", "sdi.index", "bell"),
    ("予約かごをみる", "cart.index", "basket"),
    ("利用者カード", "card.index", "card"),
    ("お知らせの記録", "notices.index", "mail"),
    ("レファレンスの質問", "questions.index", "question"),
    ("返却期限カレンダー", "due_calendar.index", "calendar"),
    ("家族のカード", "family.index", "family"),
    ("変更の記録", "profile.changes", "history"),
    ("ログイン中の端末", "my.sessions", "device"),
    ("表示の設定", "display.index", "person"),
    ("自分のデータ", "data.index", "import"),
)
SIDE_AT_TERMINAL = tuple(link for link in SIDE if link[1] not in ("card.index", "due_calendar.index"))


@bp.get("/")
@access.patron_required
def index():
    patron, today = current_user.patron, clock.today()
    mine = glance.read(patron, today=today)
    counts = (len(mine.loans), len(mine.holds), len(mine.cart), mine.history, len(mine.ebooks))
    attention = _attention(patron, mine, today)
    return htmx.page(
        "my/index.html",
        attention=attention[:MOST_NOTICES],
        more_attention=[(title, text, link[0] if link else None) for _, title, text, *link in attention[MOST_NOTICES:]],
        tiles=tuple([(count, *tile) for count, tile in zip(counts, TILES, strict=True)]),
        side=SIDE_AT_TERMINAL if current_user.session.terminal else SIDE,
        **shelf_rows.glance(patron, MOST_SHELVES),
    )


def _attention(patron, mine, today):
    """Return what needs the patron, the most urgent first."""
    notices = [_overdue(mine.overdue(today=today)), _card_state(patron, today)]
    notices += [_undeliverable(line.name) for line in mine.undeliverable]
    notices += [
        _ready(mine.ready),
        _ebook_ready(mine.ebooks_ready),
        _due_soon(mine.due_soon(today=today), today),
        _card_asked(mine.asked),
        _card_expiring(patron, today),
    ]
    return [notice for notice in notices if notice]


def _overdue(late):
    if not late:
        return None
    title = f"返却期限を過ぎた資料が{len(late)}点あります。"
    text = "お早めにお返しください。お返しになるまで、貸出・予約・延長ができません。"
    return "bad", title, text, ("借りている資料をみる", url_for("loans.index"))


def _card_state(patron, today):
    if patron.state == "suspended":
        text = "貸出・予約・延長ができません。図書館の窓口へお問い合わせください。"
        return "bad", "図書館カードの利用が止まっています。", text
    if patron.expires_on and patron.expires_on < today:
        text = (
            f"{dates.with_weekday(patron.expires_on)}に切れました。貸出・予約・延長はできません。窓口で更新できます。"
        )
        return "bad", "図書館カードの有効期限が切れています。", text
    return None


def _undeliverable(address):
    text = f"{address} にお送りできませんでした。アドレスをお確かめください。"
    return "bad", "メールが届いていません。", text, ("利用者情報の変更", url_for("profile.edit"))


def _ready(held):
    if not held:
        return None
    first = held[0]
    more = f"ほか{len(held) - 1}点を" if len(held) > 1 else "を"
    title = f"「{first.name}」{more}{first.more}でお受け取りいただけます。"
    text = f"お取り置きは{dates.with_weekday(first.day, year=False)}までです。" if first.day else ""
    return "good", title, text, ("予約した資料をみる", url_for("holds.index"))


def _ebook_ready(ready):
    if not ready:
        return None
    first = ready[0]
    more = f"ほか{len(ready) - 1}点の" if len(ready) > 1 else "の"
    text = f"{dates.with_weekday(first.day, year=False)}までにお借りください。"
    return (
        "good",
        f"電子書籍「{first.name}」{more}順番が来ました。",
        text,
        ("電子書籍サービス", url_for("ebooks.index")),
    )


def _due_soon(soon, today):
    if not soon:
        return None
    first = soon[0]
    days = (first.day - today).days
    words = f"返却期限まで、あと{days}日です。" if days else "返却期限は、本日です。"
    more = f"ほか{len(soon) - 1}点の" if len(soon) > 1 else "の"
    title = f"「{first.name}」{more}{words}"
    text = f"{dates.with_weekday(first.day, year=False)}までです。"
    return "care", title, text, ("借りている資料をみる", url_for("loans.index"))


def _card_asked(asking):
    if not asking:
        return None
    more = f"ほか{len(asking) - 1}人" if len(asking) > 1 else ""
    title = f"{asking[0].name}さん{more}から、家族のカードの申し込みがあります。"
    text = "借りている資料と予約を見せるかどうか、お返事をお待ちしています。"
    return "info", title, text, ("申し込みを見る", url_for("family.index"))


def _card_expiring(patron, today):
    last = patron.expires_on
    if last is None or not today <= last <= today + CARD_EXPIRES_SOON:
        return None
    text = f"{dates.with_weekday(last)}までです。図書館の窓口で更新できます。"
    return "info", "図書館カードの有効期限が近づいています。", text


@bp.get("/sessions", endpoint="sessions")
@access.patron_required
def list_sessions():
    rows = [
        {
            "id": row.id,
            "current": row.id == current_user.session.id,
            "client": row.client or "端末",
            "created_at": row.created_at,
            "seen_at": row.seen_at,
        }
        for row in sessions.of_patron(current_user.patron, now=clock.now())
    ]
    return htmx.page("my/sessions.html", sessions=rows)


@bp.post("/sessions/<row_id:session_id>/end")
@access.patron_required
def end_session(session_id):
    row = access.mine_or_404(Session.select().where(Session.id == session_id, Session.patron == current_user.patron))
    sessions.end(row)
    return redirect(url_for("my.sessions"), 303)
