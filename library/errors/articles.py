"""Pages, news and lists that the library writes, and its photographs."""

from library.errors.refusal import WORDING, Refused


class SlugUnreadable(Refused): ...


class SlugTaken(Refused): ...


class LinkUnusable(Refused): ...  # address


# -- 特集 ------------------------------------------------------------------------------------------------------------
class BookNotFound(Refused): ...  # words


class BookInFeature(Refused): ...  # name


class FeatureFull(Refused): ...  # limit


class FeatureEmpty(Refused): ...


class FeatureEndsBefore(Refused): ...


class TextChangedMeanwhile(Refused): ...  # by


class FeatureGone(Refused): ...


# -- photographs -----------------------------------------------------------------------------------------------------
class PictureMissing(Refused): ...


class PictureUnknown(Refused): ...


class PictureUnreadable(Refused): ...


class PictureTooHeavy(Refused): ...  # megabytes


class PictureTooLarge(Refused): ...  # most


class PictureTooSmall(Refused): ...  # least


class PictureTooThin(Refused): ...  # most


class PictureWordsMissing(Refused): ...


class PicturePlaceGone(Refused): ...


WORDING.update({
    SlugUnreadable: "半角の英小文字、数字、ハイフン（-）で、40文字までで入力してください。",
    SlugTaken: "このアドレスのページは、すでにあります。別のアドレスにしてください。",
    LinkUnusable: "リンク先「{address}」は使えません。https:// か /、mailto:、tel: で始めてください。",
    BookNotFound: "「{words}」に合う書誌はありません。言葉を短くするか、ISBN か資料番号でお探しください。",
    BookInFeature: "「{name}」は、もう入っています。",
    FeatureFull: "一つの特集に入れられるのは{limit}点までです。",
    FeatureEmpty: "公開するときは、資料を1点以上入れてください。",
    FeatureEndsBefore: "終わりの日が、はじめの日より前です。",
    TextChangedMeanwhile: "入力のあいだに、{by}が新しい版を保存しました。まだ何も変更していません。「これまでの版」で内容を確かめてください。もう一度「保存する」を押すと、この画面の内容になります。",
    FeatureGone: "入力のあいだに、この特集はほかの画面で削除されました。入力した内容は残っています。アドレスを入力すると、新しい特集として保存できます。",
    PictureMissing: "写真のファイルを選んでください。",
    PictureUnknown: "写真として読めるのは、JPEG、PNG、WebP のファイルです。",
    PictureUnreadable: "壊れているか、途中で切れているため、読めません。別のファイルでお試しください。",
    PictureTooHeavy: "ファイルが大きすぎます。{megabytes}MBまでのものにしてください。",
    PictureTooLarge: "縦横が大きすぎます。{most}万画素までに縮めてください。",
    PictureTooThin: "細長すぎます。長い方の辺が、短い方の{most}倍までになるように切り取ってください。",
    PictureTooSmall: "小さすぎます。縦も横も{least}ピクセル以上のものにしてください。",
    PicturePlaceGone: "ほかの画面で、この写真が外されたか、特集が削除されました。まだ何も変更していません。",
    PictureWordsMissing: "写真の説明を入力してください。画面を見ていない方には、この説明が読み上げられます。",
})  # fmt: skip
