"""What the desk works on: cards, titles and copies, settings, mails."""

from library.errors.refusal import WORDING, Refused


# -- cards at the desk ----------------------------------------------------------------------------------------------
class CardNumberTaken(Refused): ...


class CardReportedLost(Refused): ...


class PatronHasLoans(Refused): ...  # count


class FieldEmpty(Refused): ...


class DateMalformed(Refused): ...


class CategoryNotInRules(Refused): ...  # category


class SpanImpossible(Refused): ...  # days


# -- titles and copies at the desk ----------------------------------------------------------------------------------
class ContributorWithoutName(Refused): ...


class TitleChangedMeanwhile(Refused): ...


class TitleHasCopies(Refused): ...  # count


class TitleHasHolds(Refused): ...


class TitleInCarts(Refused): ...


class BarcodeMalformed(Refused): ...


class BarcodeTaken(Refused): ...  # barcode


class FileMissing(Refused): ...


class FileTooLong(Refused): ...  # megabytes, command


class FileHasTooMany(Refused): ...  # most, command


class UploadGone(Refused): ...


class StocktakingClosed(Refused): ...


class TooManyMissing(Refused): ...  # count, most


class ScansUnreadable(Refused): ...


# -- settings, texts of mails, mails that failed --------------------------------------------------------------------
class NumberOutOfRange(Refused): ...  # low, high


class TerminalMalformed(Refused): ...  # text


class NumbersUnreadable(Refused): ...  # low, high, most


class ListEmpty(Refused): ...


class ListHasDouble(Refused): ...  # word


class WordInUse(Refused): ...  # word, where


class MailTextBroken(Refused): ...  # reason, line


class MailTextIncomplete(Refused): ...


class MailTextLosesLink(Refused): ...


class MailNotFailed(Refused): ...


class MailErased(Refused): ...


WORDING.update({
    CardNumberTaken: "この番号のカードは、すでに登録されています。",
    CardReportedLost: "この番号のカードは、紛失の届けが出ています。",
    PatronHasLoans: "返却や弁償の済んでいない資料が{count}点あります。",
    FieldEmpty: "入力してください。",
    DateMalformed: "日付として読めません。2026-11-25、2026/11/25、令和8年11月25日 のように入力してください。",
    CategoryNotInRules: "「{category}」は、運用ルールの区分にありません。貸出と予約は「既定」のとおりになります。このままでも、選び直してもかまいません。",
    SpanImpossible: "はじめの日からおわりの日まで、{days}日より短くしてください。",
    ContributorWithoutName: "名前のない行に、ヨミか役割が入力されています。",
    TitleChangedMeanwhile: "入力のあいだに、この書誌がほかの画面で変更されました。まだ何も変更していません。内容を確かめて、もう一度「変更する」を押してください。",
    TitleHasCopies: "所蔵資料が{count}点あります（除籍したものを含みます）。",
    TitleHasHolds: "予約の記録があります。",
    TitleInCarts: "予約かごに入れている方がいます。",
    BarcodeMalformed: "資料番号に使えるのは、英数字と - $ : / . + で、40文字までです。",
    BarcodeTaken: "資料番号 {barcode} は、すでに登録されています。",
    FileMissing: "ファイルを選んでください。",
    FileTooLong: "{megabytes}MBより大きいファイルは、画面からは取り込めません。サーバーで次の命令を実行してください：{command}",
    FileHasTooMany: "{most}件より多いファイルは、画面からは取り込めません。サーバーで次の命令を実行してください：{command}",
    UploadGone: "送信されたファイルは、時間が過ぎたため消えています。もう一度ファイルを選んでください。",
    StocktakingClosed: "この点検は終わっています。",
    TooManyMissing: "見つからない資料が{count}点あります。一度に「不明」にできるのは{most}点までです。読み取っていない書架がないか、お確かめください。",
    ScansUnreadable: "資料番号の並んだファイルとして読めません。1行に1件の資料番号を書いたテキストか CSV にしてください。",
    TerminalMalformed: "「{text}」はアドレスではありません。",
    NumberOutOfRange: "{low}から{high}までの数字で入力してください。",
    NumbersUnreadable: "{low}から{high}までの数字を、小さい順に、{most}個までで入力してください（例：7、14、28）。",
    ListEmpty: "1つ以上を、1行に1つずつ入力してください。",
    ListHasDouble: "「{word}」が2回あります。",
    WordInUse: "「{word}」は{where}で使われているため、外せません。",
    MailTextBroken: "{line}行目：{reason}。",
    MailTextIncomplete: "1行目に件名を、そのあとに本文を入力してください。",
    MailTextLosesLink: "本文に {{{{ token }}}} がありません。これがないと、受け取った方がリンクを開けません。",
    MailNotFailed: "送れなかったメールではないため、送り直せません。",
    MailErased: "伝える内容がもう消えているため、送り直せません。",
})  # fmt: skip
