"""The rules of the catalogues of words."""

from pathlib import Path

import pytest

from library.language import lint
from tests.each import of_each

FOLDER = Path(lint.__file__).parent


def rules(text):
    return [fault.rule for fault in lint.faults(text)]


@of_each([
    "{本|ほん}を{借|か}りる",
    "{返|かえ}す{日|ひ}：{day}",
    "{n}さつの{本|ほん}を{借|か}りています。",
    "この{本|ほん}は、もう{借|か}りられません。",
    "{本|ほん}を{長|なが}く{借|か}りますか。",
    "カードの{番号|ばんごう}を{書|か}いてください。",
    "{12月|じゅうにがつ}{9日|ここのか}（{水曜日|すいようび}）までに{返|かえ}してください。",
    "{少|すく}ないときは、ないことがあります。",
    "お{金|かね}をはらってください。",
    "お{知|し}らせを{送|おく}りました。（{day}まで{見|み}られます。）",
    "{図書館|としょかん}は{休|やす}みです。{電話|でんわ}してください。",
    "さがす",
    "",
])  # fmt: skip
def test_a_plain_sentence_has_no_fault(text):
    assert lint.faults(text) == []


@pytest.mark.parametrize(("text", "rule"), [
    ("あのね、" + "とても" * 13 + "です。", "longer than 40 letters"),
    ("きょう、あした、あさってです。", "more than 1 、"),
    ("はじめてカードをつくる{人|ひと}の{本|ほん}", "ending"),
    ("{本|ほん}です。カードもある。", "ending"),
    ("{本|ほん}を{返|かえ}すこと。", "ending"),
    ("{本|ほん}はありますが、{借|か}りられません。", "two sentences in one"),
    ("{本|ほん}がありますので{来|き}てください。", "two sentences in one"),
    ("{雨|あめ}のため、{休|やす}みです。", "two sentences in one"),
    ("{遠|とお}いので、{休|やす}みです。", "two sentences in one"),
    ("ないものはないです。", "double negative"),
    ("カードがなければ{借|か}りられません。", "double negative"),
    ("{待|ま}たざるを{得|え}ません。", "double negative"),
    ("{本|ほん}を{待|ま}っていただきます。", "honorific"),
    ("カードがございます。", "honorific"),
    ("{本|ほん}をお{借|か}りになります。", "honorific"),
    ("お{待|ま}ちください。", "honorific"),
    ("{本|ほん}をお{送|おく}りします。", "honorific"),
    ("{本|ほん}を{延長|えんちょう}します。", "hard word"),
    ("{図書|としょ}です。", "hard word"),
    ("{本を返します。", "kanji without a reading"),
    ("{本|ほん}を返します。", "kanji without a reading"),
    ("{本|本}です。", "reading"),
    ("{ほん|ほん}です。", "reading"),
    ("12{月|がつ}9{日|にち}({水|すい})までです。", "day"),
    ("12/9までです。", "day"),
    ("{水曜|すいよう}です。", "day"),
])  # fmt: skip
def test_a_fault_is_found(text, rule):
    assert rule in rules(text)


def test_a_fault_says_what_may_be_written_instead():
    assert [str(fault) for fault in lint.faults("{返却|へんきゃく}{期限|きげん}です。")] == [
        "hard word: 返却 → 返す",
        "hard word: 期限 → 返す日、いつまで",
    ]


def test_of_words_within_one_another_the_longest_is_named():
    assert [fault.words for fault in lint.faults("{利用者|りようしゃ}")] == ["利用者"]


def test_a_label_needs_no_ending_but_a_longer_text_does():
    assert rules("{借|か}りている{本|ほん}") == []
    assert rules("いま{借|か}りている{本|ほん}ぜんぶのリスト") == ["ending"]


def test_readings_stand_over_the_sentence_itself():
    assert lint.faults_of("ja", "資料を{n}点借りる", "{資料|しりょう}を{n}{点|てん}{借|か}りる") == []
    assert [fault.rule for fault in lint.faults_of("ja", "資料です。", "{本|ほん}です。")] == ["another text"]
    assert [fault.rule for fault in lint.faults_of("ja", "資料です。", "資料です。")] == ["kanji without a reading"]


def test_english_has_no_japanese_and_the_same_blanks():
    assert lint.faults_of("en", "{n}点", "One item") == []
    assert lint.faults_of("en", "{day}まで", "Due on {day}") == []
    assert [str(fault) for fault in lint.faults_of("en", "{day}まで", "Due まで")] == [
        "Japanese: まで",
        "blanks: {day}",
    ]


def test_easy_japanese_keeps_the_blanks():
    assert [str(fault) for fault in lint.faults_of("ja-simple", "{day}まで", "あしたまで")] == ["blanks: {day}"]


@pytest.mark.parametrize(("name", "least"), [("honorifics.tsv", 40), ("hard_words.tsv", 120)])
def test_a_list_names_plainer_words(name, least):
    rows = [line.split("\t") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    words = [row[0] for row in rows]
    assert len(rows) >= least
    assert len(set(words)) == len(words)
    assert not [row for row in rows if len(row) not in (2, 3) or not all(row)]
    assert not [row for row in rows if len(row) == 3 and not all(row[0] in longer for longer in row[2].split())]
