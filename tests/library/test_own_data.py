"""利用データのダウンロード: no table and no column of a patron is forgotten, nothing of another patron is in it, no key is given
away.
"""

import json
from datetime import timedelta

from peewee import ForeignKeyField

import models
from library import clock
from library.access import seals, sessions
from library.account import own_data, own_parts
from library.patrons import names
from library.patrons.family import ties as family
from models import Audit, Draft, EbookLink, KnownDevice, OneTimeLink, Patron
from tests import factories
from tests.conftest import NOW

_KEY = "ログインやリンクの鍵で、知られると本人になりすませる"
_OTHERS = "ほかの人を指す番号で、名前のあるものはほかの列にある"
_INNER = "表のつながりだけを表す番号"
_SEALED = "保護中の印で、保護中のあいだは利用データを渡さない"
_STAFF_ONLY = "いまは職員だけのもの"
LEFT_OUT = {  # "table" or "table.column" → why
    **{f"{model._meta.table_name}.sealed_for_id": _SEALED for model in seals.MOVED},
    "hold.sealed": _SEALED,
    "patron_request.sealed": _SEALED,
    "patron.password_hash": _KEY,
    "patron.initial_code_hash": _KEY,
    **{f"patron.{key}": "氏名、カナ、番号から作る、探すための綴り" for key in names.KEYS},
    "patron.suspended_reason": "利用停止の理由は、本人の請求を受けて、図書館が開示する",
    "patron.desk_note": "窓口メモは、本人の請求を受けて、図書館が開示する",
    "known_device.token_hash": _KEY,
    "known_device.staff_id": "職員のログインにだけある",
    "known_network.network_hash": _KEY,
    "check_number.number_hash": _KEY,
    "session.token_hash": _KEY,
    "session.staff_id": "職員のログインにだけある",
    "session.wrong_proofs": "職員のログインで数える",
    "draft.token": _KEY,
    "draft.password_hash": _KEY,
    "one_time_link.token_hash": _KEY,
    "ebook_link.key": _KEY,
    "calendar_link.serial": _KEY,
    **{
        f"push_subscription.{name}": "端末の宛先と鍵で、知られるとその端末へ通知を送れる"
        for name in ("endpoint", "p256dh", "auth")
    },
    "push_subscription.browser": _KEY,
    **{
        f"passkey.{name}": "パスキーの、図書館に預けた半分。本人の端末のものと組になる"
        for name in ("credential", "public_key", "uses")
    },
    "passkey.staff_id": _STAFF_ONLY,
    "patron.passkey_handle": "パスキーが誰のものかを端末が覚えるための、でたらめな番号",
    **{
        f"challenge.{name}": "パスキーを一度だけ求めるための、でたらめな数。数分で消える"
        for name in ("value", "purpose", "staff_id", "browser", "wrong", "expires_at")
    },
    **{f"desk_search.{name}": _STAFF_ONLY for name in ("session_id", "token", "kind", "words", "at")},
    "question.request": "同じ質問を二度受け付けないための、でたらめな番号",
    "question.address": "ログインしないで質問した人のもので、利用者の質問では空",
    "question.taken_by": "職員のログインID",
    "outbox_mail.facts": "本文のもとで、まだ使えるリンクの鍵が入ることがある。書かれた本文はある",
    "outbox_mail.key": "同じメールを二度送らないための番号",
    "outbox_mail.cause_id": _INNER,
    "card_number.key": "番号から作る、終わりの4桁で探すための綴り",
    "offline_entry.key": "同じ記録を二度取り込まないための、でたらめな番号",
    "offline_entry.kind": "利用者の分かる記録は、どれも貸出",
    "offline_entry.arrived_at": "図書館が取り込んだ日時",
    "offline_entry.why": "例外の理由は、本人の請求を受けて、図書館が開示する",
    "offline_entry.loan_id": _INNER,
    "loan.request": "同じ手続きを二度しないための、でたらめな番号",
    "loan_notice.mail_id": _INNER,
    "hold_notice.mail_id": _INNER,
    "sdi_title.mail_id": _INNER,
    "history_entry.title_id": _INNER,
    "shelved_title.title_id": _INNER,
    "family_tie.child_id": _OTHERS,
}


def keys_of(model):
    return [field for field in model._meta.sorted_fields if isinstance(field, ForeignKeyField)]


def tables_of_patrons():
    """Each table whose rows belong to a patron: that names one, or hangs on a row that can't be without one."""
    found = {Patron}
    while True:
        hanging = {
            model
            for model in models.ALL
            for key in keys_of(model)
            if key.rel_model in found and (key.rel_model is Patron or (key.on_delete == "CASCADE" and not key.null))
        }
        if hanging <= found:
            return found
        found |= hanging


def test_every_column_of_every_table_of_patrons_is_given_or_left_out_with_a_reason():
    given = {}
    for part in own_parts.PARTS:
        given.setdefault(part.model, set()).update(path.partition(".")[0] for path in part.columns)
    missing, keys = [], {"patron", "shelf", "hold", "loan", "condition", "viewer"}
    for model in tables_of_patrons():
        for field in model._meta.sorted_fields:
            belongs = field.name == "id" or (field.name in keys and keys_of(model) and field in keys_of(model))
            reason = LEFT_OUT.get(f"{model._meta.table_name}.{field.column_name}")
            if field.name not in given.get(model, ()) and not belongs and not reason:
                missing.append(f"{model._meta.table_name}.{field.column_name}")
    assert missing == []


def test_parts_that_are_left_out_are_named():
    there = {
        f"{model._meta.table_name}.{field.column_name}" for model in models.ALL for field in model._meta.sorted_fields
    }
    assert set(LEFT_OUT) <= there


def full(patron):
    """Something of everything that the tests can make in a line."""
    factories.address(patron, f"p{patron.id}@example.jp")
    factories.preference(patron)
    factories.loan(patron, title=factories.title(f"貸出{patron.id}"))
    factories.hold(patron, factories.title(f"予約{patron.id}"))
    factories.cart_row(patron, factories.title(f"かご{patron.id}"))
    factories.history(patron, f"履歴{patron.id}")
    factories.shelf(patron, f"本棚{patron.id}", [factories.title(f"棚の本{patron.id}")])
    factories.condition(patron, name=f"条件{patron.id}")
    factories.question(patron, text=f"質問{patron.id}")
    factories.mail(patron, text=f"本文{patron.id}", facts={"token": "one-time-token"})
    token = sessions.begin(patron, now=NOW)
    KnownDevice.create(patron=patron, token_hash=f"device-hash-{patron.id}", seen_at=NOW)
    return token


def test_all_that_is_there_of_a_patron_and_nothing_of_another(patron):
    other = factories.patron(name="別人 太郎")
    full(patron), full(other)
    family.ask(patron, other.card_number, now=NOW)
    text = own_data.as_json(patron, now=NOW).decode()
    for word in ("貸出", "予約", "かご", "履歴", "本棚", "棚の本", "条件", "質問", "本文"):
        assert f'"{word}{patron.id}"' in text, word
        assert f'"{word}{other.id}"' not in text, word
    assert other.name not in text  # who was asked has not agreed
    assert json.loads(text)["family"][0]["number"] == other.card_number


def test_a_half_written_answer_is_nobodys_but_the_desks(patron):
    factories.question(patron, state="taken", answer="書きかけ")
    factories.question(patron, state="answered", answer="できあがり", ended_at=NOW)
    text = own_data.as_json(patron, now=NOW).decode()
    assert "書きかけ" not in text and "できあがり" in text


def test_no_key_no_hash_and_no_note_of_the_desk_is_given_away(patron):
    patron.desk_note = "大きな声で"
    patron.save()
    secrets = {
        "one-time-token",
        f"device-hash-{patron.id}",
        "大きな声で",
        patron.password_hash,
        sessions.hash_token(full(patron)),
    }
    EbookLink.create(patron=patron, key="reading-key", made_at=NOW)
    Draft.create(
        patron=patron,
        token="draft-token",
        base={},
        values={"email1": "new@example.jp"},
        password_hash="draft-hash",
        created_at=NOW,
    )
    link = {"purpose": "reset", "address": "p@example.jp", "expires_at": NOW + timedelta(hours=1)}
    OneTimeLink.create(patron=patron, token_hash="link-hash", **link)
    Audit.create(
        action="patron.suspended",
        actor="staff:suzuki",
        at=NOW,
        patron=patron,
        details={"reason": "届かない", "draft": "x"},
    )
    texts = own_data.as_json(patron, now=clock.now()).decode()
    for secret in {*secrets, "reading-key", "draft-token", "draft-hash", "link-hash", "suzuki", "届かない"}:
        assert secret not in texts, secret
    assert "new@example.jp" in texts and "利用停止" in texts
