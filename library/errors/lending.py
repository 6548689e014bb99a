"""Opening days, loans, holds, the cart."""

from library.errors.refusal import Refused


class NeverOpen(Refused):
    sentence = "「{branch}」には、この先1年、開館日がありません。休館日の設定をご確認ください。"


class ClosingRuleUnreadable(Refused):
    sentence = "「{text}」は、定休日として読めません。「第3水曜」「最終木曜」「月末」「毎月15日」「12/29-1/3」のように入力してください。"


class CardSuspended(Refused):
    sentence = "図書館カードの利用が止まっています。図書館の窓口へお問い合わせください。"


class CardStopped(Refused):
    sentence = "利用停止中です（理由の記録はありません）。"


class CardStoppedBecause(Refused):
    sentence = "利用停止中です（理由：{why}）。"


class CardStoppedSince(Refused):
    sentence = "利用停止中です（{day}から。理由：{why}）。"


class CardExpired(Refused):
    sentence = "図書館カードの有効期限が切れています。窓口で更新できます。"


class CardExpiredOn(Refused):
    sentence = "有効期限は {day}まででした。利用者の画面で更新できます。"


class CardClosed(Refused):
    sentence = "この図書館カードは、もう使われていません。"


class HasOverdue(Refused):
    sentence = "返却期限を過ぎた資料があります。返却されるまで、貸出・予約・延長はできません。"


class ItemNotLendable(Refused):
    sentence = "貸出できない資料です（{state}）。"


class KindNotLent(Refused):
    sentence = "{kind}は貸出していません。"


class ItemOut(Refused):
    sentence = "ほかの方に貸出中の資料です。先に返却の手続きをしてください。"


class ItemOutToPatron(Refused):
    sentence = "この方が借りている資料です（返却期限 {due}）。期限を延ばすときは、延長の手続きをしてください。"


class HeldForAnother(Refused):
    sentence = "ほかの方の予約のために取り置いている資料です。"


class HolderWasTold(Refused):
    sentence = "その方には{day}にお知らせしています。貸し出すときは、その方へ連絡してください。"


class LoanLimitReached(Refused):
    sentence = "借りられるのは{limit}点までです。"


class LoanKindLimitReached(Refused):
    sentence = "{kind}を借りられるのは{limit}点までです。"


class ReturnDayImpossible(Refused):
    sentence = "返却日は、貸出日から今日までの日にしてください。"


class UndoTooLate(Refused):
    sentence = "取り消せるのは、今日の手続きだけです。"


class UndoNotLast(Refused):
    sentence = "そのあとに別の手続きがあったため、取り消せません。"


class UndoTold(Refused):
    sentence = "次の方に予約のお知らせを送ったあとのため、取り消せません。"


class LoanOver(Refused):
    sentence = "返却済みの資料です。"


class LoanUnsettled(Refused):
    sentence = "窓口で確認している資料です。"


class SomebodyWaits(Refused):
    sentence = "次の予約が入っているため、延長できません。"


class RenewalsUsed(Refused):
    sentence = "延長できるのは{limit}回までです。"


class KindNotRenewed(Refused):
    sentence = "延長できない種類の資料です。"


class RenewalNotLater(Refused):
    sentence = "今日延長しても返却期限は変わりません。"


class RenewalNotAsShown(Refused):
    sentence = "延長後の返却期限が、表示した日から変わりました。もう一度お確かめください。"


class RenewalGainsLittle(Refused):
    sentence = "延長しても{days}日しか延びません。延長する場合は1点ずつ押してください。"


class TitleHasNoCopy(Refused):
    sentence = "予約できる所蔵がありません。"


class KindNotHeld(Refused):
    sentence = "{kind}は予約できません。"


class TitleIsIn(Refused):
    sentence = "書架にある資料です。書架からお取りください。"


class AlreadyHeld(Refused):
    sentence = "すでに予約している資料です。"


class AlreadyBorrowed(Refused):
    sentence = "すでに借りている資料です。"


class HoldLimitReached(Refused):
    sentence = "予約できるのは{limit}点までです。"


class HoldKindLimitReached(Refused):
    sentence = "{kind}を予約できるのは{limit}点までです。"


class MailGoesNowhere(Refused):
    sentence = "メールの送り先がありません。利用者情報変更の「予約関連メール配信先」でお選びください。"


class ContactUnclear(Refused):
    sentence = "連絡方法と「メールで連絡する」が合っていません。メールで受け取るときは連絡方法を「メール」にし、受け取らないときは「メールで連絡する」を外してください。"


class NothingChosen(Refused):
    sentence = "資料が選ばれていません。1点以上を選んでください。"


class CartRowsGone(Refused):
    sentence = "選んだ資料は、もう予約かごにありません。予約が済んだものは「予約した資料」でご覧になれます。"


class HoldOver(Refused):
    sentence = "この予約は、すでに終わっています。"


class HoldGivenUp(Refused):
    sentence = "この予約は、すでに取り消しています。"


class HoldHasCopy(Refused):
    sentence = "資料の準備ができているため、変更できません。"


class HoldOnShelf(Refused):
    sentence = "受取館に資料が届いているため、変更できません。"


class NobodyBehind(Refused):
    sentence = "次にお待ちの方がいないため、順番を譲れません。"


class HoldNotReady(Refused):
    sentence = "受け取りの準備ができた予約だけが対象です。"


class ExtendedAlready(Refused):
    sentence = "取り置きを延ばせるのは1回だけです。"


class NextIsWaiting(Refused):
    sentence = "次の方がお待ちのため、取り置きを延ばせません。"


class SuspensionInThePast(Refused):
    sentence = "今日より後の日を選んでください。"


class OneAloneHasNoOrder(Refused):
    sentence = "「順番どおり」と「いずれか一つ」は、2点以上を選んだときに使えます。"


class CartFull(Refused):
    sentence = "予約かごに入れられるのは{limit}点までです。"


class InCartAlready(Refused):
    sentence = "すでに予約かごに入っています。"


class ItemHasLoan(Refused):
    sentence = "貸出中の資料です。先に返却か紛失の手続きをしてください。"


class ReasonMissing(Refused):
    sentence = "理由を入力してください。"


class UndoOver(Refused):
    sentence = "元に戻せる時間が過ぎたか、もう元に戻してあります。"


class UndoChanged(Refused):
    sentence = "そのあとに変わったため、元に戻せません。"
