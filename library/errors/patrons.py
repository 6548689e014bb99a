"""Any form, the information change, families, and what a patron does with the account as a whole."""

from library.errors.refusal import Fix, Refused, refusal

# -- any form --------------------------------------------------------------------------------------------------------
FieldMissing = refusal("入力が届きませんでした。画面を開き直して、もう一度お試しください。")
FieldDoubled = refusal("同じ項目が二重に届きました。画面を開き直して、もう一度お試しください。")
FieldTooLong = refusal("{maximum}文字以内で入力してください。")
FieldHasControl = refusal("見えない文字（制御文字）が入っています。入力し直してください。")
ChoiceUnknown = refusal("選択肢の中から選んでください。")
FieldEmpty = refusal("入力してください。")
DateMalformed = refusal("日付として読めません。2026-11-25、2026/11/25、令和8年11月25日 のように入力してください。")

# -- any file --------------------------------------------------------------------------------------------------------
FileMissing = refusal("ファイルを選んでください。")
UploadGone = refusal("送信されたファイルは、時間が過ぎたため消えています。もう一度ファイルを選んでください。")

# -- information change ----------------------------------------------------------------------------------------------
AddressMalformed = refusal("メールアドレスの形ではありません。「abc@example.jp」のように入力してください。")
AddressTwice = refusal("E-mail1と同じアドレスです。別のアドレスにするか、空にしてください。")
NoAddressOfKind = refusal(
    "「{kind_word}」のアドレスが登録されていません。E-mailに{kind_word}のアドレスを入力するか、「{kind_word}」を外してください。"
)
NoKindTicked = refusal("配信するときは、送り先の「自PC」か「携帯」を選んでください。")
MailNeedsAddress = refusal("「メール」にするときは、E-mail1かE-mail2を入力してください。")
PhoneNotOnFile = refusal("{phone_word}の電話番号が登録されていません。電話番号の登録は図書館の窓口で承ります。")
BranchHandsOutNoHolds = refusal("この館では、いま予約の受け取りができません。ほかの館を選んでください。")
GroupKeepsNoHistory = refusal("団体のカードでは、貸出履歴を残せません。")
AddressesChangedTooOften = refusal(
    "新しいメールアドレスを登録できるのは、1日に{most}回までです。お急ぎのときは、図書館の窓口へお申し出ください。"
)


class DueNoticeNeedsMail(Refused):
    sentence = "返却期限通知を受け取るには、予約連絡方法を「メール」にしてください。"
    fix = Fix("contact_method", "mail", "予約連絡方法を「メール」にする")


# -- information change: the draft -----------------------------------------------------------------------------------
DraftGone = refusal(
    "入力から30分が過ぎたか、ほかの画面で取り消されたため、変更していません。もう一度、内容をご確認ください。"
)
DraftReplaced = refusal("ほかの画面で新しく入力されたため、変更していません。もう一度、内容をご確認ください。")
DraftApplied = refusal("この変更は、すでに受け付けています。二重には変更していません。")
ChangedMeanwhile = refusal(
    "入力のあいだに、次の項目が{place}で変更されました：{fields}。まだ何も変更していません。内容をもう一度ご確認ください。"
)

# -- test mails ------------------------------------------------------------------------------------------------------
ConfirmationAddressUnknown = refusal("送信先を選んでください。")
TestMailTooSoon = refusal("テストメールは10分に1回です。あと{n}分お待ちください。")

# -- warnings of an address ------------------------------------------------------------------------------------------
AddressUndeliverable = refusal(
    "このアドレスにはメールが届いていません。正しいときは、「テストメールを送る」で届くかどうかをお確かめください。"
)
AddressLooksMistyped = refusal("{wrong} は {right} の入力間違いではありませんか。このままでも登録できます。")
AddressOfCarrier = refusal(
    "{domain} は携帯電話会社のアドレスです。種別を「携帯」にすると、短い文のメールをお送りします。"
)
AddressOfOldForm = refusal(
    "「.」が続くか「@」の前にある、古い形のアドレスです。登録できますが、届かないことがあります。"
)

# -- families: asking and consent ------------------------------------------------------------------------------------
FamilyNumberMalformed = refusal("カードの番号として読めません。カードをご覧になって、もう一度入力してください。")
FamilyIsOneself = refusal("見る方と見られる方のカードの番号が同じです。")
FamilyThere = refusal("このカードは、すでに見られるようになっています。")
FamilyAsked = refusal("このカードには、すでに申し込んでいます。")
FamilyFull = refusal("申し込み中のものを合わせて{most}枚までです。使わないものをやめると、申し込めます。")
FamilyAskedTooOften = refusal("今日はもう申し込めません。明日、もう一度お試しください。")
FamilyAskedOfOneTooOften = refusal("1枚のカードへの申し込みは、{days}日のあいだに{most}回までです。")

# -- families: what is shown, and renewals ---------------------------------------------------------------------------
FamilyLookMissing = refusal(
    "「見る」に印を付けてください。「延長をまかせる」と「カードを見せる」は、「見る」とあわせて選べます。"
)
FamilyLabelTooLong = refusal("印は、1文字にしてください。")
FamilyTooYoung = refusal("書名を見せるかどうかは、{age}歳から選べます。")
FamilyTitlesSealed = refusal("書名を見せることは、保護中の記録を開いてから選べます。")
FamilyStayTooEarly = refusal("いまは選べません。18歳になる60日前から選べます。")
# renewal is not left to the viewer, or the loan is not out any more: one sentence, so that it gives away no loan
# of somebody who shows no titles
FamilyRenewalNotLeft = refusal("延長をまかされていないか、返却された資料がありました。どの資料も延長していません。")
# one of the loans can't be renewed; the reason would tell which
FamilyRenewedTogether = refusal("書名を見せない方の資料は、すべて延長できるときだけ延長します。")

# -- notices to phones -----------------------------------------------------------------------------------------------
NoPushKind = refusal("受け取る通知を1つ以上選んでください。")
# whatever is wrong with the address of a device: not https, another port, an unlisted host, a name or fragment in it
PushEndpointRefused = refusal(
    "この端末へは通知をお送りできません。ブラウザの通知サービスが、図書館の使うものではありません。"
)
PushKeysRefused = refusal("端末から届いた情報を読めませんでした。もう一度「通知を受け取る」を押してください。")
TooManyPushDevices = refusal(
    "通知を受け取れる端末は{most}台までです。使わない端末の通知をやめてから、登録してください。"
)

# -- closing the card ------------------------------------------------------------------------------------------------
PatronHasLoans = refusal("返却や弁償の済んでいない資料が{n}点あります。")
