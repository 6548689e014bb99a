"""Any form, the information change, families, and what a patron does with the account as a whole."""

from library.errors.refusal import Fix, Refused


# -- any form -------------------------------------------------------------------------------------------------------
class FieldMissing(Refused):
    sentence = "入力が届きませんでした。画面を開き直して、もう一度お試しください。"


class FieldDoubled(Refused):
    sentence = "同じ項目が二重に届きました。画面を開き直して、もう一度お試しください。"


class FieldTooLong(Refused):
    sentence = "{maximum}文字以内で入力してください。"


class FieldHasControl(Refused):
    sentence = "見えない文字（制御文字）が入っています。入力し直してください。"


class ChoiceUnknown(Refused):
    sentence = "選択肢の中から選んでください。"


# -- information change ---------------------------------------------------------------------------------------------
class AddressMalformed(Refused):
    sentence = "メールアドレスの形ではありません。「abc@example.jp」のように入力してください。"


class AddressTwice(Refused):
    sentence = "E-mail1と同じアドレスです。別のアドレスにするか、空にしてください。"


class NoAddressOfKind(Refused):
    sentence = (
        "「{kind}」のアドレスが登録されていません。E-mailに{kind}のアドレスを入力するか、「{kind}」を外してください。"
    )


class NoKindTicked(Refused):
    sentence = "配信するときは、送り先の「自PC」か「携帯」を選んでください。"


class DueNoticeNeedsMail(Refused):
    sentence = "返却期限通知を受け取るには、予約連絡方法を「メール」にしてください。"
    fix = Fix("contact_method", "mail", "予約連絡方法を「メール」にする")


class MailNeedsAddress(Refused):
    sentence = "「メール」にするときは、E-mail1かE-mail2を入力してください。"


class PhoneNotOnFile(Refused):
    sentence = "{phone}の電話番号が登録されていません。電話番号の登録は図書館の窓口で承ります。"


class BranchHandsOutNoHolds(Refused):
    sentence = "この館では、いま予約の受け取りができません。ほかの館を選んでください。"


class DraftGone(Refused):
    sentence = (
        "入力から30分が過ぎたか、ほかの画面で取り消されたため、変更していません。もう一度、内容をご確認ください。"
    )


class DraftReplaced(Refused):
    sentence = "ほかの画面で新しく入力されたため、変更していません。もう一度、内容をご確認ください。"


class DraftApplied(Refused):
    sentence = "この変更は、すでに受け付けています。二重には変更していません。"


class ChangedMeanwhile(Refused):
    sentence = "入力のあいだに、次の項目が{place}で変更されました：{fields}。まだ何も変更していません。内容をもう一度ご確認ください。"


class ConfirmationAddressUnknown(Refused):
    sentence = "送信先を選んでください。"


class AddressesChangedTooOften(Refused):
    sentence = (
        "新しいメールアドレスを登録できるのは、1日に{most}回までです。お急ぎのときは、図書館の窓口へお申し出ください。"
    )


class TestMailTooSoon(Refused):
    sentence = "テストメールは10分に1回です。あと{minutes}分お待ちください。"


class AddressUndeliverable(Refused):
    sentence = (
        "このアドレスにはメールが届いていません。正しいときは、「テストメールを送る」で届くかどうかをお確かめください。"
    )


class AddressLooksMistyped(Refused):
    """A warning, with a ``fix`` of its own."""

    sentence = "{wrong} は {right} の入力間違いではありませんか。このままでも登録できます。"


class AddressOfCarrier(Refused):
    """A warning, with a ``fix`` of its own."""

    sentence = "{domain} は携帯電話会社のアドレスです。種別を「携帯」にすると、短い文のメールをお送りします。"


class AddressOfOldForm(Refused):
    """A warning."""

    sentence = "「.」が続くか「@」の前にある、古い形のアドレスです。登録できますが、届かないことがあります。"


class FamilyNumberMalformed(Refused):
    sentence = "カードの番号として読めません。カードをご覧になって、もう一度入力してください。"


class FamilyIsOneself(Refused):
    sentence = "見る方と見られる方のカードの番号が同じです。"


class FamilyThere(Refused):
    sentence = "このカードは、すでに見られるようになっています。"


class FamilyAsked(Refused):
    sentence = "このカードには、すでに申し込んでいます。"


class FamilyFull(Refused):
    sentence = "申し込み中のものを合わせて{most}枚までです。使わないものをやめると、申し込めます。"


class FamilyAskedTooOften(Refused):
    sentence = "今日はもう申し込めません。明日、もう一度お試しください。"


class FamilyAskedOfOneTooOften(Refused):
    sentence = "1枚のカードへの申し込みは、{days}日のあいだに{most}回までです。"


class FamilyAnswersThemselves(Refused):
    sentence = (
        "この方は、ご自分でログインできます。ご本人のMyライブラリの「家族のカード」で同意していただいてください。"
    )


class FamilyConsentMissing(Refused):
    sentence = "お二人の同意を確かめて、印を付けてください。"


class FamilyLookMissing(Refused):
    sentence = "「見る」に印を付けてください。「延長をまかせる」と「カードを見せる」は、「見る」とあわせて選べます。"


class FamilyLabelTooLong(Refused):
    sentence = "印は、1文字にしてください。"


class FamilyTooYoung(Refused):
    sentence = "書名を見せるかどうかは、{age}歳から選べます。"


class FamilyTitlesSealed(Refused):
    sentence = "書名を見せることは、保護中の記録を開いてから選べます。"


class FamilyStayTooEarly(Refused):
    sentence = "いまは選べません。18歳になる60日前から選べます。"


class FamilyRenewalNotLeft(Refused):
    """Refuses loans of somebody who does not leave them to the viewer, or not one by one, and those that are not out any more: the same
    for all, so that no loan of somebody who shows no titles is found out.
    """

    sentence = "延長をまかされていないか、返却された資料がありました。どの資料も延長していません。"


class FamilyRenewedTogether(Refused):
    """Refuses all loans of somebody who shows no titles, where one of them can't be renewed; without the reason, which would tell which."""

    sentence = "書名を見せない方の資料は、すべて延長できるときだけ延長します。"


# -- notices to phones -------------------------------------------------------------------------------------------------
class NoPushKind(Refused):
    sentence = "受け取る通知を1つ以上選んでください。"


class PushEndpointRefused(Refused):
    """Not https, another port, a host that is not listed, a name or a fragment in it: whatever is wrong with the address of a device."""

    sentence = "この端末へは通知をお送りできません。ブラウザの通知サービスが、図書館の使うものではありません。"


class PushKeysRefused(Refused):
    sentence = "端末から届いた情報を読めませんでした。もう一度「通知を受け取る」を押してください。"


class TooManyPushDevices(Refused):
    sentence = "通知を受け取れる端末は{most}台までです。使わない端末の通知をやめてから、登録してください。"
