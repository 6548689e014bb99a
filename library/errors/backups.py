"""The refusal of a drill."""

from library.errors.refusal import refusal

DrillRuns = refusal("控えから戻す訓練が、もう動いています。終わってから、もう一度実行してください。")
