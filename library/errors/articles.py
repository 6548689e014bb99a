"""Pages and news that the library writes."""

from library.errors.refusal import WORDING, Refused


class SlugUnreadable(Refused): ...


class SlugTaken(Refused): ...


class LinkUnusable(Refused): ...  # address


WORDING.update({
    SlugUnreadable: "半角の英小文字、数字、ハイフン（-）で、40文字までで入力してください",
    SlugTaken: "このアドレスのページは、すでにあります。別のアドレスにしてください",
    LinkUnusable: "リンク先「{address}」は使えません。https:// か /、mailto:、tel: で始めてください",
})  # fmt: skip
