"""SDI: searches that are saved."""

from library.errors.refusal import WORDING, Refused


class SdiFull(Refused): ...  # limit


class SdiTwice(Refused): ...  # name


WORDING.update({
    SdiFull: "SDIに登録できる検索は{limit}件までです。使わない条件を削除すると、登録できます。",
    SdiTwice: "この検索は「{name}」として、すでに登録されています。",
})  # fmt: skip
