"""メールの文面: the library's own words, tried out before they are kept."""

import re

import pytest

from library.mail import outbox, own_texts
from models import Audit, Setting
from tests import factories

OWN = "{{ library_name }}の試し\n\nこんにちは、{{ name }}さん。"


@pytest.fixture
def at_desk(browse):
    browse.be(factories.staff("admin", login="yamada"))
    return browse


def send(browse, kind, text, **pressed):
    browse.get(f"/desk/texts/{kind}")
    return browse.post(f"/desk/texts/{kind}", {"text": text, **pressed})


def previews(browse):
    return [part.get_text() for part in browse.page.select(".mail-previews .mail-body")]


def test_all_kinds_are_listed(at_desk):
    at_desk.get("/desk/texts")
    assert [link.get_text() for link in at_desk.page.select("main td a, main th a")] == list(outbox.KINDS.values())


@pytest.mark.parametrize("kind", outbox.KINDS)
def test_the_shipped_text_of_each_kind_is_shown_with_what_becomes_of_it(at_desk, kind):
    assert at_desk.get(f"/desk/texts/{kind}").status_code == 200
    assert at_desk.page.find("textarea").get_text().strip() == at_desk.app.extensions["mail_texts"].shipped(kind)
    assert len(previews(at_desk)) == 2 and not any("{{" in text for text in previews(at_desk))


def test_a_form_that_was_not_touched_leaves_the_shipped_text(at_desk):
    at_desk.get("/desk/texts/due")
    assert at_desk.post("/desk/texts/due", at_desk.form()).status_code == 303
    assert own_texts.every() == {} and not Audit.select().where(Audit.action.startswith("mail_text")).exists()


def test_a_text_can_be_tried_without_keeping_it(at_desk):
    answer = send(at_desk, "test", OWN, **{"try": "1"})
    assert answer.status_code == 200 and previews(at_desk)[0] == "こんにちは、図書 花子さん。\n"
    assert "件名 すずかけ市立図書館の試し" in at_desk.text()
    assert own_texts.every() == {}


def test_a_text_is_kept_and_goes_back_in_one_press(at_desk):
    assert send(at_desk, "test", OWN).status_code == 303
    assert own_texts.every() == {"test": OWN}
    at_desk.get("/desk/texts")
    assert "自館の文面" in at_desk.text()
    at_desk.get("/desk/texts/test")
    assert at_desk.post("/desk/texts/test/shipped").status_code == 303
    assert own_texts.every() == {}
    at_desk.get("/desk/audit")
    assert "メールの文面の変更" in at_desk.text() and "標準に戻した" in at_desk.text()


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("test", "件名\n\n{% if name %}\n本文", "4行目：書き方が正しくありません"),
        ("test", "件名\n\n{{ nothing }}", "3行目：「nothing」という項目はありません"),
        (
            "due",
            "件名\n\n本文\n{% for group in groups %}{{ group.nothing }}{% endfor %}",
            "4行目：「nothing」という項目",
        ),
        ("test", "件名\n{{ 1/0 }}", "2行目：計算できません"),
        ("test", "件名\n{{ name.__class__.__mro__ }}", "2行目：この書き方は、安全のため使えません"),
        ("test", "件名\n{% include 'x' %}", "2行目：ほかの文面を読み込めません"),
        ("test", "件名だけ", "1行目に件名を"),
        ("test", "", "1行目に件名を"),
        ("reset", "件名\n\nリンクはありません", "本文に {{ token }} がありません"),
        ("hold_ready", "件名\n\n{{ holds[0].title.title() }}{{ holds[1] }}", "項目"),
        ("test", "あ" * 5_001, "5000文字以内"),
    ],
)
@pytest.mark.parametrize("pressed", [{}, {"try": "1"}])
def test_a_text_that_can_not_be_sent_is_refused_with_the_reason(at_desk, kind, text, sentence, pressed):
    answer = send(at_desk, kind, text, **pressed)
    assert answer.status_code == 422 and sentence in at_desk.text()
    assert at_desk.page.find("textarea").get_text().removeprefix("\n") == text
    assert own_texts.every() == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ name", "{{ か {% が閉じられていません"),
        ("{{ name }", "「}」の前後を確かめてください"),
        ("{{ ( }}", "「)」が足りません"),
        ("{{ name x }}", "「x」の前後を確かめてください"),
        ("{{ name 12 }}", "数や引用符の前後を確かめてください"),
        ("{{ }}", "書きかけのところがあります"),
        ("{% if count > %}x{% endif %}", "書きかけのところがあります"),
        ("{% if count = 3 %}a{% endif %}", "「=」の前後を確かめてください"),
        ("{% if name %}a", "{% if %} には {% endif %} が要ります"),
        ("{% if name %}a{% endfor %}", "{% if %} には {% endif %} が要ります"),
        ("{% iff name %}", "{% iff %} は、ここでは使えません"),
        ("{{ name $ }}", "「$」は、ここでは使えません"),
        ("{{ 'abc }}", "引用符が閉じられていません"),
        ("{{ name. }}", "書きかけのところがあります"),
        ("{# a", "{# が閉じられていません"),
        ("{% raw %}a", "{% raw %} が閉じられていません"),
        ("{% call x %}{% endcall %}", "2行目：書き方が正しくありません"),
        ("{{ name() }}", "文面では使えない書き方です"),
        ("{% include 'x' %}", "ほかの文面を読み込めません（x）"),
        ("{{ 1/0 }}", "0では割れません"),
        ("{{ name + 1 }}", "文字・数・一覧の使い方が合っていません"),
        ("{{ name|cut }}", "文字・数・一覧の使い方が合っていません"),
        ("{{ nothing }}", "「nothing」という項目はありません"),
        ("{% if mobile and not mobile %}{{ nothing }}{% endif %}", "「nothing」という項目はありません"),
        ("{{ self }}", "「self」という項目はありません"),
        ("{{ cycler }}", "「cycler」という項目はありません"),
        ("{{ lipsum }}", "「lipsum」という項目はありません"),
    ],
)
def test_a_wrong_text_is_told_in_japanese(at_desk, text, reason):
    assert send(at_desk, "test", f"件名\n{text}").status_code == 422
    said = at_desk.page.select_one("#text-messages").get_text()
    assert reason in said
    assert not re.search("[a-z]{2,} [a-z]{2,}", said)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'x' * 9999999999 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ 'x'|center(9999999999) }}",
        "{{ lipsum(n=99999) }}",
        "{% set x = name %}{{ x ~ x }}",
        "{% macro x() %}{{ x() }}{% endmacro %}{{ x() }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{% for a in groups %}" * 40 + "x" + "{% endfor %}" * 40,
        "{% for a in 'xxxxxxxxxxxx' %}{% for b in 'xxxxxxxxxxxxxxxxxxx' %}x{% endfor %}{% endfor %}",
        "{% for a in groups recursive %}{{ loop(groups) }}{% endfor %}",
        "{% include kind %}",
        "{% extends 'due.txt' %}",
        "{% import 'due.txt' as x %}",
    ],
)
def test_a_text_can_take_neither_time_nor_memory(at_desk, text):
    answer = send(at_desk, "due", f"件名\n\n{text}")
    assert answer.status_code == 422 and "3行目：書き方が正しくありません" in at_desk.text()
    assert own_texts.every() == {}


def test_a_text_that_breaks_for_some_mails_only_is_refused(at_desk):
    text = "件名\n\n{% if what == 'reset' %}{{ nothing }}{% else %}本文{% endif %}"
    assert send(at_desk, "security", text).status_code == 422


def test_a_text_that_broke_later_says_so(at_desk):
    Setting.create(name="mail_text_test", value="{{ gone }}")
    at_desk.get("/desk/texts")
    assert "標準の文面で送っています" in at_desk.text()
    assert at_desk.get("/desk/texts/test").status_code == 200 and "gone" in at_desk.text()


def test_a_kind_that_does_not_exist_is_not_there(at_desk):
    assert at_desk.get("/desk/texts/nothing").status_code == 404
    at_desk.get("/desk/texts")
    assert at_desk.post("/desk/texts/nothing", {"text": OWN}).status_code == 404
    assert at_desk.post("/desk/texts/nothing/shipped").status_code == 404


# -- in other languages ------------------------------------------------------------------------------------------------
def test_each_language_has_its_text_preview_and_own_words(at_desk):
    at_desk.get("/desk/texts/due")
    languages = at_desk.page.select("nav.tabs a")
    assert [(link["lang"], link.get_text()) for link in languages] == [
        ("ja", "日本語"), ("ja-simple", "やさしい日本語"), ("en", "English"),
    ]  # fmt: skip
    at_desk.get(languages[2]["href"])
    assert at_desk.page.find("h1").get_text() == "返却期限（English）の文面"
    assert at_desk.page.find("textarea").get_text().strip().startswith("Due date reminder")
    assert "Due: Wed 9 December 2026" in previews(at_desk)[0]


def test_an_english_text_is_kept_beside_the_japanese_one_and_goes_back_alone(at_desk):
    send(at_desk, "test", OWN)
    at_desk.get("/desk/texts/test?language=en")
    answer = at_desk.post("/desk/texts/test?language=en", {"text": "A try\n\nHello."})
    assert answer.status_code == 303 and own_texts.every() == {"test": OWN, "test.en": "A try\n\nHello."}
    at_desk.get("/desk/texts")
    assert "「テストメール（English）」の文面を保存しました。" in at_desk.text()
    row = next(row for row in at_desk.page.select("tbody tr") if "テストメール" in row.get_text())
    assert [state.get_text(" ", strip=True) for state in row.select("td p")] == ["自館の文面", "English： 自館の文面"]
    at_desk.get("/desk/texts/test?language=en")
    shipped = at_desk.page.find("form", action="/desk/texts/test/shipped")
    assert shipped.find("input", attrs={"name": "language"})["value"] == "en"
    at_desk.get("/desk/texts/test/shipped?language=en")
    assert "「テストメール（English）」の文面は消えます。" in at_desk.text()
    assert at_desk.post("/desk/texts/test/shipped?language=en").status_code == 303
    assert own_texts.every() == {"test": OWN}
    at_desk.get("/desk/audit")
    assert "テストメール（English）" in at_desk.text()


def test_an_english_text_that_can_not_be_sent_is_refused(at_desk):
    at_desk.get("/desk/texts/test?language=en")
    answer = at_desk.post("/desk/texts/test?language=en", {"text": "A try\n\n{{ nothing }}"})
    assert answer.status_code == 422 and "「nothing」という項目はありません" in at_desk.text()
    assert own_texts.every() == {}


def test_there_is_no_text_in_a_language_that_is_not_offered_and_none_but_japanese_for_the_administrator(at_desk):
    assert at_desk.get("/desk/texts/test?language=xx").status_code == 404
    assert at_desk.get("/desk/texts/admin?language=en").status_code == 404
    at_desk.get("/desk/texts/admin")
    assert not at_desk.page.select("nav.tabs")
