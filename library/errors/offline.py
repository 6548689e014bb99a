"""The offline desk (非常用の窓口): entries that come in, slips of paper."""

from library.errors.refusal import refusal

# -- entries that come in --------------------------------------------------------------------------------------------
EntriesUnreadable = refusal("非常用の窓口の記録として読めません。何も取り込んでいません。")
TooManyEntries = refusal("一度に取り込めるのは{most}件までです。")
EntrySettled = refusal("この記録の確認は、もう済んでいます。")
StillInConflict = refusal("まだ取り込めません。下の「確認すること」をご覧ください。")

# -- slips -----------------------------------------------------------------------------------------------------------
SlipUnknown = refusal("票の番号ではありません。票のバーコードを読み取ってください。")
SlipUsed = refusal("この票は、{day}に入力済みです。")
SlipsUsedUp = refusal("1日に作れる票は{most}枚までです。")
SlipDayImpossible = refusal("{first} から今日までの日にしてください。")
SlipHourMalformed = refusal("「13:30」のように入力してください。")
SlipInTheFuture = refusal("まだ来ていない時刻です。")
SlipHasTooMany = refusal("1枚の票に書けるのは{most}点までです。")
