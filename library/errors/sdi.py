"""SDI: searches that are saved."""

from library.errors.refusal import Refused


class SdiFull(Refused):
    sentence = "SDIに登録できる検索は{limit}件までです。使わない条件を削除すると、登録できます。"


class SdiTwice(Refused):
    sentence = "この検索は「{name}」として、すでに登録されています。"
