"""Packs (引っ越しパック), backups, and lists that leave the house."""

from library.errors.refusal import refusal

# -- 引っ越しパック ---------------------------------------------------------------------------------------------------------
PackPlaceTaken = refusal("{place} はもうあります。ほかの名前かフォルダにしてください。")
PackUnknown = refusal("引っ越しパックではないか、途中で切れています。")
PackNewer = refusal("新しい版（{version}）の引っ越しパックです。Madoguchi を新しくしてから、もう一度実行してください。")
PackOfBeforeFirst = refusal(
    "1.0.0 より前の、古い引っ越しパックです。1.0.0 の直前の版に取り込み、書き出し直してから、もう一度実行してください。"
)
PackFileBroken = refusal("引っ越しパックの {file} が壊れているか、ありません。何も取り込んでいません。")
PackDiffers = refusal("引っ越しパックの {table} を、書かれたとおりに取り込めませんでした。何も取り込んでいません。")
PackKeyMissing = refusal(
    "鍵のファイル {place} がありません。パックと同じフォルダに置くか、--key で場所を教えてください。"
)
LibraryHasRows = refusal(
    "この図書館は空ではありません（{found}）。引っ越しパックは、空の図書館にだけ取り込めます。何も変更していません。"
)

# -- lists for the town office ---------------------------------------------------------------------------------------
NoColumns = refusal("書き出す項目を、一つ以上選んでください。")
PurposeMissing = refusal("使いみちを入力してください。操作の記録に残ります。")
LettersMissing = refusal(
    "CP932 にない文字が{count}種類あります（{letters}）。UTF-8 を選ぶか、「CP932 にない文字は〓にする」を選んでください。"
)

# -- backups ---------------------------------------------------------------------------------------------------------
DrillRuns = refusal("控えから戻す訓練が、もう動いています。終わってから、もう一度実行してください。")
