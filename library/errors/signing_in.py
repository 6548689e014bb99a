"""Signing in, passwords, and the accounts of the staff."""

from library.errors.refusal import WORDING, Refused


# -- signing in -----------------------------------------------------------------------------------------------------
class SignInRefused(Refused): ...


class SignInTooOften(Refused): ...  # facts: seconds, words


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


class PasswordIsCardNumber(Refused): ...


class PasswordIsBirthDate(Refused): ...


class PasswordIsPhone(Refused): ...


class PasswordIsName(Refused): ...


class PasswordIsCommon(Refused): ...


class PasswordIsCurrent(Refused): ...


# -- staff accounts -------------------------------------------------------------------------------------------------
class LoginMalformed(Refused): ...


class LoginTaken(Refused): ...  # login


class StaffPasswordTooShort(Refused): ...  # minimum


class StaffSignInRefused(Refused): ...


class PasswordIsLogin(Refused): ...


class LastAdmin(Refused): ...


class SetupCodeWrong(Refused): ...


WORDING.update({
    SignInRefused: "カードの番号かパスワードが違います。もう一度ご確認ください。はじめての方や、入れない状態が続く方は、図書館の窓口へお越しください。",
    SignInTooOften: "続けて間違えたため、いまはログインできません。{words}ほどお待ちになってから、もう一度お試しください。",
    InitialPasswordOver: "はじめのパスワードは使えなくなりました。図書館の窓口で、新しいものをお受け取りください。",
    CurrentPasswordWrong: "現パスワードが違います",
    LinkDead: "このリンクは使えません。期限が過ぎたか、すでに使われています。",
    CurrentPasswordMissing: "現パスワードを入力してください",
    NewPasswordMissing: "新パスワードを入力してください",
    NewPasswordAgainMissing: "新パスワードと同じものを、もう一度入力してください",
    NewPasswordsDiffer: "新パスワードと同じではありません。もう一度入力してください",
    PasswordTooShort: "{minimum}文字以上で入力してください（いまは{now}文字です）",
    PasswordTooLong: "{maximum}文字以内で入力してください",
    PasswordHasControl: "改行などの見えない文字は使えません",
    PasswordIsCardNumber: "カードの番号は使えません。ほかのパスワードにしてください",
    PasswordIsBirthDate: "生年月日は使えません。ほかのパスワードにしてください",
    PasswordIsPhone: "電話番号は使えません。ほかのパスワードにしてください",
    PasswordIsName: "お名前は使えません。ほかのパスワードにしてください",
    PasswordIsCommon: "よく使われていて、すぐに当てられるパスワードです。ほかのものにしてください",
    PasswordIsCurrent: "現パスワードと同じです。ほかのパスワードにしてください",
    LoginMalformed: "ログインIDは、半角の英数字と . _ - で、2文字から40文字までにしてください。",
    LoginTaken: "ログインID「{login}」は、すでに使われています。",
    StaffPasswordTooShort: "職員のパスワードは{minimum}文字以上にしてください。",
    StaffSignInRefused: "ログインIDかパスワードが違います。もう一度ご確認ください。わからないときは、管理の担当者から新しいパスワードを受け取ってください。",
    PasswordIsLogin: "ログインIDと同じものは使えません。ほかの人が思いつかないものにしてください",
    LastAdmin: "管理の担当者がほかにいないため、変更できません。先に、ほかの職員を「管理」にしてください。",
    SetupCodeWrong: "コードが違います。サーバーの画面に表示されたコードを、もう一度ご確認ください。",
})  # fmt: skip
