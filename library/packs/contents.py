"""The contents of a pack (``madoguchi-pack/2``): its tables, rows and columns. In each pack ``FORMAT.ja.md`` explains
it.

``with_reading``: including what patrons read and ask, which only an encrypted pack has.
"""

import re
from pathlib import Path

from peewee import BlobField

from library.mail import outbox
from library.store import copying
from library.store.copying import Part
from models import Table

FORMAT = "madoguchi-pack/2"
FORMATS = (FORMAT, "madoguchi-pack/1")  # whose tables have neither a mark of their encoding nor Japanese titles
# the last version before 1.0.0 had the same tables after more migrations; older packs are refused
SAME_TABLES = {"0067_titles_in_romaji": "0001_tables"}
OF_BEFORE_FIRST = re.compile(r"00(49|5\d|6[0-6])_\w+")
MANIFEST, SUMS, FORMAT_FILE = "manifest.json", "SHA256SUMS", "FORMAT.ja.md"
FORMAT_TEXT = Path(__file__).with_name(FORMAT_FILE)
EBOOKS = "ebooks"
# tables left out: acts of browsers and guessers, values under the library's key, addresses that open something
LEFT_OUT = (
    *copying.SHORT_LIVED, "throttle", "guess", "known_network", "passkey", "authenticator", "recovery_code",
    "calendar_link", "ebook_link", "push_subscription",
    "cover",  # of files that stay behind: they are fetched again
)  # fmt: skip
# tables about reading and questions: in encrypted packs only
ABOUT_READING = (
    "history_entry",
    "shelf",
    "shelved_title",
    "sdi_condition",
    "sdi_title",
    "cart_row",
    "question",
    "reading_place",
)
_MAILS_ABOUT_READING = ("sdi", "reference_receipt", "reference_answer")
# sentences in the list that each pack and each command shows
WORDS_LEFT_OUT = (
    "ログイン中の画面、書きかけの変更、1回限りのリンク、ログインの失敗の数",
    "送ったメールの本文",
    "2段階認証（パスキー、認証アプリ、復旧コード）",
    "カレンダーと読書アプリの秘密のアドレス、控えを取りに来る機械のトークン",
    "通知を受け取る端末（新しい図書館で、登録し直していただきます）",
    "鍵と設定ファイル（config.toml）、控えを受け取る機械の登録",
    "表紙の画像（新しい図書館で、また取り寄せます）",
)
WORDS_ABOUT_READING = "貸出履歴、本棚、新着資料のお知らせの条件、予約かご、レファレンスの質問、電子書籍の読んだところ"
_WAITS = "state IN ('queued', 'sending')"


def tables(*, with_reading: bool) -> list[type[Table]]:
    """Return the tables of a pack, each after those that it refers to."""
    left_out = {*LEFT_OUT, *(() if with_reading else ABOUT_READING)}
    return [table for table in copying.tables() if table._meta.table_name not in left_out]


def parts(*, with_reading: bool) -> dict[str, Part]:
    """Return table name → Part for tables of which a pack has only some rows or changed columns.

    Sent mails are without their text, as after 14 days; waiting ones have only their facts. Mails with a secret are
    left out, as are the links of the secrets.
    """
    kinds = outbox.WITH_SECRET if with_reading else (*outbox.WITH_SECRET, *_MAILS_ABOUT_READING)
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    mails = {"text": "''", "subject": "''", "facts": f"CASE WHEN {_WAITS} THEN facts ELSE '{{}}' END"}
    found = {
        **copying.PARTS,
        "patron": Part(instead={"passkey_handle": "''"}),
        "staff": Part(instead={"second_factor_at": "NULL"}),
        "outbox_mail": Part(f"kind NOT IN ({listed})", mails),
    }
    if not with_reading:
        found["published_answer"] = Part(instead={"question_id": "NULL"})
    return found


def words_left_out(*, with_reading: bool) -> list[str]:
    """Return Japanese sentences on the data that is not in a pack."""
    return [*WORDS_LEFT_OUT, *([] if with_reading else [WORDS_ABOUT_READING])]


# -- names -------------------------------------------------------------------------------------------------------------
def table_file(table: str) -> str:
    return f"tables/{table}.csv"


def schema_file(table: str) -> str:
    return f"schema/{table}.json"


def blob_file(table: str) -> str:
    return f"blobs/{table}.csv"


def blobs_of(table: type[Table]) -> list[int]:
    """Return the positions of the columns whose values are in a file of their own."""
    return [place for place, field in enumerate(table._meta.sorted_fields) if isinstance(field, BlobField)]
