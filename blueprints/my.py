"""Myライブラリ: what waits for the patron, and where to go."""

from datetime import timedelta

from flask import Blueprint, redirect
from flask_login import current_user

from blueprints import access, htmx
from blueprints.links import url_for
from library import cart, clock, dates, hold_shelf, holds, loans, patrons, sessions
from models import Session

bp = Blueprint("my", __name__)
MOST_NOTICES = 3
CARD_EXPIRES_SOON = timedelta(days=30)


@bp.get("/")
@access.patron_required
def index():
    patron, today = current_user.patron, clock.today()
    open_loans = loans.open_loans(patron)
    tiles = [
        {
            "name": "借りている資料",
            "explanation": "現在、借受中の資料です。",
            "count": len(open_loans),
            "url": url_for("loans.index"),
            "icon": "book",
        },
        {
            "name": "予約した資料",
            "explanation": "予約状況を確認できます。",
            "count": holds.count_open(patron),
            "url": url_for("holds.index"),
            "icon": "bookmark",
        },
        {
            "name": "予約かご",
            "explanation": "予約かごに入れた資料を確認できます。",
            "count": cart.count(patron),
            "url": url_for("cart.index"),
            "icon": "basket",
        },
    ]
    side = [
        {"label": "利用者情報の変更", "url": url_for("profile.edit"), "icon": "pencil"},
        {"label": "予約かごをみる", "url": url_for("cart.index"), "icon": "basket"},
        {"label": "変更の記録", "url": url_for("profile.changes"), "icon": "history"},
        {"label": "ログイン中の端末", "url": url_for("my.sessions"), "icon": "device"},
    ]
    attention = _attention(patron, open_loans, today)[:MOST_NOTICES]
    return htmx.page("my/index.html", attention=attention, tiles=tiles, side=side)


def _attention(patron, open_loans, today):
    """What needs the patron, the most urgent first."""
    notices = [_overdue(open_loans, today), _card_state(patron, today)]
    notices += [_undeliverable(row) for row in patrons.addresses(patron) if row.undeliverable_at]
    notices += [_ready(hold_shelf.ready_for(patron)), _due_soon(open_loans, today), _card_expiring(patron, today)]
    return [notice for notice in notices if notice]


def _notice(level, title, text, link=None):
    return {"level": level, "title": title, "text": text, "link": link}


def _overdue(open_loans, today):
    late = [loan for loan in open_loans if loans.is_overdue(loan, today=today)]
    if not late:
        return None
    title = f"返却期限を過ぎた資料が{len(late)}冊あります"
    text = "お早めにお返しください。お返しになるまで、貸出・予約・延長ができません。"
    return _notice("bad", title, text, ("借りている資料をみる", url_for("loans.index")))


def _card_state(patron, today):
    if patron.state == "suspended":
        text = "貸出・予約・延長ができません。図書館の窓口へお問い合わせください。"
        return _notice("bad", "図書館カードの利用が止まっています", text)
    if patron.expires_on and patron.expires_on < today:
        text = (
            f"{dates.with_weekday(patron.expires_on)}に切れました。貸出・予約・延長はできません。窓口で更新できます。"
        )
        return _notice("bad", "図書館カードの有効期限が切れています", text)
    return None


def _undeliverable(row):
    text = f"{row.address} にお送りできませんでした。アドレスをお確かめください。"
    return _notice("bad", "メールが届いていません", text, ("利用者情報の変更", url_for("profile.edit")))


def _ready(held):
    if not held:
        return None
    first = held[0]
    more = f"ほか{len(held) - 1}冊を" if len(held) > 1 else "を"
    title = f"「{first.title.title}」{more}{first.pickup_branch.name}でお受け取りいただけます"
    last = [hold.pickup_by for hold in held if hold.pickup_by]
    text = f"お取り置きは{dates.with_weekday(min(last), year=False)}までです。" if last else ""
    return _notice("good", title, text, ("予約した資料をみる", url_for("holds.index")))


def _due_soon(open_loans, today):
    soon = [loan for loan in open_loans if 0 <= (loan.due_on - today).days <= loans.SOON_DAYS]
    if not soon:
        return None
    first = soon[0]
    days = (first.due_on - today).days
    words = f"返却期限まで、あと{days}日です" if days else "返却期限は、本日です"
    more = f"ほか{len(soon) - 1}冊の" if len(soon) > 1 else "の"
    title = f"「{first.item.title.title}」{more}{words}"
    text = f"{dates.with_weekday(first.due_on, year=False)}までです。"
    return _notice("care", title, text, ("借りている資料をみる", url_for("loans.index")))


def _card_expiring(patron, today):
    last = patron.expires_on
    if last is None or not today <= last <= today + CARD_EXPIRES_SOON:
        return None
    text = f"{dates.with_weekday(last)}までです。図書館の窓口で更新できます。"
    return _notice("info", "図書館カードの有効期限が近づいています", text)


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


@bp.post("/sessions/<int(max=2147483647):session_id>/end")
@access.patron_required
def end_session(session_id):
    row = access.mine_or_404(Session.select().where(Session.id == session_id, Session.patron == current_user.patron))
    sessions.end(row)
    return redirect(url_for("my.sessions"), 303)
