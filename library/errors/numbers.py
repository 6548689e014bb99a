"""The numbers of cards and copies, and their forms."""

from library.errors.refusal import refusal

# -- new numbers -----------------------------------------------------------------------------------------------------
NumberHasNoForm = refusal("番号の形式（{forms}）で入力してください。")
CheckDigitWrong = refusal("番号の検査数字が合いません。")

# -- numbers that two share ------------------------------------------------------------------------------------------
CardAmbiguous = refusal("この番号に当てはまるカードが2枚以上あります。カードの番号を、0も省かずに入力してください。")
# for the staff alone: it names people
WhichCard = refusal("どちらのカードですか：{cards}。")
ItemAmbiguous = refusal("この番号に当てはまる資料が2点以上あります。資料の番号を、0も省かずに入力してください。")

# -- other numbers of a person ---------------------------------------------------------------------------------------
OtherNumbersFull = refusal("ほかの番号は{most}個までです。使わないものを外してから、加えてください。")
OtherNumberMalformed = refusal("旧カードの番号は、英数字と - . $ : / + で、{longest}文字までで入力してください。")
MykeyMalformed = refusal("マイキーIDは、英数字8文字です。12桁の個人番号（マイナンバー）は入力しないでください。")
MykeyNotConfirmed = refusal("ご本人の申し出を確かめて、「本人の申し出を確かめました」に印をつけてください。")
CardIsAnothersNow = refusal("この利用者番号は、いま別の方です。")
NumberOfSomebody = refusal("この番号は、すでに登録されています。")

# -- forms -----------------------------------------------------------------------------------------------------------
PrefixMalformed = refusal("はじめの文字に使えるのは、英数字と - . $ : / + です。")
PrefixTooLong = refusal("はじめの文字と検査数字のほかに、番号が1桁以上残るようにしてください。")
PadsWithoutLength = refusal("先頭の0を補うには、桁数を決めてください。")
CheckDigitCantSay = refusal("この検査数字は、はじめの文字から計算できません。")
FirstNumberHasNoForm = refusal("この形（{form}）で、はじめの文字と検査数字のほかを数字で入力してください。")
TooManyForms = refusal("形は{most}つまでです。使わないものを削除してから、加えてください。")
NoFormForNew = refusal("新しい番号に使う形がなくなります。先に、ほかの形を「新しい番号に使う」にしてください。")
FormIsForNew = refusal("新しい番号に使う形は、削除できません。先に、ほかの形を「新しい番号に使う」にしてください。")
