"""Any form, and the information change."""

from library.errors.refusal import WORDING, Refused


# -- any form -------------------------------------------------------------------------------------------------------
class FieldMissing(Refused): ...


class FieldDoubled(Refused): ...


class FieldTooLong(Refused): ...  # maximum


class FieldHasControl(Refused): ...


class ChoiceUnknown(Refused): ...


# -- information change ---------------------------------------------------------------------------------------------
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


class ChangedMeanwhile(Refused): ...  # fields, place


class ConfirmationAddressUnknown(Refused): ...


class TestMailTooSoon(Refused): ...  # minutes


class AddressUndeliverable(Refused): ...


WORDING.update({
    FieldMissing: "入力が届きませんでした。画面を開き直して、もう一度お試しください。",
    FieldDoubled: "同じ項目が二重に届きました。画面を開き直して、もう一度お試しください。",
    FieldTooLong: "{maximum}文字以内で入力してください。",
    FieldHasControl: "見えない文字（制御文字）が入っています。入力し直してください。",
    ChoiceUnknown: "選択肢の中から選んでください。",
    AddressMalformed: "メールアドレスの形ではありません。「abc@example.jp」のように入力してください。",
    AddressTwice: "E-mail1と同じアドレスです。別のアドレスにするか、空にしてください。",
    NoAddressOfKind: "「{kind}」のアドレスが登録されていません。E-mailに{kind}のアドレスを入力するか、「{kind}」を外してください。",
    NoKindTicked: "配信するときは、送り先の「自PC」か「携帯」を選んでください。",
    DueNoticeNeedsMail: "返却期限通知を受け取るには、予約連絡方法を「メール」にしてください。",
    MailNeedsAddress: "「メール」にするときは、E-mail1かE-mail2を入力してください。",
    PhoneNotOnFile: "{phone}の電話番号が登録されていません。電話番号の登録は図書館の窓口で承ります。",
    BranchHandsOutNoHolds: "この館では、いま予約の受け取りができません。ほかの館を選んでください。",
    DraftGone: "入力から30分が過ぎたか、ほかの画面で取り消されたため、変更していません。もう一度、内容をご確認ください。",
    DraftReplaced: "ほかの画面で新しく入力されたため、変更していません。もう一度、内容をご確認ください。",
    DraftApplied: "この変更は、すでに受け付けています。二重には変更していません。",
    ChangedMeanwhile: "入力のあいだに、次の項目が{place}で変更されました：{fields}。まだ何も変更していません。内容をもう一度ご確認ください。",
    ConfirmationAddressUnknown: "送信先を選んでください。",
    TestMailTooSoon: "テストメールは10分に1回です。あと{minutes}分お待ちください。",
    AddressUndeliverable: "このアドレスにはメールが届いていません。正しいときは、「テストメールを送る」で届くかどうかをお確かめください。",
})  # fmt: skip
