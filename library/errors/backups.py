"""Refusals about copies: trying them, and those that leave the server."""

from library.errors.refusal import Refused


class DrillRuns(Refused):
    sentence = "控えから戻す訓練が、もう動いています。終わってから、もう一度実行してください。"


class CopyEncrypted(Refused):
    sentence = "{path} は暗号にした控えです。--identity で、鍵のファイルを指定してください。"


class IdentityUnusable(Refused):
    sentence = "{path} に age の鍵（AGE-SECRET-KEY-1…）がありません。"


# -- tokens ----------------------------------------------------------------------------------------------------------
class TokenNameUnusable(Refused):
    sentence = "名前は、{longest}文字までの半角の英数字とハイフン（-）にしてください。"


class TokenNameTaken(Refused):
    sentence = "{name} という名前のトークンは、もうあります。"


class TokenUnknown(Refused):
    sentence = "{name} という名前のトークンはありません。"


class AddressUnusable(Refused):
    sentence = "「{text}」はアドレスではありません。192.0.2.10 か 192.0.2.0/28 のように書いてください。"


class NetworkTooWide(Refused):
    sentence = "「{text}」は広すぎます。IPv4 は /{bits}、IPv6 は /{bits_of_six} より狭くしてください。"


# -- fetching ----------------------------------------------------------------------------------------------------------
class TokenRefused(Refused):
    """``token``: the name of a known one that came from elsewhere; empty for one that nobody knows."""

    sentence = "トークンが違うか、登録していないアドレスからです。"


class TokenWaits(Refused):
    sentence = "続けて断ったので、しばらくお待ちください。"


class CopyBusy(Refused):
    sentence = "控えを、いまほかで作っているか送っています。"


class CopyHasNoRoom(Refused):
    sentence = "サーバーのディスクの空きがないため、控えを暗号にできません。"
