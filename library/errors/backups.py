"""Refusals about copies: trying them, and those that leave the server."""

from library.errors.refusal import refusal

# -- trying a copy ---------------------------------------------------------------------------------------------------
DrillRuns = refusal("控えから戻す訓練が、もう動いています。終わってから、もう一度実行してください。")
CopyEncrypted = refusal("{path} は暗号にした控えです。--identity で、鍵のファイルを指定してください。")
IdentityUnusable = refusal("{path} に age の鍵（AGE-SECRET-KEY-1…）がありません。")

# -- tokens ----------------------------------------------------------------------------------------------------------
TokenNameUnusable = refusal("名前は、{longest}文字までの半角の英数字とハイフン（-）にしてください。")
TokenNameTaken = refusal("{name} という名前のトークンは、もうあります。")
TokenUnknown = refusal("{name} という名前のトークンはありません。")
AddressUnusable = refusal("「{text}」はアドレスではありません。192.0.2.10 か 192.0.2.0/28 のように書いてください。")
NetworkTooWide = refusal("「{text}」は広すぎます。IPv4 は /{bits}、IPv6 は /{bits_of_six} より狭くしてください。")

# -- fetching a copy -------------------------------------------------------------------------------------------------
# ``token``: the name of a known one that came from elsewhere; empty for one that nobody knows
TokenRefused = refusal("トークンが違うか、登録していないアドレスからです。")
TokenWaits = refusal("続けて断ったので、しばらくお待ちください。")
CopyBusy = refusal("控えを、いまほかで作っているか送っています。")
CopyHasNoRoom = refusal("サーバーのディスクの空きがないため、控えを暗号にできません。")
