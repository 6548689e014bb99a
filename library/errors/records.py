"""Refusals of files of records: catalogues and authorities."""

from library.errors.refusal import Refused


class FileIsNoCatalogue(Refused):
    sentence = "書誌のファイルとして読めません。読めるのは MARC 21、MARCXML、DC-NDL、CSV、TSV です。"


class XmlHasNoRecords(Refused):
    sentence = "XML のなかに、MARCXML や DC-NDL の書誌がありません（はじめの要素: {found}）。"


class XmlHasDocumentType(Refused):
    sentence = "文書型宣言（DOCTYPE）のある XML は、安全のため読みません。"


class XmlBroken(Refused):
    sentence = "XML が{line}行目で壊れていて、その先を読めません。"


class XmlTooDeep(XmlBroken):
    sentence = "XML が{line}行目で{levels}段より深くなっていて、その先を読めません。"


class RecordCutOff(Refused):
    sentence = "記録が途中で切れています。"


class RecordTooLong(Refused):
    sentence = "記録が長すぎます。"


class RecordUnreadable(Refused):
    sentence = "記録として読めません（{reason}）。"


class RecordGarbled(Refused):
    sentence = "文字コードが壊れています（{encoding} として読めない部分があります）。"


class RecordLostEscapes(Refused):
    sentence = "漢字の前に置く符号（ESC）が失われていて、文字を読めません。"


class EncodingUnclear(Refused):
    sentence = "文字コードを一つに決められません（{names} のどれとしても読めます）。どれであるかを指定してください。"


class FileIsNoAuthorities(Refused):
    sentence = "典拠のファイルとして読めません。読めるのは MARC 21 と MARCXML です。"


class RecordNoAuthority(Refused):
    sentence = "典拠の記録ではありません。書誌は、--authorities を付けずに取り込みます。"


class AuthorityOfOtherKind(Refused):
    sentence = "人名・団体名・件名の典拠ではありません。"


class RecordNotBibliographic(Refused):
    sentence = "書誌ではなく{kind}の記録です。"


class RecordIsOtherMarc(Refused):
    sentence = "MARC 21 ではなく {name} の記録です（書名が {tag} にあります）。MARC 21 か CSV で書き出したファイルを取り込んでください。"


class RecordHasNoTitle(Refused):
    sentence = "書名がありません。"


class HoldingWithoutBranch(Refused):
    sentence = "資料 {barcode} の館「{branch}」が登録されていないため、この資料は加えませんでした。"
