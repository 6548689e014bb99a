"""Families, and what a patron does with the account as a whole."""

from library.errors.refusal import Refused


class FamilyNumberMalformed(Refused):
    sentence = "カードの番号は13桁の数字です。カードをご覧になって、もう一度入力してください。"


class FamilyIsOneself(Refused):
    sentence = "見る方と見られる方のカードの番号が同じです。"


class FamilyThere(Refused):
    sentence = "このカードは、すでに見られるようになっています。"


class FamilyAsked(Refused):
    sentence = "このカードには、すでに申し込んでいます。"


class FamilyFull(Refused):
    sentence = "申し込み中のものを合わせて{most}枚までです。使わないものをやめると、申し込めます。"


class FamilyAskedTooOften(Refused):
    sentence = "今日はもう申し込めません。明日、もう一度お試しください。"


class FamilyAskedOfOneTooOften(Refused):
    sentence = "1枚のカードへの申し込みは、{days}日のあいだに{most}回までです。"


class FamilyAnswersThemselves(Refused):
    sentence = (
        "この方は、ご自分でログインできます。ご本人のMyライブラリの「家族のカード」で同意していただいてください。"
    )


class FamilyConsentMissing(Refused):
    sentence = "お二人の同意を確かめて、印を付けてください。"
