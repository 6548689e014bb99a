"""Words of the trade for screens, mails and files. For the sentences of refusals see ``errors``."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from library import dates, patron_columns, policy_settings
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
ACTIONS = {
    "article.written": "お知らせ・案内のページの保存",
    "cards.erased": "保存期間の過ぎた利用者の消去",
    "ebook.added": "電子書籍の登録",
    "ebook.changed": "電子書籍の変更",
    "ebook.services": "外の電子書籍サービスの変更",
    "ebook.withdrawn": "電子書籍の貸出の終了",
    "figures.entered": "統計の数字の入力",
    "feature.deleted": "特集の削除",
    "feature.written": "特集の保存",
    "item.restored": "除籍の取り消し",
    "item.withdrawn": "資料の除籍",
    "family.agreed": "家族のカードの同意",
    "family.address": "家族と同じメールアドレスの確認",
    "family.changed": "家族に任せることの変更",
    "family.ended": "家族のカードをやめた",
    "family.renewed": "家族がまとめて延長した",
    "family.stays": "家族のカードを18歳からも続ける",
    "family.titles_hidden": "家族に書名を見せない",
    "family.titles_shown": "家族に書名を見せる",
    "closing_requests.listed": "廃止の申し込みの一覧を開いた",
    "closing.requested": "カードの廃止の申し込み",
    "closing.withdrawn": "カードの廃止の申し込みの取り下げ",
    "data.downloaded": "利用データのダウンロード",
    "hold.cancelled": "予約の取消（図書館）",
    "hold.contacted": "予約の連絡済",
    "hold.placed": "予約の受付（図書館）",
    "holds.contact_listed": "要連絡の予約の一覧を開いた",
    "holds.shelf_listed": "取り置き中の予約の一覧を開いた",
    "item.state": "資料の状態の変更",
    "import.authorities": "典拠の取り込み",
    "import.branches": "館の取り込み",
    "import.items": "所蔵の取り込み",
    "import.loans": "貸出の取り込み",
    "import.holds": "予約の取り込み",
    "import.patrons": "利用者の取り込み",
    "import.titles": "書誌の取り込み",
    "item.added": "資料の受け入れ",
    "issue.taken_back": "号の受け入れの取り消し",
    "serial.added": "雑誌の登録",
    "serial.changed": "雑誌の変更",
    "serial.ended": "雑誌の休刊",
    "serial.resumed": "雑誌の復刊",
    "item.changed": "資料の変更",
    "set.copy_added": "セットに資料を加えた",
    "set.copy_removed": "セットから資料を外した",
    "set.deleted": "セットの削除",
    "set.saved": "セットの保存",
    "library.face": "名称・ロゴ・色の変更",
    "kids.motif": "こどものさがすの絵の変更",
    "kids.words": "こどものさがすの言葉の変更",
    "loan.claim_rejected": "「返しました」の確認（書架になし）",
    "loan.claimed": "「返しました」の申し出",
    "loan.damaged": "汚損の登録",
    "loan.lost": "紛失の登録",
    "loan.offline": "非常時の貸出",
    "loan.overridden": "例外の貸出・延長",
    "loan.settled": "紛失・汚損の解決",
    "loan.undone": "貸出の取消",
    "backup_token.added": "控えを取りに来る機械のトークンの追加",
    "backup_token.misused": "控えのトークンが、登録していないアドレスから使われた",
    "backup_token.revoked": "控えを取りに来る機械のトークンの取り消し",
    "backup_token.unknown": "控えの受け取りを断った（知らないトークン）",
    "branch.added": "館の追加",
    "branch.changed": "館の変更",
    "branch.closed": "閉館",
    "branch.reopened": "閉館した館をまた開いた",
    "calendar.closed": "休館の追加",
    "calendar.opened": "臨時開館の追加",
    "calendar.rule_added": "定休日の追加",
    "calendar.rule_removed": "定休日の取り消し",
    "calendar.taken_back": "休館・臨時開館の取り消し",
    "calendar.week_changed": "毎週の休館日の変更",
    "list.written": "一覧の書き出し",
    "mail.sent_again": "送れなかったメールの送り直し",
    "mail.stopped": "お知らせの停止",
    "mail_text.changed": "メールの文面の変更",
    "mail_text.shipped": "メールの文面を標準に戻した",
    "numbers.changed": "番号の形式の変更",
    "note.removed": "引き継ぎの消去",
    "note.written": "引き継ぎの変更",
    "offline.installed": "非常用の窓口をブラウザーに入れた",
    "offline.passphrase": "非常用の窓口の合言葉を変えた",
    "offline.resolved": "非常時の記録の解決",
    "offline.taken": "非常時の記録の取り込み",
    "move.begun": "移行の開始",
    "move.compared": "見本の利用者を前のシステムと比べた",
    "move.confirmed": "移行の確認済み",
    "move.discarded": "取り込んだものを消した（移行）",
    "move.opened": "開館",
    "pack.loaded": "引っ越しパックの取り込み",
    "pack.made": "引っ越しパックの作成",
    "move.reopened": "移行の確認済みの取り消し",
    "move.sample_drawn": "移行の見本を選んだ",
    "overdue.call_removed": "督促の電話の記録の取り消し",
    "overdue.called": "督促の電話の記録",
    "overdue.listed": "督促一覧を開いた",
    "overdue.postcard_sent": "督促のはがきを出した",
    "overdue.postcards_made": "督促のはがきの印刷（住所の表示）",
    "passkey.added": "パスキーの追加",
    "passkey.removed": "パスキーの削除",
    "push.added": "通知を受け取る端末の登録",
    "push.removed": "通知を受け取る端末の削除",
    "password.first_password": "はじめてのパスワード設定",
    "password.reissued": "初期パスワードの再発行",
    "password.reset": "パスワードの再設定",
    "password.stopped": "心当たりのないパスワードの停止",
    "patron.active": "利用停止の解除",
    "patron.address_viewed": "住所の表示",
    "patron.closed": "カードの廃止",
    "patron.card_renewed": "カードの有効期限の更新",
    "patron.card_replaced": "カードの紛失と再発行",
    "patron.changed": "利用者情報の変更（図書館）",
    "patron.lost_number_given": "紛失した番号が、ほかの方のカードになっている（新しい版にしたとき）",
    "patron.noted": "窓口メモの変更",
    "patron.number_added": "ほかの番号の追加",
    "patron.number_removed": "ほかの番号を外した",
    "patron.released": "ログインの待ち時間の解除",
    "patron.registered": "利用者の登録",
    "patron.searched": "利用者の検索",
    "patron.sign_in_failed": "ログインの失敗",
    "patron.suspended": "利用停止",
    "patron.viewed": "利用者の画面を開いた",
    "patrons.listed_by_category": "区分を変更する利用者の一覧を開いた",
    "patrons.recategorized": "区分の一括変更",
    "patrons.recategorizing_undone": "区分の一括変更を元に戻した",
    "picture.put": "写真の保存",
    "picture.removed": "写真の取り外し",
    "policy.changed": "運用ルールの変更",
    "policy.lending": "区分ごとの違いの変更",
    "profile.changed": "利用者情報変更",
    "question.answered": "レファレンスの回答",
    "question.closed": "レファレンスを回答せずに終了",
    "question.entered": "レファレンスの受付（窓口・電話）",
    "question.taken": "レファレンスの担当",
    "question.consent": "レファレンスの公開への同意の取り消し",
    "answer.published": "回答の公開",
    "answer.withdrawn": "回答の公開の取りやめ",
    "request.taken": "リクエストの受付（図書館）",
    "request.considered": "リクエストの検討",
    "request.buying": "リクエストの購入",
    "request.borrowing": "リクエストの借受の依頼",
    "request.declined": "リクエストの謝絶",
    "request.taken_back": "リクエストを検討に戻した",
    "return.offline": "非常時の返却",
    "renewal.undone": "延長の取消",
    "return.undone": "返却の取消",
    "seal.deleted": "保護中の記録の削除",
    "seal.deletion_asked": "保護中の記録の削除の申し込み",
    "seal.deletion_taken_back": "保護中の記録の削除の取り消し",
    "seal.opened": "保護中の記録を開いた",
    "signing_in.careful": "確認番号を求める（全員）",
    "signing_in.wait_ended": "ログインの待ち時間などの解除",
    "stocktaking.begun": "蔵書点検の開始",
    "stocktaking.closed": "蔵書点検の終了",
    "title.added": "書誌の登録",
    "translation.changed": "翻訳の変更",
    "title.changed": "書誌の変更",
    "title.merged": "書誌をまとめた",
    "title.removed": "書誌の削除",
    "people.joined": "著者をまとめた",
    "people.parted": "著者から分けた",
    "work.joined": "作品をまとめた",
    "work.parted": "作品から分けた",
    "staff.added": "職員の登録",
    "staff.disabled": "職員の使用停止",
    "staff.enabled": "職員の使用再開",
    "staff.factor_added": "2段階認証の追加",
    "staff.factor_removed": "2段階認証を外した",
    "staff.factors_reset": "職員の2段階認証の解除",
    "staff.recovery_code_used": "復旧コードの使用",
    "staff.recovery_codes": "復旧コードの作り直し",
    "staff.second_factor_failed": "2段階認証の失敗",
    "staff.one_time_password": "職員の一時パスワードの発行",
    "staff.password": "職員のパスワードの変更",
    "staff.proof_failed": "確認を続けて間違えたためのログアウト",
    "staff.released": "職員のログインの待ち時間の解除",
    "staff.role": "職員の役割の変更",
    "staff.sessions_ended": "職員のログインの終了",
    "staff.sign_in_failed": "窓口へのログインの失敗",
    "staff.signed_in": "窓口へのログイン",
}
ACTORS = {
    "patron": "利用者", "link": "メールのリンク", "command": "コマンド", "job": "自動処理", "system": "自動処理", "setup": "初期設定",
}  # fmt: skip
PLACES = {  # where a patron's choices are changed
    "site": "このサイト", "desk": "図書館の窓口", "link": "メールの停止リンク", "mail": "メールのリンク",
}  # fmt: skip
DETAILS = {  # what of the details is shown
    "login": "職員", "role": "役割", "fields": "項目", "reason": "理由", "of": "対象", "mail": "メール", "changes": "変更",
    "failures": "今日の失敗", "clients": "端末の数", "count": "件数", "copy": "資料", "hits": "見つかった人数", "conflicts": "要確認",
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


def actor(code: str) -> str:
    """Return the word for an actor of 操作の記録: 利用者, a login of the staff, or the name of a machine."""
    return code.partition(":")[2] or ACTORS.get(code, code)


def action_word(code: str) -> str:
    return ACTIONS.get(code, code)


def details(stored: dict[str, Any]) -> str:
    """Return the details of an action on one line, only those that are shown."""
    shown = {name: stored[name] for name in DETAILS if stored.get(name)}
    if "fields" in shown:
        shown["fields"] = field_words(shown["fields"])
    if "role" in shown:
        shown["role"] = ROLES.get(shown["role"], shown["role"])
    if "changes" in shown:
        changes = shown["changes"].items()
        shown["changes"] = "、".join(f"{_setting(code)} {before}→{after}" for code, (before, after) in changes)
    return " ".join(f"{DETAILS[name]}：{value}" for name, value in shown.items())


def _setting(code: str) -> str:
    """Return the label of a setting; the code of one that an earlier version had."""
    return policy_settings.ALL[code].label if code in policy_settings.ALL else code


def field_word(code: str) -> str:
    return FIELDS[code]


def field_words(codes: Iterable[str]) -> str:
    return Joined((FIELDS.get(code, code) for code in codes), "、")
