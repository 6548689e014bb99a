"""E-books: their files, their loans."""

from library.errors.refusal import WORDING, Refused


# -- EPUB files ------------------------------------------------------------------------------------------------------
class EpubTooLarge(Refused): ...  # megabytes


class EpubIsNoZip(Refused): ...


class EpubIsNoEpub(Refused): ...


class EpubIsLocked(Refused): ...


class EpubHasTooManyParts(Refused): ...  # most


class EpubPartNameUnsafe(Refused): ...  # name


class EpubPartTwice(Refused): ...  # name


class EpubUnpacksTooLarge(Refused): ...  # megabytes


class EpubIsBomb(Refused): ...  # times


class EpubPartBroken(Refused): ...  # name


class EpubPartMissing(Refused): ...  # name


class EpubPartUnreadable(Refused): ...  # name, reason


class EpubHasNoTitle(Refused): ...


class EpubHasNoText(Refused): ...


class EpubThereAlready(Refused): ...


class TitleHasEbook(Refused): ...


class TitleNotThere(Refused): ...


# -- lending ---------------------------------------------------------------------------------------------------------
class EbookWithdrawn(Refused): ...


class EbookLentToPatron(Refused): ...  # due


class EbookAllOut(Refused): ...


class EbookIsFree(Refused): ...


class EbookLineEmpty(Refused): ...


# -- services elsewhere ----------------------------------------------------------------------------------------------
class AddressIsNoLink(Refused): ...


class ShelfAddressWrong(Refused): ...


class ServiceNameTaken(Refused): ...


class ShelfUnreachable(Refused): ...


WORDING.update({
    EpubTooLarge: "{megabytes}MBより大きいファイルは扱えません。",
    EpubIsNoZip: "EPUB のファイルではないか、途中で切れています。",
    EpubIsNoEpub: "EPUB のファイルではありません（はじめに mimetype がありません）。",
    EpubIsLocked: "暗号化（DRM）されたファイルです。貸し出しても、利用者が開けません。",
    EpubHasTooManyParts: "中のファイルが{most}個より多くあります。",
    EpubPartNameUnsafe: "中に、外のフォルダーを指すなど、安全でない名前のファイルがあります（{name}）。",
    EpubPartTwice: "中に、同じ名前のファイルが二つあります（{name}）。",
    EpubUnpacksTooLarge: "開くと{megabytes}MBより大きくなるファイルは扱えません。",
    EpubIsBomb: "開くと元の{times}倍より大きくなるファイルです（zip 爆弾のおそれ）。",
    EpubPartBroken: "中のファイルが壊れています（{name}）。",
    EpubPartMissing: "中にあるはずのファイルがありません（{name}）。",
    EpubPartUnreadable: "中のファイルを読めません（{name}：{reason}）。",
    EpubHasNoTitle: "書名が書かれていません。",
    EpubHasNoText: "本文が書かれていません。",
    EpubThereAlready: "同じファイルが、すでに登録されています。",
    TitleHasEbook: "この書誌には電子書籍があります。",
    TitleNotThere: "この書誌はありません。",
    EbookWithdrawn: "この電子書籍の貸出は終わりました。",
    EbookLentToPatron: "すでに借りています（{due}まで）。",
    EbookAllOut: "いまは、すべて貸出中です。順番を待つことができます。",
    EbookIsFree: "いますぐ借りられます。",
    EbookLineEmpty: "順番を待っていません。",
    AddressIsNoLink: "https:// ではじまるアドレスを入力してください。",
    ShelfAddressWrong: "https:// ではじまり、利用者番号の入る場所に {{card}} と書いたアドレスを入力してください。",
    ServiceNameTaken: "同じ名前のサービスがあります。",
    ShelfUnreachable: "いまは、つながりません。",
})  # fmt: skip
