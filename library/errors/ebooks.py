"""E-books: their files, their loans."""

from library.errors.refusal import Refused


# -- EPUB files ------------------------------------------------------------------------------------------------------
class EpubTooLarge(Refused):
    sentence = "{megabytes}MBより大きいファイルは扱えません。"


class EpubIsNoZip(Refused):
    sentence = "EPUB のファイルではないか、途中で切れています。"


class EpubIsNoEpub(Refused):
    sentence = "EPUB のファイルではありません（はじめに mimetype がありません）。"


class EpubIsLocked(Refused):
    sentence = "暗号化（DRM）されたファイルです。貸し出しても、利用者が開けません。"


class EpubHasTooManyParts(Refused):
    sentence = "中のファイルが{most}個より多くあります。"


class EpubPartNameUnsafe(Refused):
    sentence = "中に、外のフォルダーを指すなど、安全でない名前のファイルがあります（{name}）。"


class EpubPartTwice(Refused):
    sentence = "中に、同じ名前のファイルが二つあります（{name}）。"


class EpubUnpacksTooLarge(Refused):
    sentence = "開くと{megabytes}MBより大きくなるファイルは扱えません。"


class EpubIsBomb(Refused):
    sentence = "開くと元の{times}倍より大きくなるファイルです（zip 爆弾のおそれ）。"


class EpubPartBroken(Refused):
    sentence = "中のファイルが壊れています（{name}）。"


class EpubPartMissing(Refused):
    sentence = "中にあるはずのファイルがありません（{name}）。"


class EpubPartUnreadable(Refused):
    sentence = "中のファイルを読めません（{name}：{reason}）。"


class EpubHasNoTitle(Refused):
    sentence = "書名が書かれていません。"


class EpubHasNoText(Refused):
    sentence = "本文が書かれていません。"


class EpubThereAlready(Refused):
    sentence = "同じファイルが、すでに登録されています。"


class TitleHasEbook(Refused):
    sentence = "この書誌には電子書籍があります。"


class TitleNotThere(Refused):
    sentence = "この書誌はありません。"


# -- lending ---------------------------------------------------------------------------------------------------------
class EbookWithdrawn(Refused):
    sentence = "この電子書籍の貸出は終わりました。"


class EbookLentToPatron(Refused):
    sentence = "すでに借りています（{due}まで）。"


class EbookAllOut(Refused):
    sentence = "いまは、すべて貸出中です。順番を待つことができます。"


class EbookIsFree(Refused):
    sentence = "いますぐ借りられます。"


class EbookLineEmpty(Refused):
    sentence = "順番を待っていません。"


class CardAndPasswordNeeded(Refused):
    sentence = "図書館カードの番号とパスワードが必要です。"


class AddressNeeded(Refused):
    sentence = "いまはカードの番号とパスワードでは開けません。Myライブラリの「電子書籍」にある、読書アプリ用の秘密のアドレスをお使いください。"


# -- reading -----------------------------------------------------------------------------------------------------------
class EbookPartUnreadable(Refused):
    sentence = "このページは、この画面では表示できません。読書アプリでお読みください。"


# -- services elsewhere ----------------------------------------------------------------------------------------------
class AddressIsNoLink(Refused):
    sentence = "https:// ではじまるアドレスを入力してください。"


class ShelfAddressWrong(Refused):
    sentence = "https:// ではじまり、利用者番号の入る場所に {{card}} と書いたアドレスを入力してください。"


class ServiceNameTaken(Refused):
    sentence = "同じ名前のサービスがあります。"


class ShelfUnreachable(Refused):
    sentence = "いまは、つながりません。"
