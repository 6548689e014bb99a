"""The desk's work: cards, titles and copies, settings, mails."""

from library.errors.refusal import refusal

# -- any form of the desk --------------------------------------------------------------------------------------------
SpanImpossible = refusal("はじめの日からおわりの日まで、{days}日より短くしてください。")
NumberOutOfRange = refusal("{low}から{high}までの数字で入力してください。")
RangeUnreadable = refusal("「9000000001〜9000000999」のように、同じ桁の番号を2つ入力してください。")
NumbersUnreadable = refusal(
    "{low}から{high}までの数字を、小さい順に、{most}個までで入力してください（例：7、14、28）。"
)

# -- cards -----------------------------------------------------------------------------------------------------------
CardNumberTaken = refusal("この番号のカードは、すでに登録されています。")
CardReportedLost = refusal("この番号のカードは、紛失の届けが出ています。")
# ``ids``: the patrons with this name and birth date
MaybeSamePerson = refusal("同じ方かもしれません。")
GroupIsAsked = refusal("団体では、代表者と配送先もお聞きします。空のままでもかまいません。")
CategoryNotInRules = refusal(
    "「{category}」は、運用ルールの区分にありません。貸出と予約に、区分ごとの違いは付きません。このままでも、選び直してもかまいません。"
)
NobodyForPostcards = refusal("はがきを出す方が選ばれていません。一覧で選んでください。")

# -- another category for many patrons -------------------------------------------------------------------------------
SameCategory = refusal("変更前と同じ区分です。")
NobodyTicked = refusal("だれも選ばれていません。変更する方を選んでください。")
NobodyLeft = refusal("選んだ方の区分は、もう変わっています。もう一度確かめてください。")
RecategorizingOver = refusal("この変更は、もう元に戻せません（30日を過ぎたか、元に戻してあります）。")

# -- titles and copies -----------------------------------------------------------------------------------------------
ContributorWithoutName = refusal("名前のない行に、ヨミか役割が入力されています。")
TitleChangedMeanwhile = refusal(
    "入力のあいだに、この書誌がほかの画面で変更されました。まだ何も変更していません。内容を確かめて、もう一度「変更する」を押してください。"
)
TitleHasCopies = refusal("所蔵資料が{count}点あります（除籍したものを含みます）。")
TitleHasHolds = refusal("予約の記録があります。")
TitleInCarts = refusal("予約かごに入れている方がいます。")
TitleHasRequest = refusal("リクエストの資料です。")
BarcodeTaken = refusal("資料番号 {barcode} は、すでに登録されています。")
NumberOfWithdrawn = refusal("除籍した資料の番号です。番号は、ほかの資料に使えません。")
PriceMalformed = refusal("円の数字で入力してください（例：1,980）。")

# -- serials ---------------------------------------------------------------------------------------------------------
IssnWrong = refusal("ISSN ではありません。8けたの番号を、もう一度お確かめください。")
SerialKnown = refusal("同じ誌名の雑誌が登録されています。別の雑誌なら、出版者か ISSN も入力してください。")
SerialForNoBranch = refusal("1つ以上の館の部数を、1から9までで入力してください。")
SerialTakesNone = refusal("号を受け入れていない雑誌です（日刊か、休刊）。")
SerialHasIssues = refusal("号を受け入れた雑誌です。届かなくなったら、休刊にしてください。")
IssueNameMissing = refusal("号の名前を入力してください（例：2027年1月号）。")
IssueReceived = refusal("{name}は、{branch}でもう受け入れてあります。")
IssueReceivedSo = refusal("資料番号 {barcode} で、もう受け入れてあります。")

# -- withdrawing copies ----------------------------------------------------------------------------------------------
StateByWithdrawal = refusal("除籍と、その取り消しは、「除籍と図書原簿」で行います。")
CopyIsLent = refusal("貸出中です。{due}に返る予定です。")
CopyIsKept = refusal("予約のために取り置いています。")
CopyWithdrawnBefore = refusal("すでに除籍しています。")
CopyNotWithdrawn = refusal("選んだ資料のうちに、もう除籍ではないものがあります。")
HoldsLoseLastCopy = refusal("予約でお待ちの方が{count}人います。除籍するときは、印を付けてください。")
WithdrawalReasonMissing = refusal("理由を選んでください。")
WithdrawalDayImpossible = refusal("受入日から今日までの日にしてください。")
RegisterTooLong = refusal("{most}点までです。範囲を狭めてください。")
TooManyWithdrawn = refusal("一度に除籍できるのは{most}点までです。")

# -- sets --------------------------------------------------------------------------------------------------------------
SetNumberTaken = refusal("この番号のセットは、すでに登録されています。")
SetNumberOfCopy = refusal("資料の番号です。セットには、別の番号を付けてください。")
SetNumberOfCard = refusal("利用者番号です。セットには、別の番号を付けてください。")
NumberOfSet = refusal("セットの番号です。別の番号を付けてください。")
CopyInSet = refusal("すでにセット「{name}」に入っています。")
SetFull = refusal("セットに入れられるのは{most}点までです。")
SetIsEmpty = refusal("セットに資料がありません。")

# -- merging and parting: titles, works, creators --------------------------------------------------------------------
NothingTicked = refusal("何も選ばれていません。まとめるもの、または分けるものを選んでください。")
AlreadyOneWork = refusal("選んだ資料は、はじめから1つの作品です。ほかの作品の資料も選んでください。")
AlreadyOnePerson = refusal("選んだ名前は、はじめから1人の著者です。ほかの著者の名前も選んでください。")
WorkNotParted = refusal("作品の資料がすべて選ばれています。分けるものだけを選んでください。")
PersonNotParted = refusal("著者の名前がすべて選ばれています。分けるものだけを選んでください。")
TwoTitlesWanted = refusal("同じ本の書誌を、2件選んでください。")
TitlesChangedMeanwhile = refusal(
    "確認のあいだに、どちらかの書誌が変更されました。まだ何も変更していません。内容を確かめて、もう一度「1件にまとめる」を押してください。"
)
BothHaveEbooks = refusal("どちらの書誌にも電子書籍があります。片方の貸出を終了してから、まとめてください。")

# -- files that the desk sends ---------------------------------------------------------------------------------------
FileTooLong = refusal(
    "{megabytes}MBより大きいファイルは、画面からは取り込めません。サーバーで次のコマンドを実行してください：{command}"
)

# -- stocktaking -----------------------------------------------------------------------------------------------------
StocktakingClosed = refusal("この点検は終わっています。")
TooManyMissing = refusal(
    "見つからない資料が{count}点あります。一度に「不明」にできるのは{most}点までです。読み取っていない書架がないか、お確かめください。"
)
ScansUnreadable = refusal(
    "資料番号の並んだファイルとして読めません。1行に1件の資料番号を書いたテキストか CSV にしてください。"
)

# -- settings --------------------------------------------------------------------------------------------------------
DifferenceOfNobody = refusal("利用者の区分か資料区分を選んでください。")
GroupIsNoCategory = refusal("「{word}」は「利用者の区分」にありません。")
ListEmpty = refusal("1つ以上を、1行に1つずつ入力してください。")
ListHasDouble = refusal("「{word}」が2回あります。")
WordInUse = refusal("「{word}」は{where}で使われているため、外せません。")
TerminalMalformed = refusal("「{text}」はアドレスではありません。")
NetworkNotOfDesk = refusal(
    "このパソコンのネットワークは、窓口のものとして登録できません。"
    "アドレスは「窓口のパソコンのアドレス」に入力してください。"
)
NetworkChanged = refusal(
    "ネットワークが変わったため、まだ登録していません。次の内容を確かめて、もう一度押してください。"
)

# -- mails: their texts, and those that failed -----------------------------------------------------------------------
MailTextBroken = refusal("{line}行目：{reason}。")
MailTextIncomplete = refusal("1行目に件名を、そのあとに本文を入力してください。")
MailTextLosesLink = refusal("本文に {{{{ token }}}} がありません。これがないと、受け取った方がリンクを開けません。")
MailTextLinkElsewhere = refusal(
    "リンクは、はじめの文面のとおりに、1行に {{ public_url }} から書いてください。ほかのサイトには送れません。"
)
MailNotFailed = refusal("送れなかったメールではないため、送り直せません。")
MailErased = refusal("伝える内容がもう消えているため、送り直せません。")

# -- リクエスト --------------------------------------------------------------------------------------------------------
WantedElsewhere = refusal("このリクエストは、いま「{state_word}」です。ほかの職員が先に進めたようです。")
PartnerMissing = refusal("相手館を選んでください。")

# -- 相互貸借 ----------------------------------------------------------------------------------------------------------
BorrowingElsewhere = refusal("この借受は、いま「{state_word}」です。ほかの職員が先に進めたようです。")
PartnersDayOver = refusal("過ぎた日です。今日から先の日を入力してください。")
NumberNotTemporary = refusal("仮バーコードは、{low} から {high} までの番号です。")
TemporaryNumbersUsed = refusal(
    "仮バーコード（{low} から {high} まで）は、すべて使われています。「運用ルール」で範囲を広げてください。"
)
CopyIsBorrowed = refusal("ほかの図書館から借りた資料です。「相互貸借」で扱います。")
PartnerNameTaken = refusal("「{name}」は、すでに登録されています。")
IsilMalformed = refusal("ISIL として読めません。JP-1000001 のように入力してください。")
