"""E-books, as patrons borrow and read them."""

from library.errors.refusal import refusal

# -- lending ---------------------------------------------------------------------------------------------------------
EbookWithdrawn = refusal("この電子書籍の貸出は終わりました。")
EbookLentToPatron = refusal("すでに借りています（{due}まで）。")
EbookAllOut = refusal("いまは、すべて貸出中です。順番を待つことができます。")
EbookIsFree = refusal("いますぐ借りられます。")
EbookLineEmpty = refusal("順番を待っていません。")

# -- reading, and apps -----------------------------------------------------------------------------------------------
EbookPartUnreadable = refusal("このページは、この画面では表示できません。読書アプリでお読みください。")
CardAndPasswordNeeded = refusal("図書館カードの番号とパスワードが必要です。")
AddressNeeded = refusal(
    "いまはカードの番号とパスワードでは開けません。Myライブラリの「電子書籍」にある、読書アプリ用の秘密のアドレスをお使いください。"
)
EpubHasNoText = refusal("本文が書かれていません。")
ShelfUnreachable = refusal("いまは、つながりません。")
