"""Files that are read in."""

from library.errors.refusal import WORDING, Refused


# -- demonstration --------------------------------------------------------------------------------------------------
class LibraryNotEmpty(Refused): ...


# -- files that are read in -----------------------------------------------------------------------------------------
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


class XmlTooDeep(XmlBroken): ...  # line, levels


class RecordCutOff(Refused): ...


class RecordTooLong(Refused): ...


class RecordUnreadable(Refused): ...  # reason


class RecordGarbled(Refused): ...  # encoding


class EncodingUnclear(Refused): ...  # names


class RecordNotBibliographic(Refused): ...  # kind


class RecordIsUnimarc(Refused): ...


class RecordHasNoTitle(Refused): ...


class HoldingWithoutBranch(Refused): ...  # barcode, branch


class DueBeforeLent(Refused): ...


class LentLater(Refused): ...


class KeyTwiceInFile(Refused): ...  # key, lines


class ItemTwiceInFile(Refused): ...


class SnapshotHasRefusals(Refused): ...  # refused


class SnapshotReturnsTooMany(Refused): ...  # returned, open


WORDING.update({
    LibraryNotEmpty: "データベースには、すでに館か利用者か資料が登録されています。デモンストレーションは、空のデータベースにだけ読み込めます。",
    FileIsEmpty: "ファイルが空です。",
    FileIsSpreadsheet: "Excel などの表計算のファイルです。「CSV UTF-8」の形式で保存し直してください。",
    FileIsNoTable: "CSV（または TSV）のファイルではありません。",
    HeadingsMissing: "必要な見出しがありません：{columns}。ファイルの見出し：{found}。違う名前のときは --map で教えてください。",
    HeadingTwice: "{column} にあたる見出しが二つあります：{headings}。",
    HeadingNotInFile: "見出し「{heading}」はファイルにありません。ファイルの見出し：{found}。",
    RowQuotesBroken: "引用符（\"）の対応が正しくありません。",
    RowTooLong: "1行が長すぎます。",
    RowHasMoreCells: "見出しよりも列が多くあります。",
    CellMissing: "空です。",
    CellHasControl: "見えない文字（制御文字）が入っています。",
    CellGarbled: "読めない文字があります（文字コードの壊れ）。",
    CellTooLong: "{maximum}文字より長い値です。",
    CellIsNoDate: "日付として読めません（2026-11-25、2026/11/25、令和8年11月25日 のように書きます）。",
    CellIsNoNumber: "{low}から{high}までの数字ではありません。",
    CellIsNoYesNo: "はい・いいえ（1・0）のどちらでもありません。",
    CellIsNoChoice: "次のどれでもありません：{choices}。",
    CellIsNoWeekdays: "曜日として読めません（月、月火 のように書きます）。",
    BirthDateImpossible: "生年月日として正しくない日付です。",
    CardNumberMalformed: "13桁の数字ではありません（表計算ソフトで先頭の0が消えていないか、お確かめください）。",
    PhoneMalformed: "電話番号として読めません。",
    BranchUnknown: "「{branch}」という館はありません。",
    BranchNameTaken: "同じ館名が館コード {code} で登録されています。",
    TitleNotNamed: "書誌を示す番号（書誌ID、書誌番号、ISBN）がどれもありません。",
    TitleUnknown: "この番号の書誌はありません。",
    TitleAmbiguous: "この番号の書誌が{count}件あり、決められません。",
    ItemUnknown: "この登録番号の資料はありません。",
    PatronUnknown: "この利用者番号の利用者はいません。",
    IsbnIsSecondBarcode: "ISBN ではなく、その下のバーコード（192…）の番号です。",
    FileIsNoCatalogue: "書誌のファイルとして読めません。読めるのは MARC 21、MARCXML、DC-NDL、CSV、TSV です。",
    XmlHasNoRecords: "XML のなかに、MARCXML や DC-NDL の書誌がありません（はじめの要素: {found}）。",
    XmlHasDocumentType: "文書型宣言（DOCTYPE）のある XML は、安全のため読みません。",
    XmlBroken: "XML が{line}行目で壊れていて、その先を読めません。",
    XmlTooDeep: "XML が{line}行目で{levels}段より深くなっていて、その先を読めません。",
    RecordCutOff: "記録が途中で切れています。",
    RecordTooLong: "記録が長すぎます。",
    RecordUnreadable: "記録として読めません（{reason}）。",
    RecordGarbled: "文字コードが壊れています（{encoding} として読めない部分があります）。",
    EncodingUnclear: "文字コードを一つに決められません（{names} のどれとしても読めます）。どれであるかを指定してください。",
    RecordNotBibliographic: "書誌ではなく{kind}の記録です。",
    RecordIsUnimarc: "MARC 21 ではなく UNIMARC の記録です。",
    RecordHasNoTitle: "書名がありません。",
    HoldingWithoutBranch: "資料 {barcode} の館「{branch}」が登録されていないため、この資料は加えませんでした。",
    DueBeforeLent: "返却期限日が貸出日より前です。",
    LentLater: "この資料には、貸出日がこの行より新しい貸出があります。",
    KeyTwiceInFile: "{key} が {lines}にあり、内容が違います。",
    ItemTwiceInFile: "同じ登録番号の、別の貸出の行が前にあります。",
    SnapshotHasRefusals: "取り込めない行が{refused}行あるため、何も変更していません。直してからもう一度実行するか、--yes を付けてください。",
    SnapshotReturnsTooMany: "貸出中の{open}点のうち{returned}点が一度に返却になるため、何も変更していません。正しければ --yes を付けてください。",
})  # fmt: skip
