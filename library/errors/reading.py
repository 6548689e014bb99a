"""本棚 and SDI: what a patron collects and wants to be told of."""

from library.errors.refusal import Refused


class ShelfNameMissing(Refused):
    sentence = "棚の名前を入力してください。"


class ShelfNameTaken(Refused):
    sentence = "同じ名前の本棚があります。別の名前にしてください。"


class ShelfLimitReached(Refused):
    sentence = "本棚は{limit}までつくれます。使わない本棚を消すと、新しくつくれます。"


class ShelfNotChosen(Refused):
    sentence = "本棚を選ぶか、新しい棚の名前を入力してください。"


class ShelfFull(Refused):
    sentence = "1つの本棚に入れられるのは{limit}点までです。"


class OnShelfAlready(Refused):
    sentence = "すでにこの本棚に入っています。"


class TitleGone(Refused):
    sentence = "いまは、この図書館にない資料です。"


class PlaceUnknown(Refused):
    sentence = "1から{last}までの数字を入力してください。"


class BookNotChosen(Refused):
    sentence = "動かすものが選ばれていません。1つ選んでから押してください。"


class ShelfFileTooLong(Refused):
    sentence = "{kilobytes}KBより大きいファイルは読み込めません。いくつかに分けてください。"


class ShelfFileHasTooMany(Refused):
    sentence = "{most}行より多いファイルは読み込めません。いくつかに分けてください。"


class ShelfFileUnclear(Refused):
    sentence = "見出しの行に「書誌ID」「ISBN」「書名」のどれかが必要です。"


class TitleNotFound(Refused):
    sentence = "この図書館の資料に見つかりません。"


class TitleNotOne(Refused):
    sentence = "同じ書名の資料が{count}件あり、決められません。書誌IDかISBNを書いてください。"


class SdiFull(Refused):
    sentence = "SDIに登録できる検索は{limit}件までです。使わない条件を削除すると、登録できます。"


class SdiTwice(Refused):
    sentence = "この検索は「{name}」として、すでに登録されています。"
