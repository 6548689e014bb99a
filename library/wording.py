"""The words of the trade that screens, mails and files share. Sentences of refusals are in ``errors``."""

FIELDS = {
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
    "pickup_branch": "予約受取館",
    "contact_method": "予約連絡方法",
    "contact_phone": "電話連絡先",
    "keep_history": "貸出履歴",
    "confirmation_to": "送信先",
}
ADDRESS_KINDS = {"pc": "自PC", "mobile": "携帯"}
CONTACT_METHODS = {"none": "不要", "mail": "メール", "phone": "電話"}
CONTACT_PHONES = {"mobile": "携帯電話", "home": "自宅", "work": "勤務先"}
DELIVERY = {True: "配信", False: "停止"}
HISTORY = {True: "残す", False: "残さない"}


def days_before(days: int) -> str:
    """当日, 1日前 … 7日前."""
    return f"{days}日前" if days else "当日"


def field(code: str) -> str:
    return FIELDS[code]


def fields(codes) -> str:
    return "、".join(FIELDS[code] for code in codes)
