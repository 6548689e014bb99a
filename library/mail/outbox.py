"""送信箱: mails and pushes, those that wait and those that were sent.

A rule puts a row in its own transaction, so a mail exists exactly if its cause does. Sending it is a separate step, in
``library.mail.delivery``.
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from library import audit, clock, errors
from library.calendar import before_opening
from library.store import database
from library.store.queries import tuples
from models import Audit, OutboxMail, Patron, PatronAddress, database as connection

KINDS = {
    "acknowledgement": "申請確認",
    "registered": "登録完了",
    "security": "変更のお知らせ",
    "verify": "アドレス確認",
    "due": "返却期限",
    "hold_ready": "予約受取可",
    "hold_deadline": "受取期限",
    "hold_ended": "予約取消・期限切れ",
    "request": "リクエストの返事",
    "ebook_ready": "電子書籍の順番",
    "overdue": "督促",
    "closure": "休館変更",
    "sdi": "新着資料（SDI）",
    "reference_receipt": "レファレンス受付",
    "reference_answer": "回答",
    "family_titles": "家族に書名を見せるか",
    "family_ending": "家族のカードの終了",
    "test": "テストメール",
    "reset": "パスワード再設定",
    "sealed": "新しいパスワード",
    "open_seal": "保護中の記録の確認",
    "admin": "管理者へのお知らせ",
}
WITH_SECRET = (
    "verify",
    "reset",
    "sealed",
    "open_seal",
)  # their facts hold a one-time token, wiped as soon as the row is settled
MAIL, PUSH = "mail", "push"  # channels; PUSH is also the kind of an address that is a device
TO_ADMIN = "admin"  # who runs the library is told while it moves in, too
# these have nothing to say without their facts
ABOUT_READING = (
    "due", "overdue", "closure", "hold_ready", "hold_deadline", "hold_ended", "request", "sdi", "reference_answer",
)  # fmt: skip


def put(
    kind: str,
    key: str,
    *,
    address: str,
    address_kind: str = "pc",
    now: datetime,
    patron: Patron | int | None = None,
    facts: dict[str, Any] | None = None,
    cause: Audit | None = None,
) -> OutboxMail | None:
    """Queue one mail in the caller's transaction and return it; None when its key exists already, or 移行中, where it is
    only counted.
    """
    if not connection.in_transaction():
        raise RuntimeError("a mail is put in the transaction of the change that causes it")
    row = new_row(
        kind, key, address=address, address_kind=address_kind, now=now, patron=patron, facts=facts, cause=cause
    )
    if not put_rows([row], now=now):
        return None
    return OutboxMail.get_or_none(OutboxMail.message_id == row["message_id"])


def put_to_all(
    kind: str, key: str, addresses: Iterable[tuple[str, str]], *, patron: int, facts: dict[str, Any], now: datetime
) -> list[OutboxMail]:
    """Queue one mail to each (address, its kind) and return the new ones."""
    rows = [
        put(kind, f"{key}:{address}", address=address, address_kind=device, patron=patron, facts=facts, now=now)
        for address, device in addresses
    ]
    return [row for row in rows if row]


def put_rows(rows: Sequence[dict[str, Any]], *, now: datetime) -> bool:
    """Queue rows of ``new_row``, all of one kind, in the caller's transaction, and return True; rows whose key exists
    are left out. 移行中 mails to patrons are only counted: False.
    """
    if rows and rows[0]["kind"] != TO_ADMIN and before_opening.is_on(today=clock.day_of(now)):
        before_opening.count_mails(len(rows))
        return False
    if rows:
        OutboxMail.insert_many(rows).on_conflict_ignore().execute()
    return True


def new_row(
    kind: str,
    key: str,
    *,
    address: str,
    address_kind: str,
    now: datetime,
    patron: Patron | int | None,
    facts: dict[str, Any] | None = None,
    cause: Audit | None = None,
) -> dict[str, Any]:
    """Return the columns of a queued mail, for inserting many at once. With ``address_kind`` PUSH, ``address`` is the
    name of a device.
    """
    to_device = address_kind == PUSH
    return {
        "kind": kind,
        "key": key,
        "patron": patron,
        "address": address,
        "address_kind": "mobile" if to_device else address_kind,
        "channel": PUSH if to_device else MAIL,
        "facts": facts or {},
        "message_id": uuid.uuid4().hex,
        "created_at": now,
        "next_try_at": now,
        "cause": cause,
    }


# -- once more -------------------------------------------------------------------------------------------------------
def repeat_refusals(row: OutboxMail) -> list[errors.Refused]:
    """Return the refusals of sending a mail again: it did not fail, or its facts are erased."""
    if row.state != "failed":
        return [errors.MailNotFailed()]
    return [errors.MailErased()] if row.kind in WITH_SECRET or (row.kind in ABOUT_READING and not row.facts) else []


def send_again(row: OutboxMail, *, by: str, now: datetime) -> None:
    """送り直す: queue a failed mail anew; its address is no longer 配信不能. Raises: MailNotFailed, MailErased."""
    with database.writing():
        row = OutboxMail.get_by_id(row.id)
        if reasons := repeat_refusals(row):
            raise reasons[0]
        facts = row.facts if row.kind in ABOUT_READING else {"at": row.created_at.isoformat()} | row.facts
        OutboxMail.update(state="queued", tries=0, error="", facts=facts, created_at=now, next_try_at=now).where(
            OutboxMail.id == row.id
        ).execute()
        if row.channel == MAIL:
            PatronAddress.update(undeliverable_at=None).where(
                PatronAddress.patron == row.patron_id, PatronAddress.address == row.address
            ).execute()
        audit.record("mail.sent_again", actor=by, now=now, patron=row.patron_id, mail=KINDS[row.kind])


# -- for people ------------------------------------------------------------------------------------------------------
def shortened(address: str) -> str:
    """Return an address that only its owner recognises: ``a…@example.jp``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def masked(text: str) -> str:
    """Return a server's words without mail addresses, for the log and the desk, which name nobody."""
    return re.sub(r"\S+@\S+", "…", text)


def erased_mails(message_ids: list[str]) -> list[str]:
    """Return the ids among these mails that have no text or no row any more: their files must be deleted too."""
    with_text = OutboxMail.select(OutboxMail.message_id).where(
        OutboxMail.message_id.in_(message_ids), (OutboxMail.text != "") | OutboxMail.state.in_(("queued", "sending"))
    )
    return sorted(set(message_ids) - {message_id for (message_id,) in tuples(with_text)})
