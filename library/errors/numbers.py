"""The numbers of cards and copies, and their forms."""

from library.errors.refusal import Refused


# -- new numbers -----------------------------------------------------------------------------------------------------
class NumberHasNoForm(Refused):
    sentence = "番号の形式（{forms}）で入力してください。"


class CheckDigitWrong(Refused):
    sentence = "番号の検査数字が合いません。"


# -- read and meant by two -------------------------------------------------------------------------------------------
class CardAmbiguous(Refused):
    sentence = "この番号に当てはまるカードが2枚以上あります。カードの番号を、0も省かずに入力してください。"


class WhichCard(Refused):
    """Asked of the staff alone: it names people."""

    sentence = "どちらのカードですか：{cards}。"


class ItemAmbiguous(Refused):
    sentence = "この番号に当てはまる資料が2点以上あります。資料の番号を、0も省かずに入力してください。"


# -- other numbers of a person ---------------------------------------------------------------------------------------
class OtherNumbersFull(Refused):
    sentence = "ほかの番号は{most}個までです。使わないものを外してから、加えてください。"


class OtherNumberMalformed(Refused):
    sentence = "旧カードの番号は、英数字と - . $ : / + で、{longest}文字までで入力してください。"


class MykeyMalformed(Refused):
    sentence = "マイキーIDは、英数字8文字です。12桁の個人番号（マイナンバー）は入力しないでください。"


class MykeyNotConfirmed(Refused):
    sentence = "ご本人の申し出を確かめて、「本人の申し出を確かめました」に印をつけてください。"


class CardIsAnothersNow(Refused):
    sentence = "この利用者番号は、いま別の方です。"


class NumberOfSomebody(Refused):
    sentence = "この番号は、すでに登録されています。"


# -- forms -----------------------------------------------------------------------------------------------------------
class PrefixMalformed(Refused):
    sentence = "はじめの文字に使えるのは、英数字と - . $ : / + です。"


class PrefixTooLong(Refused):
    sentence = "はじめの文字と検査数字のほかに、番号が1桁以上残るようにしてください。"


class PadsWithoutLength(Refused):
    sentence = "先頭の0を補うには、桁数を決めてください。"


class CheckDigitCantSay(Refused):
    sentence = "この検査数字は、はじめの文字から計算できません。"


class FirstNumberHasNoForm(Refused):
    sentence = "この形（{form}）で、はじめの文字と検査数字のほかを数字で入力してください。"


class TooManyForms(Refused):
    sentence = "形は{most}つまでです。使わないものを削除してから、加えてください。"


class NoFormForNew(Refused):
    sentence = "新しい番号に使う形がなくなります。先に、ほかの形を「新しい番号に使う」にしてください。"


class FormIsForNew(Refused):
    sentence = "新しい番号に使う形は、削除できません。先に、ほかの形を「新しい番号に使う」にしてください。"
