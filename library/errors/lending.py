"""Opening days, loans, holds, the cart."""

from library.errors.refusal import WORDING, Refused


class NeverOpen(Refused): ...  # branch


class ClosingRuleUnreadable(Refused): ...  # text


class CardSuspended(Refused): ...


class CardStopped(Refused): ...


class CardStoppedSince(Refused): ...  # day, why


class CardExpired(Refused): ...


class CardExpiredOn(Refused): ...  # day


class CardClosed(Refused): ...


class HasOverdue(Refused): ...


class ItemNotLendable(Refused): ...  # state


class KindNotLent(Refused): ...  # kind


class ItemOut(Refused): ...


class ItemOutToPatron(Refused): ...  # due


class HeldForAnother(Refused): ...


class HolderWasTold(Refused): ...  # day


class LoanLimitReached(Refused): ...  # limit


class LoanKindLimitReached(Refused): ...  # kind, limit


class ReturnDayImpossible(Refused): ...


class UndoTooLate(Refused): ...


class UndoNotLast(Refused): ...


class UndoTold(Refused): ...


class LoanOver(Refused): ...


class LoanUnsettled(Refused): ...


class SomebodyWaits(Refused): ...


class RenewalsUsed(Refused): ...  # limit


class KindNotRenewed(Refused): ...


class RenewalNotLater(Refused): ...


class RenewalGainsLittle(Refused): ...  # days


class TitleHasNoCopy(Refused): ...


class KindNotHeld(Refused): ...  # kind


class TitleIsIn(Refused): ...


class AlreadyHeld(Refused): ...


class AlreadyBorrowed(Refused): ...


class HoldLimitReached(Refused): ...  # limit


class HoldKindLimitReached(Refused): ...  # kind, limit


class MailGoesNowhere(Refused): ...


class ContactUnclear(Refused): ...


class NothingChosen(Refused): ...


class CartRowsGone(Refused): ...


class HoldOver(Refused): ...


class HoldHasCopy(Refused): ...


class HoldOnShelf(Refused): ...


class NobodyBehind(Refused): ...


class HoldNotReady(Refused): ...


class ExtendedAlready(Refused): ...


class NextIsWaiting(Refused): ...


class SuspensionInThePast(Refused): ...


class OneAloneHasNoOrder(Refused): ...


class CartFull(Refused): ...  # limit


class InCartAlready(Refused): ...


class ItemHasLoan(Refused): ...


class ReasonMissing(Refused): ...


WORDING.update({
    NeverOpen: "「{branch}」には、この先1年、開館日がありません。休館日の設定をご確認ください。",
    ClosingRuleUnreadable: "「{text}」は、休館日のきまりとして読めません。「第3水曜」「最終木曜」「月末」「毎月15日」「12/29-1/3」のように入力してください。",
    CardSuspended: "図書館カードの利用が止まっています。図書館の窓口へお問い合わせください。",
    CardStopped: "利用停止中です（理由の記録はありません）。",
    CardStoppedSince: "利用停止中です（{day}から。理由：{why}）。",
    CardExpiredOn: "有効期限は {day}まででした。利用者の画面で更新できます。",
    CardExpired: "図書館カードの有効期限が切れています。窓口で更新できます。",
    CardClosed: "この図書館カードは、もう使われていません。",
    HasOverdue: "返却期限を過ぎた資料があります。返却されるまで、貸出・予約・延長はできません。",
    ItemNotLendable: "貸出できない資料です（{state}）。",
    KindNotLent: "{kind}は貸出していません。",
    ItemOut: "ほかの方に貸出中の資料です。先に返却の手続きをしてください。",
    ItemOutToPatron: "この方が借りている資料です（返却期限 {due}）。期限を延ばすときは、延長の手続きをしてください。",
    HeldForAnother: "ほかの方の予約のために取り置いている資料です。",
    HolderWasTold: "その方には{day}にお知らせしています。貸し出すときは、その方へ連絡してください。",
    LoanLimitReached: "借りられるのは{limit}点までです。",
    LoanKindLimitReached: "{kind}を借りられるのは{limit}点までです。",
    ReturnDayImpossible: "返却日は、貸出日から今日までの日にしてください。",
    UndoTooLate: "取り消せるのは、今日の手続きだけです。",
    UndoNotLast: "そのあとに別の手続きがあったため、取り消せません。",
    UndoTold: "次の方に予約のお知らせを送ったあとのため、取り消せません。",
    LoanOver: "返却済みの資料です。",
    LoanUnsettled: "窓口で確認している資料です。",
    SomebodyWaits: "次の予約が入っているため、延長できません。",
    RenewalsUsed: "延長できるのは{limit}回までです。",
    KindNotRenewed: "延長できない種類の資料です。",
    RenewalNotLater: "今日延長しても返却期限は変わりません。",
    RenewalGainsLittle: "延びるのは{days}日だけです。1点ずつ延長できます。",
    TitleHasNoCopy: "予約できる所蔵がありません。",
    KindNotHeld: "{kind}は予約できません。",
    TitleIsIn: "書架にある資料です。書架からお取りください。",
    AlreadyHeld: "すでに予約している資料です。",
    AlreadyBorrowed: "すでに借りている資料です。",
    HoldLimitReached: "予約できるのは{limit}点までです。",
    HoldKindLimitReached: "{kind}を予約できるのは{limit}点までです。",
    MailGoesNowhere: "メールの送り先がありません。利用者情報変更の「予約関連メール配信先」でお選びください。",
    ContactUnclear: "連絡方法と「メールで連絡する」が合っていません。メールで受け取るときは連絡方法を「メール」にし、受け取らないときは「メールで連絡する」を外してください。",
    NothingChosen: "資料が選ばれていません。1点以上を選んでください。",
    CartRowsGone: "選んだ資料は、もう予約かごにありません。予約が済んだものは「予約した資料」でご覧になれます。",
    HoldOver: "この予約は、すでに終わっています。",
    HoldHasCopy: "資料の準備ができているため、変更できません。",
    HoldOnShelf: "受取館に資料が届いているため、変更できません。",
    NobodyBehind: "次にお待ちの方がいないため、順番を譲れません。",
    HoldNotReady: "受け取りの準備ができた予約だけが対象です。",
    ExtendedAlready: "取り置きを延ばせるのは1回だけです。",
    NextIsWaiting: "次の方がお待ちのため、取り置きを延ばせません。",
    SuspensionInThePast: "今日より後の日を選んでください。",
    OneAloneHasNoOrder: "「順番どおり」と「いずれか一つ」は、2点以上を選んだときに使えます。",
    CartFull: "予約かごに入れられるのは{limit}点までです。",
    InCartAlready: "すでに予約かごに入っています。",
    ItemHasLoan: "貸出中の資料です。先に返却か紛失の手続きをしてください。",
    ReasonMissing: "理由を入力してください。",
})  # fmt: skip
