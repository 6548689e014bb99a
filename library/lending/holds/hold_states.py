"""予約の状態: the states of a hold, the changes between them, and their words. Drawn in docs/holds.md."""

from datetime import date
from typing import Any

from peewee import Expression

from library import dates
from library.language.sentences import Sentence
from models import Hold

WORDS = {
    "waiting": "予約中",
    "preparing": "準備中",  # a copy on its shelf is on the pull list
    "in_transit": "搬送中",
    "ready": "受取可",
    "collected": "受取済",
    "cancelled": "取消",
    "expired": "期限切れ",
}  # at the desk
PATRONS_WORDS = WORDS | {"preparing": "ご用意中", "in_transit": "受取館へ移動中"}
PLACE, EXPECTED = "{turn}番目です。", "お渡しは、{wait}の見込みです。"  # of an open hold, to its patron
READY = "{branch}で受け取れます。"
UNDER_WAY = {  # the second: from an unknown branch
    "preparing": ("{origin}の棚からお取りしています。", "棚からお取りしています。"),
    "in_transit": ("{origin}から{branch}へ運んでいます。", "{branch}へ運んでいます。"),
}
SUSPENDED = (  # until today, until tomorrow, until another day
    "今日、{day}まで受け取りを休んでいます。",
    "明日、{day}まで受け取りを休んでいます。",
    "{day}まで受け取りを休んでいます。",
)
KEPT = (
    "今日、{day}まで取り置いています。",
    "明日、{day}まで取り置いています。",
    "{day}まで取り置いています。",
)
TOLD = {  # by contact method: when the copy can be had at its own branch, when it has arrived at another
    "mail": ("受け取れるようになったら、メールでお知らせします。", "{branch}に届いたら、メールでお知らせします。"),
    "phone": ("受け取れるようになったら、お電話でお知らせします。", "{branch}に届いたら、お電話でお知らせします。"),
    "none": (
        "受け取れるようになったら、このページでお知らせします。",
        "{branch}に届いたら、このページでお知らせします。",
    ),
}
NOT_TOLD_YET = "受け取りの期限は、図書館からの連絡のあとに決まります。"
OPEN = ("waiting", "preparing", "in_transit", "ready")
IN_LINE = ("waiting", "preparing")  # without a copy in hand
SET_ASIDE = ("in_transit", "ready")  # a copy is kept for the patron
OVER = ("collected", "cancelled", "expired")

CHANGES = {
    ("waiting", "preparing"): "書架にある資料が「棚から集める」の一覧に載る",
    ("waiting", "in_transit"): "ほかの館で資料が手元に来る",
    ("waiting", "ready"): "受取館で資料が手元に来る",
    ("waiting", "collected"): "別の資料を借りる",
    ("waiting", "cancelled"): "取消",
    ("preparing", "waiting"): "先に借りられる、見つからない、順番が変わる",
    ("preparing", "in_transit"): "ほかの館で取り出す",
    ("preparing", "ready"): "受取館で取り出す",
    ("preparing", "collected"): "借りる",
    ("preparing", "cancelled"): "取消",
    ("in_transit", "ready"): "受取館に届く",
    ("in_transit", "waiting"): "利用停止、紛失、返却の取消、ほかの方に貸出",
    ("in_transit", "collected"): "借りる",
    ("in_transit", "cancelled"): "取消",
    ("ready", "waiting"): "利用停止、紛失、返却の取消、ほかの方に貸出",
    ("ready", "collected"): "借りる",
    ("ready", "cancelled"): "取消",
    ("ready", "expired"): "取り置きの期限が過ぎる",
    ("collected", "waiting"): "貸出の取消",
    ("collected", "ready"): "貸出の取消",
}
REASONS = {
    "patron": "ご本人の取消",
    "library": "図書館で取り消しました",
    "any_one": "「いずれか一つ」のほかの資料をご用意したため",
    "closed": "図書館カードを廃止したため",
    "deadline": "受取期限が過ぎたため",
    "merged": "同じ資料の予約を1つにまとめたため",
    "": "",
}
NO_COPY = {
    "item": None,
    "preparing_on": None,
    "sent_on": None,
    "on_shelf_on": None,
    "told_on": None,
    "pickup_by": None,
    "extended": False,
}


def not_cancelled() -> Expression:
    """Return the condition that leaves out open holds which their patron cancelled but can still restore."""
    return Hold.cancel_at.is_null()


def move(hold: Hold, to: str, **columns: Any) -> None:
    """Change the state of a hold that was read in this transaction. Raises: KeyError for a change not in the table."""
    CHANGES[hold.state, to]
    if to == "waiting":
        columns = NO_COPY | {"ended_at": None, "loan": None} | columns
    elif to in ("cancelled", "expired"):
        columns["cancel_at"] = None
    for name, value in columns.items():
        setattr(hold, name, value)
    Hold.update(state=to, **columns).where(Hold.id == hold.id, Hold.state == hold.state).execute()
    hold.state = to


def words(hold: Hold, turn: int | None = None, *, to_patron: bool = False) -> str:
    """Return the state in words: 予約中（n番目）, 受取可（YYYY年M月D日(曜)まで）, 取消 …; ``to_patron``: without the desk's own."""
    if hold.cancel_at and hold.state in OPEN:
        return WORDS["cancelled"]
    if hold.state == "waiting" and turn:
        return Sentence("予約中（{turn}番目）", turn=turn)
    if hold.state == "ready" and hold.pickup_by:
        return Sentence("受取可（{day}まで）", day=dates.with_weekday(hold.pickup_by))
    return (PATRONS_WORDS if to_patron else WORDS)[hold.state]


def is_suspended(hold: Hold, *, today: date) -> bool:
    return hold.state in IN_LINE and hold.suspended_until is not None and hold.suspended_until >= today


def sentences(hold: Hold, *, turn: int | None, wait: str, origin: str, today: date) -> list[Sentence]:
    """Return the state of an open hold in one or two sentences to its patron.

    ``turn``: the place in line; ``wait``: the expected wait, "" if unknown; ``origin``: the branch of its copy, "" for
    none.
    """
    branch = hold.pickup_branch.name
    if hold.suspended_until and is_suspended(hold, today=today):
        return [_until(SUSPENDED, hold.suspended_until, today)]
    if hold.state == "waiting":
        return [Sentence(PLACE, turn=turn), *([Sentence(EXPECTED, wait=wait)] if wait else [])]
    if hold.state == "ready":
        kept = _until(KEPT, hold.pickup_by, today) if hold.pickup_by else Sentence(NOT_TOLD_YET)
        return [Sentence(READY, branch=branch), kept]
    known, unknown = UNDER_WAY[hold.state]
    here, arrived = TOLD[hold.contact_method]
    return [
        Sentence(known if origin else unknown, origin=origin, branch=branch),
        Sentence(here if origin == branch else arrived, branch=branch),
    ]


def _until(said: tuple[str, ...], day: date, today: date) -> Sentence:
    """Return the sentence for a day: of today, of tomorrow, of another one."""
    left = (day - today).days
    return Sentence(said[left if left in (0, 1) else 2], day=dates.with_weekday(day, year=False))


def diagram() -> str:
    """Return the table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", *(f'    state "{word}" as {state}' for state, word in WORDS.items())]
    lines += ["    [*] --> waiting: 予約する"]
    lines += [f"    {before} --> {after}: {why}" for (before, after), why in CHANGES.items()]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in OVER)])
