"""本棚, SDI and questions: what a patron collects, wants to be told of, and asks."""

from library.errors.refusal import refusal

# -- 本棚 --------------------------------------------------------------------------------------------------------------
ShelfNameMissing = refusal("棚の名前を入力してください。")
ShelfNameTaken = refusal("同じ名前の本棚があります。別の名前にしてください。")
ShelfLimitReached = refusal("本棚は{n}までつくれます。使わない本棚を消すと、新しくつくれます。")
ShelfNotChosen = refusal("本棚を選ぶか、新しい棚の名前を入力してください。")
ShelfFull = refusal("1つの本棚に入れられるのは{n}点までです。")
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

# -- tables, of a shelf and of the desk ------------------------------------------------------------------------------
FileIsEmpty = refusal("ファイルが空です。")
FileIsSpreadsheet = refusal("Excel などの表計算のファイルです。「CSV UTF-8」の形式で保存し直してください。")
FileIsPacked = refusal("圧縮されたファイル（.zip か .gz）です。展開してから取り込んでください。")
FileIsNoTable = refusal("CSV（または TSV）のファイルではありません。")
FileTakesTooLong = refusal("大きすぎます。空の行などを除いて、小さく分けてください。")
HeadingTwice = refusal(
    "{column}に入れる列が二つ以上あります：{headings}。"
    "一つだけ残し、ほかは「取り込まない」にしてください（コマンドでは --map {column}={first}）。"
)
RowQuotesBroken = refusal('引用符（"）の対応が正しくありません。')
RowTooLong = refusal("1行が長すぎます。")
RowHasMoreCells = refusal("見出しよりも列が多くあります。")
CellHasControl = refusal("見えない文字（制御文字）が入っています。")
CellTooLong = refusal("{maximum}文字より長い値です。")

# -- SDI -------------------------------------------------------------------------------------------------------------
SdiFull = refusal("SDIに登録できる検索は{n}件までです。使わない条件を削除すると、登録できます。")
SdiTwice = refusal("この検索は「{name}」として、すでに登録されています。")

# -- questions -------------------------------------------------------------------------------------------------------
AskedTooOften = refusal(
    "続けて質問が届いたため、いまは受け付けられません。{words}ほどお待ちになってから、もう一度お試しください。お急ぎのときは、図書館へお電話ください。"
)
FilesRefused = refusal("ファイルは受け取れません。資料や写真をお見せになりたいときは、図書館の窓口へお持ちください。")
