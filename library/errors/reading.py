"""本棚 and SDI: what a patron collects and wants to be told of."""

from library.errors.refusal import refusal

# -- 本棚 ------------------------------------------------------------------------------------------------------------
ShelfNameMissing = refusal("棚の名前を入力してください。")
ShelfNameTaken = refusal("同じ名前の本棚があります。別の名前にしてください。")
ShelfLimitReached = refusal("本棚は{limit}までつくれます。使わない本棚を消すと、新しくつくれます。")
ShelfNotChosen = refusal("本棚を選ぶか、新しい棚の名前を入力してください。")
ShelfFull = refusal("1つの本棚に入れられるのは{limit}点までです。")
OnShelfAlready = refusal("すでにこの本棚に入っています。")
TitleGone = refusal("いまは、この図書館にない資料です。")

# -- the order of a shelf --------------------------------------------------------------------------------------------
BookNotChosen = refusal("動かすものが選ばれていません。1つ選んでから押してください。")
PlaceUnknown = refusal("1から{last}までの数字を入力してください。")

# -- files of a shelf ------------------------------------------------------------------------------------------------
ShelfFileTooLong = refusal("{kilobytes}KBより大きいファイルは読み込めません。いくつかに分けてください。")
ShelfFileHasTooMany = refusal("{most}行より多いファイルは読み込めません。いくつかに分けてください。")
ShelfFileUnclear = refusal("見出しの行に「書誌ID」「ISBN」「書名」のどれかが必要です。")
TitleNotFound = refusal("この図書館の資料に見つかりません。")
TitleNotOne = refusal("同じ書名の資料が{count}件あり、決められません。書誌IDかISBNを書いてください。")

# -- SDI -------------------------------------------------------------------------------------------------------------
SdiFull = refusal("SDIに登録できる検索は{limit}件までです。使わない条件を削除すると、登録できます。")
SdiTwice = refusal("この検索は「{name}」として、すでに登録されています。")
