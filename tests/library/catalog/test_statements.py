"""The people of a statement of authors, as vendors of tables and cataloguers write it: each with a role, none cut in
half.
"""

import io

import pytest
from hypothesis import given, strategies as some

from library.catalog import statements
from library.catalog.readers import formats


def row(author, kana=""):
    """The record of a row with this statement of authors."""
    table = f'書名,著者,著者ヨミ\n本,"{author}","{kana}"\n'
    (entry,) = formats.recognise(io.BytesIO(table.encode()))
    entry.parse()
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
        ("Natsume, Soseki; translated by Edwin McClellan", [("Natsume, Soseki", ""), ("Edwin McClellan", "訳")]),
        ("by Dr. Seuss", [("Dr. Seuss", "著")]),
        (
            "written and illustrated by Eric Carle ; translated from the English by Ana Müller",
            [("Eric Carle", "著"), ("Ana Müller", "訳")],
        ),
        ("著", [("著", "")]),
        ("佐藤一／編，著", [("佐藤一", "編")]),
        ("岡三郎・角田直木［ほか］／挿絵", [("岡三郎", "挿絵"), ("角田直木", "挿絵")]),
        ("恩田太郎／〔原作〕、辻春樹・長谷川文／著", [("恩田太郎", "原作"), ("辻春樹", "著"), ("長谷川文", "著")]),
        ("中川李枝子さく", [("中川李枝子", "さく")]),
        ("良忠 述 ; 森一 作", [("良忠", "述"), ("森一", "作")]),
        ("樋口　一葉／作　〔他〕", [("樋口一葉", "作")]),
        ("島木健作/著", [("島木健作", "著")]),
        ("いもとようこ作／絵", [("いもとようこ", "作/絵")]),
        ("泉 鏡太郎 著;海野十三／訳", [("泉鏡太郎", "著"), ("海野十三", "訳")]),
        ("紫式部／著；与謝野　晶子 訳", [("紫式部", "著"), ("与謝野晶子", "訳")]),
        ("田島正広 監修・編集代表/編著", [("田島正広", "監修・編集代表/編著")]),
        ("電子出版制作・流通協議会, 図書館 [編]", [("電子出版制作・流通協議会", "編"), ("図書館", "編")]),
        ("『CNN English Express』編集部 編集", [("『CNN English Express』編集部", "編集")]),
    ],
)
def test_everybody_is_named_whole_and_with_a_role(statement, named):
    assert people(statement) == named


# as vendors, the National Diet Library and the Library of Congress write them
FORMS = """
    坂上　望／著　水辺　森／画　| 坂上望 著, 水辺森 画
    坂上　望／〔ほか〕著　| 坂上望 著
    坂上　望／［ほか著］　| 坂上望 著
    坂上　望　ほか／編　| 坂上望 編
    坂上 望／ほか執筆　| 坂上望 執筆
    坂上望他著 | 坂上望 著
    坂上望ほか3名編 | 坂上望 編
    坂上望 [ほか] 共編 | 坂上望 共編
    坂上望, 水辺森 [ほか] 共編 | 坂上望 共編, 水辺森 共編
    坂上望 ...［et al.] 編 | 坂上望 編
    坂上　望／著ほか | 坂上望 著
    坂上　望／著［ほか］ | 坂上望 著
    坂上　望／著・ほか　水辺　森／絵 | 坂上望 著, 水辺森 絵
    坂上　望／ほか | 坂上望
    坂上 望∥著 水辺 森∥絵 | 坂上望 著, 水辺森 絵
    坂上望‖著 | 坂上望 著
    坂上　望／文・写真　| 坂上望 文・写真
    坂上　望／原作・監修　| 坂上望 原作・監修
    坂上　望／日本語版監修　| 坂上望 日本語版監修
    坂上　望／切り絵　| 坂上望 切り絵
    坂上　のぞみ／ぶん　みずべ　もり／え　| 坂上のぞみ ぶん, みずべもり え
    アン・マレー／さく・え　みずべ　もり／やく　| アン・マレー さく・え, みずべもり やく
    Ａ．Ｂ．マレー／作　水辺　森／訳　| A.B.マレー 作, 水辺森 訳
    Ａ・Ｂ・マレー／作　水辺　森／訳　| A・B・マレー 作, 水辺森 訳
    アン・ロペス＝マレー／著 | アン・ロペス=マレー 著
    マレー／〔著〕　ロペス／〔著〕　坂上　望／訳　水辺　森／訳 | マレー 著, ロペス 著, 坂上望 訳, 水辺森 訳
    〔坂上望／著〕　水辺　森／訳 | 坂上望 著, 水辺森 訳
    鈴掛図書館郷土資料室／編集 | 鈴掛図書館郷土資料室 編集
    『鈴掛日報』編集部／編　| 『鈴掛日報』編集部 編
    ＳＢＳ取材班／著　| SBS取材班 著
    坂上 望 / 著 | 坂上望 著
    坂上望／著 ; 水辺森／装画 | 坂上望 著, 水辺森 装画
    アン・マレー／著、坂上望／訳　| アン・マレー 著, 坂上望 訳
    坂上望作・絵 | 坂上望 作・絵
    坂上望文・写真 ; 水辺森編 | 坂上望 文・写真, 水辺森 編
    坂上望著 ; 水辺森解説 | 坂上望 著, 水辺森 解説
    アン・マレー [著] ; 坂上望, 水辺森 訳 | アン・マレー 著, 坂上望 訳, 水辺森 訳
    A.B. マレー 著 ; 坂上望 訳 | A.B. マレー 著, 坂上望 訳
    坂上望, 水辺森共編 | 坂上望 共編, 水辺森 共編
    有山大五・石内徹・馬場三郎編 | 有山大五 編, 石内徹 編, 馬場三郎 編
    坂上望・著 | 坂上望 著
    坂上望：著 | 坂上望 著
    坂上望（著） | 坂上望 著
    坂上望(著),水辺森(絵) | 坂上望 著, 水辺森 絵
    坂上望［著］ | 坂上望 著
    [坂上望著] | 坂上望 著
    [坂上望著] ; 水辺森訳 | 坂上望 著, 水辺森 訳
    坂上望 絵と文 | 坂上望 絵と文
    坂上望編・解説 | 坂上望 編・解説
    文 : 坂上望 ; 絵 : 水辺森 | 坂上望 文, 水辺森 絵
    原作：坂上望，漫画：水辺森 | 坂上望 原作, 水辺森 漫画
    文／坂上望　絵／水辺森 | 坂上望 文, 水辺森 絵
    [編集] 鈴掛図書館 | 鈴掛図書館 編集
    [編集鈴掛市立美術館, 鈴掛新聞社] | 鈴掛市立美術館 編集, 鈴掛新聞社 編集
    [編者坂上望] | 坂上望 編
    著者坂上望 ; [編集水辺森] | 坂上望 著, 水辺森 編集
    監修坂上望 ; 編集水辺森 | 坂上望 監修, 水辺森 編集
    坂上望, 水辺森 ; [聞き手] 林太郎 | 坂上望, 水辺森, 林太郎 聞き手
    編集工房すずかけ | 編集工房すずかけ
    坂上, 望, 1867-1916 | 坂上, 望
    坂上望, 1867- | 坂上望
    鈴掛美術館, 鈴掛新聞社 | 鈴掛美術館, 鈴掛新聞社
    林　望／著　| 林望 著
    森　文／著　原　絵／訳 | 森文 著, 原絵 訳
    幸田 文 | 幸田文
    坂上望／水辺かなえ | 坂上望, 水辺かなえ
    坂上望／水辺リョウ／林澄子 | 坂上望, 水辺リョウ, 林澄子
    アン・マレー／ジョン・ロペス | アン・マレー, ジョン・ロペス
    鈴掛市／鈴掛市総合研究所／編 | 鈴掛市 編, 鈴掛市総合研究所 編
    坂上望／水辺文 | 坂上望, 水辺文
    坂上望／人形 | 坂上望 人形
    坂上望／ほか | 坂上望
    坂上望／人形製作 | 坂上望 人形製作
    アン・マレー著／坂上望訳 | アン・マレー 著, 坂上望 訳
    坂上望／著／水辺森／編 | 坂上望 著, 水辺森 編
    坂上望／水辺森 編 | 坂上望 編, 水辺森 編
    坂上望／作・水辺森太／画 | 坂上望 作, 水辺森太 画
    著：坂上望／絵：水辺森 | 坂上望 著, 水辺森 絵
    坂上望【著】／水辺森【絵】 | 坂上望 著, 水辺森 絵
    坂上望【ほか著】 | 坂上望 著
    水辺森太・作 | 水辺森太 作
    森・作 | 森・作
    坂上望=著 | 坂上望 著
    アン・マレー著 = Ann Murray | アン・マレー 著, Ann Murray
    坂上胖 (さかうえ ゆたか) 著 | 坂上胖 著
    坂上望個人編集 ; 水辺森訳 | 坂上望 個人編集, 水辺森 訳
    坂上望 原著 ; 水辺森 現代語訳 | 坂上望 原著, 水辺森 現代語訳
    Ann Murray 著 ; 坂上望 訳 | Ann Murray 著, 坂上望 訳
    鳩山作 ; 犬山絵 | 鳩山作, 犬山絵
    マレー・ロペス楽団 | マレー・ロペス楽団
"""


@pytest.mark.parametrize("form", [line.strip() for line in FORMS.strip().splitlines()])
def test_statements_are_read_as_catalogues_write_them(form):
    statement, _, expected = form.partition("|")
    found = [f"{each.name} {each.role}".strip() for each in statements.read(statement)]
    assert ", ".join(found) == expected.strip()


@pytest.mark.parametrize(
    ("name", "statement", "role"),
    [
        ("萩野, 正昭", "萩野正昭 著", "著"),
        ("安西水丸", "村上春樹著 ; 安西水丸絵", "絵"),
        ("高木光", "高木光 原作, 林みどり 漫画", "原作"),
        ("水辺森", "坂上望監修 ; 編集水辺森", "編集"),
        ("坂上望", "[編者坂上望, 水辺森]", "編"),
        ("坂上望", "鈴掛図書館編 ; 坂上望", ""),
        ("坂上望", "鈴掛図書館編", ""),
        ("Murray, Ann", "Ann Murray 著 ; 坂上望 訳", "著"),
        ("", "坂上望著", ""),
    ],
)
def test_somebody_of_a_field_has_the_role_of_the_statement(name, statement, role):
    assert statements.role_of(name, statement) == role


@pytest.mark.parametrize(
    ("statement", "known", "others"),
    [
        ("アン・マレー著 ; 坂上望訳", ["マレー, アン"], ["坂上望 訳"]),
        ("アン・マレー著 ; 坂上望訳", ["マレー, アン", "坂上, 望"], []),
        ("アン・マレー著 ; 坂上望訳", ["Murray, Ann"], ["坂上望 訳"]),
        ("アン・マレー著 ; 坂上望訳 ; 水辺森解説", ["Murray, Ann", "鈴掛新聞社"], ["水辺森 解説"]),
        ("坂上國男著, 水辺森", ["坂上国男"], []),
        ("鈴掛市図書館目録委員会編", ["鈴掛市図書館"], []),
        ("[編集坂上望] = Proceedings / edited by N. Sakagami", ["坂上, 望"], []),
        ("by Ann Murray ; translated by N. Sakagami", ["Murray, Ann"], []),
    ],
)
def test_creators_named_by_the_statement_alone_come_after_those_of_fields(statement, known, others):
    assert [f"{each.name} {each.role}" for each in statements.only_in_statement(statement, known)] == others


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("太宰　治／著", "太宰治 著"),
        ("新美　南吉／作　森　はな／絵", "新美南吉 作 ; 森はな 絵"),
        ("山田　花子・林　次郎／編著", "山田花子・林次郎 編著"),
        ("佐藤　一〔ほか〕／［著］", "佐藤一〔ほか〕 [著]"),
        ("東野 圭吾", "東野圭吾"),
        ("J. K. Rowling", "J. K. Rowling"),
        ("文：角野栄子　絵：佐々木洋子", "角野栄子 文 ; 佐々木洋子 絵"),
        ("[坂上望著]", "坂上望 著"),
    ],
)
def test_a_statement_is_shown_with_names_closed_up_and_a_space_for_the_slash(statement, shown):
    assert row(statement).author == shown


@pytest.mark.parametrize(
    ("statement", "kana", "readings"),
    [
        ("なかがわ　りえこ／さく　やまわき　ゆりこ／え", "ナカガワ，リエコ", ["ナカガワ,リエコ", ""]),
        ("中川　花子／作　山田　太郎／絵", "ナカガワ，ハナコ", ["ナカガワ,ハナコ", ""]),
        ("新美　南吉／作　森　はな／絵", "ニイミ　ナンキチ；モリ　ハナ", ["ニイミ ナンキチ", "モリ ハナ"]),
        ("新美　南吉／作　森　はな／絵", "ﾆｲﾐ ﾅﾝｷﾁ, ﾓﾘ ﾊﾅ", ["ニイミ ナンキチ", "モリ ハナ"]),
        ("夏目漱石／著", "ナツメ, ソウセキ", ["ナツメ, ソウセキ"]),
        ("新美　南吉／作　森　はな／絵", "ニイミ，ナンキチ；モリ，ハナ", ["ニイミ,ナンキチ", "モリ,ハナ"]),
        ("有島武郎, 有島生馬", "アリシマ タケオ、アリシマ イクマ", ["アリシマ タケオ", "アリシマ イクマ"]),
        ("甲野　一・乙田　二／編著", "コウノ ハジメ;オツダ ジ;ヘイ", ["コウノ ハジメ", "オツダ ジ; ヘイ"]),
        ("甲野　一・乙田　二／著", "コウノ ハジメ", ["コウノ ハジメ", ""]),
        ("夏目漱石／著", "ナツメ ソウセキ;ナツメ キンノスケ", ["ナツメ ソウセキ; ナツメ キンノスケ"]),
    ],
)
def test_readings_go_to_those_whom_they_name(statement, kana, readings):
    assert [each.kana for each in row(statement, kana).contributors] == readings


@given(some.text("太宰治ほか他／/・,、;:： 著編絵者集[]〔〕()Aア", max_size=14))
def test_of_any_statement_no_letter_is_lost_and_no_name_is_empty(statement):
    found = statements.read(statement)
    assert all(each.name.strip() for each in found)
    assert "".join(statements.for_display(statement).split()).count("太") == statement.count("太")
    assert ("太" in statement) == any("太" in each.name + each.role for each in found)


@pytest.mark.parametrize("part", ["絵", "絵・", "監修・", "[ほか", "文: ", "太,", "/", "太/", "; [編集]", "[[]"])
def test_no_statement_takes_long(part):
    assert len(statements.for_display(part * (10_000 // len(part)))) < 40_000
