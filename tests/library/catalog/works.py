"""1,500 invented works, the same each time, and 500 searches that a person might make among them."""

import random

from library import clock
from library.catalog import isbn, store
from library.catalog.query.query import FIELDS, JOINS, SORTS, WAYS, Query, Row
from library.catalog.records import Contributor, Holding, OtherTitle, Record
from library.store import database
from models import Branch

WORKS, SEARCHES = 1_500, 500
# a word and how it is read; some are alike without marks, in old letters or in another script
WORDS = [pair.split("=") for pair in (
    "図書館=トショカン 圖書=トショ 歴史=レキシ 日本=ニホン 日本=ニッポン 入門=ニュウモン 猫=ネコ ネコ=ネコ 犬=イヌ 心=ココロ こころ=ココロ 夜=ヨル "
    "銀河=ギンガ 鉄道=テツドウ 鐵道=テツドウ 学校=ガッコウ 學校=ガッコウ 科学=カガク 化学=カガク 文学=ブンガク 東京=トウキョウ 京都=キョウト 川=カワ "
    "河=カワ 山=ヤマ 島=シマ 旅=タビ 坊っちゃん=ボッチャン ヴァイオリン=ヴァイオリン バイオリン=バイオリン コンピューター=コンピューター コンピュータ=コンピュータ "
    "データ=データ 料理=リョウリ 花=ハナ 鼻=ハナ 蜘蛛=クモ 雲=クモ 国=クニ 國=クニ 十二=ジュウニ 12=ジュウニ Python=パイソン C++=シープラスプラス "
    "Café=カフェ 渡邊=ワタナベ 髙田=タカダ 々=ノマ 〇=マル が=ガ 葛󠄀城=カツラギ 𠮷野=ヨシノ"
).split()]  # fmt: skip
PATTERNS = (
    "{0}",
    "{0}の{1}",
    "{0}{1}",
    "{0}と{1}",
    "{0}・{1}",
    "{0} {1}",
    "はじめての{0}",
    "{0}は{1}である",
    "{0}!",
    "『{0}』論",
    "{0}ー{1}",
)
FAMILIES = (
    "夏目=ナツメ 森=モリ 芥川=アクタガワ 渡辺=ワタナベ 渡邉=ワタナベ 高橋=タカハシ 髙橋=タカハシ 宮沢=ミヤザワ 宮澤=ミヤザワ 与謝野=ヨサノ"
).split()
GIVEN = "漱石=ソウセキ 鷗外=オウガイ 龍之介=リュウノスケ 賢治=ケンジ 晶子=アキコ 一葉=イチヨウ 健=ケン 裕=ユウ".split()
PUBLISHERS = ("青空書房", "岩波書店", "ちくま出版", "Mdg Press", "図書館協会", "学研", "")
CLASSES = ("913.6", "210", "K726", "007.64", "596", "291.36", "", "430")


def works():
    """So many records."""
    chance = random.Random("works")
    return [_work(number, chance) for number in range(WORKS)]


def fill():
    """Put them and their copies into the open library."""
    branch, made = Branch.create(code="1", name="本館"), works()
    with database.writing():
        first = store.next_id("title")
        store.Store().add(list(enumerate(made, first)), [""] * len(made), now=clock.now())
        store.add_items([
            (title_id, copy.barcode, branch.id, "一般", copy.call_number, work.material_type, None)
            for title_id, work in enumerate(made, first)
            for copy in work.holdings
        ], now=clock.now())  # fmt: skip


def _work(number, chance):
    words = chance.choices(WORDS, k=2)
    pattern = chance.choice(PATTERNS)
    people = [_person(chance) for _ in range(chance.choice((0, 1, 1, 1, 2)))]
    subject = chance.choice(WORDS)
    ndc = chance.choice(CLASSES)
    return Record(
        title=pattern.format(*(word for word, _ in words)),
        title_kana=" ".join(kana for _, kana in words) if chance.random() < 0.8 else "",
        title_latin=chance.choice(("", "", "", "Wagahai wa neko de aru", "Tōkyō no rekishi")),
        source="made",
        source_id=str(number),
        subtitle=chance.choice(WORDS)[0] + "をめぐって" if chance.random() < 0.2 else "",
        volume=chance.choice(("", "", "", "上", "2", "第3巻")),
        series=chance.choice(("", "", "岩波文庫", "図書館学叢書")),
        names=[OtherTitle("別書名", *chance.choice(WORDS))] if chance.random() < 0.1 else [],
        contributors=people,
        author="; ".join(person.name.replace(", ", "") for person in people),
        publisher=chance.choice(PUBLISHERS),
        year=chance.choice((None, *range(1950, 2027))),
        isbns=[isbn.normalise(f"4{number:08}{digit}") or "" for digit in "0123456789X"]
        if chance.random() < 0.7 else [],
        ndc=ndc,
        subjects=[tuple(subject)],
        note=chance.choice(("", "", "猫の絵あり", "索引: p200-210")),
        contents=chance.choice(("", "", "銀河の夜 / 川の旅 / 東京")),
        material_type=chance.choice(("図書", "図書", "雑誌", "視聴覚")),
        audience=chance.choice(("一般", "一般", "児童")),
        language=chance.choice(("jpn", "eng", "")),
        holdings=[Holding(f"{number:08}{copy}", call_number=f"{ndc} ナ" if ndc else "")
                  for copy in range(chance.randrange(3))],
    )  # fmt: skip


def _person(chance):
    family, given = (chance.choice(names).split("=") for names in (FAMILIES, GIVEN))
    return Contributor(f"{family[0]}, {given[0]}", f"{family[1]}, {given[1]}", "著")


def searches(made):
    """So many queries, drawn from these works."""
    chance = random.Random("searches")
    return [_search(chance, chance.choice(made)) for _ in range(SEARCHES)]


def _search(chance, work):
    values = {}
    if chance.random() < 0.75:
        values["q"] = chance.choice((_part, _part, _part, _two_parts, _misspelled, _number))(chance, work)
    else:
        values["rows"] = tuple(_row(chance, work) for _ in range(chance.choice((1, 1, 2, 3))))
    if chance.random() < 0.1:
        values["isbn"] = next(iter(work.isbns), "")
    if chance.random() < 0.2:
        values |= chance.choice(
            ({"material": ("図書",)}, {"audience": ("児童",)}, {"ndc": "913"}, {"available": True}, {"year_from": 1990},
             {"decade": ("2000",)})
        )  # fmt: skip
    sort, page = chance.choice(("relevance", *SORTS)), chance.choice((1, 1, 2, 40))
    return Query(sort=sort, page=page, group=chance.choice(("", "", "work")), **values)


def _text(chance, work):
    person = next(iter(work.contributors), Contributor("無名"))
    texts = (
        work.title, work.title, work.title_kana, work.title_latin, person.name, person.kana, work.author,
        work.publisher, work.subjects[0][0],
        work.series, work.note, work.contents, work.subtitle, work.names[0].name if work.names else "", "の", "は", "と",
        "論", "はじめて",
    )  # fmt: skip
    return chance.choice([text for text in texts if text])


def _part(chance, work):
    """The whole of a text, or some letters of it: from one on, and often from its beginning."""
    text = _text(chance, work)
    begin = chance.choice((0, 0, chance.randrange(len(text))))
    return text[begin : begin + chance.choice((1, 1, 2, 2, 3, 4, 5, 8, 200))]


def _two_parts(chance, work):
    return f"{_part(chance, work)} {_part(chance, work)}"


def _misspelled(chance, work):
    """A text with one letter changed."""
    text = chance.choice((work.title_kana, work.title, "ナツメソウセキ", "wagahai")) or "コンピューター"
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("んテ図a") + text[place + 1 :]


def _number(chance, work):
    """A class, a call number, or an ISBN with hyphens."""
    number = next(filter(None, work.isbns), "4101010137")
    return chance.choice((work.ndc or "91", f"{work.ndc} ナ", f"{number[:3]}-{number[3:9]}-{number[9:]}", number[:8]))


def _row(chance, work):
    return Row(_part(chance, work), chance.choice(FIELDS), chance.choice(WAYS), chance.choice(JOINS))
