"""The third step: what was changed, what follows; and the record of all changes."""

from flask import redirect, url_for
from flask_login import current_user

from blueprints.my.profile import bp
from library import clock, dates, wording
from library.people import changes, profile
from models import OutboxMail
from web import access, htmx


@bp.get("/done")
@access.patron_required
def done():
    receipt = changes.last_receipt(current_user.patron, now=clock.now())
    if receipt is None:
        return redirect(url_for(".edit"), 303)
    count = len(receipt.details["fields"])
    return htmx.page("profile/done.html", moment=receipt.at, count=count, follow=_follow(receipt))


def _follow(receipt):
    """Return what comes now, in plain words."""
    mails = OutboxMail.select().where(OutboxMail.cause == receipt).order_by(OutboxMail.id)
    by_kind = {}
    for mail in mails:
        by_kind.setdefault(mail.kind, []).append(mail.address)
    listed = [_mail_follow(kind, "、".join(by_kind[kind])) for kind in _MAIL_FOLLOW if kind in by_kind]
    return listed + _field_follow(receipt)


_MAIL_FOLLOW = {
    "acknowledgement": ("mail", "申請確認メールをお送りします", "{to} あてに、まもなく届きます。届かないときは、迷惑メール対策の設定をご確認ください。"),
    "registered": ("mail", "登録完了メールをお送りします", "{to} あてに、まもなく届きます。"),
    "verify": ("check", "新しいアドレスを確認してください", "{to} あてのメールにあるリンクを、24時間以内に開いてください。開くまでは、パスワードの再設定には使えません。"),
    "security": ("bell", "変更のお知らせを、元のアドレスにもお送りします", "{to} あてです。心当たりのない変更に気づけるようにするためです。"),
}  # fmt: skip


def _mail_follow(kind, to):
    icon, title, text = _MAIL_FOLLOW[kind]
    return {"icon": icon, "title": title, "text": text.format(to=to)}


def _field_follow(receipt):
    patron, fields_changed, details = current_user.patron, receipt.details["fields"], receipt.details
    listed = []
    if "due" in fields_changed and profile.stored(patron)["due_active"]:
        text = "これから返却期限が近づく資料について、登録のアドレスへお送りします。お送りする日は「借りている資料」で確かめられます。"
        listed.append({"icon": "calendar", "title": "返却期限通知は、次の返却期限から始まります", "text": text})
    if "keep_history" in fields_changed:
        listed.append(_history_follow(patron, receipt))
    if details.get("history_deleted"):
        text = f"{details['history_deleted']}件を削除しました。元には戻せません。"
        listed.append({"icon": "history", "title": "これまでの記録を削除しました", "text": text})
    if details.get("holds_updated"):
        text = f"予約中の{details['holds_updated']}件にも反映しました。"
        listed.append({"icon": "bookmark", "title": "予約にも反映しました", "text": text})
    if "password" in fields_changed:
        text = "パスワードを変更したためです。次からは新しいパスワードをお使いください。"
        listed.append({"icon": "person", "title": "ほかの端末からはログアウトしました", "text": text})
    return listed


def _history_follow(patron, receipt):
    if patron.keep_history:
        day = dates.with_weekday(changes.history_shown_from(receipt), year=False)
        text = f"これから借りる資料が対象で、{day}から表示されます。いま借りている資料は表示されません。"
        return {"icon": "history", "title": "貸出履歴は、明日から表示されます", "text": text}
    text = "これから借りる資料は記録されません。"
    return {"icon": "history", "title": "貸出履歴の記録をやめました", "text": text}


@bp.get("/changes", endpoint="changes")
@access.patron_required
def list_changes():
    """変更の記録: never a value."""
    listed = [
        {
            "at": row.at,
            "via": wording.PLACES[row.details.get("via", "site")],
            "fields": [wording.field(code) for code in row.details["fields"]],
        }
        for row in changes.record(current_user.patron)
    ]
    return htmx.page("profile/changes.html", changes=listed)
