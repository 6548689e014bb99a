"""本棚: shelves of patrons, and files of them."""

from library.errors.refusal import WORDING, Refused


class ShelfNameMissing(Refused): ...


class ShelfNameTaken(Refused): ...


class ShelfLimitReached(Refused): ...  # limit


class ShelfNotChosen(Refused): ...


class ShelfFull(Refused): ...  # limit


class OnShelfAlready(Refused): ...


class TitleGone(Refused): ...


class PlaceUnknown(Refused): ...  # last


class BookNotChosen(Refused): ...


class ShelfFileTooLong(Refused): ...  # kilobytes


class ShelfFileHasTooMany(Refused): ...  # most


class ShelfFileUnclear(Refused): ...


class TitleNotFound(Refused): ...


class TitleNotOne(Refused): ...  # count


WORDING.update({
    ShelfNameMissing: "棚の名前を入力してください。",
    ShelfNameTaken: "同じ名前の本棚があります。別の名前にしてください。",
    ShelfLimitReached: "本棚は{limit}までつくれます。使わない本棚を消すと、新しくつくれます。",
    ShelfNotChosen: "本棚を選ぶか、新しい棚の名前を入力してください。",
    ShelfFull: "1つの本棚に入れられるのは{limit}点までです。",
    OnShelfAlready: "すでにこの本棚に入っています。",
    TitleGone: "いまは、この図書館にない資料です。",
    PlaceUnknown: "1から{last}までの数字を入力してください。",
    BookNotChosen: "動かすものが選ばれていません。1つ選んでから押してください。",
    ShelfFileTooLong: "{kilobytes}KBより大きいファイルは読み込めません。いくつかに分けてください。",
    ShelfFileHasTooMany: "{most}行より多いファイルは読み込めません。いくつかに分けてください。",
    ShelfFileUnclear: "見出しの行に「書誌ID」「ISBN」「書名」のどれかが必要です。",
    TitleNotFound: "この図書館の資料に見つかりません。",
    TitleNotOne: "同じ書名の資料が{count}件あり、決められません。書誌IDかISBNを書いてください。",
})  # fmt: skip
