"""Signing in, passwords, and the accounts of the staff."""

from library.errors.refusal import Refused


# -- signing in -----------------------------------------------------------------------------------------------------
class SignInRefused(Refused):
    sentence = "カードの番号かパスワードが違います。もう一度ご確認ください。はじめての方や、入れない状態が続く方は、図書館の窓口へお越しください。"


class CheckedSignInRefused(SignInRefused):
    sentence = "カードの番号、パスワード、確認番号のどれかが違います。もう一度ご確認ください。入れない状態が続く方は、図書館の窓口へお越しください。"


class SignInTooOften(Refused):
    sentence = "続けて間違えたため、この端末からはいまログインできません。{words}ほどお待ちください。"


class SignInBusy(Refused):
    sentence = "ただいま混み合っています。少し待ってから、もう一度お試しください。"


class CheckMissing(Refused):
    sentence = "確認番号を入力してください。"


class StaffProofMissing(Refused):
    sentence = "図書館のパソコンからログインするか、管理の担当者にご連絡ください。"


class CurrentPasswordTooOften(SignInTooOften):
    sentence = "現パスワードを続けて間違えました。{words}ほどお待ちください。ログインは続いています。"


class CardMissing(Refused):
    sentence = "カードの番号を入力してください。"


class LoginMissing(Refused):
    sentence = "ログインIDを入力してください。"


class PasswordMissing(Refused):
    sentence = "パスワードを入力してください。"


class InitialPasswordOver(Refused):
    sentence = "はじめのパスワードは使えなくなりました。図書館の窓口で、新しいものをお受け取りください。"


class CurrentPasswordWrong(Refused):
    sentence = "現パスワードが違います。"


class ProvedWronglyTooOften(Refused):
    sentence = "続けて間違えたため、ログアウトしました。もう一度ログインしてください。"


class CodeMissing(Refused):
    sentence = "確認コードを入力してください。"


class CodeWrong(Refused):
    sentence = "確認コードが違うか、すでに使われています。次の数字が出てから、もう一度入力してください。"


class CodesTooOften(Refused):
    sentence = "数字の確認コードを続けて間違えたため、今日は使えません。復旧コードかパスキーをお使いください。"


class PasskeyRefused(Refused):
    sentence = "パスキーで確認できませんでした。もう一度お試しください。"


class PasskeySignInRefused(Refused):
    """Whatever was wrong: an unknown passkey, a signature, a closed card."""

    sentence = (
        "パスキーでログインできませんでした。もう一度お試しになるか、カードの番号とパスワードでログインしてください。"
    )


class SecondFactorFailed(Refused):
    sentence = "確認できなかったため、はじめからログインし直してください。"


class LinkDead(Refused):
    sentence = "このリンクは使えません。期限が過ぎたか、すでに使われています。"


class SealMailsTooMany(Refused):
    sentence = "確認のメールは、1時間に{most}回までお送りできます。しばらくたってから、もう一度お試しください。"


# -- passwords ------------------------------------------------------------------------------------------------------
class CurrentPasswordMissing(Refused):
    sentence = "現パスワードを入力してください。"


class NewPasswordMissing(Refused):
    sentence = "新パスワードを入力してください。"


class NewPasswordAgainMissing(Refused):
    sentence = "新パスワードと同じものを、もう一度入力してください。"


class NewPasswordsDiffer(Refused):
    sentence = "新パスワードと同じではありません。もう一度入力してください。"


class PasswordTooShort(Refused):
    sentence = "{minimum}文字以上で入力してください（いまは{now}文字です）。"


class PasswordTooLong(Refused):
    sentence = "{maximum}文字以内で入力してください。"


class PasswordHasControl(Refused):
    sentence = "改行などの見えない文字は使えません。"


class PasswordIsCardNumber(Refused):
    sentence = "カードの番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。"


class PasswordIsBirthDate(Refused):
    sentence = "生年月日は当てられやすいため、そのほかに{beside}文字以上を入れてください。"


class PasswordIsPhone(Refused):
    sentence = "電話番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。"


class PasswordIsName(Refused):
    sentence = "お名前は当てられやすいため、そのほかに{beside}文字以上を入れてください。"


class PasswordIsPersonal(Refused):
    sentence = "お名前・生年月日・番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。"


class PasswordIsCommon(Refused):
    sentence = "よく使われていて、すぐに当てられるパスワードです。ほかのものにしてください。"


class PasswordIsCurrent(Refused):
    sentence = "現パスワードと同じです。ほかのパスワードにしてください。"


# -- staff accounts -------------------------------------------------------------------------------------------------
class LoginMalformed(Refused):
    sentence = "ログインIDは、半角の英数字と . _ - で、2文字から40文字までにしてください。"


class LoginTaken(Refused):
    sentence = "ログインID「{login}」は、すでに使われています。"


class StaffUnknown(Refused):
    sentence = "ログインID「{login}」の職員はいません。"


class StaffPasswordTooShort(Refused):
    sentence = "職員のパスワードは{minimum}文字以上にしてください。"


class StaffSignInRefused(Refused):
    sentence = "ログインIDかパスワードが違います。もう一度ご確認ください。分からないときは、管理の担当者から新しいパスワードを受け取ってください。"


class StaffCodeSignInRefused(StaffSignInRefused):
    sentence = "ログインID、パスワード、確認コードのどれかが違います。もう一度ご確認ください。"


class PasswordIsLogin(Refused):
    sentence = "ログインIDは当てられやすいため、そのほかに{beside}文字以上を入れてください。"


class TooManyPasskeys(Refused):
    sentence = "パスキーは{most}個までです。使わないものを減らしてから、加えてください。"


class LastSecondFactor(Refused):
    sentence = "2段階認証が必要なため、最後のひとつは外せません。先に、ほかの方法を加えてください。"


class OwnSecondFactor(Refused):
    sentence = "ご自分の2段階認証は、「2段階認証」の画面で変更してください。"


class LastAdmin(Refused):
    sentence = "管理の担当者がほかにいないため、変更できません。先に、ほかの職員を「管理」にしてください。"


class SetupCodeWrong(Refused):
    sentence = "コードが違います。サーバーの画面に表示されたコードを、もう一度ご確認ください。"
