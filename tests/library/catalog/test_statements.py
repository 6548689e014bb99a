"""The people of a statement of authors, as vendors of tables and cataloguers write it: each with a role, none cut in half."""

import io

import pytest
from hypothesis import given, strategies as some

from library.catalog import statements
from library.catalog.readers import formats


def row(author, kana=""):
    """The record of a row with this statement of authors."""
    table = f'書名,著者,著者ヨミ\n本,"{author}","{kana}"\n'
    (entry,) = formats.recognised(io.BytesIO(table.encode()))
    entry.open()
    return entry.record


def people(author, kana=""):
    return [(each.name, each.role) for each in row(author, kana).contributors]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("芥川　竜之介／著", [("芥川竜之介", "著")]),
        ("太宰　治／著", [("太宰治", "著")]),
        ("池井戸 潤／著", [("池井戸潤", "著")]),
        ("佐藤　一〔ほか〕／［著］", [("佐藤一", "著")]),
        ("佐藤　一／ほか著", [("佐藤一", "著")]),
        ("山田 太郎・他／著", [("山田太郎", "著")]),
        ("新美　南吉／作　森　はな／絵", [("新美南吉", "作"), ("森はな", "絵")]),
        ("Ａ／作　Ｂ／訳", [("A", "作"), ("B", "訳")]),
        ("高木光 原作, 林みどり 漫画", [("高木光", "原作"), ("林みどり", "漫画")]),
        ("山田　花子・林　次郎／編著", [("山田花子", "編著"), ("林次郎", "編著")]),
        ("佐藤　一、鈴木　次郎／著", [("佐藤一", "著"), ("鈴木次郎", "著")]),
        ("ルーシー＝Ｍ・モンゴメリ／著", [("ルーシー=M・モンゴメリ", "著")]),
        ("エラリー・クイーン／〔著〕　越前　敏弥／訳", [("エラリー・クイーン", "著"), ("越前敏弥", "訳")]),
        ("いわむら　かずお／さく・え", [("いわむらかずお", "さく・え")]),
        ("夏目漱石著", [("夏目漱石", "著")]),
        ("谷川俊太郎 文 安野光雅 絵", [("谷川俊太郎", "文"), ("安野光雅", "絵")]),
        ("夢野久作", [("夢野久作", "")]),
        ("宮沢, 賢治", [("宮沢, 賢治", "")]),
        ("有島武郎, 有島生馬", [("有島武郎", ""), ("有島生馬", "")]),
        ("鈴木 修", [("鈴木修", "")]),
        ("幸田 文 著", [("幸田文", "著")]),
        ("Smith, John", [("Smith, John", "")]),
        ("AC/DC", [("AC/DC", "")]),
        ("著", [("著", "")]),
        ("田島正広 監修・編集代表/編著", [("田島正広", "監修・編集代表/編著")]),
        ("電子出版制作・流通協議会, 図書館 [編]", [("電子出版制作・流通協議会", "編"), ("図書館", "編")]),
        ("『CNN English Express』編集部 編集", [("『CNN English Express』編集部", "編集")]),
    ],
)
def test_everybody_is_named_whole_and_with_a_role(statement, named):
    assert people(statement) == named


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("太宰　治／著", "太宰治 著"),
        ("新美　南吉／作　森　はな／絵", "新美南吉 作 ; 森はな 絵"),
        ("山田　花子・林　次郎／編著", "山田花子・林次郎 編著"),
        ("佐藤　一〔ほか〕／［著］", "佐藤一〔ほか〕 [著]"),
        ("東野 圭吾", "東野圭吾"),
        ("J. K. Rowling", "J. K. Rowling"),
    ],
)
def test_a_statement_is_shown_with_names_closed_up_and_a_space_for_the_slash(statement, shown):
    assert row(statement).author == shown


@pytest.mark.parametrize(
    ("statement", "kana", "readings"),
    [
        ("新美　南吉／作　森　はな／絵", "ニイミ　ナンキチ；モリ　ハナ", ["ニイミ ナンキチ", "モリ ハナ"]),
        ("新美　南吉／作　森　はな／絵", "ﾆｲﾐ ﾅﾝｷﾁ, ﾓﾘ ﾊﾅ", ["ニイミ ナンキチ", "モリ ハナ"]),
        ("夏目漱石／著", "ナツメ, ソウセキ", ["ナツメ, ソウセキ"]),
        ("甲野　一・乙田　二／著", "コウノ ハジメ", ["コウノ ハジメ", ""]),
        ("夏目漱石／著", "ナツメ ソウセキ;ナツメ キンノスケ", ["ナツメ ソウセキ; ナツメ キンノスケ"]),
    ],
)
def test_readings_go_to_those_whom_they_name(statement, kana, readings):
    assert [each.kana for each in row(statement, kana).contributors] == readings


@given(some.text("太宰治ほか他／/・,、; 著編絵[]〔〕Aア", max_size=14))
def test_of_any_statement_no_letter_is_lost_and_no_name_is_empty(statement):
    found = statements.read(statement)
    assert all(each.name.strip() for each in found)
    assert "".join(statements.shown(statement).split()).count("太") == statement.count("太")
    assert ("太" in statement) == any("太" in each.name + each.role for each in found)
