"""A language says a sentence, its facts and its days; with readings in HTML."""

from gettext import NullTranslations

import pytest
from markupsafe import Markup, escape

from library.language import days, languages, readings, sentences

WORDS = {
    "{n}点を借りています。": ("{n} item on loan.", "{n} items on loan."),
    "返却期限は{day}です。": "Due {day}.",
    "{link}をご覧ください。": "See {link}.",
    "資料": "item",
    "{kind_word}です。ご確認ください。": "It is an {kind_word}. Check it.",
    "{what_word}がありません。": "There is no {what_word}.",
}


class Said(NullTranslations):
    def gettext(self, message):
        return WORDS.get(message, message)

    def ngettext(self, one, many, n):
        return WORDS[one][n != 1] if one in WORDS else one


class Read(NullTranslations):
    def gettext(self, message):
        return {
            "資料": "{資料|しりょう}",
            "{name}さん": "{name}さん",
            "「{title}」の資料": "「{title}」の{資料|しりょう}",
        }.get(message, message)


@pytest.fixture
def english():
    return languages.Language("en", Said)


@pytest.fixture
def read():
    return languages.Language("ja", Read, furigana=True)


@pytest.fixture
def japanese():
    return languages.Language("ja", NullTranslations)


@pytest.mark.parametrize(("n", "said"), [(0, "0 items on loan."), (1, "1 item on loan."), (2, "2 items on loan.")])
def test_a_number_chooses_singular_or_plural(n, said, english):
    assert english.say("{n}点を借りています。", n=n) == said


def test_a_sentence_that_was_made_in_japanese_is_said_in_english(english):
    made = sentences.Sentence("{n}点を借りています。", n=1)
    assert made == "1点を借りています。"
    assert english.say(made) == "1 item on loan."


def test_a_day_among_the_facts_is_written_as_the_language_does(english, japanese):
    assert english.say("返却期限は{day}です。", day="2026年12月9日(水)") == "Due Wed\u00a09\u00a0December 2026."
    assert japanese.say("返却期限は{day}です。", day="12月9日(水)") == "返却期限は12月9日(水)です。"


def test_a_word_among_the_facts_is_said_too(english):
    assert english.say("{what_word}がありません。", what_word="資料") == "There is no item."


@pytest.mark.parametrize("language", ["english", "japanese", "read"])
def test_a_fact_is_escaped_and_markup_is_not(language, request):
    said = request.getfixturevalue(language)
    assert "<b>" not in escape(said.say("{name}さん", name="<b>"))
    assert '<a href="/x">' in escape(said.say("{link}をご覧ください。", link=Markup('<a href="/x">?</a>')))


def test_several_are_said_one_by_one(english, japanese):
    several = sentences.Joined(["資料", sentences.Sentence("{n}点を借りています。", n=1), "12月9日(水)"], "、")
    assert several == "資料、1点を借りています。、12月9日(水)"
    assert english.say(several) == "item, 1 item on loan., Wed\u00a09\u00a0December"
    assert japanese.say(several) == several
    assert english.say("{what}", what=sentences.Joined(["資料", "資料"])) == "item item"


def test_an_opening_is_the_first_sentence_in_each_language(english, japanese):
    first = sentences.Opening("{kind_word}です。ご確認ください。", kind_word="資料")
    assert japanese.say(first) == first == "資料です"
    assert english.say(first) == "It is an item"
    whole = sentences.Opening("{kind_word}です。ご確認ください。", stop=True, kind_word="資料")
    assert (whole, english.say(whole)) == ("資料です。", "It is an item.")


def test_japanese_among_the_facts_is_marked_in_other_languages(english, japanese):
    assert '<span lang="ja">&lt;心&gt;</span>' in escape(english.say("{name}さん", name="<心>"))
    assert "span" not in escape(english.say("{name}さん", name="Kokoro"))
    assert "span" not in escape(japanese.say("{name}さん", name="心"))


def test_a_text_that_is_no_sentence_is_returned_as_it_came(english):
    assert english.say("こころ") == "こころ"


def test_a_sentence_is_said_once(read):
    said = read.say("資料")
    assert read.say(said) is said


def test_readings_are_in_html_alone(read):
    said = read.say("資料")
    assert said == "資料"
    assert escape(said) == f"<span>{readings.ruby('資料', 'しりょう')}</span>"
    assert "{title}" not in escape(read.say("「{title}」の資料", title="<こころ>"))


@pytest.mark.parametrize(
    ("written", "english", "easy"),
    [
        ("12月9日(水)", "Wed 9 December", "12{月|がつ}{9日|ここのか}（{水曜日|すいようび}）"),
        ("2026年12月21日", "21 December 2026", "2026{年|ねん}12{月|がつ}21{日|にち}"),
        (
            "2026年11月25日(水) 10:42",
            "Wed 25 November 2026, 10:42",
            "2026{年|ねん}11{月|がつ}25{日|にち}（{水曜日|すいようび}） 10:42",
        ),
        ("10時05分", "10:05", "10{時|じ}05{分|ふん}"),
        ("こころ", None, None),
    ],
)
def test_days_and_times_are_written_by_each_language(written, english, easy):
    assert days.in_english(written) == (
        english and english.replace(" ", "\u00a0").replace(",\u00a0", ", ").replace("\u00a02026", " 2026")
    )
    assert days.with_readings(written, easy=True) == easy
