"""Refusals of files of records: catalogues and authorities."""

from library.errors.refusal import refusal

# -- files of records ------------------------------------------------------------------------------------------------
FileIsNoCatalogue = refusal("読めないファイルです。読めるのは CSV、TSV と、書誌の MARC 21、MARCXML、DC-NDL です。")
EncodingUnclear = refusal(
    "文字コードを一つに決められません（{names} のどれとしても読めます）。どれであるかを指定してください。"
)
XmlHasNoRecords = refusal("XML のなかに、MARCXML や DC-NDL の書誌がありません（はじめの要素: {found}）。")
XmlHasDocumentType = refusal("文書型宣言（DOCTYPE）のある XML は、安全のため読みません。")
XmlBroken = refusal("XML が{line}行目で壊れていて、その先を読めません。")
XmlTooDeep = refusal("XML が{line}行目で{levels}段より深くなっていて、その先を読めません。", base=XmlBroken)

# -- single records --------------------------------------------------------------------------------------------------
RecordCutOff = refusal("記録が途中で切れています。")
RecordTooLong = refusal("記録が長すぎます。")
RecordUnreadable = refusal("記録として読めません（{reason}）。")
RecordGarbled = refusal("文字コードが壊れています（{encoding} として読めない部分があります）。")
RecordLostEscapes = refusal("漢字の前に置く符号（ESC）が失われていて、文字を読めません。")
RecordNotBibliographic = refusal("書誌ではなく{kind}の記録です。")
RecordIsOtherMarc = refusal(
    "MARC 21 ではなく {name} の記録です（書名が {tag} にあります）。MARC 21 か CSV で書き出したファイルを取り込んでください。"
)
RecordHasNoTitle = refusal("書名がありません。")
HoldingWithoutBranch = refusal("資料 {barcode} の館「{branch}」が登録されていないため、この資料は加えませんでした。")

# -- authorities -----------------------------------------------------------------------------------------------------
FileIsNoAuthorities = refusal("典拠のファイルとして読めません。読めるのは MARC 21 と MARCXML です。")
RecordNoAuthority = refusal("典拠の記録ではありません。書誌は、--authorities を付けずに取り込みます。")
AuthorityOfOtherKind = refusal("人名・団体名・件名の典拠ではありません。")
