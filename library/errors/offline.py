"""The offline desk (非常用の窓口): entries that come in, slips of paper."""

from library.errors.refusal import Refused


class EntriesUnreadable(Refused):
    sentence = "非常用の窓口の記録として読めません。何も取り込んでいません。"


class TooManyEntries(Refused):
    sentence = "一度に取り込めるのは{most}件までです。"


class EntrySettled(Refused):
    sentence = "この記録の確認は、もう済んでいます。"


class StillInConflict(Refused):
    sentence = "まだ取り込めません。下の「確認すること」をご覧ください。"


class SlipUnknown(Refused):
    sentence = "票の番号ではありません。票のバーコードを読み取ってください。"


class SlipUsed(Refused):
    sentence = "この票は、{day}に入力済みです。"


class SlipsUsedUp(Refused):
    sentence = "1日に作れる票は{most}枚までです。"


class SlipDayImpossible(Refused):
    sentence = "{first} から今日までの日にしてください。"


class SlipHourMalformed(Refused):
    sentence = "「13:30」のように入力してください。"


class SlipInTheFuture(Refused):
    sentence = "まだ来ていない時刻です。"


class SlipHasTooMany(Refused):
    sentence = "1枚の票に書けるのは{most}点までです。"
