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


# -- staff accounts --------------------------------------------------------------------------------------------------
class LoginMalformed(Refused): ...


class LoginTaken(Refused): ...  # login


class StaffPasswordTooShort(Refused): ...  # minimum


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
    LoginMalformed: "ログインIDは、半角の英数字と . _ - で、2文字から40文字までにしてください。",
    LoginTaken: "ログインID「{login}」は、すでに使われています。",
    StaffPasswordTooShort: "職員のパスワードは{minimum}文字以上にしてください。",
}  # fmt: skip
