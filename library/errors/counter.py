"""Lending at the desk, and its offline desk (非常用の窓口)."""

from library.errors.refusal import refusal

# -- the card --------------------------------------------------------------------------------------------------------
CardStopped = refusal("利用停止中です（理由の記録はありません）。")
CardStoppedBecause = refusal("利用停止中です（理由：{why}）。")
CardStoppedSince = refusal("利用停止中です（{day}から。理由：{why}）。")
CardExpiredOn = refusal("有効期限は {day}まででした。利用者の画面で更新できます。")

# -- checking out and taking back ------------------------------------------------------------------------------------
ItemNotLendable = refusal("貸出できない資料です（{state}）。")
ItemWithdrawn = refusal("貸出できない資料です（{state}）。貸し出すときは、管理の職員が先に除籍を取り消します。")
ItemOut = refusal("ほかの方に貸出中の資料です。先に返却の手続きをしてください。")
ItemOutToPatron = refusal(
    "この方が借りている資料です（返却期限 {due}）。期限を延ばすときは、延長の手続きをしてください。"
)
ItemHasLoan = refusal("貸出中の資料です。先に返却か紛失の手続きをしてください。")
HeldForAnother = refusal("ほかの方の予約のために取り置いている資料です。")
HolderWasTold = refusal("その方には{day}にお知らせしています。貸し出すときは、その方へ連絡してください。")
ReturnDayImpossible = refusal("返却日は、貸出日から今日までの日にしてください。")
ReasonMissing = refusal("理由を入力してください。")

# -- undoing ---------------------------------------------------------------------------------------------------------
UndoTooLate = refusal("取り消せるのは、今日の手続きだけです。")
UndoNotLast = refusal("そのあとに別の手続きがあったため、取り消せません。")
UndoTold = refusal("次の方に予約のお知らせを送ったあとのため、取り消せません。")

# -- 引き継ぎ --------------------------------------------------------------------------------------------------------
NoteChanged = refusal(
    "ほかの職員が先に書き換えました。いまの引き継ぎは上にあります。入力した内容は残っているので、直してもう一度保存してください。"
)

# -- holds -----------------------------------------------------------------------------------------------------------
NothingCalled = refusal("「{name}」に当てはまる資料はありません。")
NobodyCalled = refusal("「{name}」に当てはまる利用者はいません。")

# -- families --------------------------------------------------------------------------------------------------------
FamilyAnswersThemselves = refusal(
    "この方は、ご自分でログインできます。ご本人のMyライブラリの「家族のカード」で同意していただいてください。"
)
FamilyConsentMissing = refusal("お二人の同意を確かめて、印を付けてください。")

# -- offline: entries that come in -----------------------------------------------------------------------------------
EntriesUnreadable = refusal("非常用の窓口の記録として読めません。何も取り込んでいません。")
TooManyEntries = refusal("一度に取り込めるのは{most}件までです。")
EntrySettled = refusal("この記録の確認は、もう済んでいます。")
StillInConflict = refusal("まだ取り込めません。下の「確認すること」をご覧ください。")

# -- offline: slips --------------------------------------------------------------------------------------------------
SlipUnknown = refusal("票の番号ではありません。票のバーコードを読み取ってください。")
SlipUsed = refusal("この票は、{day}に入力済みです。")
SlipsUsedUp = refusal("1日に作れる票は{most}枚までです。")
SlipDayImpossible = refusal("{first} から今日までの日にしてください。")
SlipHourMalformed = refusal("「13:30」のように入力してください。")
SlipInTheFuture = refusal("まだ来ていない時刻です。")
SlipHasTooMany = refusal("1枚の票に書けるのは{most}点までです。")
