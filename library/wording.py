"""Words of the trade for screens, mails and files. For the sentences of refusals see ``errors``, for the words of
操作の記録 ``audit_words``.
"""

from collections.abc import Iterable
from datetime import date

from library import dates, patron_columns
from library.language.sentences import Joined, Sentence

FIELDS = patron_columns.LABELS | {
    "password": "パスワード",
    "current_password": "現パスワード",
    "new_password": "新パスワード",
    "new_password_again": "確認パスワード",
    "email1": "E-mail1",
    "email2": "E-mail2",
    "registration": "登録完了メール配信先",
    "hold": "予約関連メール配信先",
    "sdi": "SDI",
    "due": "返却期限通知",
    "confirmation_to": "送信先",
    "passkey_added": "パスキーの登録",
    "passkey_removed": "パスキーの削除",
    "push": "受け取る通知",
    "push_added": "通知を受け取る端末の登録",
    "push_removed": "通知を受け取る端末の削除",
}
FIELDS |= {  # of the desk
    "card": "図書館カードの番号", "reason": "理由", "number": "新しい番号", "first": "いつから", "last": "いつまで", "at": "日",
    "from_category": "いまの区分", "to_category": "新しい区分", "born_until": "この日までに生まれた方",
}  # fmt: skip
NUMBER_KINDS = {"current": "いまのカード", "lost": "紛失したカード", "old": "旧カード", "mykey": "マイキーID"}
KINDS_OF_NUMBERS = {"card": "カードの番号", "item": "資料の番号"}
LETTERS_OF_NUMBERS = {"digits": "数字だけ", "letters": "数字と、英字・記号（A–Z - . $ : / +）"}
CHECK_DIGITS = {
    "": "なし", "m10w21s": "モジュラス10 ウェイト2・1（分割）", "m10w21": "モジュラス10 ウェイト2・1（一括）", "m10w31": "モジュラス10 ウェイト3・1",
    "m11": "モジュラス11 ウェイト2〜7", "7dr": "7DR（7で割った余り）", "9dr": "9DR（9で割った余り）", "7dsr": "7DSR（7から、7で割った余りを引く）",
    "9dsr": "9DSR（9から、9で割った余りを引く）", "m16": "モジュラス16（NW-7）", "m43": "モジュラス43（Code39）",
}  # fmt: skip
BARS = {"auto": "自動", "nw7": "NW-7", "code39": "Code39"}
ROLES = {"desk": "窓口", "admin": "管理"}
PLACES = {  # where a patron's choices are changed
    "site": "このサイト", "desk": "図書館の窓口", "link": "メールの停止リンク", "mail": "メールのリンク",
}  # fmt: skip
MAIL_STATES = {
    "queued": "送信待ち", "sending": "送信中", "sent": "送信済み", "failed": "送信失敗", "cancelled": "取りやめ",
}  # fmt: skip
COUNTED = {  # what a job or a command did
    "patrons": "利用者", "mails": "メール", "loans": "貸出", "sent": "送信", "later": "あとで再送", "failed": "送れず",
    "broken_texts": "文面の誤り", "cancelled": "取り消し", "unavailable": "サーバーにつながらず", "busy": "ほかで送信中", "files": "ファイル",
    "asked": "お尋ね", "hidden": "書名を見せない", "told": "お知らせ", "ended": "終了",
    "expired": "期限切れ", "titles": "書名", "started": "開始", "never_open": "開館日なし", "copies": "控え", "records": "書誌",
    "items": "資料", "requests": "申し込み", "removed": "消した控え", "holds": "予約", "drafts": "下書き",
    "desk_searches": "探した言葉", "held_forms": "中断した入力", "challenges": "2段階認証の途中", "proved_browsers": "2段階認証をした端末の印",
    "sessions": "ログイン", "devices": "端末の印", "failures": "失敗の回数", "initial_failures": "はじめのパスワードの失敗の回数",
    "networks": "ネットワークの印", "counters": "そのほかの回数", "check_numbers": "確認番号", "reset_requests": "再設定の申し込み",
    "links": "リンク", "former_addresses": "消したアドレス", "sealed": "保護中の記録", "push_devices": "通知を受け取る端末",
    "mail_texts": "メールの本文", "cards": "カード", "ebook_holds": "電子書籍の順番待ち", "family_requests": "家族の申し込み",
    "questions": "レファレンスの質問", "requests_over": "終わったリクエスト",
    "audit": "操作の記録", "homes": "閉じたカードの住所", "guardians": "18歳になった方の保護者", "category_changes": "区分の一括変更の記録",
    "undos": "元に戻すための記録", "looked": "調べた電子書籍",
    "covers": "画像", "covers_absent": "画像なし", "covers_failed": "受け取れず", "covers_removed": "消した画像", "good": "合格",
    "care": "注意", "bad": "要対応", "offline_entries": "非常時の記録の印", "offline_slips": "非常時の票の番号", "frozen": "確定した月",
    "summed": "集計した月", "hours": "時刻を消した貸出などの数", "days": "日を消した貸出などの数",
}  # fmt: skip
ADDRESS_KINDS = {"pc": "自PC", "mobile": "携帯"}
CHANNELS = {"mail": "メール", "push": "スマートフォン"}
QUESTION_STATES = {
    "new": "受け付けました", "taken": "調べています", "answered": "お答えしました", "closed": "お答えできませんでした",
}  # fmt: skip
CONTACT_METHODS = {"none": "不要", "mail": "メール", "phone": "電話"}
DUNNING_RESULTS = {"spoke": "お話しした", "message": "伝言を残した", "missed": "つながらなかった"}
CONTACT_PHONES = {"mobile": "携帯電話", "home": "自宅", "work": "勤務先"}
OFFLINE_CONFLICTS = {  # why an entry of the offline desk waits for somebody
    "time": "端末の時計が合っていません。記録の日時が、これから先です。",
    "old": "14日より前の記録です。登録していません。",
    "unknown_card": "登録のない利用者番号です。貸出を登録していません。",
    "unknown_item": "登録のない資料番号です。登録していません。",
    "card_closed": "廃止したカードです。貸出を登録していません。",
    "out_to_another": "ほかの方に貸出中です。貸出を登録していません。",
    "out_to_same": "前から同じ方に貸出中です。延長していません。",
    "lent_later": "ほかの貸出と重なっています。貸出を登録していません。",
    "never_open": "返却期限にできる開館日がありません。貸出を登録していません。",
    "held": "ほかの方の予約のために取り置いていた資料です。貸出は登録しました。待っている方へ連絡してください。",
    "to_be_held": "予約の資料です。返却は登録しました。予約棚へ置くか、受取館へ送ってください。",
    "not_out": "その日時には貸出中ではありません。返却を登録していません。",
    "after_waiting": "間の貸出が、確認待ちです。先にそちらを確認してください。返却を登録していません。",
    "lent_that_day": "その日に貸し出した資料です。返却が先か、貸出が先か分かりません。返却を登録していません。",
}
ITEM_STATES = {
    "available": "貸出可", "reference": "館内", "repair": "修理中", "missing": "不明", "lost": "紛失", "withdrawn": "除籍",
}  # fmt: skip
ACQUISITIONS = ("購入", "寄贈", "移管", "弁償", "不明")  # 受入区分, stored as they are
WITHDRAWAL_REASONS = ("汚損・破損", "紛失・不明", "内容が古い", "複本", "弁償による代替", "移管", "その他")
TROUBLES = {"": "", "lost": "紛失", "damaged": "汚損", "claimed": "返しましたの申し出"}  # of an unsettled loan
DELIVERY = {True: "配信", False: "停止"}
TITLES_IN_MAIL = {True: "載せる", False: "載せない"}
HISTORY = {True: "残す", False: "残さない"}
ALL = "すべて"  # of the choices by which a list is narrowed


def days_before(days: int) -> str:
    """Return the number of days before as 当日, 1日前 … 7日前."""
    return Sentence("{n}日前", n=days) if days else "当日"


def year(number: int | None, text: str = "") -> str:
    """Return the year as 2014年; without a number the text of the record."""
    return Sentence("{year}年", year=number) if number else text


def existing_title(name: str, *facts: str) -> str:
    """Return the sentence by which a form offers a title of the catalogue; empty facts are left out."""
    return f"すでにある書誌：{name}（{'、'.join(filter(None, facts))}）"


def borrowed_until(until: date) -> str:
    return Sentence("借りています（{day}まで）", day=dates.with_weekday(until, year=False))


def dunning_call(day: date, result: str) -> str:
    """Return a 督促の電話 as 11月25日(水) 電話、つながらなかった."""
    return f"{dates.with_weekday(day, year=False)} 電話、{DUNNING_RESULTS[result]}"


def ebook_turn(until: date | None, before: int) -> str:
    """Return the words for a place in the line of an e-book: the last day to borrow it, else the number before."""
    if until:
        return Sentence("順番が来ました（{day}まで）", day=dates.with_weekday(until, year=False))
    return Sentence("順番待ち（{turn}番目）", turn=before + 1)


def size(number: int) -> str:
    """Return the size of a file: 7KB, 1.2MB."""
    return f"{number / 1024**2:.1f}MB" if number >= 1024**2 else f"{max(1, number // 1024)}KB"


def field_word(code: str) -> str:
    return FIELDS[code]


def field_words(codes: Iterable[str]) -> str:
    return Joined((FIELDS.get(code, code) for code in codes), "、")
