"""Files that are read in."""

from library.errors.refusal import refusal

# -- demonstration ---------------------------------------------------------------------------------------------------
LibraryNotEmpty = refusal(
    "データベースには、すでに館か利用者か資料が登録されています。デモンストレーションは、空のデータベースにだけ読み込めます。"
)

# -- files that are sent packed, and runs of an import ---------------------------------------------------------------
ArchiveHasTooMany = refusal("圧縮ファイルの中にファイルが{count}個あります。1個から{most}個までにしてください。")
ArchiveLocked = refusal("パスワードのかかった圧縮ファイルは開けません。")
ArchiveBroken = refusal("圧縮ファイルが壊れていて、開けません。")
ArchiveTooLong = refusal("圧縮を解くと{megabytes}MBより大きくなるファイルは取り込めません。")
KindOpen = refusal("「中身」がまだ決まっていないファイルです。選んでから進んでください。")
ImportTooLong = refusal(
    "{megabytes}MBより大きいファイルは、画面からは送れません。サーバーのフォルダ inbox に置くと、この画面で選べます。"
)
ImportHasTooMany = refusal(
    "{most}行より多いファイルは、画面からは取り込めません。サーバーで次のコマンドを実行してください：{command}"
)
WorkbookUnreadable = refusal(
    "Excel のファイル（.xlsx）として読めません。受け取った報告に「直した値」を書いて、同じ形式で保存してください。"
)
WorkbookTooLong = refusal("{most}行より長い Excel のファイルは読みません。")
WorkbookHasFormula = refusal("{cell} のセルが数式です。値を文字で書いてください。")
ReportIsNone = refusal("この図書館が書き出した取り込みの報告（Excel）ではありません。")
ReportIsAnother = refusal("別の取り込みの報告です。その取り込みの画面で送ってください。")
ReportChanged = refusal("報告の{row}行目が、この取り込みの報告と違います。「直した値」のほかは変えずに送ってください。")
ReportHasNoColumn = refusal("ファイルの{line}行目の理由は行の全体についてのもので、「直した値」では直せません。")
ReportSaysTwo = refusal("ファイルの{line}行目の「{column}」に、違う直した値が二つあります。")
ReportIsEmpty = refusal("「直した値」が書かれていません。")
ColumnNotInFile = refusal("「{column}」の列は、取り込んだファイルにありません。")
RowIsAnother = refusal(
    "取り込んだファイルの{line}行目が、報告のときと違います。ファイルを直して、もう一度取り込んでください。"
)
ImportBusy = refusal("取り込みが動いています。終わってから、もう一度お試しください。")

# -- files, their headings and values --------------------------------------------------------------------------------
HeadingsMissing = refusal(
    "必要な見出しがありません：{columns}。ファイルの見出し：{found}。"
    "それにあたる列に「入れるところ」を選んでください（コマンドでは --map {first}=見出し）。"
)
HeadingGivenTwice = refusal(
    "見出し「{heading}」を、{first} と {second} の両方に割り当てています。どちらか一つにしてください。"
)
HeadingNotInFile = refusal("見出し「{heading}」はファイルにありません。ファイルの見出し：{found}。")
HeadingNeverTaken = refusal("「{heading}」は取り込みません。図書館の仕事に要らないためです。")
MappingMalformed = refusal("対応づけは、列=見出し か 列:値=図書館の値 の形で書いてください。列: {columns}。")
ProfileUnreadable = refusal("対応づけのファイル（.toml）として読めません。")
ProfileHasUnknown = refusal(
    "対応づけのファイルに、この図書館の知らないところがあります：{what}。何も取り込んでいません。"
)
ProfileTaken = refusal("「{name}」という対応づけは、もうあります。")
ValuesOpen = refusal("まだ選んでいない値が{count}つあります。")
# ``unknown``: column → word → number of rows; ``first``: the usual one, as it is mapped
ValuesUnknown = refusal(
    "図書館にない値があるため、何も取り込んでいません：{values}。"
    "--map {first}=図書館の値 で対応づける（--map {first}=- でその行を取り込まない、= で空にする）か、区分と資料区分は --add-categories で加えてください。"
)

# -- rows and cells --------------------------------------------------------------------------------------------------
RowUnknown = refusal("その番号の行はありません。見出しの次の行から数えた、表計算ソフトの行の番号を書いてください。")
CellMissing = refusal("空です。")
CellIsNoDate = refusal("日付として読めません（2026-11-25、2026/11/25、令和8年11月25日 のように書きます）。")
CellIsNoNumber = refusal("{low}から{high}までの数字ではありません。")
CellIsNoYesNo = refusal("はい・いいえ（1・0）のどちらでもありません。")
CellIsNoChoice = refusal("次のどれでもありません：{choices}。")
CellIsNoWeekdays = refusal("曜日として読めません（月、月火 のように書きます）。")

# -- patrons ---------------------------------------------------------------------------------------------------------
CardNumberMalformed = refusal("番号は、1〜20文字の英数字と記号（- . $ : / +）です。")
PatronUnknown = refusal("この利用者番号の利用者はいません。")
BirthDateImpossible = refusal("生年月日として正しくない日付です。")
PostalCodeMalformed = refusal("郵便番号は7桁の数字です（123-4567）。")
PhoneMalformed = refusal("電話番号として読めません。")
OfGroupsAlone = refusal("団体のカードだけの項目です。")
GroupHasNoBirthDate = refusal("団体のカードには生年月日を入れません。空にするか、区分を選び直してください。")
GuardianOfAdult = refusal("保護者は、{age}歳になるまでの方に登録します。空にするか、生年月日を確かめてください。")
GuardianNotOnFile = refusal(
    "{age}歳になるまでの方です。保護者の氏名が分かれば入力してください。空のままでもかまいません。"
)

# -- branches, titles, copies ----------------------------------------------------------------------------------------
BranchUnknown = refusal("「{branch}」という館はありません。")
BranchNameTaken = refusal("同じ館名が館コード {code} で登録されています。")
TitleNotNamed = refusal("書誌を示す番号（書誌番号か ISBN）がありません。")
TitleUnknown = refusal("この番号の書誌はありません。")
TitleAmbiguous = refusal("この番号の書誌が{count}件あり、決められません。")
TitleIsAnotherNow = refusal("この番号は、いま別の本です。")
SourceMissing = refusal(
    "出典（003）のない記録が{count}件あります。どのシステムの番号かを「出典」に書いてください（コマンドでは --source 名前）。"
)
ItemUnknown = refusal("この資料番号の資料はありません。")
NumberIsCard = refusal("これは利用者番号です。資料番号を読み取ってください。")
NumberIsIsbn = refusal("これはISBN（本のバーコード）です。図書館のバーコードを読み取ってください。")
IsbnIsSecondBarcode = refusal("ISBN ではなく、その下のバーコード（192…）の番号です。")

# -- loans -----------------------------------------------------------------------------------------------------------
DueBeforeLent = refusal("返却期限日が貸出日より前です。")
LentLater = refusal("この資料には、貸出日がこの行より新しい貸出があります。")

# -- doubles, and lost zeros -----------------------------------------------------------------------------------------
KeyTwiceInFile = refusal("{label} {key} が {lines}にあり、内容が違います。")
NumberOtherwiseTwice = refusal("この番号は、{line}行目の番号と同じものです。どちらが正しいか決められません。")
HoldOtherwiseTwice = refusal("{line}行目と同じ方の、同じ本の予約です。どちらが正しいか決められません。")
NumberMeansTwo = refusal("この番号は二つにあてはまり、どちらか決められません。")
IdLacksZeros = refusal("先頭の0がないようです（{full}）。0の付いた番号で書き出してください。")
ZerosLost = refusal("先頭の0がないようです（{number} → {padded}）。--pad-zeros か「先頭の0を補う」で補えます。")

# -- snapshots -------------------------------------------------------------------------------------------------------
SnapshotHasRefusals = refusal(
    "取り込めない行が{refused}行あるため、何も変更していません。直してからもう一度実行するか、--yes を付けてください。"
)
SnapshotReturnsTooMany = refusal(
    "貸出中の{open}点のうち{returned}点が一度に返却になるため、何も変更していません。正しければ --yes を付けてください。"
)

# -- age: encrypted files and keys -----------------------------------------------------------------------------------
AgeNotOpened = refusal("暗号化されたファイルを開けません。鍵が違うか、ファイルが途中で切れているか、変わっています。")
AgeNotWritten = refusal(
    "暗号化のファイルを読み書きできませんでした。ディスクの空きを確かめて、もう一度実行してください。"
)
AgeFailed = refusal("暗号の処理が途中で止まりました。メモリーの空き（0.5GBほど）を確かめて、もう一度実行してください。")
PassphraseWrong = refusal("合言葉が違うか、鍵のファイルが壊れています。")
PassphraseShort = refusal("合言葉は{shortest}文字以上にしてください。空にすると、7つの言葉を選びます。")
PassphraseTooEasy = refusal("同じ文字をくり返さない合言葉にしてください。")
