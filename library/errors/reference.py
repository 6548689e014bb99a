"""Questions to the library, and answers that everybody may read."""

from library.errors.refusal import WORDING, Refused


class AskedTooOften(Refused): ...  # seconds, words


class FilesRefused(Refused): ...


class QuestionEnded(Refused): ...


class QuestionNotTaken(Refused): ...


class AnswerWithoutConsent(Refused): ...


class QuestionNotAnswered(Refused): ...


WORDING.update({
    AskedTooOften: "続けて質問が届いたため、いまは受け付けられません。{words}ほどお待ちになってから、もう一度お試しください。お急ぎのときは、図書館へお電話ください。",
    FilesRefused: "ファイルは受け取れません。資料や写真をお見せになりたいときは、図書館の窓口へお持ちください。",
    QuestionEnded: "この質問は、もう終わっています。ほかの人が回答したか、終えました。",
    QuestionNotTaken: "この質問は、ほかの人が調べています。続けるときは、先に「引き継ぐ」を押してください。",
    AnswerWithoutConsent: "公開への同意がありません。質問した人が同意しない限り、公開できません。",
    QuestionNotAnswered: "回答した質問だけを公開できます。",
})  # fmt: skip
