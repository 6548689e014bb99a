"""Signing in, passwords and accounts of the staff."""

from library.errors.refusal import refusal

# -- passwords -------------------------------------------------------------------------------------------------------
StaffPasswordTooShort = refusal("職員のパスワードは{minimum}文字以上にしてください。")
PasswordIsLogin = refusal("ログインIDは当てられやすいため、そのほかに{beside}文字以上を入れてください。")
ProvedWronglyTooOften = refusal("続けて間違えたため、ログアウトしました。もう一度ログインしてください。")

# -- the second factor -----------------------------------------------------------------------------------------------
CodeMissing = refusal("確認コードを入力してください。")
CodeWrong = refusal("確認コードが違うか、すでに使われています。次の数字が出てから、もう一度入力してください。")
CodesTooOften = refusal(
    "数字の確認コードを続けて間違えたため、今日は使えません。復旧コードかパスキーをお使いください。"
)
SecondFactorFailed = refusal("確認できなかったため、はじめからログインし直してください。")
LastSecondFactor = refusal("2段階認証が必要なため、最後のひとつは外せません。先に、ほかの方法を加えてください。")
OwnSecondFactor = refusal("ご自分の2段階認証は、「2段階認証」の画面で変更してください。")

# -- accounts --------------------------------------------------------------------------------------------------------
LoginMissing = refusal("ログインIDを入力してください。")
LoginMalformed = refusal("ログインIDは、半角の英数字と . _ - で、2文字から40文字までにしてください。")
LoginTaken = refusal("ログインID「{login}」は、すでに使われています。")
StaffUnknown = refusal("ログインID「{login}」の職員はいません。")
StaffSignInRefused = refusal(
    "ログインIDかパスワードが違います。もう一度ご確認ください。分からないときは、管理の担当者から新しいパスワードを受け取ってください。"
)
StaffCodeSignInRefused = refusal(
    "ログインID、パスワード、確認コードのどれかが違います。もう一度ご確認ください。", base=StaffSignInRefused
)
StaffProofMissing = refusal("図書館のパソコンからログインするか、管理の担当者にご連絡ください。")
LastAdmin = refusal("管理の担当者がほかにいないため、変更できません。先に、ほかの職員を「管理」にしてください。")
SetupCodeWrong = refusal("コードが違います。サーバーの画面に表示されたコードを、もう一度ご確認ください。")
