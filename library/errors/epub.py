"""The files of e-books, and their records."""

from library.errors.refusal import refusal

# -- EPUB files ------------------------------------------------------------------------------------------------------
EpubTooLarge = refusal("{megabytes}MBより大きいファイルは扱えません。")
EpubIsNoZip = refusal("EPUB のファイルではないか、途中で切れています。")
EpubIsNoEpub = refusal("EPUB のファイルではありません（はじめに mimetype がありません）。")
EpubIsLocked = refusal("暗号化（DRM）されたファイルです。貸し出しても、利用者が開けません。")
EpubHasTooManyParts = refusal("中のファイルが{most}個より多くあります。")
EpubPartNameUnsafe = refusal("中に、外のフォルダーを指すなど、安全でない名前のファイルがあります（{name}）。")
EpubPartTwice = refusal("中に、同じ名前のファイルが二つあります（{name}）。")
EpubUnpacksTooLarge = refusal("開くと{megabytes}MBより大きくなるファイルは扱えません。")
EpubIsBomb = refusal("開くと元の{times}倍より大きくなるファイルです（zip 爆弾のおそれ）。")
EpubPartBroken = refusal("中のファイルが壊れています（{name}）。")
EpubPartMissing = refusal("中にあるはずのファイルがありません（{name}）。")
EpubPartUnreadable = refusal("中のファイルを読めません（{name}：{reason}）。")
EpubHasNoTitle = refusal("書名が書かれていません。")

# -- e-books of titles -----------------------------------------------------------------------------------------------
EpubThereAlready = refusal("同じファイルが、すでに登録されています。")
TitleHasEbook = refusal("この書誌には電子書籍があります。")
TitleNotThere = refusal("この書誌はありません。")

# -- services of others ----------------------------------------------------------------------------------------------
AddressIsNoLink = refusal("https:// ではじまるアドレスを入力してください。")
ShelfAddressWrong = refusal("https:// ではじまり、利用者番号の入る場所に {{card}} と書いたアドレスを入力してください。")
ServiceNameTaken = refusal("同じ名前のサービスがあります。")
