"""The parts of pages in every state, for those who change them: served where DEVELOPMENT is set, as make run does."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from flask import Blueprint, abort, current_app

from library import tallies
from library.catalog import spine
from library.reading.history import Record
from web import access, htmx, paging
from web.forms import Face
from web.parts import actions, charts, title_rows

bp = Blueprint("styleguide", __name__)
LONG = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末"
BOOKS = (  # title, author, NDC number
    ("こころ", "夏目漱石", "913.6"), ("図書館の歴史", "", "010.2"), ("哲学入門", "三木清", "100"), ("瀬戸内の島々", "", "291.7"),
    ("まちづくりと条例", "", "318"), ("星の観察", "", "440"), ("家庭料理", "", "596"), ("茶の湯", "岡倉覚三", "791"), ("版画", "", "733"),
    ("言葉の辞典", "", "813"), (LONG, "", "913.7"), ("Donaudampfschifffahrt", "", "683"),
)  # fmt: skip
STATES = (  # kind, words
    ("in", "在架 2冊"), ("out", "貸出中（返却予定 12月9日(水)）"), ("soon", "あと2日"), ("late", "3日過ぎています"), ("held", "予約 3人待ち"),
    ("here", "館内でご覧いただけます"), ("none", "所蔵していません"),
)  # fmt: skip
WAYS = (  # what can be done with a title, as actions.Action tells it
    ("ask", "", ()), ("add", "", ()), ("cart", "予約かごに入っています", ()), ("held", "予約しています。3番目です", ()),
    ("renew", "12月9日(水)まで借りています", ()), ("none", "", ("この資料は予約できません",)), ("full", "", ("予約かごがいっぱいです",)),
    ("borrowed", "12月9日(水)まで借りています", ("延長は1回までです",)), ("ebook_ask", "", ()), ("ebook_borrow", "", ()),
    ("ebook_wait", "", ()), ("ebook_leave", "2番目に待っています", ()), ("ebook_read", "借りています", ()),
    ("ebook_borrow", "", ("一度に借りられるのは3点までです",)),
)  # fmt: skip
PROBLEM = {
    "sentence": "E-mail1の形が正しくありません。",
    "fix": {"value": "email:dot", "label": "「abc@example.jp」にする"},
}
WARNING = {
    "sentence": "パソコンのアドレスのようです。",
    "fix": {"value": "email:kind", "label": "種別を「自PC」にする"},
}
TICKS = (
    ("自PC", False),
    ("携帯", True),
    ("残す", False),
    ("自PC", False),
    ("携帯", True),
    ("自PC", True),
    ("携帯", False),
)
MOMENT = datetime(2026, 11, 25, 1, 42, tzinfo=UTC)
TODAY = date(2026, 11, 25)
DAYS = (("1", "1日前"), ("3", "3日前"), ("7", "7日前"))


@bp.before_request
def only_in_development():
    if not current_app.config["DEVELOPMENT"]:
        abort(404)


@bp.get("/styleguide")
@access.public
def index():
    return htmx.page(
        "styleguide/index.html",
        fields=_fields(),
        problem=PROBLEM,
        warning=WARNING,
        states=STATES,
        moment=MOMENT,
        covers=[(title, ndc) for title, _, ndc in BOOKS],
        spines=_spines(),
        rows=[(_row(number, kind, words), _action(number, "add")) for number, (kind, words) in enumerate(STATES[:2])],
        ways=[_action(100 + number, *way) for number, way in enumerate(WAYS)],
        loans=_loans(),
        holds=_holds(),
        branches=((1, "本館"), (2, "龍田")),
        first_day=TODAY + timedelta(days=1),
        offered_day=TODAY + timedelta(days=30),
        refused_day=(SimpleNamespace(id=202), "明日から先の日を選んでください。"),
        over=_over(),
        in_cart=_in_cart(),
        on_shelf=_on_shelf(),
        records=_records(),
        charts=[charts.drawn(count) for count in _counts()],
        groups=_groups(),
        chips=[{"label": label, "url": "#narrowing"} for label in ("所蔵館：本館", "在架のみ")],
        clear_url="#narrowing",
        edit_url="#narrowing",
        suggestion=[{"words": "夏目漱石", "url": "#narrowing"}],
        words=[{"word": "夏目", "count": 29, "url": "#narrowing"}, {"word": "漱石伝", "count": 0}],
        **paging.links(5, 12, lambda _: "#narrowing"),
    )


@bp.get("/styleguide/desk")
@access.public
def desk():
    return htmx.page(
        "styleguide/desk.html",
        problem=PROBLEM,
        person=_person(),
        unknown=_unknown(),
        copies=_copies(),
        answers=_answers(),
    )


def _fields():
    offered = (("1", "本館"), ("2", "龍田"), ("3", "清水"))
    return {
        "text": Face("text", "plain", "氏名", "図書 花子"),
        "hinted": Face("text", "hinted", "図書館カードの番号"),
        "wrong": Face("text", "wrong", "E-mail1", "abc@@example.jp"),
        "doubtful": Face("text", "doubtful", "E-mail2", "abc@example.jp"),
        "secret": Face("secret", "secret", "パスワード"),
        "wrong_secret": Face("secret", "wrong_secret", "新パスワード"),
        "choice": Face("choice", "choice", "受取館", "2", offered),
        "wrong_choice": Face("choice", "wrong_choice", "連絡方法", "2", (("1", "電話"), ("2", "メール"))),
        "lines": Face("lines", "lines", "メモ", "一行目\n二行目"),
        "ticks": [Face("tick", f"tick-{number}", word, on) for number, (word, on) in enumerate(TICKS)],
        "radio": Face("radio", "radio", "", "on", (("on", "配信"), ("off", "停止"))),
        "few": Face("radio", "few", "印刷するもの", "bars", (("bars", "資料番号（バーコード）"), ("mark", "請求記号"))),
        "days": Face("choice", "days", "通知する日", "3", DAYS),
    }


def _row(number, kind, words):
    title, author, ndc = BOOKS[number % len(BOOKS)] if number else (LONG, "作者不詳", "913")
    return title_rows.Row(
        number, "#titles", f"{title} 上", "副書名", author, "岩波書店 2014年", ndc, spine.cover_classes(title, ndc),
        title[: title_rows.COVER], kind, words, "本館・龍田", "電子書籍もあります", "11月25日(水)受入",
    )  # fmt: skip


def _action(number, kind, words="", reasons=()):
    return actions.Action(number, "こころ", kind, words, reasons, subject=number)


def _loans():
    """Return loans: far off; soon; late, with 返しました; renewed; refused, as somebody waits; left out, as it would gain little."""
    day = date(2026, 12, 9)
    plain = {
        "title": "こころ", "name": "こころ 上", "author": "夏目漱石", "ndc": "913.6", "url": "#loans", "branch": "本館", "lent_on": date(2026, 11, 25),
        "renewals_left": 1, "waiting": 0, "due_on": day, "level": "out", "days_left": "あと14日", "answer": None, "reasons": (),
        "reminder": "12月8日(火)に自PCへお知らせします", "would_be": date(2026, 12, 23), "may_claim": False,
        "alone": "", "left_out": False,
    }  # fmt: skip
    changes = (
        {},
        {"level": "soon", "days_left": "あと2日"},
        {"level": "late", "days_left": "3日過ぎています", "reasons": ("返却期限を過ぎています。",), "may_claim": True},
        {"answer": True, "renewals_left": 0},
        {"answer": False, "reasons": ("ほかの方の予約が入っています。",), "waiting": 2, "title": LONG, "name": LONG},
        {"left_out": True, "alone": "延びるのは1日だけです。1点ずつ延長できます。"},
    )
    return [plain | {"id": number} | change for number, change in enumerate(changes)]


def _holds():
    """Return a row for each state of a hold, and for what can't be done with it."""
    plain = {
        "name": "こころ 上", "title": "こころ", "author": "夏目漱石", "ndc": "913.6", "url": "#holds", "branch": "本館", "branch_id": 1,
        "contact": "メール", "placed_on": TODAY, "group": "", "suspended_until": None, "wait": "", "note": "", "reasons": {},
        "extended_to": None, "state": "waiting", "shape": "out", "words": "予約中（3番目）",
    }  # fmt: skip
    ready = {
        "state": "ready",
        "shape": "in",
        "words": "受取可（12月1日(火)まで）",
        "note": "受取期限まで、あと6日です。",
    }
    changes = (
        {"wait": "約2〜4週間後", "group": "順番どおりの1番目"},
        {"suspended_until": date(2026, 12, 25), "reasons": {"yield": ["次の方がいません。"]}},
        {"name": LONG, "title": LONG},
        {"state": "preparing", "shape": "soon", "words": "準備中"},
        {"state": "in_transit", "shape": "soon", "words": "搬送中", "reasons": {"change": ["本館へ送っています。"]}},
        ready | {"extended_to": date(2026, 12, 8)},
        ready | {"reasons": {"extend": ["取り置きの延長は1回までです。"]}},
    )
    return [plain | {"id": number} | change for number, change in enumerate(changes, 200)]


def _over():
    ends = (("取消", "ご本人の取消"), ("期限切れ", "受取期限が過ぎたため"))
    return [
        {"id": number, "name": "三四郎", "url": "#holds", "ended_on": TODAY, "words": words, "reason": reason}
        for number, (words, reason) in enumerate(ends, 220)
    ]


def _in_cart():
    """Return a row that is chosen, one that is not, and two that can't be reserved: for a reason of their own or of all."""
    plain = {
        "title": "こころ",
        "name": "こころ 上",
        "author": "夏目漱石",
        "ndc": "913.6",
        "url": "#cart",
        "added_on": TODAY,
    }
    states = ((True, False, ()), (False, False, ()), (False, True, ("借りている資料です。",)), (False, True, ()))
    return [
        plain | {"id": number, "title_id": number, "ticked": ticked, "refused": refused, "reasons": reasons}
        for number, (ticked, refused, reasons) in enumerate(states, 300)
    ]


def _on_shelf():
    """Return a book with what can be done with it; with a note, read; and one that the library has no longer."""
    books = (
        {"note": "", "read_on": None},
        {"note": "一行目\n二行目", "read_on": TODAY},
        {"note": "", "read_on": None},
    )
    return [
        {
            "book": SimpleNamespace(id=number, name="こころ", author="夏目漱石", ndc="913.6", **book),
            "url": "#shelf",
            "row": _row(number, "in", "在架 2冊") if number < 402 else None,
            "action": _action(number, "add") if number < 402 else None,
        }
        for number, book in enumerate(books, 400)
    ]


def _records():
    """Return a record whose title can be reserved again; with rating and memo, borrowed now; refused; of a title that is gone."""
    kinds = ("add", "renew", "none", "gone")
    reasons = ((), (), ("この資料は予約できません。",), ())
    return [
        {
            "record": Record(
                number, "2026-11-11", LONG if kind == "gone" else "こころ", "夏目漱石", "本館", "913.6",
                None if kind == "gone" else number, "また読みたい。" if kind == "renew" else "", 4 if kind == "renew" else 0,
            ),
            "anchor": "",
            "action": None if kind == "gone" else _action(number, kind, "12月9日(水)まで借りています" if kind == "renew" else "", why),
        }
        for number, (kind, why) in enumerate(zip(kinds, reasons, strict=True), 500)
    ]  # fmt: skip


def _spines():
    return [(spine.make(title, author, ndc, f"{ndc} コ"), "#titles" if number else None)
            for number, (title, author, ndc) in enumerate(BOOKS)]  # fmt: skip


def _counts():
    return (
        tallies.Count("loans_by_month", "月ごとの貸出", "点", [(date(2026, month, 1), month * 37 % 90) for month in range(1, 13)], True),
        tallies.Count("loans_by_class", "分類ごとの貸出", "点", [("9 文学", 120), ("4 自然科学", 33), ("0 総記", 0)]),
    )  # fmt: skip


def _groups():
    """Return a group of values to narrow by: one to choose, one that is chosen, one behind もっと見る."""
    shown = (("本館", 29, False), ("龍田", None, True), (LONG, 1, False))
    all_values = [SimpleNamespace(label=label, count=count, chosen=on, url="#narrowing") for label, count, on in shown]
    return [SimpleNamespace(label="所蔵館", values=all_values[:2], more=all_values[2:])]


def _person():
    return {
        "card_number": "0000002377570", "name": "図書 花子", "name_kana": "トショ ハナコ", "category": "一般", "expires_on": "2026年12月4日(金)",
        "loans": 10, "loan_limit": 10, "holds": 3, "hold_limit": 8, "overdue": 1, "refusals": ["利用停止中です（11月2日から。理由：弁償の相談中）"],
        "note": ["大活字本を希望"], "ready": [{"title": "こころ", "branch": "本館", "aside_at": "A-12", "until": "12月1日(火)"}],
        "undeliverable": "11月20日(金)", "url": "#side",
        "late": [{"title": LONG, "days": 27, "due_on": "10月29日(木)"}],
    }  # fmt: skip


def _unknown():
    return {"number": "0000000000000", "sentence": "この番号のカードはありません。", "register_url": "#refusals"}


def _answers():
    """Return a message for each result of a scan."""
    row = {"title": "こころ", "due_on": "12月9日(水)"}
    plain = ("lent", "just_lent", "lent_today", "returned", "undone")
    return [
        *(row | {"done": done, "turn": "goes_on"} for done in plain),
        row | {"done": "renewed", "renewed": 1, "turn": "changed"},
        {"done": "renewed", "renewed": 0, "turn": "goes_on"},
        *({"done": "served", "turn": turn} for turn in ("begun", "changed", "goes_on")),
    ]


def _copies():
    """Return a copy that came in for each thing to do with it."""
    plain = {"title": "こころ", "barcode": "1000000016", "loan": 1, "late": 0, "shelf": "一般", "place": ""}
    return [
        plain | {"what": "shelf"},
        plain | {"what": "hold", "place": "A-12", "slip_url": "#came-in", "place_url": "#came-in"},
        plain | {"what": "hold", "to_name": "龍田"},
        plain | {"what": "send", "to_name": "清水", "late": 3},
        plain | {"what": "off", "state": "修理中", "trouble": "damaged"},
    ]
