"""リクエストの状態: the states of a wanted work, who changes them, and their words. Drawn in docs/requests.md."""

from typing import Any

from library import errors
from library.language.sentences import Sentence
from models import PatronRequest, Wanted

WORDS = {
    "received": "受付",
    "considered": "検討",
    "buying": "購入",
    "borrowing": "借受",
    "declined": "謝絶",
    "arrived": "届いた",
    "cancelled": "取消",
}
UNDECIDED = ("received", "considered")
DECIDED = ("buying", "borrowing")
OPEN = (*UNDECIDED, *DECIDED)
OVER = ("arrived", "declined", "cancelled")
DESK, BOTH = "職員", "利用者か職員"

STEPS = ("受付", "検討", "決定", "届いた")  # that a patron sees; 決定 becomes 購入 or 借受
CHANGES = {  # who, by what
    ("received", "considered"): (DESK, "開く"),
    ("received", "buying"): (DESK, "購入する"),
    ("received", "borrowing"): (DESK, "借受を依頼する"),
    ("received", "declined"): (DESK, "謝絶する"),
    ("received", "cancelled"): (BOTH, "最後の方の取消、カードの廃止"),
    ("considered", "buying"): (DESK, "購入する"),
    ("considered", "borrowing"): (DESK, "借受を依頼する"),
    ("considered", "declined"): (DESK, "謝絶する"),
    ("considered", "cancelled"): (BOTH, "最後の方の取消、カードの廃止"),
    ("buying", "considered"): (DESK, "検討に戻す"),
    ("buying", "arrived"): (DESK, "資料を登録する"),
    ("borrowing", "considered"): (DESK, "検討に戻す、相手館に断られる"),
    ("borrowing", "arrived"): (DESK, "借りた資料が届く"),
    ("arrived", "borrowing"): (DESK, "借りた資料の到着を取り消す"),
}
REASONS = {  # of 謝絶, at the desk
    "policy": "収集方針に合わない",
    "unavailable": "絶版・品切れ",
    "unpublished": "発売前",
    "special": "高額・専門的",
    "nowhere": "ほかの図書館からも借りられない",
}
PATRONS_REASONS = {
    "policy": "この図書館で集める資料の範囲に入りません。",
    "unavailable": "絶版か品切れで、手に入りません。",
    "unpublished": "まだ発売されていません。",
    "special": "高額か専門的なため、購入できません。",
    "nowhere": "ほかの図書館からも借りられませんでした。",
}
ANSWERS = {  # to the patron, in one or two sentences
    "received": ("受け付けました。",),
    "considered": ("購入か借受かを考えています。",),
    "buying": ("購入します。", "届いたら、{branch}でお取り置きします。"),
    "borrowing": ("ほかの図書館から借りる手配をしています。", "届いたら、{branch}でお取り置きします。"),
    "declined": ("お受けできませんでした。",),
    "arrived": ("届きました。", "「予約した資料」でご覧になれます。"),
    "cancelled": ("取り消しました。",),
}
FROM_PARTNER = "{partner}から借りる手配をしています。"
TOLD = {  # of one that is not decided, by contact method
    "mail": "決まりましたら、メールでお知らせします。",
    "phone": "決まりましたら、このページでお知らせします。",
    "none": "決まりましたら、このページでお知らせします。",
}


def require(wanted: Wanted, to: str, *, of: tuple[str, ...] = OPEN) -> Wanted:
    """Return the work as it is in this transaction. ``of``: the states from which it may go to another now. Raises:
    WantedElsewhere, if it is in none of them or can't go there.
    """
    wanted = Wanted.get_by_id(wanted.id)
    if wanted.state not in of or (wanted.state, to) not in CHANGES:
        raise errors.WantedElsewhere(state_word=WORDS[wanted.state])
    return wanted


def move(wanted: Wanted, to: str, **columns: Any) -> None:
    """Change the state of a work that was read in this transaction. Raises: KeyError for a change not in the table."""
    CHANGES[wanted.state, to]
    columns = {"reason": "", "state": to} | columns
    Wanted.update(columns).where(Wanted.id == wanted.id, Wanted.state == wanted.state).execute()
    for name, value in columns.items():
        setattr(wanted, name, value)


def state_of(request: PatronRequest) -> str:
    """Return the state of a patron's request: that of its work, unless the patron cancelled it."""
    return "cancelled" if request.cancelled else request.wanted.state


def sentences(request: PatronRequest, partner: str = "") -> list[Sentence]:
    """Return the state in one or two sentences to the patron. ``partner``: the library that is asked, if known."""
    state, branch = state_of(request), request.pickup_branch.name
    first, *more = ANSWERS[state]
    if state in UNDECIDED:
        more = [TOLD[request.contact_method]]
    elif state == "declined":
        more = [PATRONS_REASONS[request.wanted.reason]]
    elif state == "borrowing" and partner:
        first = FROM_PARTNER
    return [Sentence(text, branch=branch, partner=partner) for text in (first, *more)]


def steps(request: PatronRequest) -> tuple[tuple[str, ...], list[str]]:
    """Return the names of the four steps of an open request, and the looks of their dots: done, now, next."""
    state = state_of(request)
    place = OPEN.index(state) if state in UNDECIDED else 2
    names = (*STEPS[:2], WORDS[state], STEPS[3]) if place == 2 else STEPS
    return names, ["done"] * place + ["now"] + ["next"] * (3 - place)


def diagram() -> str:
    """Return the table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", *(f'    state "{word}" as {state}' for state, word in WORDS.items())]
    lines += ["    [*] --> received: 申し込む"]
    lines += [f"    {before} --> {after}: {why}（{who}）" for (before, after), (who, why) in CHANGES.items()]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in OVER)])
