"""Refusals about pages, news, lists, photographs, and the questions of patrons."""

from library.errors.refusal import Fix, Refused


class SlugUnreadable(Refused):
    sentence = "半角の英小文字、数字、ハイフン（-）で、40文字までで入力してください。"


class SlugTaken(Refused):
    sentence = "このアドレスのページは、すでにあります。別のアドレスにしてください。"


class LinkUnusable(Refused):
    sentence = "リンク先「{address}」は使えません。https:// か /、mailto:、tel: で始めてください。"


# -- 特集 ------------------------------------------------------------------------------------------------------------
class BookNotFound(Refused):
    sentence = "「{words}」に合う書誌はありません。言葉を短くするか、ISBN か資料番号でお探しください。"


class BookInFeature(Refused):
    sentence = "「{name}」は、もう入っています。"


class FeatureFull(Refused):
    sentence = "一つの特集に入れられるのは{limit}点までです。"


class FeatureEmpty(Refused):
    sentence = "公開するときは、資料を1点以上入れてください。"


class FeatureEndsBefore(Refused):
    sentence = "終わりの日が、はじめの日より前です。"


class TextChangedMeanwhile(Refused):
    sentence = "入力のあいだに、{by}が新しい版を保存しました。まだ何も変更していません。「これまでの版」で内容を確かめてください。もう一度「保存する」を押すと、この画面の内容になります。"


class FeatureGone(Refused):
    sentence = "入力のあいだに、この特集はほかの画面で削除されました。入力した内容は残っています。アドレスを入力すると、新しい特集として保存できます。"


# -- photographs -----------------------------------------------------------------------------------------------------
class ColourUnreadable(Refused):
    sentence = "色は「#025d51」のように、# と6桁の英数字で入力してください。"


class AccentTooPale(Refused):
    sentence = "白い地の上で読みにくい色です（明るさの比は{ratio}。4.5以上にします）。近い色では {nearest} が使えます。"

    def __init__(self, **facts: object) -> None:
        super().__init__(**facts)
        self.fix = Fix("accent", str(facts["nearest"]), f"{facts['nearest']} にする")


class PictureMissing(Refused):
    sentence = "写真のファイルを選んでください。"


class PictureUnknown(Refused):
    sentence = "写真として読めるのは、JPEG、PNG、WebP のファイルです。"


class PictureUnreadable(Refused):
    sentence = "壊れているか、途中で切れているため、読めません。別のファイルでお試しください。"


class PictureTooHeavy(Refused):
    sentence = "ファイルが大きすぎます。{megabytes}MBまでのものにしてください。"


class PictureTooLarge(Refused):
    sentence = "縦横が大きすぎます。{most}万画素までに縮めてください。"


class PictureTooSmall(Refused):
    sentence = "小さすぎます。縦も横も{least}ピクセル以上のものにしてください。"


class PictureTooThin(Refused):
    sentence = "細長すぎます。長い方の辺が、短い方の{most}倍までになるように切り取ってください。"


class PictureWordsMissing(Refused):
    sentence = "写真の説明を入力してください。画面を見ていない方には、この説明が読み上げられます。"


class PicturePlaceGone(Refused):
    sentence = "ほかの画面で、この写真が外されたか、特集が削除されました。まだ何も変更していません。"


class AskedTooOften(Refused):
    sentence = "続けて質問が届いたため、いまは受け付けられません。{words}ほどお待ちになってから、もう一度お試しください。お急ぎのときは、図書館へお電話ください。"


class FilesRefused(Refused):
    sentence = "ファイルは受け取れません。資料や写真をお見せになりたいときは、図書館の窓口へお持ちください。"


class QuestionEnded(Refused):
    sentence = "この質問は、もう終わっています。ほかの人が回答したか、終えました。"


class QuestionNotTaken(Refused):
    sentence = "この質問は、ほかの人が調べています。続けるときは、先に「引き継ぐ」を押してください。"


class AnswerWithoutConsent(Refused):
    sentence = "公開への同意がありません。質問した人が同意しない限り、公開できません。"


class QuestionNotAnswered(Refused):
    sentence = "回答した質問だけを公開できます。"


# -- 館 --------------------------------------------------------------------------------------------------------------
class BranchCodeMalformed(Refused):
    sentence = "半角の英数字と . _ - で、20文字までで入力してください。"


class BranchCodeTaken(Refused):
    sentence = "この館コードは「{name}」が使っています。"


class BranchGone(Refused):
    sentence = "この館は、ほかの画面で閉館にされました。"


class BranchNotChosen(Refused):
    sentence = "移す先の館を選んでください。"


class LastBranch(Refused):
    sentence = "ほかに館がないので、閉館できません。先に、移す先の館を加えてください。"


class BranchBeingCounted(Refused):
    sentence = "この館の蔵書点検が終わっていません。先に蔵書点検を終えてください。"


class MapLinkMalformed(Refused):
    sentence = "https:// で始まる地図のアドレスを入力してください。"


class HoursUnreadable(Refused):
    sentence = "開館時間「{text}」を読めません（9:30-19:00 のように書きます）。"


class HoursBackwards(Refused):
    sentence = "開館時間「{text}」は、閉める時刻が開く時刻より後ではありません。"


class HoursOverlap(Refused):
    sentence = "開館時間「{text}」は、もう一つの時間と重なっています。"


class HoursHalf(Refused):
    sentence = "開く時刻と閉める時刻の両方を入力してください。"


class TimeUnreadable(Refused):
    sentence = "「{text}」は時刻として読めません（9:30 のように入力します）。"


class HoursTooMany(Refused):
    sentence = "1日の開館時間は{most}つまでです。"


# -- 移行 ------------------------------------------------------------------------------------------------------------
class MovingIn(Refused):
    sentence = "移行中です。開館すると動きます。"


class MovingAlready(Refused):
    sentence = "移行は、もう始まっています。"


class NotMoving(Refused):
    sentence = "移行中ではありません。"


class MovedInBefore(Refused):
    sentence = "この図書館は、{day}に開館しました。"


class OpeningIsSet(Refused):
    sentence = "{day}の開館が決まっているので、取り込んだものを消せません。"


class NotEmptyBefore(Refused):
    sentence = "移行を始める前からの記録があるので、取り込んだものだけを消すことができません。"


class LibraryNameDiffers(Refused):
    sentence = "図書館の名前が違います。「{name}」と入力してください。"


class StepIsOpen(Refused):
    sentence = "まだ確認済みではありません。"


class StepsAreOpen(Refused):
    sentence = "確認していないもの（{steps}）があります。それでも開館するときは、理由を入力してください。"


class OpeningDayImpossible(Refused):
    sentence = "今日から{days}日後までの日を入力してください。"


class FigureMalformed(Refused):
    sentence = "数字で入力してください。"


class DifferenceUnexplained(Refused):
    sentence = "前のシステムとの差（{difference}）の理由を、一文で入力してください。"


class SampleNotDrawn(Refused):
    sentence = "見本の20人を、まだ選んでいません。"


class SampleNotCompared(Refused):
    sentence = "まだ比べていない人が{count}人います。"


class SampleDiffers(Refused):
    sentence = "「違います」の人が{count}人います。直して取り込み、もう一度比べてください。"


class NotInSample(Refused):
    sentence = "この利用者は、いまの見本に入っていません。"


class DifferenceUnnamed(Refused):
    sentence = "違うところを入力してください。"


class ScannedTwice(Refused):
    sentence = "同じ番号です。別のものを読み取ってください。"


class CopyNotTried(Refused):
    sentence = "今日の控えを、まだ確かめていません。"


class CopyOutdated(Refused):
    """``differences``: each figure that differs, of the copy and of the library."""

    sentence = "確かめた控えは、いまの図書館と件数が違います（{differences}）。控えを作って確かめてください。"


class CopyUnusable(Refused):
    """``reason``: a sentence that names what is wrong with the copy."""

    sentence = "{reason}今日の控えは使えません。"


class CopyDiffers(Refused):
    sentence = "控えを戻してみたところ、件数が違いました。もう一度お試しください。"
