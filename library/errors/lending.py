"""Loans, holds, the cart, as patrons meet them."""

from library.errors.refusal import refusal

# -- opening days ----------------------------------------------------------------------------------------------------
NeverOpen = refusal("「{branch}」には、この先1年、開館日がありません。休館日の設定をご確認ください。")

# -- the card --------------------------------------------------------------------------------------------------------
CardSuspended = refusal("図書館カードの利用が止まっています。図書館の窓口へお問い合わせください。")
CardExpired = refusal("図書館カードの有効期限が切れています。窓口で更新できます。")
CardClosed = refusal("この図書館カードは、もう使われていません。")
HasOverdue = refusal("返却期限を過ぎた資料があります。返却されるまで、貸出・予約・延長はできません。")

# -- borrowing -------------------------------------------------------------------------------------------------------
NewestIssueNotLent = refusal("最新号は貸出できません。次の号が届くと貸し出せます。")
BorrowedInHouse = refusal("ほかの図書館から借りた資料です。図書館の中でご覧ください。")
KindNotLent = refusal("{kind_word}は貸出していません。")
LoanLimitReached = refusal("借りられるのは{n}点までです。")
LoanKindLimitReached = refusal("{kind_word}を借りられるのは{n}点までです。")
LoanOver = refusal("返却済みの資料です。")
LoanUnsettled = refusal("窓口で確認している資料です。")

# -- renewals --------------------------------------------------------------------------------------------------------
SomebodyWaits = refusal("次の予約が入っているため、延長できません。")
RenewalsUsed = refusal("延長できるのは{n}回までです。")
BorrowedNotRenewed = refusal("ほかの図書館から借りた資料なので、これより先へは延長できません。")
KindNotRenewed = refusal("延長できない種類の資料です。")
RenewalNotLater = refusal("今日延長しても返却期限は変わりません。")
RenewalNotAsShown = refusal("延長後の返却期限が、表示した日から変わりました。もう一度お確かめください。")
RenewalGainsLittle = refusal("延長しても{n}日しか延びません。延長する場合は1点ずつ押してください。")

# -- undoing ---------------------------------------------------------------------------------------------------------
UndoOver = refusal("元に戻せる時間が過ぎたか、もう元に戻してあります。")
UndoChanged = refusal("そのあとに変わったため、元に戻せません。")

# -- placing a hold --------------------------------------------------------------------------------------------------
NothingChosen = refusal("資料が選ばれていません。1点以上を選んでください。")
TitleHasNoCopy = refusal("予約できる所蔵がありません。")
KindNotHeld = refusal("{kind_word}は予約できません。")
TitleIsIn = refusal("書架にある資料です。書架からお取りください。")
AlreadyHeld = refusal("すでに予約している資料です。")
AlreadyBorrowed = refusal("すでに借りている資料です。")
HoldLimitReached = refusal("予約できるのは{n}点までです。")
HoldKindLimitReached = refusal("{kind_word}を予約できるのは{n}点までです。")
OneAloneHasNoOrder = refusal("「順番どおり」と「いずれか一つ」は、2点以上を選んだときに使えます。")
MailGoesNowhere = refusal("メールの送り先がありません。利用者情報変更の「予約関連メール配信先」でお選びください。")
ContactUnclear = refusal(
    "連絡方法と「メールで連絡する」が合っていません。メールで受け取るときは連絡方法を「メール」にし、受け取らないときは「メールで連絡する」を外してください。"
)
SuspensionInThePast = refusal("今日より後の日を選んでください。")

# -- a hold that is placed -------------------------------------------------------------------------------------------
HoldOver = refusal("この予約は、すでに終わっています。")
HoldGivenUp = refusal("この予約は、すでに取り消しています。")
HoldHasCopy = refusal("資料の準備ができているため、変更できません。")
HoldOnShelf = refusal("受取館に資料が届いているため、変更できません。")
HoldNotReady = refusal("受け取りの準備ができた予約だけが対象です。")
NobodyBehind = refusal("次にお待ちの方がいないため、順番を譲れません。")
ExtendedAlready = refusal("取り置きを延ばせるのは1回だけです。")
NextIsWaiting = refusal("次の方がお待ちのため、取り置きを延ばせません。")

# -- the cart --------------------------------------------------------------------------------------------------------
CartFull = refusal("予約かごに入れられるのは{n}点までです。")
InCartAlready = refusal("すでに予約かごに入っています。")
CartRowsGone = refusal("選んだ資料は、もう予約かごにありません。予約が済んだものは「予約した資料」でご覧になれます。")

# -- リクエスト --------------------------------------------------------------------------------------------------------
RequestsPaused = refusal("リクエストの受付を休んでいます。")
RequestLimitReached = refusal("申し込めるリクエストは{n}件までです。")
WorkIsHeld = refusal("この資料は所蔵しています。予約できます。")
AlreadyAsked = refusal("すでにリクエストしています。")
IsbnMalformed = refusal("ISBNとして読めません。裏表紙のバーコードの、978で始まる13桁の数字を入力してください。")
RequestOver = refusal("このリクエストは、すでに終わっています。")
RequestDecided = refusal("購入か借受を決めたため、取り消せません。図書館へお問い合わせください。")
