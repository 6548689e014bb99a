"""Files that are read in."""

from library.errors.refusal import Refused


# -- demonstration --------------------------------------------------------------------------------------------------
class LibraryNotEmpty(Refused):
    sentence = "データベースには、すでに館か利用者か資料が登録されています。デモンストレーションは、空のデータベースにだけ読み込めます。"


# -- files that are sent packed, and runs of an import ---------------------------------------------------------------
class ArchiveHasSeveral(Refused):
    sentence = "圧縮ファイルの中にファイルが{count}個あります。1個だけにしてください。"


class ArchiveLocked(Refused):
    sentence = "パスワードのかかった圧縮ファイルは開けません。"


class ArchiveBroken(Refused):
    sentence = "圧縮ファイルが壊れていて、開けません。"


class ArchiveTooLong(Refused):
    sentence = "圧縮を解くと{megabytes}MBより大きくなるファイルは取り込めません。"


class ImportTooLong(Refused):
    sentence = "{megabytes}MBより大きいファイルは、画面からは送れません。サーバーのフォルダ inbox に置くと、この画面で選べます。"


class ImportHasTooMany(Refused):
    sentence = (
        "{most}行より多いファイルは、画面からは取り込めません。サーバーで次のコマンドを実行してください：{command}"
    )


class FileTakesTooLong(Refused):
    sentence = "大きすぎます。空の行などを除いて、小さく分けてください。"


class ImportBusy(Refused):
    sentence = "取り込みが動いています。終わってから、もう一度お試しください。"


# -- files that are read in -----------------------------------------------------------------------------------------
class FileIsEmpty(Refused):
    sentence = "ファイルが空です。"


class FileIsSpreadsheet(Refused):
    sentence = "Excel などの表計算のファイルです。「CSV UTF-8」の形式で保存し直してください。"


class FileIsPacked(Refused):
    sentence = "圧縮されたファイル（.zip か .gz）です。展開してから取り込んでください。"


class FileIsNoTable(Refused):
    sentence = "CSV（または TSV）のファイルではありません。"


class HeadingsMissing(Refused):
    sentence = (
        "必要な見出しがありません：{columns}。ファイルの見出し：{found}。違う名前のときは --map で教えてください。"
    )


class HeadingTwice(Refused):
    sentence = (
        "{column} にあたる見出しが二つあります：{headings}。"
        "--map {column}={first} で一つを選ぶか、--map {column}=- で外してください（画面では、使わない方を「（なし）」にします）。"
    )


class HeadingGivenTwice(Refused):
    sentence = "見出し「{heading}」を、{first} と {second} の両方に割り当てています。どちらか一つにしてください。"


class HeadingNotInFile(Refused):
    sentence = "見出し「{heading}」はファイルにありません。ファイルの見出し：{found}。"


class HeadingNeverTaken(Refused):
    sentence = "「{heading}」は取り込みません。図書館の仕事に要らないためです。"


class MappingMalformed(Refused):
    sentence = "対応づけは、列=見出し か 列:値=図書館の値 の形で書いてください。列: {columns}。"


class ValuesOpen(Refused):
    sentence = "まだ選んでいない値が{count}つあります。"


class ValuesUnknown(Refused):
    """``unknown``: column → word → in how many rows; ``first``: the usual one, as it is mapped."""

    sentence = (
        "図書館にない値があるため、何も取り込んでいません：{values}。"
        "--map {first}=図書館の値 で対応づける（--map {first}=- でその行を取り込まない、= で空にする）か、区分と資料区分は --add-categories で加えてください。"
    )


class RowQuotesBroken(Refused):
    sentence = '引用符（"）の対応が正しくありません。'


class RowTooLong(Refused):
    sentence = "1行が長すぎます。"


class RowHasMoreCells(Refused):
    sentence = "見出しよりも列が多くあります。"


class CellMissing(Refused):
    sentence = "空です。"


class CellHasControl(Refused):
    sentence = "見えない文字（制御文字）が入っています。"


class CellTooLong(Refused):
    sentence = "{maximum}文字より長い値です。"


class CellIsNoDate(Refused):
    sentence = "日付として読めません（2026-11-25、2026/11/25、令和8年11月25日 のように書きます）。"


class CellIsNoNumber(Refused):
    sentence = "{low}から{high}までの数字ではありません。"


class CellIsNoYesNo(Refused):
    sentence = "はい・いいえ（1・0）のどちらでもありません。"


class CellIsNoChoice(Refused):
    sentence = "次のどれでもありません：{choices}。"


class CellIsNoWeekdays(Refused):
    sentence = "曜日として読めません（月、月火 のように書きます）。"


class BirthDateImpossible(Refused):
    sentence = "生年月日として正しくない日付です。"


class PostalCodeMalformed(Refused):
    sentence = "郵便番号は7桁の数字です（123-4567）。"


class GroupHasNoBirthDate(Refused):
    sentence = "団体のカードには生年月日を入れません。空にするか、区分を選び直してください。"


class GuardianOfAdult(Refused):
    sentence = "保護者は、{age}歳になるまでの方に登録します。空にするか、生年月日を確かめてください。"


class GuardianNotOnFile(Refused):
    sentence = "{age}歳になるまでの方です。保護者の氏名が分かれば入力してください。空のままでもかまいません。"


class CardNumberMalformed(Refused):
    sentence = "番号は、1〜20文字の英数字と記号（- . $ : / +）です。"


class PhoneMalformed(Refused):
    sentence = "電話番号として読めません。"


class BranchUnknown(Refused):
    sentence = "「{branch}」という館はありません。"


class BranchNameTaken(Refused):
    sentence = "同じ館名が館コード {code} で登録されています。"


class TitleNotNamed(Refused):
    sentence = "書誌を示す番号（書誌番号か ISBN）がありません。"


class TitleUnknown(Refused):
    sentence = "この番号の書誌はありません。"


class TitleAmbiguous(Refused):
    sentence = "この番号の書誌が{count}件あり、決められません。"


class TitleIsAnotherNow(Refused):
    sentence = "この番号は、いま別の本です。"


class SourceMissing(Refused):
    sentence = "出典（003）のない記録が{count}件あります。どのシステムの番号かを「出典」に書いてください（コマンドでは --source 名前）。"


class ItemUnknown(Refused):
    sentence = "この登録番号の資料はありません。"


class PatronUnknown(Refused):
    sentence = "この利用者番号の利用者はいません。"


class NumberIsCard(Refused):
    sentence = "これは利用者番号です。資料番号を読み取ってください。"


class NumberIsIsbn(Refused):
    sentence = "これはISBN（本のバーコード）です。図書館のバーコードを読み取ってください。"


class IsbnIsSecondBarcode(Refused):
    sentence = "ISBN ではなく、その下のバーコード（192…）の番号です。"


class DueBeforeLent(Refused):
    sentence = "返却期限日が貸出日より前です。"


class LentLater(Refused):
    sentence = "この資料には、貸出日がこの行より新しい貸出があります。"


class KeyTwiceInFile(Refused):
    sentence = "{label} {key} が {lines}にあり、内容が違います。"


class NumberOtherwiseTwice(Refused):
    sentence = "この番号は、{line}行目の番号と同じものです。どちらが正しいか決められません。"


class HoldOtherwiseTwice(Refused):
    sentence = "{line}行目と同じ方の、同じ本の予約です。どちらが正しいか決められません。"


class NumberMeansTwo(Refused):
    sentence = "この番号は二つにあてはまり、どちらか決められません。"


class ZerosLost(Refused):
    sentence = "先頭の0がないようです（{number} → {padded}）。--pad-zeros か「先頭の0を補う」で補えます。"


class SnapshotHasRefusals(Refused):
    sentence = "取り込めない行が{refused}行あるため、何も変更していません。直してからもう一度実行するか、--yes を付けてください。"


class SnapshotReturnsTooMany(Refused):
    sentence = "貸出中の{open}点のうち{returned}点が一度に返却になるため、何も変更していません。正しければ --yes を付けてください。"


# -- files and keys of age ----------------------------------------------------------------------------------------------
class AgeRecipientUnknown(Refused):
    sentence = "age の宛先（age1 で始まる公開鍵）ではありません。"


class AgeNotOpened(Refused):
    sentence = "暗号化されたファイルを開けません。鍵が違うか、ファイルが途中で切れているか、変わっています。"


class AgeNotWritten(Refused):
    sentence = "暗号化のファイルを読み書きできませんでした。ディスクの空きを確かめて、もう一度実行してください。"


class AgeFailed(Refused):
    sentence = "暗号の処理が途中で止まりました。メモリーの空き（0.5GBほど）を確かめて、もう一度実行してください。"


class PassphraseWrong(Refused):
    sentence = "合言葉が違うか、鍵のファイルが壊れています。"


class PassphraseShort(Refused):
    sentence = "合言葉は{shortest}文字以上にしてください。空にすると、7つの言葉を選びます。"


class PassphraseTooEasy(Refused):
    sentence = "同じ文字をくり返さない合言葉にしてください。"
