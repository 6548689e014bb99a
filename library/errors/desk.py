"""The desk's work: cards, titles and copies, settings, mails."""

from library.errors.refusal import Refused


# -- cards at the desk ----------------------------------------------------------------------------------------------
class CardNumberTaken(Refused):
    sentence = "この番号のカードは、すでに登録されています。"


class MaybeSamePerson(Refused):
    """``ids``: of the patrons with this name and birth date."""

    sentence = "同じ方かもしれません。"


class CardReportedLost(Refused):
    sentence = "この番号のカードは、紛失の届けが出ています。"


class PatronHasLoans(Refused):
    sentence = "返却や弁償の済んでいない資料が{count}点あります。"


class FieldEmpty(Refused):
    sentence = "入力してください。"


class DateMalformed(Refused):
    sentence = "日付として読めません。2026-11-25、2026/11/25、令和8年11月25日 のように入力してください。"


class CategoryNotInRules(Refused):
    sentence = "「{category}」は、運用ルールの区分にありません。貸出と予約は「既定」のとおりになります。このままでも、選び直してもかまいません。"


class GroupIsNoCategory(Refused):
    sentence = "「{word}」は「利用者の区分」にありません。"


class SameCategory(Refused):
    sentence = "変更前と同じ区分です。"


class NobodyTicked(Refused):
    sentence = "だれも選ばれていません。変更する方を選んでください。"


class NobodyForPostcards(Refused):
    sentence = "はがきを出す方が選ばれていません。一覧で選んでください。"


class NobodyLeft(Refused):
    sentence = "選んだ方の区分は、もう変わっています。もう一度確かめてください。"


class RecategorizingOver(Refused):
    sentence = "この変更は、もう元に戻せません（30日を過ぎたか、元に戻してあります）。"


class SpanImpossible(Refused):
    sentence = "はじめの日からおわりの日まで、{days}日より短くしてください。"


# -- titles and copies at the desk ----------------------------------------------------------------------------------
class ContributorWithoutName(Refused):
    sentence = "名前のない行に、ヨミか役割が入力されています。"


class NothingTicked(Refused):
    sentence = "何も選ばれていません。まとめるもの、または分けるものを選んでください。"


class AlreadyOneWork(Refused):
    sentence = "選んだ資料は、はじめから1つの作品です。ほかの作品の資料も選んでください。"


class AlreadyOnePerson(Refused):
    sentence = "選んだ名前は、はじめから1人の著者です。ほかの著者の名前も選んでください。"


class PersonNotParted(Refused):
    sentence = "著者の名前がすべて選ばれています。分けるものだけを選んでください。"


class WorkNotParted(Refused):
    sentence = "作品の資料がすべて選ばれています。分けるものだけを選んでください。"


class TitleChangedMeanwhile(Refused):
    sentence = "入力のあいだに、この書誌がほかの画面で変更されました。まだ何も変更していません。内容を確かめて、もう一度「変更する」を押してください。"


class TwoTitlesWanted(Refused):
    sentence = "同じ本の書誌を、2件選んでください。"


class TitlesChangedMeanwhile(Refused):
    sentence = "確認のあいだに、どちらかの書誌が変更されました。まだ何も変更していません。内容を確かめて、もう一度「1件にまとめる」を押してください。"


class BothHaveEbooks(Refused):
    sentence = "どちらの書誌にも電子書籍があります。片方の貸出を終了してから、まとめてください。"


class TitleHasCopies(Refused):
    sentence = "所蔵資料が{count}点あります（除籍したものを含みます）。"


class TitleHasHolds(Refused):
    sentence = "予約の記録があります。"


class TitleInCarts(Refused):
    sentence = "予約かごに入れている方がいます。"


class BarcodeTaken(Refused):
    sentence = "資料番号 {barcode} は、すでに登録されています。"


class FileMissing(Refused):
    sentence = "ファイルを選んでください。"


class FileTooLong(Refused):
    sentence = "{megabytes}MBより大きいファイルは、画面からは取り込めません。サーバーで次のコマンドを実行してください：{command}"


class FileHasTooMany(Refused):
    sentence = (
        "{most}件より多いファイルは、画面からは取り込めません。サーバーで次のコマンドを実行してください：{command}"
    )


class UploadGone(Refused):
    sentence = "送信されたファイルは、時間が過ぎたため消えています。もう一度ファイルを選んでください。"


class StocktakingClosed(Refused):
    sentence = "この点検は終わっています。"


class TooManyMissing(Refused):
    sentence = "見つからない資料が{count}点あります。一度に「不明」にできるのは{most}点までです。読み取っていない書架がないか、お確かめください。"


class ScansUnreadable(Refused):
    sentence = "資料番号の並んだファイルとして読めません。1行に1件の資料番号を書いたテキストか CSV にしてください。"


# -- settings, texts of mails, mails that failed --------------------------------------------------------------------
class NumberOutOfRange(Refused):
    sentence = "{low}から{high}までの数字で入力してください。"


class TerminalMalformed(Refused):
    sentence = "「{text}」はアドレスではありません。"


class NetworkNotOfDesk(Refused):
    sentence = (
        "このパソコンのネットワークは、窓口のものとして登録できません。"
        "アドレスは「窓口のパソコンのアドレス」に入力してください。"
    )


class NetworkChanged(Refused):
    sentence = "ネットワークが変わったため、まだ登録していません。次の内容を確かめて、もう一度押してください。"


class NumbersUnreadable(Refused):
    sentence = "{low}から{high}までの数字を、小さい順に、{most}個までで入力してください（例：7、14、28）。"


class ListEmpty(Refused):
    sentence = "1つ以上を、1行に1つずつ入力してください。"


class ListHasDouble(Refused):
    sentence = "「{word}」が2回あります。"


class WordInUse(Refused):
    sentence = "「{word}」は{where}で使われているため、外せません。"


class MailTextBroken(Refused):
    sentence = "{line}行目：{reason}。"


class MailTextIncomplete(Refused):
    sentence = "1行目に件名を、そのあとに本文を入力してください。"


class MailTextLosesLink(Refused):
    sentence = "本文に {{{{ token }}}} がありません。これがないと、受け取った方がリンクを開けません。"


class MailTextLinkElsewhere(Refused):
    sentence = (
        "リンクは、はじめの文面のとおりに、1行に {{{{ public_url }}}} から書いてください。ほかのサイトには送れません。"
    )


class MailNotFailed(Refused):
    sentence = "送れなかったメールではないため、送り直せません。"


class MailErased(Refused):
    sentence = "伝える内容がもう消えているため、送り直せません。"
