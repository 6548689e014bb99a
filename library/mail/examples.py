"""Example facts of every kind of mail, with which a library's own text is tried out before it is sent."""

from typing import Any

from library import errors
from library.language import languages, sentences
from library.mail import outbox


def facts_for(kind: str, language: languages.Language | None = None) -> list[dict[str, Any]]:
    """Return example facts of a kind of mail in a language, else in Japanese: the full ones first, then with parts
    missing, then every event; each for a computer and for a phone.
    """
    full, *variants = _EXAMPLES[_LIKE.get(kind, kind if kind in _EXAMPLES else "plain")]
    full = {"name": "図書 花子"} | full | ({"token": "abc123"} if kind in outbox.WITH_SECRET else {})
    full |= {"message": "2026年12月2日(水)"} if kind == "ebook_ready" else {}
    others = [full | {"what": what} for what in _SORTS.get(kind, ())]
    others = [each | ({"other": "図書 桃子"} if each["what"].startswith("family_") else {}) for each in others]
    return [
        (_said(made, language) if language else made) | {"mobile": mobile}
        for made in (full, *(full | each for each in variants), *others)
        for mobile in (False, True)
    ]


def _said(example: Any, language: languages.Language) -> Any:
    """Return an example in a language: its days and the library's own words; titles and names stay."""
    if isinstance(example, dict):
        return {name: _said(part, language) for name, part in example.items()}
    if isinstance(example, list):
        return [_said(part, language) for part in example]
    return str(language.say(language.day(example))) if isinstance(example, str) else example


_LIKE: dict[str, str] = dict.fromkeys(("overdue", "closure", "hold_ready", "hold_deadline", "hold_ended"), "titles")
_LIKE |= dict.fromkeys(("family_titles", "family_ending"), "family")
_LIKE |= dict.fromkeys(("reference_receipt", "reference_answer"), "reference")
_SORTS = {
    "security": (
        "address",
        "password",
        "reset",
        "first_password",
        "reissued",
        "closing",
        "passkey_added",
        "passkey_removed",
        "family_agreed",
        "family_changed",
        "family_stays",
        "family_ended",
        "other",
    ),
    "sealed": ("reissued", "reset", "first_password", "deletion"),
    "admin": (
        "fault_all_initial",
        "well_all_initial",
        "fault_all_strangers",
        "well_all_strangers",
        "password_stopped",
        "fault_backup",
        "well_backup",
        "fault_job",
        "well_job",
        "fault_mail",
        "well_mail",
        "fault_mails_failed",
        "well_mails_failed",
        "fault_pushes_failed",
        "well_pushes_failed",
        "fault_disk",
        "well_disk",
        "fault_damage",
        "well_damage",
        "other",
    ),
}
_GROUPS = [
    {
        "due": "12月9日(水)", "due_with_year": "2026年12月9日(水)",
        "days_left": sentences.Sentence("あと{n}日", n=2), "branch": "本館", "count": 2,
        "titles": ["坊っちゃん", "銀河鉄道の夜 上"],
    },
    {
        "due": "12月10日(木)", "due_with_year": "2026年12月10日(木)",
        "days_left": sentences.Sentence("あと{n}日", n=3), "branch": "分館", "count": 1,
        "titles": ["こころ"],
    },
]  # fmt: skip
_CONDITIONS = [
    {
        "name": "宮沢賢治の本", "count": 3, "more": 1, "url": "https://library.example.jp/my/sdi/1",
        "titles": [{"title": "銀河鉄道の夜 上", "author": "宮沢賢治 著"}, {"title": "どんぐりと山猫", "author": ""}],
    },
    {
        "name": "天文学", "count": 1, "more": 0, "url": "https://library.example.jp/my/sdi/2",
        "titles": [{"title": "星の地図", "author": "山本一清 著"}],
    },
]  # fmt: skip
_CLOSED = [{"name": "本館", "days": ["12月7日(月)", "12月14日(月)"]}]
_LOAN = {
    "title": "坊っちゃん",
    "branch": "本館",
    "due": "2026年12月9日(水)",
    "days_left": sentences.Sentence("{n}日過ぎています", n=7),
}
_HOLD = {
    "title": "銀河鉄道の夜 上",
    "branch": "本館",
    "pickup_by": "2026年12月16日(水)",
    "last": "12月16日(水)",
    "reason": "受取期限が過ぎたため",
    "in_house": errors.BorrowedInHouse().sentence,
}
_EXAMPLES = {  # in full, and what of it may be missing or otherwise
    "due": (
        {
            "count": 3, "renewable": 3, "groups": _GROUPS, "closed": _CLOSED,
            "stop_url": "https://library.example.jp/mail/stop/abc",
        },
        {"groups": [group | {"titles": []} for group in _GROUPS], "closed": [], "renewable": 0},
        {"renewable": 1},
    ),
    "sdi": (
        {"count": 4, "conditions": _CONDITIONS, "stop_url": "https://library.example.jp/mail/stop/abc"},
        {"conditions": []},
    ),
    "titles": (
        {"count": 2, "loans": [_LOAN], "holds": [_HOLD]},
        {"loans": [_LOAN | {"title": ""}], "holds": [_HOLD | {"title": "", "pickup_by": "", "in_house": ""}]},
    ),
    "request": (
        {
            "title": "石の声を聴く", "what": "buying", "reply": "書評で拝見し、ほかの方からも希望がありました。",
            "sentences": [
                sentences.Sentence("購入します。"), sentences.Sentence("届いたら、{branch}でお取り置きします。", branch="本館"),
            ],
        },
        {
            "title": "", "what": "declined", "reply": "",
            "sentences": [sentences.Sentence("お受けできませんでした。"), sentences.Sentence("絶版か品切れで、手に入りません。")],
        },
        {"what": "borrowing", "sentences": [sentences.Sentence("ほかの図書館から借りる手配をしています。")]},
    ),
    "reference": (
        {
            "number": 12, "asked_on": "2026年11月20日(金)", "page": "https://library.example.jp/my/questions/12",
            "answer": "図書館の資料で分かったことを、お知らせします。", "sources": ["『すずかけ市史』 上巻"], "closed": False,
        },
        {"name": "", "answer": "", "sources": [], "page": "", "closed": True},
    ),
    "family": (
        {"other": "図書 桃子", "is_child": True, "day": "2026年12月25日(金)", "adult": 18},
        {"name": "", "is_child": False},
    ),
    "plain": (
        {
            "at": "2026年11月25日(水) 10:42", "fields": ["E-mail1", "返却期限通知"], "what": "",
            "message": "ここに用件が入ります。", "token": "", "other": "",
        },
        {"name": "", "fields": []},
    ),
}  # fmt: skip
