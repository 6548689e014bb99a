"""Pages, news, lists, photographs and branches, which the library edits; questions at the desk; 移行."""

from library.errors.refusal import Fix, Refused, refusal

# -- pages -----------------------------------------------------------------------------------------------------------
SlugUnreadable = refusal("半角の英小文字、数字、ハイフン（-）で、40文字までで入力してください。")
SlugTaken = refusal("このアドレスのページは、すでにあります。別のアドレスにしてください。")
LinkUnusable = refusal("リンク先「{address}」は使えません。https:// か /、mailto:、tel: で始めてください。")
TextChangedMeanwhile = refusal(
    "入力のあいだに、{by}が新しい版を保存しました。まだ何も変更していません。「これまでの版」で内容を確かめてください。もう一度「保存する」を押すと、この画面の内容になります。"
)

# -- 特集 --------------------------------------------------------------------------------------------------------------
BookNotFound = refusal("「{words}」に合う書誌はありません。言葉を短くするか、ISBN か資料番号でお探しください。")
BookInFeature = refusal("「{name}」は、もう入っています。")
FeatureFull = refusal("一つの特集に入れられるのは{limit}点までです。")
FeatureEmpty = refusal("公開するときは、資料を1点以上入れてください。")
FeatureEndsBefore = refusal("終わりの日が、はじめの日より前です。")
FeatureGone = refusal(
    "入力のあいだに、この特集はほかの画面で削除されました。入力した内容は残っています。アドレスを入力すると、新しい特集として保存できます。"
)

# -- こどものさがす -----------------------------------------------------------------------------------------------------
KanaUnreadable = refusal("ひらがなかカタカナで、{maximum}文字までで入力してください。")
MotifClassUnreadable = refusal(
    "「{text}」は分類として読めません。「645.6」のような数字か、請求記号のはじめの英字で入力してください。"
)
MotifListTooLong = refusal("1行に{letters}文字まで、{most}行までで入力してください。")
ShelfNameUnreadable = refusal(
    "「{text}」を読めません。「児童=こどもの へや」のように、1行に1つずつ、= の右はかなで入力してください。"
)

# -- colours ---------------------------------------------------------------------------------------------------------
ColourUnreadable = refusal("色は「#025d51」のように、# と6桁の英数字で入力してください。")


class AccentTooPale(Refused):
    sentence = "白い地の上で読みにくい色です（明るさの比は{ratio}。4.5以上にします）。近い色では {nearest} が使えます。"

    def __init__(self, **facts: object) -> None:
        super().__init__(**facts)
        self.fix = Fix("accent", str(facts["nearest"]), f"{facts['nearest']} にする")


# -- photographs -----------------------------------------------------------------------------------------------------
PictureMissing = refusal("写真のファイルを選んでください。")
PictureUnknown = refusal("写真として読めるのは、JPEG、PNG、WebP のファイルです。")
PictureUnreadable = refusal("壊れているか、途中で切れているため、読めません。別のファイルでお試しください。")
PictureTooHeavy = refusal("ファイルが大きすぎます。{megabytes}MBまでのものにしてください。")
PictureTooLarge = refusal("縦横が大きすぎます。{most}万画素までに縮めてください。")
PictureTooSmall = refusal("小さすぎます。縦も横も{least}ピクセル以上のものにしてください。")
PictureTooThin = refusal("細長すぎます。長い方の辺が、短い方の{most}倍までになるように切り取ってください。")
PictureWordsMissing = refusal("写真の説明を入力してください。画面を見ていない方には、この説明が読み上げられます。")
PicturePlaceGone = refusal("ほかの画面で、この写真が外されたか、特集が削除されました。まだ何も変更していません。")

# -- questions -------------------------------------------------------------------------------------------------------
QuestionEnded = refusal("この質問は、もう終わっています。ほかの人が回答したか、終えました。")
QuestionNotTaken = refusal("この質問は、ほかの人が調べています。続けるときは、先に「引き継ぐ」を押してください。")
QuestionNotAnswered = refusal("回答した質問だけを公開できます。")
AnswerWithoutConsent = refusal("公開への同意がありません。質問した人が同意しない限り、公開できません。")

# -- 館 ---------------------------------------------------------------------------------------------------------------
BranchCodeMalformed = refusal("半角の英数字と . _ - で、20文字までで入力してください。")
BranchCodeTaken = refusal("この館コードは「{name}」が使っています。")
BranchGone = refusal("この館は、ほかの画面で閉館にされました。")
BranchNotChosen = refusal("移す先の館を選んでください。")
LastBranch = refusal("ほかに館がないので、閉館できません。先に、移す先の館を加えてください。")
BranchBeingCounted = refusal("この館の蔵書点検が終わっていません。先に蔵書点検を終えてください。")
MapLinkMalformed = refusal("https:// で始まる地図のアドレスを入力してください。")

# -- opening hours ---------------------------------------------------------------------------------------------------
HoursUnreadable = refusal("開館時間「{text}」を読めません（9:30-19:00 のように書きます）。")
HoursBackwards = refusal("開館時間「{text}」は、閉める時刻が開く時刻より後ではありません。")
HoursOverlap = refusal("開館時間「{text}」は、もう一つの時間と重なっています。")
HoursHalf = refusal("開く時刻と閉める時刻の両方を入力してください。")
HoursTooMany = refusal("1日の開館時間は{most}つまでです。")
TimeUnreadable = refusal("「{text}」は時刻として読めません（9:30 のように入力します）。")
ClosingRuleUnreadable = refusal(
    "「{text}」は、定休日として読めません。「第3水曜」「最終木曜」「月末」「毎月15日」「12/29-1/3」のように入力してください。"
)

# -- 移行: from its start to the opening -------------------------------------------------------------------------------
MovingIn = refusal("移行中です。開館すると動きます。")
MovingAlready = refusal("移行は、もう始まっています。")
NotMoving = refusal("移行中ではありません。")
MovedInBefore = refusal("この図書館は、{day}に開館しました。")
OpeningIsSet = refusal("{day}の開館が決まっているので、取り込んだものを消せません。")
NotEmptyBefore = refusal("移行を始める前からの記録があるので、取り込んだものだけを消すことができません。")
LibraryNameDiffers = refusal("図書館の名前が違います。「{name}」と入力してください。")
StepIsOpen = refusal("まだ確認済みではありません。")
StepsAreOpen = refusal("確認していないもの（{steps}）があります。それでも開館するときは、理由を入力してください。")
# why a step is open, a line each
StepUnconfirmed = refusal("あとは、確認済みにするだけです。")
RulesUnseen = refusal("貸出10点の返却期限を、まだ比べていません。")
NumbersUnread = refusal("カードと資料を、まだ読み取っていません。")
MailsUnseen = refusal("開館から3日間のメールを、まだ見ていません。")
FiguresMissing = refusal("前のシステムの件数（{names}）が、まだありません。")
FiguresUnexplained = refusal("件数の差（{differences}）の理由が、まだありません。")
FiguresChanged = refusal("確認したあとで、この図書館の件数が変わりました。")
OpeningDayImpossible = refusal("今日から{days}日後までの日を入力してください。")

# -- 移行: figures and samples that are compared -----------------------------------------------------------------------
FigureMalformed = refusal("数字で入力してください。")
DifferenceUnexplained = refusal("前のシステムとの差（{difference}）の理由を、一文で入力してください。")
SampleNotDrawn = refusal("見本の20人を、まだ選んでいません。")
SampleNotCompared = refusal("まだ比べていない人が{count}人います。")
SampleDiffers = refusal("「違います」の人が{count}人います。直して取り込み、もう一度比べてください。")
NotInSample = refusal("この利用者は、いまの見本に入っていません。")
DifferenceUnnamed = refusal("違うところを入力してください。")
ScannedTwice = refusal("同じ番号です。別のものを読み取ってください。")

# -- 移行: the copy ----------------------------------------------------------------------------------------------------
CopyNotTried = refusal("今日の控えを、まだ確かめていません。")
# ``differences``: each figure that differs, of the copy and of the library
CopyOutdated = refusal("確かめた控えは、いまの図書館と件数が違います（{differences}）。控えを作って確かめてください。")
# ``reason``: a sentence that names what is wrong with the copy
CopyUnusable = refusal("{reason}今日の控えは使えません。")
CopyDiffers = refusal("控えを戻してみたところ、件数が違いました。もう一度お試しください。")
