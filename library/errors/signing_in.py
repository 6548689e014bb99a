"""Patrons sign in; their passwords and passkeys."""

from library.errors.refusal import refusal

# -- patrons sign in -------------------------------------------------------------------------------------------------
SignInRefused = refusal(
    "カードの番号かパスワードが違います。もう一度ご確認ください。はじめての方や、入れない状態が続く方は、図書館の窓口へお越しください。"
)
CheckedSignInRefused = refusal(
    "カードの番号、パスワード、確認番号のどれかが違います。もう一度ご確認ください。入れない状態が続く方は、図書館の窓口へお越しください。",
    base=SignInRefused,
)
SignInTooOften = refusal("続けて間違えたため、この端末からはいまログインできません。{words}ほどお待ちください。")
SignInBusy = refusal("ただいま混み合っています。少し待ってから、もう一度お試しください。")
CardMissing = refusal("カードの番号を入力してください。")
PasswordMissing = refusal("パスワードを入力してください。")
CheckMissing = refusal("確認番号を入力してください。")
InitialPasswordOver = refusal(
    "はじめのパスワードは使えなくなりました。図書館の窓口で、新しいものをお受け取りください。"
)

# -- the current password --------------------------------------------------------------------------------------------
CurrentPasswordMissing = refusal("現パスワードを入力してください。")
CurrentPasswordWrong = refusal("現パスワードが違います。")
CurrentPasswordTooOften = refusal(
    "現パスワードを続けて間違えました。{words}ほどお待ちください。ログインは続いています。", base=SignInTooOften
)

# -- new passwords ---------------------------------------------------------------------------------------------------
NewPasswordMissing = refusal("新パスワードを入力してください。")
NewPasswordAgainMissing = refusal("新パスワードと同じものを、もう一度入力してください。")
NewPasswordsDiffer = refusal("新パスワードと同じではありません。もう一度入力してください。")
PasswordTooShort = refusal("{minimum}文字以上で入力してください（いまは{now}文字です）。")
PasswordHasControl = refusal("改行などの見えない文字は使えません。")
PasswordIsCardNumber = refusal("カードの番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。")
PasswordIsBirthDate = refusal("生年月日は当てられやすいため、そのほかに{beside}文字以上を入れてください。")
PasswordIsPhone = refusal("電話番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。")
PasswordIsName = refusal("お名前は当てられやすいため、そのほかに{beside}文字以上を入れてください。")
PasswordIsPersonal = refusal("お名前・生年月日・番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。")
PasswordIsCommon = refusal("よく使われていて、すぐに当てられるパスワードです。ほかのものにしてください。")
PasswordIsCurrent = refusal("現パスワードと同じです。ほかのパスワードにしてください。")

# -- passkeys --------------------------------------------------------------------------------------------------------
PasskeyRefused = refusal("パスキーで確認できませんでした。もう一度お試しください。")
# whatever was wrong: an unknown passkey, a signature, a closed card
PasskeySignInRefused = refusal(
    "パスキーでログインできませんでした。もう一度お試しになるか、カードの番号とパスワードでログインしてください。"
)
TooManyPasskeys = refusal("パスキーは{most}個までです。使わないものを減らしてから、加えてください。")

# -- links in mails --------------------------------------------------------------------------------------------------
LinkDead = refusal("このリンクは使えません。期限が過ぎたか、すでに使われています。")
SealMailsTooMany = refusal(
    "確認のメールは、1時間に{most}回までお送りできます。しばらくたってから、もう一度お試しください。"
)
