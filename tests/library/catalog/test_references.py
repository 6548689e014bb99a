"""A reference that is pasted into the one box finds its book, and the page can say what was used of it."""

import pytest

from library.catalog.query import references
from library.catalog.query.query import Query
from library.catalog.shown import query_words, results
from models import Title
from tests import factories

SOSEKI, RYUNOSUKE = ("夏目漱石", "ナツメ, ソウセキ"), ("芥川竜之介", "アクタガワ, リュウノスケ")


@pytest.fixture
def shelf(db):
    for name, by, more in [
        ("こころ", SOSEKI, {"title_kana": "ココロ", "publisher": "岩波書店", "year": 1989, "isbns": ["978-4-00-310111-7"]}),
        ("こころの処方箋", ("河合隼雄", "カワイ, ハヤオ"), {"publisher": "新潮社", "year": 1992}),
        ("羅生門", RYUNOSUKE, {"publisher": "岩波書店", "year": 1960}),
        ("羅生門・鼻", RYUNOSUKE, {"publisher": "新潮社", "year": 2005}),
        ("吾輩は猫である", SOSEKI, {"volume": "上", "publisher": "岩波書店"}),
        ("吾輩は猫である", SOSEKI, {"volume": "下", "publisher": "岩波書店"}),
        ("門", SOSEKI, {"publisher": "春陽堂", "year": 1911}),
        ("「いき」の構造", ("九鬼周造", "クキ, シュウゾウ"), {"publisher": "岩波書店", "year": 1930}),
        ("粋な町", None, {"title_kana": "イキ ナ マチ"}),
        ("1984年", ("ジョージ・オーウェル", ""), {"publisher": "早川書房", "year": 2009}),
        ("星の王子さま", ("サン=テグジュペリ", ""), {"publisher": "岩波書店"}),
        ("遠野物語", ("柳田国男", "ヤナギタ, クニオ"), {"subtitle": "山の人生", "publisher": "岩波書店"}),
        ("芥川竜之介全集", RYUNOSUKE, {"volume": "1", "contents": "羅生門\n芋粥", "publisher": "筑摩書房", "year": 1986}),
        ("The Little Prince", ("Saint-Exupéry, Antoine de", ""), {"publisher": "Reynal & Hitchcock", "year": 1943}),
        ("銀河鉄道の夜", ("宮沢賢治", "ミヤザワ, ケンジ"), {"publisher": "くもん出版"}),
        ("Silent spring", ("Carson, Rachel", ""), {"publisher": "Houghton Mifflin", "year": 1962}),
    ]:  # fmt: skip
        factories.catalogued(name, by=by, **more)


def ask(text):
    return results.find(Query(q=text), size=100)


def called(title_id):
    title = Title.get_by_id(title_id)
    return f"{title.title} {title.volume}".strip()


@pytest.mark.parametrize(
    ("text", "first", "said"),
    [
        # a review in a newspaper, a blog
        ("『羅生門』（岩波書店、1917年）", "羅生門", "書名「羅生門」 出版者「岩波書店」（1917年は使いません）"),
        ("芥川竜之介『羅生門』（阿蘭陀書房、1917年）", "羅生門", "書名「羅生門」 著者「芥川竜之介」（1917年は使いません）"),
        ("芥川竜之介「羅生門」岩波書店", "羅生門", "書名「羅生門」 著者「芥川竜之介」 出版者「岩波書店」"),
        ("芥川龍之介著「羅生門」岩波文庫", "羅生門", "書名「羅生門」 著者「芥川龍之介」"),
        ("「羅生門」（芥川龍之介著、岩波書店、税込み1,760円）", "羅生門", "書名「羅生門」 著者「芥川龍之介」 出版者「岩波書店」"),
        ("『こころ』夏目漱石著（岩波書店・1760円）", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」"),
        ("◆『こころ』 夏目漱石〈著〉 （岩波書店 1760円＋税）", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」"),
        ("漱石『こころ』", "こころ", "書名「こころ」 著者「漱石」"),
        ("夏目漱石　「こころ」　岩波書店　平成元年5月", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」 1989年"),
        ("『こころ』", "こころ", None),
        ("夏目漱石『門』", "門", "書名「門」 著者「夏目漱石」"),
        ("夏目漱石『吾輩は猫である』下、岩波書店、2刷", "吾輩は猫である 下", "書名「吾輩は猫である」 著者「夏目漱石」 巻「下」 出版者「岩波書店」"),
        ("吾輩は猫である（上）", "吾輩は猫である 上", "書名「吾輩は猫である」 巻「上」"),
        ("九鬼周造『「いき」の構造』岩波書店、昭和5年", "「いき」の構造", "書名「「いき」の構造」 著者「九鬼周造」 出版者「岩波書店」 1930年"),
        ("「いき」の構造（九鬼周造、鉄塔書院）", "「いき」の構造", "書名「「いき」の構造」 著者「九鬼周造」"),
        ("ジョージ・オーウェル『1984年』高橋和久訳、早川書房、2009年、p.12", "1984年",
         "書名「1984年」 著者「ジョージ・オーウェル」 出版者「早川書房」 2009年（著者「高橋和久」は使いません）"),
        ("宮沢賢治（作）、東逸子（絵）『銀河鉄道の夜』くもん出版、1993年初版", "銀河鉄道の夜",
         "書名「銀河鉄道の夜」 著者「宮沢賢治」 出版者「くもん出版」（著者「東逸子」、1993年は使いません）"),
        # a title with its subtitle
        ("遠野物語――山の人生", "遠野物語", "書名「遠野物語」 副題「山の人生」"),
        ("遠野物語――日本民俗学の原点", "遠野物語", "書名「遠野物語」（副題「日本民俗学の原点」は使いません）"),
        ("『遠野物語――日本民俗学の原点』柳田国男", "遠野物語", "書名「遠野物語」 著者「柳田国男」（副題「日本民俗学の原点」は使いません）"),
        ("遠野物語 : 付・山の伝説 / 柳田国男 (岩波書店, 1976)", "遠野物語",
         "書名「遠野物語」 著者「柳田国男」 出版者「岩波書店」（副題「付・山の伝説」、1976年は使いません）"),
        ("星の王子さま -Le Petit Prince-", "星の王子さま", "書名「星の王子さま」（副題「Le Petit Prince」は使いません）"),
        ("こころ 〜先生と遺書〜", "こころ", "書名「こころ」（副題「先生と遺書」は使いません）"),
        # SIST 02, APA and other styles
        ("夏目漱石. こころ. 岩波書店, 1914, 378p, (岩波文庫, 緑11-1).", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」（1914年は使いません）"),
        ("夏目漱石．こころ．岩波書店，1989．", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」 1989年"),
        ("夏目漱石 (1914). こころ. 岩波書店.", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」（1914年は使いません）"),
        ("夏目漱石（1914）『こころ』岩波書店", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」（1914年は使いません）"),
        ("夏目漱石，1914，『こころ』岩波書店．", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」（1914年は使いません）"),
        ("夏目, 漱石, 1867-1916. こころ. 岩波文庫, 1989.", "こころ", "書名「こころ」 1989年"),
        ("夏目漱石：こころ，岩波文庫，1914", "こころ", "書名「こころ」 著者「夏目漱石」（1914年は使いません）"),
        ("Saint-Exupéry, A. de. (1943). The Little Prince. Harcourt.", "The Little Prince",
         "書名「The Little Prince」 1943年"),
        ("Carson, Rachel. Silent Spring: Of Birds and Men. Boston: Houghton Mifflin, 1962.", "Silent spring",
         "書名「Silent Spring」 出版者「Houghton Mifflin」 1962年"),
        ("R. Carson, Silent Spring, 1st ed. (Boston, 1962), pp. 12-15", "Silent spring", "書名「Silent Spring」 1962年"),
        ("silent spring carson 1962", "Silent spring", "言葉「silent spring carson」 1962年"),
        ("Silent Spring 2nd edition", "Silent spring", "書名「Silent Spring」"),
        ("夏目漱石 こころ 1989年", "こころ", "言葉「夏目漱石 こころ」 1989年"),
        ("芥川竜之介「羅生門」『芥川竜之介全集1』筑摩書房、1986年、pp.3-12", "芥川竜之介全集 1",
         "書名「芥川竜之介全集 1」 著者「芥川竜之介」 出版者「筑摩書房」 1986年"),
        ("芥川竜之介「芋粥」『今昔の物語』筑摩書房", "芥川竜之介全集 1", "言葉「芋粥」 著者「芥川竜之介」 出版者「筑摩書房」"),
        # copied from a catalogue, a record of a vendor
        ("こころ / 夏目漱石著. -- 東京 : 岩波書店, 1989.5. -- 300p ; 15cm. -- (岩波文庫 ; 緑-11-1)", "こころ",
         "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」 1989年"),
        ("こころ / 夏目漱石 [著]", "こころ", "書名「こころ」 著者「夏目漱石」"),
        ("こころ／夏目漱石／著　岩波書店", "こころ", "書名「こころ」 著者「夏目漱石」 出版者「岩波書店」"),
        ("「いき」の構造 / 九鬼周造著", "「いき」の構造", "書名「「いき」の構造」 著者「九鬼周造」"),
        ("銀河鉄道の夜 ／ 宮沢賢治 作 ； 東逸子 絵", "銀河鉄道の夜", "書名「銀河鉄道の夜」 著者「宮沢賢治」（著者「東逸子」は使いません）"),
        # from a shop
        ("羅生門・鼻 (新潮文庫)", "羅生門・鼻", "書名「羅生門・鼻」"),
        ("羅生門・鼻 (新潮文庫) | 芥川 龍之介 |本 | 通販 | Amazon", "羅生門・鼻", "書名「羅生門・鼻」 著者「芥川 龍之介」"),
        ("こころ (岩波文庫) 文庫 – 1989/5/16 夏目 漱石 (著)", "こころ", "書名「こころ」 著者「夏目 漱石」 1989年"),
        ("【中古】こころ/夏目漱石", "こころ", "書名「こころ」 著者「夏目漱石」"),
        ("1984年 (ハヤカワ文庫)", "1984年", "書名「1984年」"),
        ("門, 夏目漱石 (電子書籍)", "門", "書名「門」 著者「夏目漱石」"),
        # an ISBN decides
        ("夏目漱石『心』岩波文庫, 1927. ISBN 978-4-00-310111-7", "こころ", "ISBN「9784003101117」"),
        ("ISBN978-4-00-310111-7 岩波文庫のこころ", "こころ", "ISBN「9784003101117」"),
        ("夏目漱石『こころ』ISBN 978-4-10-101013-7", "こころ", "書名「こころ」 著者「夏目漱石」（ISBN「9784101010137」は使いません）"),
    ],
)  # fmt: skip
def test_a_pasted_reference_finds_its_book_and_says_what_was_used(shelf, text, first, said):
    found = ask(text)
    assert found.total and called(found.ids[0]) == first
    assert (found.interpretation and query_words.interpretation(found.interpretation)) == said


@pytest.mark.parametrize("text", ["『坊っちゃん』（岩波書店、1989年）", "夏目漱石『坊っちゃん』", "『』", "『", "（", "、、、", "「」（、）", "／", "――",
    "岩波書店、1989年", "夏目漱石、"])  # fmt: skip
def test_a_text_that_names_no_title_of_the_catalogue_is_no_reference(shelf, text):
    assert ask(text).interpretation is None


def test_words_that_find_something_are_words(shelf):
    assert ask("「いき」の構造").interpretation is None
    assert ask("こころ 夏目漱石").interpretation is None


def test_limits_and_pages_hold_for_a_reference_too(shelf):
    text = "芥川竜之介『羅生門』（阿蘭陀書房、1917年）"
    assert results.find(Query(q=text, year_from=2000), size=100).total == 1
    assert results.find(Query(q=text, page=2), size=1).page == 2
    nothing = results.find(Query(q=text, year_from=2020))
    assert nothing.total == 0 and nothing.interpretation


@pytest.mark.parametrize("text", ["こころ", "夏目漱石 こころ", "吾輩は猫である", "C++", "1984", "title:猫"])
def test_a_text_without_a_sign_is_no_reference(text):
    assert references.read(text) is None
