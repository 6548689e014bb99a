"""Questions to the library, and answers that everybody may read."""

from library.errors.refusal import Refused


class AskedTooOften(Refused):
    sentence = "続けて質問が届いたため、いまは受け付けられません。{words}ほどお待ちになってから、もう一度お試しください。お急ぎのときは、図書館へお電話ください。"


class FilesRefused(Refused):
    sentence = "ファイルは受け取れません。資料や写真をお見せになりたいときは、図書館の窓口へお持ちください。"


class QuestionEnded(Refused):
    sentence = "この質問は、もう終わっています。ほかの人が回答したか、終えました。"


class QuestionNotTaken(Refused):
    sentence = "この質問は、ほかの人が調べています。続けるときは、先に「引き継ぐ」を押してください。"


class AnswerWithoutConsent(Refused):
    sentence = "公開への同意がありません。質問した人が同意しない限り、公開できません。"


class QuestionNotAnswered(Refused):
    sentence = "回答した質問だけを公開できます。"
