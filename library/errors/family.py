"""Families, and what a patron does with the account as a whole."""

from library.errors.refusal import WORDING, Refused


class FamilyNumberMalformed(Refused): ...


class FamilyIsOneself(Refused): ...


class FamilyThere(Refused): ...


class FamilyAsked(Refused): ...


class FamilyFull(Refused): ...  # most


class FamilyAskedTooOften(Refused): ...


class FamilyAskedOfOneTooOften(Refused): ...  # days, most


class FamilyAnswersThemselves(Refused): ...


class FamilyConsentMissing(Refused): ...


WORDING.update({
    FamilyNumberMalformed: "カードの番号は13桁の数字です。カードをご覧になって、もう一度入力してください。",
    FamilyIsOneself: "見る方と見られる方のカードの番号が同じです。",
    FamilyThere: "このカードは、すでに見られるようになっています。",
    FamilyAsked: "このカードには、すでに申し込んでいます。",
    FamilyFull: "申し込み中のものを合わせて{most}枚までです。使わないものをやめると、申し込めます。",
    FamilyAskedTooOften: "今日はもう申し込めません。明日、もう一度お試しください。",
    FamilyAskedOfOneTooOften: "1枚のカードへの申し込みは、{days}日のあいだに{most}回までです。",
    FamilyAnswersThemselves: "この方は、ご自分でログインできます。ご本人のMyライブラリの「家族のカード」で同意していただいてください。",
    FamilyConsentMissing: "お二人の同意を確かめて、印を付けてください。",
})  # fmt: skip
