"""Signing in, passwords, and the accounts of the staff."""

from library.errors.refusal import WORDING, Refused


# -- signing in -----------------------------------------------------------------------------------------------------
class SignInRefused(Refused): ...


class SignInTooOften(Refused): ...  # facts: seconds, words


class CurrentPasswordTooOften(SignInTooOften): ...  # seconds, words


class CardMissing(Refused): ...


class LoginMissing(Refused): ...


class PasswordMissing(Refused): ...


class InitialPasswordOver(Refused): ...


class CurrentPasswordWrong(Refused): ...


class LinkDead(Refused): ...


# -- passwords ------------------------------------------------------------------------------------------------------
class CurrentPasswordMissing(Refused): ...


class NewPasswordMissing(Refused): ...


class NewPasswordAgainMissing(Refused): ...


class NewPasswordsDiffer(Refused): ...


class PasswordTooShort(Refused): ...  # minimum, now


class PasswordTooLong(Refused): ...  # maximum


class PasswordHasControl(Refused): ...


class PasswordIsCardNumber(Refused): ...  # beside


class PasswordIsBirthDate(Refused): ...  # beside


class PasswordIsPhone(Refused): ...  # beside


class PasswordIsName(Refused): ...  # beside


class PasswordIsPersonal(Refused): ...  # beside


class PasswordIsCommon(Refused): ...


class PasswordIsCurrent(Refused): ...


# -- staff accounts -------------------------------------------------------------------------------------------------
class LoginMalformed(Refused): ...


class LoginTaken(Refused): ...  # login


class StaffUnknown(Refused): ...  # login


class StaffPasswordTooShort(Refused): ...  # minimum


class StaffSignInRefused(Refused): ...


class PasswordIsLogin(Refused): ...  # beside


class LastAdmin(Refused): ...


class SetupCodeWrong(Refused): ...


WORDING.update({
    SignInRefused: "カードの番号かパスワードが違います。もう一度ご確認ください。はじめての方や、入れない状態が続く方は、図書館の窓口へお越しください。",
    SignInTooOften: "続けて間違えたため、いまはログインできません。{words}ほどお待ちになってから、もう一度お試しください。",
    CurrentPasswordTooOften: "現パスワードを続けて間違えました。{words}ほどお待ちください。ログインは続いています。",
    CardMissing: "カードの番号を入力してください。",
    LoginMissing: "ログインIDを入力してください。",
    PasswordMissing: "パスワードを入力してください。",
    InitialPasswordOver: "はじめのパスワードは使えなくなりました。図書館の窓口で、新しいものをお受け取りください。",
    CurrentPasswordWrong: "現パスワードが違います。",
    LinkDead: "このリンクは使えません。期限が過ぎたか、すでに使われています。",
    CurrentPasswordMissing: "現パスワードを入力してください。",
    NewPasswordMissing: "新パスワードを入力してください。",
    NewPasswordAgainMissing: "新パスワードと同じものを、もう一度入力してください。",
    NewPasswordsDiffer: "新パスワードと同じではありません。もう一度入力してください。",
    PasswordTooShort: "{minimum}文字以上で入力してください（いまは{now}文字です）。",
    PasswordTooLong: "{maximum}文字以内で入力してください。",
    PasswordHasControl: "改行などの見えない文字は使えません。",
    PasswordIsCardNumber: "カードの番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。",
    PasswordIsBirthDate: "生年月日は当てられやすいため、そのほかに{beside}文字以上を入れてください。",
    PasswordIsPhone: "電話番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。",
    PasswordIsName: "お名前は当てられやすいため、そのほかに{beside}文字以上を入れてください。",
    PasswordIsPersonal: "お名前・生年月日・番号は当てられやすいため、そのほかに{beside}文字以上を入れてください。",
    PasswordIsCommon: "よく使われていて、すぐに当てられるパスワードです。ほかのものにしてください。",
    PasswordIsCurrent: "現パスワードと同じです。ほかのパスワードにしてください。",
    LoginMalformed: "ログインIDは、半角の英数字と . _ - で、2文字から40文字までにしてください。",
    LoginTaken: "ログインID「{login}」は、すでに使われています。",
    StaffUnknown: "ログインID「{login}」の職員はいません。",
    StaffPasswordTooShort: "職員のパスワードは{minimum}文字以上にしてください。",
    StaffSignInRefused: "ログインIDかパスワードが違います。もう一度ご確認ください。分からないときは、管理の担当者から新しいパスワードを受け取ってください。",
    PasswordIsLogin: "ログインIDは当てられやすいため、そのほかに{beside}文字以上を入れてください。",
    LastAdmin: "管理の担当者がほかにいないため、変更できません。先に、ほかの職員を「管理」にしてください。",
    SetupCodeWrong: "コードが違います。サーバーの画面に表示されたコードを、もう一度ご確認ください。",
})  # fmt: skip
