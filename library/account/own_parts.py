"""Everything that the library holds about a patron, for that patron: by table, as docs/privacy.md lists them.

A column is named here with its heading, one of the patron's own row in ``library.patron_columns``;
tests/library/test_own_data.py names the others, with the reason why they are not given away, and compares both with the
tables, so that a new one can't be forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import Expression, ForeignKeyField

from library import audit_words, patron_columns, wording
from library.lending.holds import hold_states
from library.mail import outbox, push
from library.patrons import patrons
from library.requests import states
from models import (
    Audit,
    CalendarLink,
    CardNumber,
    CartRow,
    CategoryChanged,
    CheckNumber,
    ClosingRequest,
    Draft,
    DunningCall,
    EbookHold,
    EbookLink,
    EbookLoan,
    FamilyTie,
    FormerAddress,
    HistoryEntry,
    Hold,
    HoldGroup,
    HoldNotice,
    KnownDevice,
    KnownNetwork,
    Loan,
    LoanNotice,
    MailPreference,
    OfflineEntry,
    OneTimeLink,
    OutboxMail,
    Passkey,
    Patron,
    PatronAddress,
    PatronRequest,
    PushSubscription,
    Question,
    ReadingPosition,
    SdiCondition,
    SdiTitle,
    Session,
    Shelf,
    ShelvedTitle,
    Undo,
)

Words = dict[str, str] | Callable[[], dict[str, str]]


@dataclass(frozen=True)
class Part:
    """A table's rows about a patron. ``columns``: path from the table (over its keys) → heading; ``words``: code →
    words, or what returns them where they are the library's own.
    """

    name: str
    label: str
    model: Any  # a table
    mine: Callable[[Patron], Expression]
    columns: dict[str, str]
    words: dict[str, Words]


def _part(
    name: str,
    label: str,
    model: Any,
    columns: dict[str, str],
    mine: Callable[[Patron], Expression] | None = None,
    **words: Words,
) -> Part:
    return Part(name, label, model, mine or (lambda patron: model.patron == patron), columns, words)


def _within(key: ForeignKeyField, model: Any) -> Callable[[Patron], Expression]:
    """Return patron → condition for rows that hang on a row of the patron's."""
    return lambda patron: key.in_(model.select(model.id).where(model.patron == patron))


_TITLE = {"title.title": "書名", "title.volume": "巻次"}
_EBOOK = {"ebook.title.title": "書名", "ebook.title.volume": "巻次"}
_MAIL_KINDS = {
    "registration": "登録完了メール", "hold": "予約関連メール", "sdi": "SDI", "due": "返却期限通知",
}  # fmt: skip
_EBOOK_HOLDS = {
    "waiting": "順番待ち", "ready": "借りられます", "cancelled": "取消", "expired": "期限切れ", "withdrawn": "貸出の終了",
}  # fmt: skip

PARTS = (
    _part("profile", "利用者", Patron, patron_columns.OWN, lambda patron: Patron.id == patron.id,
       state={"active": "有効", "suspended": "利用停止", "closed": "廃止"}, residence=patrons.residences,
       contact_method=wording.CONTACT_METHODS,
       contact_phone=wording.CONTACT_PHONES, text_size={"s": "小", "m": "中", "l": "大"},
       furigana={"on": "出す", "off": "出さない"}),
    _part("card_numbers", "カードの番号", CardNumber, {
        "number": "番号", "kind": "種類", "since": "加えた日時", "until": "紛失を届けた日時",
    }, kind=wording.NUMBER_KINDS),
    _part("addresses", "メールアドレス", PatronAddress, {
        "position": "番号", "address": "アドレス", "kind": "種別", "verified_at": "確認した日時", "failures": "届かなかった回数",
        "undeliverable_at": "届かないと分かった日時", "since": "登録した日時", "at_desk": "図書館が登録した",
        "titles_off": "家族と同じなので書名を載せない",
    }, kind=wording.ADDRESS_KINDS),
    _part("former_addresses", "前のメールアドレス", FormerAddress, {
        "address": "アドレス", "kind": "種別", "since": "登録した日時", "at_desk": "図書館が登録した", "removed_at": "消した日時",
    }, kind=wording.ADDRESS_KINDS),
    _part("mail_preferences", "メールの配信", MailPreference, {
        "kind": "メール", "to_pc": "自PC", "to_mobile": "携帯", "active": "配信", "days_before": "何日前",
    }, kind=_MAIL_KINDS),
    _part("loans", "借りている資料", Loan, {
        "item.title.title": "書名", "item.title.volume": "巻次", "item.barcode": "資料番号", "branch.name": "貸出館",
        "lent_on": "貸出日",
        "due_on": "返却期限", "returned_on": "返却日", "returned_at": "返却日時", "returned_to.name": "返却館", "renewals": "延長の回数",
        "trouble": "未解決のこと", "category": "区分（統計）", "age_group": "年齢層（統計）",
    }, trouble={"lost": "紛失", "damaged": "汚損", "claimed": "返しました"}),
    _part("offline_entries", "確かめている非常時の貸出", OfflineEntry, {
        "at": "日時", "branch.name": "館", "card": "利用者番号", "barcode": "資料番号", "item.title.title": "書名", "due_on": "返却期限",
        "conflict": "確かめていること",
    }, conflict=wording.OFFLINE_CONFLICTS),
    _part("loan_notices", "返却期限のお知らせ", LoanNotice, {
        "loan.item.title.title": "書名", "kind": "お知らせ", "due_on": "返却期限", "stage": "督促の日数",
    }, _within(LoanNotice.loan, Loan), kind={"due": "返却期限通知", "overdue": "督促"}),
    _part("dunning_calls", "督促の電話", DunningCall, {
        "loan.due_on": "返却期限", "called_on": "電話した日", "stage": "督促の日数", "result": "結果",
    }, _within(DunningCall.loan, Loan), result=wording.DUNNING_RESULTS),
    _part("holds", "予約", Hold, {
        **_TITLE, "pickup_branch.name": "受取館", "contact_method": "連絡方法", "state": "状態", "placed_at": "予約日時",
        "item.barcode": "資料番号", "group.kind": "まとめて予約", "position": "まとめての順", "rank": "順番を譲った回数",
        "suspended_until": "一時停止の終わり", "preparing_on": "準備した日", "sent_on": "搬送した日", "on_shelf_on": "取り置いた日",
        "told_on": "お知らせした日", "pickup_by": "受取期限",
        "extended": "取り置きを延ばした", "ended_at": "終わった日時", "reason": "終わった理由", "loan.lent_on": "借りた日",
        "cancel_at": "取り消しになる日時",
    }, state=hold_states.PATRONS_WORDS, reason=hold_states.REASONS, contact_method=wording.CONTACT_METHODS,
       kind={"in_order": "順番どおり", "any_one": "いずれか一つ"}),
    _part("requests", "リクエスト", PatronRequest, {
        "wanted.title_text": "書名", "wanted.author": "著者", "wanted.publisher": "出版者", "wanted.year_text": "出版年",
        "wanted.isbn": "ISBN", "wanted.volume": "巻・号", "may_borrow": "借りた資料でもよい", "note": "メモ",
        "pickup_branch.name": "受取館", "contact_method": "連絡方法", "asked_at": "申し込んだ日時", "wanted.state": "状態",
        "wanted.reason": "謝絶の理由", "reply": "職員からの返事", "cancelled": "取り消した", "ended_at": "終わった日時",
        "hold.placed_at": "予約日時",
    }, state=states.WORDS, reason=states.REASONS, contact_method=wording.CONTACT_METHODS),
    _part("hold_groups", "まとめた予約", HoldGroup, {"kind": "まとめ方"},
          kind={"in_order": "順番どおり", "any_one": "いずれか一つ"}),
    _part("hold_notices", "予約のお知らせ", HoldNotice, {
        "hold.title.title": "書名", "kind": "お知らせ", "day": "日",
    }, _within(HoldNotice.hold, Hold), kind={"ready": "受取可", "deadline": "受取期限", "ended": "終わり"}),
    _part("cart", "予約かご", CartRow, {**_TITLE, "added_at": "入れた日時", "position": "順"}),
    _part("history", "借りたことがある資料", HistoryEntry, {
        "title_text": "書名", "author_text": "著者", "branch_text": "貸出館", "lent_on": "貸出日", "ndc_text": "分類", "memo": "メモ",
        "rating": "評価",
    }),
    _part("shelves", "本棚", Shelf, {
        "name": "棚の名前", "description": "説明", "position": "順", "as_list": "一覧で表示する", "token": "公開のリンク",
    }),
    _part("shelved_titles", "本棚の資料", ShelvedTitle, {
        "shelf.name": "棚の名前", "position": "順", "title_text": "書名", "volume_text": "巻次", "author_text": "著者",
        "ndc": "分類",
        "call_number": "請求記号", "note": "メモ", "read_on": "読んだ日", "added_on": "入れた日",
    }, _within(ShelvedTitle.shelf, Shelf)),
    _part("sdi_conditions", "SDI", SdiCondition, {
        "name": "名前", "query": "条件", "active": "配信", "created_at": "登録日時",
    }),
    _part("sdi_titles", "SDIでお知らせした資料", SdiTitle, {
        "condition.name": "SDI", **_TITLE, "told_on": "お知らせした日",
    }, _within(SdiTitle.condition, SdiCondition)),
    _part("ebook_loans", "借りている電子書籍", EbookLoan, {
        **_EBOOK, "licence": "ライセンスの番号", "lent_on": "貸出日", "due_on": "返却期限", "returned_on": "返却日",
    }),
    _part("reading_places", "電子書籍の読んだところ", ReadingPosition, {
        "loan.ebook.title.title": "書名", "part": "何番目の部分", "paragraph": "何番目の段落",
    }, _within(ReadingPosition.loan, EbookLoan)),
    _part("ebook_holds", "電子書籍の順番待ち", EbookHold, {
        **_EBOOK, "state": "状態", "placed_at": "申し込んだ日時", "until": "借りられる最後の日", "ended_at": "終わった日時",
    }, state=_EBOOK_HOLDS),
    _part("ebook_link", "読書アプリのリンク", EbookLink, {"made_at": "作った日時"}),
    _part("calendar_link", "返却期限カレンダー", CalendarLink, {"with_titles": "書名を出す", "created_at": "作った日時"}),
    _part("family", "家族のカード（見る方）", FamilyTie, {
        "number": "申し込んだカードの番号", "asked_at": "申し込んだ日時", "agreed_at": "同意した日時", "may_renew": "延長をまかされている",
        "may_card": "カードを見られる", "titles_hidden": "書名を見られない", "label": "印", "colour": "印の色", "seen_on": "家族のページを最後に開いた日",
        "ending_told_on": "終わることのお知らせをした日", "stays_on": "18歳からも続けると相手が答えた日",
    }, lambda patron: FamilyTie.viewer == patron),
    _part("family_onlookers", "家族のカード（見られる方）", FamilyTie, {
        "viewer.name": "見る方", "asked_at": "申し込まれた日時", "agreed_at": "同意した日時", "may_renew": "延長をまかせる",
        "may_card": "カードを見せる",
        "titles_hidden": "書名を見せない", "titles_asked_on": "書名を見せるかお尋ねした日", "titles_settled": "書名を見せるかが決まった",
        "seen_on": "相手が最後に見た日", "ending_told_on": "終わることのお知らせをした日", "stays_on": "18歳からも続けると答えた日",
    }, lambda patron: FamilyTie.child == patron),
    _part("questions", "レファレンスの質問", Question, {
        "subject": "件名", "text": "質問", "looked": "調べたこと", "wanted": "目的と期限", "consent": "公開への同意", "state": "状態",
        "asked_at": "質問した日時",
    }, state=wording.QUESTION_STATES),
    _part("answers", "レファレンスの回答", Question, {
        "subject": "件名", "answer": "回答", "sources": "参考資料", "ended_at": "回答した日時",
    }, lambda patron: (Question.patron == patron) & Question.ended_at.is_null(False)),
    _part("category_changes", "区分の一括変更", CategoryChanged, {
        "change.at": "日時", "change.from_category": "前の区分", "change.to_category": "新しい区分",
    }),
    _part("closing_request", "廃止の申し込み", ClosingRequest, {"asked_at": "申し込んだ日時"}),
    _part("mails", "お知らせ", OutboxMail, {
        "kind": "お知らせ", "address": "送り先", "address_kind": "種別", "state": "状態", "created_at": "作った日時",
        "sent_at": "送った日時",
        "next_try_at": "次に送る日時", "tries": "送った回数", "subject": "件名", "text": "本文", "error": "届かなかった理由",
        "message_id": "メールの番号",
        "channel": "送り方", "language": "言語",
    }, kind=outbox.KINDS, channel=wording.CHANNELS, address_kind=wording.ADDRESS_KINDS, state=wording.MAIL_STATES),
    _part("push_devices", "通知を受け取る端末", PushSubscription, {
        "name": "端末の名前", "created_at": "登録した日時", **push.KINDS,
    }),
    _part("links", "メールで送ったリンク", OneTimeLink, {
        "purpose": "用途", "address": "送り先", "expires_at": "期限", "used_at": "使った日時",
    }, purpose={"reset": "パスワードの再設定", "verify": "アドレスの確認", "open_seal": "保護中の記録の確認", "stop": "心当たりのないパスワードの停止"}),
    _part("undos", "元に戻せること", Undo, {"kind": "したこと", "facts": "元の状態", "until": "元に戻せる期限"},
          # whose facts are days of others, who may show none
          lambda patron: (Undo.patron == patron) & (Undo.kind != "family"),
          kind={"renewals": "延長", "cart": "予約かごから外した、予約した", "shelf": "本棚から出した"}),
    _part("draft", "変更の下書き", Draft, {"values": "入力した内容", "base": "変更前の内容", "created_at": "作った日時", "held_until": "預かる期限",
        "lapsed": "ログインが切れたあとに送られた"}),
    _part("sessions", "ログイン中の端末", Session, {
        "client": "端末", "scope": "できること", "terminal": "館内端末", "created_at": "ログイン", "seen_at": "最後の操作",
        "authenticated_at": "パスワードかパスキーで確かめた日時",
    }, scope={"full": "すべて", "first_password": "はじめてのパスワード設定"}),
    _part("passkeys", "パスキー", Passkey, {"name": "名前", "created_at": "登録した日時", "used_at": "最後に使った日時"}),
    _part("devices", "ログインしたことのある端末", KnownDevice, {
        "seen_at": "最後のログイン", "known_since": "はじめてのログイン", "is_key": "保護中の記録を開ける",
    }),
    _part("networks", "ログインしたことのあるネットワーク", KnownNetwork, {"seen_at": "最後のログイン"}),
    _part("check_number", "窓口でお伝えした確認番号", CheckNumber, {"expires_at": "期限"}),
    _part("operations", "操作の記録", Audit, {"at": "日時", "actor": "だれが", "action": "操作", "details": "内容"},
        action=audit_words.ACTIONS),
)  # fmt: skip
