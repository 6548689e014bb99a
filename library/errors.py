"""Refusals: each has a name, and its sentence in Japanese stands in WORDING. Nothing else may word a refusal."""


class Refused(Exception):
    """A rule says no. ``facts`` fill the blanks of the sentence."""

    def __init__(self, **facts):
        super().__init__(facts)
        self.facts = facts

    @property
    def sentence(self) -> str:
        return WORDING[type(self)].format(**self.facts)

    def __str__(self):
        return self.sentence

    def __eq__(self, other):
        return type(self) is type(other) and self.facts == other.facts

    def __hash__(self):
        return hash((type(self), tuple(sorted(self.facts.items()))))


class RefusedTogether(Exception):
    """Several fields of one form are refused. ``by_field``: field name → list of Refused."""

    def __init__(self, by_field):
        super().__init__(by_field)
        self.by_field = by_field


class Refusals(Exception):
    """A rule says no, with all reasons that apply: a list of Refused."""

    def __init__(self, reasons):
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self):
        return "。".join(reason.sentence for reason in self.reasons)


# -- signing in ------------------------------------------------------------------------------------------------------
class SignInRefused(Refused): ...


class SignInTooOften(Refused): ...  # facts: seconds, words


class InitialPasswordOver(Refused): ...


class CurrentPasswordWrong(Refused): ...


class LinkDead(Refused): ...


# -- passwords -------------------------------------------------------------------------------------------------------
class CurrentPasswordMissing(Refused): ...


class NewPasswordMissing(Refused): ...


class NewPasswordAgainMissing(Refused): ...


class NewPasswordsDiffer(Refused): ...


class PasswordTooShort(Refused): ...  # minimum, now


class PasswordTooLong(Refused): ...  # maximum


class PasswordHasControl(Refused): ...


class PasswordIsCardNumber(Refused): ...


class PasswordIsBirthDate(Refused): ...


class PasswordIsPhone(Refused): ...


class PasswordIsName(Refused): ...


class PasswordIsCommon(Refused): ...


class PasswordIsCurrent(Refused): ...


# -- any form --------------------------------------------------------------------------------------------------------
class FieldMissing(Refused): ...


class FieldDoubled(Refused): ...


class FieldTooLong(Refused): ...  # maximum


class FieldHasControl(Refused): ...


class ChoiceUnknown(Refused): ...


# -- information change ----------------------------------------------------------------------------------------------
class AddressMalformed(Refused): ...


class AddressTwice(Refused): ...


class NoAddressOfKind(Refused): ...  # kind


class NoKindTicked(Refused): ...


class DueNoticeNeedsMail(Refused): ...


class MailNeedsAddress(Refused): ...


class PhoneNotOnFile(Refused): ...  # phone


class BranchHandsOutNoHolds(Refused): ...


class DraftGone(Refused): ...


class DraftReplaced(Refused): ...


class DraftApplied(Refused): ...


class ChangedMeanwhile(Refused): ...  # fields


class ConfirmationAddressUnknown(Refused): ...


class TestMailTooSoon(Refused): ...  # minutes


class AddressUndeliverable(Refused): ...


# -- demonstration ---------------------------------------------------------------------------------------------------
class LibraryNotEmpty(Refused): ...


# -- files that are read in ------------------------------------------------------------------------------------------
class FileIsEmpty(Refused): ...


class FileIsSpreadsheet(Refused): ...


class FileIsNoTable(Refused): ...


class HeadingsMissing(Refused): ...  # columns, found


class HeadingTwice(Refused): ...  # column, headings


class HeadingNotInFile(Refused): ...  # heading, found


class RowQuotesBroken(Refused): ...


class RowTooLong(Refused): ...


class RowHasMoreCells(Refused): ...


class CellMissing(Refused): ...


class CellHasControl(Refused): ...


class CellGarbled(Refused): ...


class CellTooLong(Refused): ...  # maximum


class CellIsNoDate(Refused): ...


class CellIsNoNumber(Refused): ...  # low, high


class CellIsNoYesNo(Refused): ...


class CellIsNoChoice(Refused): ...  # choices


class CellIsNoWeekdays(Refused): ...


class BirthDateImpossible(Refused): ...


class CardNumberMalformed(Refused): ...


class PhoneMalformed(Refused): ...


class BranchUnknown(Refused): ...  # branch


class BranchNameTaken(Refused): ...  # code


class TitleNotNamed(Refused): ...


class TitleUnknown(Refused): ...


class TitleAmbiguous(Refused): ...  # count


class ItemUnknown(Refused): ...


class PatronUnknown(Refused): ...


class IsbnIsSecondBarcode(Refused): ...


class FileIsNoCatalogue(Refused): ...


class XmlHasNoRecords(Refused): ...  # found


class XmlHasDocumentType(Refused): ...


class XmlBroken(Refused): ...  # line


class RecordCutOff(Refused): ...


class RecordUnreadable(Refused): ...  # reason


class RecordGarbled(Refused): ...


class RecordNotBibliographic(Refused): ...  # kind


class RecordIsUnimarc(Refused): ...


class RecordHasNoTitle(Refused): ...


class HoldingWithoutBranch(Refused): ...  # barcode, branch


class DueBeforeLent(Refused): ...


class LentLater(Refused): ...


class ItemTwiceInFile(Refused): ...


class SnapshotHasRefusals(Refused): ...  # refused


class SnapshotReturnsTooMany(Refused): ...  # returned, open


# -- opening days, loans, holds, the cart -------------------------------------------------------------------------------
class NeverOpen(Refused): ...  # branch


class ClosingRuleUnreadable(Refused): ...  # text


class CardSuspended(Refused): ...


class CardExpired(Refused): ...


class CardClosed(Refused): ...


class HasOverdue(Refused): ...


class ItemNotLendable(Refused): ...  # state


class KindNotLent(Refused): ...  # kind


class ItemOut(Refused): ...


class ItemOutToPatron(Refused): ...  # due


class HeldForAnother(Refused): ...


class LoanLimitReached(Refused): ...  # limit


class LoanKindLimitReached(Refused): ...  # kind, limit


class ReturnDayImpossible(Refused): ...


class UndoTooLate(Refused): ...


class UndoNotLast(Refused): ...


class UndoTold(Refused): ...


class LoanOver(Refused): ...


class LoanUnsettled(Refused): ...


class SomebodyWaits(Refused): ...


class RenewalsUsed(Refused): ...  # limit


class KindNotRenewed(Refused): ...


class RenewalNotLater(Refused): ...  # due


class TitleHasNoCopy(Refused): ...


class KindNotHeld(Refused): ...  # kind


class TitleIsIn(Refused): ...


class AlreadyHeld(Refused): ...


class AlreadyBorrowed(Refused): ...


class HoldLimitReached(Refused): ...  # limit


class HoldKindLimitReached(Refused): ...  # kind, limit


class MailGoesNowhere(Refused): ...


class ContactUnclear(Refused): ...


class NothingChosen(Refused): ...


class CartRowsGone(Refused): ...


class HoldOver(Refused): ...


class HoldHasCopy(Refused): ...


class HoldOnShelf(Refused): ...


class NobodyBehind(Refused): ...


class HoldNotReady(Refused): ...


class ExtendedAlready(Refused): ...


class NextIsWaiting(Refused): ...


class SuspensionInThePast(Refused): ...


class OneAloneHasNoOrder(Refused): ...


class CartFull(Refused): ...  # limit


class InCartAlready(Refused): ...


class ItemHasLoan(Refused): ...


class ReasonMissing(Refused): ...


# -- staff accounts --------------------------------------------------------------------------------------------------
class LoginMalformed(Refused): ...


class LoginTaken(Refused): ...  # login


class StaffPasswordTooShort(Refused): ...  # minimum


class StaffSignInRefused(Refused): ...


class PasswordIsLogin(Refused): ...


class LastAdmin(Refused): ...


class SetupCodeWrong(Refused): ...


# -- cards at the desk -----------------------------------------------------------------------------------------------
class CardNumberTaken(Refused): ...


class CardReportedLost(Refused): ...


class FieldEmpty(Refused): ...


class DateMalformed(Refused): ...


class SpanImpossible(Refused): ...  # days


# -- titles and copies at the desk -------------------------------------------------------------------------------------
class ContributorWithoutName(Refused): ...


class TitleChangedMeanwhile(Refused): ...


class TitleHasCopies(Refused): ...  # count


class TitleHasHolds(Refused): ...


class TitleInCarts(Refused): ...


class BarcodeMalformed(Refused): ...


class BarcodeTaken(Refused): ...  # barcode


class FileMissing(Refused): ...


class FileTooLong(Refused): ...  # megabytes, command


class UploadGone(Refused): ...


class StocktakingClosed(Refused): ...


class TooManyMissing(Refused): ...  # count, most


class ScansUnreadable(Refused): ...


# -- settings, texts of mails, mails that failed ------------------------------------------------------------------------
class NumberOutOfRange(Refused): ...  # low, high


class NumbersUnreadable(Refused): ...  # low, high, most


class ListEmpty(Refused): ...


class ListHasDouble(Refused): ...  # word


class WordInUse(Refused): ...  # word, where


class MailTextBroken(Refused): ...  # reason, line


class MailTextIncomplete(Refused): ...


class MailTextLosesLink(Refused): ...


class MailNotFailed(Refused): ...


class MailErased(Refused): ...


WORDING = {
    SignInRefused: "カードの番号かパスワードが違います。もう一度ご確認ください。はじめての方や、入れない状態が続く方は、図書館の窓口へお越しください。",
    SignInTooOften: "続けて間違えたため、いまはログインできません。{words}ほどお待ちになってから、もう一度お試しください。",
    InitialPasswordOver: "はじめのパスワードは使えなくなりました。図書館の窓口で、新しいものをお受け取りください。",
    CurrentPasswordWrong: "現パスワードが違います",
    LinkDead: "このリンクは使えません。期限が過ぎたか、すでに使われています。",
    CurrentPasswordMissing: "現パスワードを入力してください",
    NewPasswordMissing: "新パスワードを入力してください",
    NewPasswordAgainMissing: "新パスワードと同じものを、もう一度入力してください",
    NewPasswordsDiffer: "新パスワードと同じではありません。もう一度入力してください",
    PasswordTooShort: "{minimum}文字以上で入力してください（いまは{now}文字です）",
    PasswordTooLong: "{maximum}文字以内で入力してください",
    PasswordHasControl: "改行などの見えない文字は使えません",
    PasswordIsCardNumber: "カードの番号は使えません。ほかのパスワードにしてください",
    PasswordIsBirthDate: "生年月日は使えません。ほかのパスワードにしてください",
    PasswordIsPhone: "電話番号は使えません。ほかのパスワードにしてください",
    PasswordIsName: "お名前は使えません。ほかのパスワードにしてください",
    PasswordIsCommon: "よく使われていて、すぐに当てられるパスワードです。ほかのものにしてください",
    PasswordIsCurrent: "現パスワードと同じです。ほかのパスワードにしてください",
    FieldMissing: "入力が届きませんでした。画面を開き直して、もう一度お試しください",
    FieldDoubled: "同じ項目が二重に届きました。画面を開き直して、もう一度お試しください",
    FieldTooLong: "{maximum}文字以内で入力してください",
    FieldHasControl: "見えない文字（制御文字）が入っています。入力し直してください",
    ChoiceUnknown: "選択肢の中から選んでください",
    AddressMalformed: "メールアドレスの形ではありません。「abc@example.jp」のように入力してください",
    AddressTwice: "E-mail1と同じアドレスです。別のアドレスにするか、空にしてください",
    NoAddressOfKind: "「{kind}」のアドレスが登録されていません。E-mailに{kind}のアドレスを入力するか、「{kind}」を外してください",
    NoKindTicked: "配信するときは、送り先の「自PC」か「携帯」を選んでください",
    DueNoticeNeedsMail: "返却期限通知を受け取るには、予約連絡方法を「メール」にしてください",
    MailNeedsAddress: "「メール」にするときは、E-mail1かE-mail2を入力してください",
    PhoneNotOnFile: "{phone}の電話番号が登録されていません。電話番号の登録は図書館の窓口で承ります",
    BranchHandsOutNoHolds: "この館では、いま予約の受け取りができません。ほかの館を選んでください",
    DraftGone: "入力から30分が過ぎたか、ほかの画面で取り消されたため、変更していません。もう一度、内容をご確認ください。",
    DraftReplaced: "ほかの画面で新しく入力されたため、変更していません。もう一度、内容をご確認ください。",
    DraftApplied: "この変更は、すでに受け付けています。二重には変更していません。",
    ChangedMeanwhile: "入力のあいだに、図書館で次の項目が変更されました：{fields}。まだ何も変更していません。内容をもう一度ご確認ください。",
    ConfirmationAddressUnknown: "送信先を選んでください",
    TestMailTooSoon: "テストメールは10分に1回です。あと{minutes}分お待ちください。",
    AddressUndeliverable: "このアドレスにはメールが届いていません。正しいときは、「テストメールを送る」で届くかどうかをお確かめください。",
    LibraryNotEmpty: "データベースには、すでに館か利用者か資料が登録されています。デモンストレーションは、空のデータベースにだけ読み込めます。",
    FileIsEmpty: "ファイルが空です。",
    FileIsSpreadsheet: "Excel などの表計算のファイルです。「CSV UTF-8」の形式で保存し直してください。",
    FileIsNoTable: "CSV（または TSV）のファイルではありません。",
    HeadingsMissing: "必要な見出しがありません：{columns}。ファイルの見出し：{found}。違う名前のときは --map で教えてください。",
    HeadingTwice: "{column} にあたる見出しが二つあります：{headings}。",
    HeadingNotInFile: "見出し「{heading}」はファイルにありません。ファイルの見出し：{found}。",
    RowQuotesBroken: "引用符（\"）の対応が正しくありません",
    RowTooLong: "1行が長すぎます",
    RowHasMoreCells: "見出しよりも列が多くあります",
    CellMissing: "空です",
    CellHasControl: "見えない文字（制御文字）が入っています",
    CellGarbled: "読めない文字があります（文字コードの壊れ）",
    CellTooLong: "{maximum}文字より長い値です",
    CellIsNoDate: "日付として読めません（2026-11-25、2026/11/25、令和8年11月25日 のように書きます）",
    CellIsNoNumber: "{low}から{high}までの数字ではありません",
    CellIsNoYesNo: "はい・いいえ（1・0）のどちらでもありません",
    CellIsNoChoice: "次のどれでもありません：{choices}",
    CellIsNoWeekdays: "曜日として読めません（月、月火 のように書きます）",
    BirthDateImpossible: "生年月日として正しくない日付です",
    CardNumberMalformed: "13桁の数字ではありません（表計算ソフトで先頭の0が消えていないか、お確かめください）",
    PhoneMalformed: "電話番号として読めません",
    BranchUnknown: "「{branch}」という館はありません",
    BranchNameTaken: "同じ館名が館コード {code} で登録されています",
    TitleNotNamed: "書誌を示す番号（書誌ID、書誌番号、ISBN）がどれもありません",
    TitleUnknown: "この番号の書誌はありません",
    TitleAmbiguous: "この番号の書誌が{count}件あり、決められません",
    ItemUnknown: "この登録番号の資料はありません",
    PatronUnknown: "この利用者番号の利用者はいません",
    IsbnIsSecondBarcode: "ISBN ではなく、その下のバーコード（192…）の番号です",
    FileIsNoCatalogue: "書誌のファイルとして読めません。読めるのは MARC 21、MARCXML、DC-NDL、CSV、TSV です。",
    XmlHasNoRecords: "XML のなかに、MARCXML や DC-NDL の書誌がありません（はじめの要素: {found}）。",
    XmlHasDocumentType: "文書型宣言（DOCTYPE）のある XML は、安全のため読みません。",
    XmlBroken: "XML が{line}行目で壊れていて、その先を読めません",
    RecordCutOff: "記録が途中で切れています",
    RecordUnreadable: "記録として読めません（{reason}）",
    RecordGarbled: "文字コードが壊れています（UTF-8 として読めない部分があります）",
    RecordNotBibliographic: "書誌ではなく{kind}の記録です",
    RecordIsUnimarc: "MARC 21 ではなく UNIMARC の記録です",
    RecordHasNoTitle: "書名がありません",
    HoldingWithoutBranch: "資料 {barcode} の館「{branch}」が登録されていないため、この資料は加えませんでした",
    DueBeforeLent: "返却期限日が貸出日より前です",
    LentLater: "この資料には、貸出日がこの行より新しい貸出があります",
    ItemTwiceInFile: "同じ登録番号の、別の貸出の行が前にあります",
    SnapshotHasRefusals: "取り込めない行が{refused}行あるため、何も変更していません。直してからもう一度実行するか、--yes を付けてください。",
    SnapshotReturnsTooMany: "貸出中の{open}冊のうち{returned}冊が一度に返却になるため、何も変更していません。正しければ --yes を付けてください。",
    NeverOpen: "「{branch}」には、この先1年、開館日がありません。休館日の設定をご確認ください。",
    ClosingRuleUnreadable: "「{text}」は、休館日のきまりとして読めません。「第3水曜」「最終木曜」「月末」「毎月15日」「12/29-1/3」のように入力してください。",
    CardSuspended: "図書館カードの利用が止まっています。図書館の窓口へお問い合わせください",
    CardExpired: "図書館カードの有効期限が切れています。窓口で更新できます",
    CardClosed: "この図書館カードは、もう使われていません",
    HasOverdue: "返却期限を過ぎた資料があります。返却されるまで、貸出・予約・延長はできません",
    ItemNotLendable: "貸出できない資料です（{state}）",
    KindNotLent: "{kind}は貸出していません",
    ItemOut: "ほかの方に貸出中の資料です。先に返却の手続きをしてください",
    ItemOutToPatron: "この方が借りている資料です（返却期限 {due}）。期限を延ばすときは、延長の手続きをしてください",
    HeldForAnother: "ほかの方の予約のために取り置いている資料です",
    LoanLimitReached: "借りられるのは{limit}点までです",
    LoanKindLimitReached: "{kind}を借りられるのは{limit}点までです",
    ReturnDayImpossible: "返却日は、貸出日から今日までの日にしてください",
    UndoTooLate: "取り消せるのは、今日の手続きだけです",
    UndoNotLast: "そのあとに別の手続きがあったため、取り消せません",
    UndoTold: "次の方に予約のお知らせを送ったあとのため、取り消せません",
    LoanOver: "返却済みの資料です",
    LoanUnsettled: "窓口で確認している資料です",
    SomebodyWaits: "次の予約が入っているため、延長できません",
    RenewalsUsed: "延長できるのは{limit}回までです",
    KindNotRenewed: "延長できない種類の資料です",
    RenewalNotLater: "いま延長しても、返却期限（{due}）より後になりません",
    TitleHasNoCopy: "予約できる所蔵がありません",
    KindNotHeld: "{kind}は予約できません",
    TitleIsIn: "書架にある資料です。書架からお取りください",
    AlreadyHeld: "すでに予約している資料です",
    AlreadyBorrowed: "すでに借りている資料です",
    HoldLimitReached: "予約できるのは{limit}点までです",
    HoldKindLimitReached: "{kind}を予約できるのは{limit}点までです",
    MailGoesNowhere: "メールの送り先がありません。利用者情報変更の「予約関連メール配信先」でお選びください",
    ContactUnclear: "連絡方法と「メールで連絡する」が合っていません。メールで受け取るときは連絡方法を「メール」にし、受け取らないときは「メールで連絡する」を外してください",
    NothingChosen: "資料が選ばれていません。1点以上を選んでください",
    CartRowsGone: "選んだ資料は、もう予約かごにありません。予約が済んだものは「予約した資料」でご覧になれます",
    HoldOver: "この予約は、すでに終わっています",
    HoldHasCopy: "資料の準備ができているため、変更できません",
    HoldOnShelf: "受取館に資料が届いているため、変更できません",
    NobodyBehind: "あとに待っている方がいないため、順番はそのままです",
    HoldNotReady: "受け取りの準備ができた予約だけが対象です",
    ExtendedAlready: "取り置きを延ばせるのは1回だけです",
    NextIsWaiting: "次の方がお待ちのため、取り置きを延ばせません",
    SuspensionInThePast: "今日より後の日を選んでください",
    OneAloneHasNoOrder: "「順番どおり」と「いずれか一つ」は、2点以上を選んだときに使えます",
    CartFull: "予約かごに入れられるのは{limit}点までです",
    InCartAlready: "すでに予約かごに入っています",
    ItemHasLoan: "貸出中の資料です。先に返却か紛失の手続きをしてください",
    LoginMalformed: "ログインIDは、半角の英数字と . _ - で、2文字から40文字までにしてください。",
    LoginTaken: "ログインID「{login}」は、すでに使われています。",
    StaffSignInRefused: "ログインIDかパスワードが違います。もう一度ご確認ください。わからないときは、管理の担当者から新しいパスワードを受け取ってください。",
    PasswordIsLogin: "ログインIDと同じものは使えません。ほかの人が思いつかないものにしてください",
    LastAdmin: "管理の担当者がほかにいないため、変更できません。先に、ほかの職員を「管理」にしてください。",
    CardNumberTaken: "この番号のカードは、すでに登録されています。",
    CardReportedLost: "この番号のカードは、紛失の届けが出ています。",
    FieldEmpty: "入力してください",
    SpanImpossible: "はじめの日からおわりの日まで、{days}日より短くしてください",
    DateMalformed: "日付として読めません。2026-11-25、2026/11/25、令和8年11月25日 のように入力してください",
    ReasonMissing: "理由を入力してください",
    SetupCodeWrong: "コードが違います。サーバーの画面に表示されたコードを、もう一度ご確認ください。",
    ContributorWithoutName: "名前のない行に、ヨミか役割が入力されています",
    TitleChangedMeanwhile: "入力のあいだに、この書誌がほかの画面で変更されました。まだ何も変更していません。内容を確かめて、もう一度「変更する」を押してください",
    TitleHasCopies: "所蔵資料が{count}点あります（除籍したものを含みます）",
    TitleHasHolds: "予約の記録があります",
    TitleInCarts: "予約かごに入れている方がいます",
    BarcodeMalformed: "資料番号に使えるのは、英数字と - $ : / . + で、40文字までです",
    BarcodeTaken: "資料番号 {barcode} は、すでに登録されています",
    FileMissing: "ファイルを選んでください",
    FileTooLong: "{megabytes}MBより大きいファイルは、画面からは取り込めません。サーバーで次の命令を実行してください：{command}",
    UploadGone: "送信されたファイルは、時間が過ぎたため消えています。もう一度ファイルを選んでください",
    StocktakingClosed: "この点検は終わっています",
    TooManyMissing: "見つからない資料が{count}点あります。一度に「不明」にできるのは{most}点までです。読み取っていない書架がないか、お確かめください",
    ScansUnreadable: "資料番号の並んだファイルとして読めません。1行に1件の資料番号を書いたテキストか CSV にしてください",
    NumberOutOfRange: "{low}から{high}までの数字で入力してください",
    NumbersUnreadable: "{low}から{high}までの数字を、小さい順に、{most}個までで入力してください（例：7、14、28）",
    ListEmpty: "1つ以上を、1行に1つずつ入力してください",
    ListHasDouble: "「{word}」が2回あります",
    WordInUse: "「{word}」は{where}で使われているため、外せません",
    MailTextBroken: "{line}行目：{reason}",
    MailTextIncomplete: "1行目に件名を、そのあとに本文を入力してください",
    MailTextLosesLink: "本文に {{{{ token }}}} がありません。これがないと、受け取った方がリンクを開けません",
    MailNotFailed: "送れなかったメールではないため、送り直せません",
    MailErased: "伝える内容がもう消えているため、送り直せません",
    StaffPasswordTooShort: "職員のパスワードは{minimum}文字以上にしてください。",
}  # fmt: skip
