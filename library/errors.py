"""Refusals: each has a name, and its sentence in Japanese stands in WORDING. Nothing else may word a refusal."""


class Refused(Exception):
    """A rule says no. ``facts`` fill the blanks of the sentence."""

    def __init__(self, **facts):
        super().__init__(facts)
        self.facts = facts

    @property
    def sentence(self) -> str:
        return WORDING[type(self)].format(**self.facts)

    def __str__(self):
        return self.sentence

    def __eq__(self, other):
        return type(self) is type(other) and self.facts == other.facts

    def __hash__(self):
        return hash((type(self), tuple(sorted(self.facts.items()))))


class RefusedTogether(Exception):
    """Several fields of one form are refused. ``by_field``: field name → list of Refused."""

    def __init__(self, by_field):
        super().__init__(by_field)
        self.by_field = by_field


# -- signing in ------------------------------------------------------------------------------------------------------
class SignInRefused(Refused): ...


class SignInTooOften(Refused): ...  # facts: seconds, words


class InitialPasswordOver(Refused): ...


class CurrentPasswordWrong(Refused): ...


class LinkDead(Refused): ...


# -- passwords -------------------------------------------------------------------------------------------------------
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


# -- any form --------------------------------------------------------------------------------------------------------
class FieldMissing(Refused): ...


class FieldDoubled(Refused): ...


class FieldTooLong(Refused): ...  # maximum


class FieldHasControl(Refused): ...


class ChoiceUnknown(Refused): ...


# -- information change ----------------------------------------------------------------------------------------------
class AddressMalformed(Refused): ...


class AddressTwice(Refused): ...


class NoAddressOfKind(Refused): ...  # kind


class NoKindTicked(Refused): ...


class DueNoticeNeedsMail(Refused): ...


class MailNeedsAddress(Refused): ...


class PhoneNotOnFile(Refused): ...  # phone


class BranchHandsOutNoHolds(Refused): ...


class DraftGone(Refused): ...


class DraftReplaced(Refused): ...


class DraftApplied(Refused): ...


class ChangedMeanwhile(Refused): ...  # fields


class ConfirmationAddressUnknown(Refused): ...


class TestMailTooSoon(Refused): ...  # minutes


class AddressUndeliverable(Refused): ...


WORDING = {
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
    FieldMissing: "入力が届きませんでした。画面を開き直して、もう一度お試しください",
    FieldDoubled: "同じ項目が二重に届きました。画面を開き直して、もう一度お試しください",
    FieldTooLong: "{maximum}文字以内で入力してください",
    FieldHasControl: "見えない文字（制御文字）が入っています。入力し直してください",
    ChoiceUnknown: "選択肢の中から選んでください",
    AddressMalformed: "メールアドレスの形ではありません。「abc@example.jp」のように入力してください",
    AddressTwice: "E-mail1と同じアドレスです。別のアドレスにするか、空にしてください",
    NoAddressOfKind: "「{kind}」のアドレスが登録されていません。E-mailに{kind}のアドレスを入力するか、「{kind}」を外してください",
    NoKindTicked: "配信するときは、送り先の「自PC」か「携帯」を選んでください",
    DueNoticeNeedsMail: "返却期限通知を受け取るには、予約連絡方法を「メール」にしてください",
    MailNeedsAddress: "「メール」にするときは、E-mail1かE-mail2を入力してください",
    PhoneNotOnFile: "{phone}の電話番号が登録されていません。電話番号の登録は図書館の窓口で承ります",
    BranchHandsOutNoHolds: "この館では、いま予約の受け取りができません。ほかの館を選んでください",
    DraftGone: "入力から30分が過ぎたか、ほかの画面で取り消されたため、変更していません。もう一度、内容をご確認ください。",
    DraftReplaced: "ほかの画面で新しく入力されたため、変更していません。もう一度、内容をご確認ください。",
    DraftApplied: "この変更は、すでに受け付けています。二重には変更していません。",
    ChangedMeanwhile: "入力のあいだに、図書館で次の項目が変更されました：{fields}。まだ何も変更していません。内容をもう一度ご確認ください。",
    ConfirmationAddressUnknown: "送信先を選んでください",
    TestMailTooSoon: "テストメールは10分に1回です。あと{minutes}分お待ちください。",
    AddressUndeliverable: "このアドレスにはメールが届いていません。アドレスをお確かめください。",
}  # fmt: skip
