"""The titles that typed words find, their order, and their counts."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as some

from library import clock
from library.catalog import ndc
from library.catalog.folding import fold, sort_key
from library.catalog.fulltext import grams, index
from library.catalog.query.query import SORTS, Query, Row
from library.catalog.search import facets, matching, snapshot
from library.catalog.shown import results
from library.store import database
from models import Contributor, Creator, Item, Title
from tests import factories

ANYTHING = some.text(some.characters(codec=None), max_size=40)
HAGINO = ("萩野, 正昭", "ハギノ, マサアキ")


def catalogued(name, *, by=(), **values):
    """A title that is found by searching; ``by``: (name, reading) of each author."""
    with database.writing():
        kept = factories.title(
            name, **{"author": "", "ndc": "", "sort_key": sort_key.key(values.get("title_kana", ""), name)} | values
        )
        kept.author_sort_key = sort_key.key(by[0][1], by[0][0]) if by else ""
        kept.shelf_key = ndc.shelf_key(kept.ndc)
        kept.save()
        for position, (person, kana) in enumerate(by):
            author = Creator.get_or_create(name=person, kana=kana)[0]
            Contributor.create(title=kept, position=position, author=author, role="著")
        index.refresh([kept.id])
    return kept


def found(text="", **limits):
    """The names of all that a query finds, in order, and not instead of what was typed."""
    page = results.find(Query(q=text, **limits), size=1000)
    names = dict(Title.select(Title.id, Title.title).tuples())
    assert page.total == len(page.ids) == len(set(page.ids))
    return [] if page.instead else [names[title_id] for title_id in page.ids]


WORDS = {
    "夏目 漱石": ["夏目", "漱石"],
    "夏目　漱石　夏目": ["夏目", "漱石"],
    "C++ C# .NET": ["C++", "C#", ".NET"],
    'AND "猫" OR %': ["AND", '"猫"', "OR"],
    "%": ["%"],
    "* -": ["*", "-"],
    "図書館 & 圖書館": ["図書館", "圖書館"],
    "978-4-10-101013-7": ["978-4-10-101013-7"],
    " \x00 ": [],
}


@pytest.mark.parametrize("text", WORDS)
def test_spaces_part_the_words_of_a_query(text):
    assert matching.words(text) == WORDS[text]


@pytest.fixture
def cat(db):
    return catalogued(
        "吾輩は猫である",
        title_kana="ワガハイ ワ ネコ デ アル",
        by=[("夏目, 漱石", "ナツメ, ソウセキ")],
        author="夏目漱石著",
    )


@pytest.mark.parametrize(
    "text",
    ["猫", "吾", "る", "吾輩", "猫である", "わがはい", "ワガハイワネコデアル", "わがはいはねこである", "ねこ", "wagahai", "neko",
     "wagahai wa neko de aru", "夏目漱石", "漱石夏目", "漱石 夏目", "なつめそうせき", "ソウセキ", "natsume", "猫　夏目", "ﾈｺ"],
)  # fmt: skip
def test_a_title_is_found_by(cat, text):
    assert found(text) == ["吾輩は猫である"]


@pytest.mark.parametrize("text", ["犬", "猫 犬", "猫輩", "x", "%", "わがわい", "AND", "猫 NOT 犬", "\"", "title:猫 犬",
    "*"])  # fmt: skip
def test_a_title_is_not_found_by(cat, text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("C++プログラミング", ["c++", "C＋＋", "C++プロ"]),
        ("C#入門", ["C#", "c♯"]),
        ("ASP.NETの基礎", [".NET", "ASP.NET", "net"]),
        ('100%を"超える"', ["100", "超える", "100%"]),
        ("？", ["？", "?"]),
        ("十二国記", ["12国記", "十二国記", "１２国記"]),
        ("霞ヶ関物語", ["霞が関", "霞ケ関", "霞ヶ関"]),
        ("佐々木家の人々", ["佐佐木", "佐々木", "人々"]),
        ("圖書館の國", ["図書館", "圖書館", "国"]),
        ("コンピュータ", ["コンピューター", "コンピユータ", "こんぴゅーた"]),
        ("ヴァイオリン", ["バイオリン", "ヴァイオリン"]),
        ("髙村光太郎", ["高村", "髙村"]),
    ],
)
def test_it_is_found_in_every_spelling(db, name, texts):
    catalogued(name)
    for text in texts:
        assert found(text) == [name], text


@pytest.mark.parametrize(
    "text", ["萩野正昭", "正昭萩野", "はぎのまさあき", "まさあきはぎの", "Hagino", "hagino masaaki", "萩野，正昭"]
)
def test_an_author_is_found_in_both_orders(db, text):
    catalogued("電子書籍奮戦記", by=[HAGINO])
    assert found(text) == ["電子書籍奮戦記"]


@pytest.mark.parametrize("text", ["Levy", "David Steven", "鈴木次郎"])
def test_whoever_is_shown_is_found_however_long_the_names_beside_are(db, text):
    latin = ("Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine", "")
    catalogued("論文集", by=[latin, HAGINO], author="David Steven Levy, 鈴木次郎 編")
    assert found(text) == ["論文集"]


@pytest.mark.parametrize("text", ["9784794970756", "978-4-7949-7075-6", "4-7949-7075-4", "4794970754",
    "ISBN 978 4 7949 7075 6",
                                  "９７８４７９４９７０７５６"])  # fmt: skip
def test_a_book_is_found_by_its_number(db, text):
    catalogued("電子書籍奮戦記", isbn="9784794970756", isbn_text="978-4-7949-7075-6; 4-00-000000-0")
    assert found(text) == found(isbn=text) == ["電子書籍奮戦記"]
    assert found("4000000000") == ["電子書籍奮戦記"]


def test_exact_titles_come_first_then_starts_then_titles_then_authors_then_the_rest(db):
    for name, values in [
        ("別の本", {"publisher": "時間社"}),
        ("もう一冊", {"by": [("時間, 太郎", "ジカン, タロウ")]}),
        ("存在と時間", {}),
        ("時間の歴史", {}),
        ("時間", {}),
    ]:
        catalogued(name, **values)
    assert found("時間") == ["時間", "時間の歴史", "存在と時間", "もう一冊", "別の本"]
    assert found("じかん") == ["時間", "時間の歴史", "存在と時間", "もう一冊", "別の本"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("竹久夢二広", "竹久夢二弘"), ("か", "が"), ("びる", "びーる"), ("カキ", "ガキ")],
)
def test_another_word_is_not_found(db, text, name):
    catalogued(name)
    assert matching.count_each([text], snapshot.current()) == [0]


def test_an_exact_title_in_another_spelling_comes_first(db):
    for name, kana in (("こころの本", "ココロ ノ ホン"), ("心", "ココロ"), ("Kokoro no kagaku", "")):
        catalogued(name, title_kana=kana)
    assert found("kokoro")[0] == "心"


def test_a_title_comes_before_one_that_is_read_so(db):
    for name, kana, year in (
        ("こがらし", "コガラシ", 1990),
        ("凩", "コガラシ", 2020),
        ("木枯らしの道", "コガラシ ノ ミチ", 2021),
    ):
        catalogued(name, title_kana=kana, year=year)
    assert found("コガラシ") == found("kogarashi") == ["こがらし", "凩", "木枯らしの道"]
    assert found(rows=(Row("こがらし", "title", "equals"),)) == ["凩", "こがらし"]


def test_words_that_come_twice_make_an_exact_title(db):
    for name, latin in (
        ("アジアの時代の法と経済", "Ajia no jidai no hō to keizai"),
        ("アジアの時代の法", "Ajia no jidai no hō"),
    ):
        catalogued(name, title_latin=latin)
    assert found("Ajia no jidai no hō")[0] == found("ajia no jidai no ho")[0] == "アジアの時代の法"


@pytest.mark.parametrize(("text", "names"), [("oi ryoriten", ["多い料理店"]), ("oi", ["Oi oi"]), ("oi 料理店", [])])
def test_short_latin_words_are_readings_among_latin_words_only(db, text, names):
    catalogued("多い料理店", title_kana="オオイ リョウリテン")
    catalogued("Oi oi")
    assert found(text) == names


def test_within_a_rank_the_newest_comes_first(db):
    for year in (1999, None, 2020, 2005):
        catalogued(f"時計{year}", year=year)
    assert found("時計") == ["時計2020", "時計2005", "時計1999", "時計None"]


ROWS = [
    ((Row("猫"),), {"猫の本", "犬と猫"}),
    ((Row("猫", way="starts"),), {"猫の本"}),
    ((Row("鳩", way="starts"),), {"犬小屋"}),
    ((Row("猫の本", way="equals"),), {"猫の本"}),
    ((Row("猫", way="equals"),), set()),
    ((Row("猫"), Row("犬", join="or")), {"猫の本", "犬と猫", "犬小屋"}),
    ((Row("猫"), Row("犬", join="and")), {"犬と猫"}),
    ((Row("猫"), Row("犬", join="not")), {"猫の本"}),
    ((Row("猫", join="not"),), {"犬小屋", "鳥"}),
    ((Row("鳩社", "publisher"),), {"犬小屋"}),
    ((Row("鳩", "publisher"),), {"犬小屋"}),
    ((Row("猫", "title"), Row("森", "author", "starts")), {"猫の本"}),
    ((Row("森鴎外", "author", "equals"),), {"猫の本"}),
    ((Row("鳥類", "subject", "equals"),), {"鳥"}),
    ((Row("ちょうるい", "subject"),), {"鳥"}),
    ((Row("文庫", "series"),), {"鳥"}),
    ((Row("図版", "note"),), {"鳥"}),
    ((Row("！", "note"),), set()),
]


@pytest.mark.parametrize(("rows", "names"), ROWS)
def test_rows_of_the_advanced_search(db, rows, names):
    catalogued("猫の本", by=[("森, 鴎外", "モリ, オウガイ")])
    catalogued("犬と猫")
    catalogued("犬小屋", publisher="鳩社", note="犬を飼う")
    catalogued("鳥", subjects="鳥類\tチョウルイ", series="自然文庫", note="図版あり")
    assert set(found(rows=rows)) == names


def test_limits(db):
    catalogued("甲", ndc="913.6", year=2001, language="jpn", audience="児童")
    catalogued("乙", ndc="913", year=2010, language="eng", material_type="雑誌")
    catalogued("丙", ndc="K933", year=None)
    catalogued("丁", ndc="")
    assert found(ndc="913.6") == ["甲"]
    assert set(found(ndc="913")) == {"甲", "乙"}
    assert set(found(ndc="９")) == {"甲", "乙", "丙"}
    assert found(year_from=2005) == ["乙"]
    assert found(year_to=2005) == ["甲"]
    assert found(language=("eng",)) == ["乙"]
    assert found(material=("雑誌",)) == ["乙"]
    assert found(audience=("児童", "x")) == ["甲"]
    assert set(found(ndc_class=("9",))) == {"甲", "乙", "丙"}
    assert found(decade=("2010", "x", "9" * 30)) == ["乙"]
    assert found("甲", year_from=2002) == []


def test_a_class_ends_where_something_else_is_written_behind_it(db):
    catalogued("甲", ndc="913ナ")
    catalogued("乙", ndc="913.6a")
    catalogued("丙", ndc="ナ")
    assert set(found(ndc="913")) == set(found(ndc_class=("9",))) == {"甲", "乙"}
    assert found(ndc="9136") == ["乙"]
    assert found(ndc_class=("0",)) == []


@pytest.mark.parametrize("day", [None, date(1, 1, 1), date(1969, 12, 31), date(2024, 2, 29), date(2026, 11, 25)])
def test_the_day_of_arrival_is_known_to_the_day(db, day):
    title = catalogued("甲", accession_date=day)
    shot = snapshot.current()
    assert shot.arrived[shot.row_of(title.id)] == (day.toordinal() if day else 0)


@pytest.mark.parametrize("few", [0, facets.FEW], ids=["by all open loans", "by its own copies"])
def test_a_copy_that_is_out_set_aside_or_under_way_is_not_available(db, patron, few, monkeypatch):
    monkeypatch.setattr(facets, "FEW", few)
    one, two = catalogued("甲の本"), catalogued("乙の本")
    with database.writing():
        copies = [factories.item(one), factories.item(two), factories.item(two), factories.item(one, state="repair")]
        index.copies_changed()
    assert (
        set(found("本", available=True)) == {"甲の本", "乙の本"}
        and results.find(Query(q="本"), at_hand=True).at_hand == 2
    )
    for copy in copies[:2]:
        factories.loan(patron, item=copy, due_on=clock.today() + timedelta(days=1))
    factories.loan(patron, item=copies[2], due_on=clock.today(), returned_on=clock.today())
    assert found("本", available=True) == ["乙の本"] and results.find(Query(q="本"), at_hand=True).at_hand == 1
    for place in ({"aside": True}, {"aside": False, "going_to": copies[0].branch}):
        Item.update(place).where(Item.id == copies[2].id).execute()
        assert found("本", available=True) == [] and results.find(Query(q="本"), at_hand=True).at_hand == 0


@pytest.fixture
def shelf(db):
    """Sixty titles of all kinds, and what is known of each."""
    branches = [factories.branch(f"館{place}") for place in range(3)]
    people = [
        ("森, 鴎外", "モリ, オウガイ"),
        ("夏目, 漱石", "ナツメ, ソウセキ"),
        ("一葉", "イチヨウ"),
        ("芥川, 龍之介", "アクタガワ"),
    ]
    made = []
    for number in range(60):
        kept = catalogued(
            f"本{number * 7 % 60:02}", title_kana=f"ホン {number * 7 % 60:02}",
            by=people[number % 4 : number % 4 + number % 3],
            year=None if number % 10 == 3 else 1950 + number, ndc=f"{number % 10}1{number % 7}",
            audience=("一般", "児童")[number % 2],
            material_type=("図書", "雑誌", "視聴覚")[number % 3 // (1 + number % 2)],
            language=("jpn", "eng", "", "jpn", "chi")[number % 5],
            formats=("", "large-print", "", "large-print captions", "-", "daisy")[number % 6],
        )  # fmt: skip
        for branch in branches[number % 3 :][: number % 4]:
            factories.item(kept, branch=branch)
        made.append(kept)
    with database.writing():
        index.copies_changed()
    return made


def brute(title):
    """Each facet's values of one title, from what is stored."""
    return {
        "branch": {item.branch.code for item in title.items},
        "material": {title.material_type},
        "audience": {title.audience},
        "ndc_class": {title.ndc[0]},
        "decade": {str(title.year // 10 * 10)} if title.year else set(),
        "author": {str(each.author_id) for each in title.contributors},
        "language": {title.language} - {""},
        "format": set(title.formats.split()) - {"-"},
    }


@pytest.mark.parametrize("text", ["本", "本1", ""])
@pytest.mark.parametrize("chosen", [{}, {"audience": ("児童",)}, {"decade": ("1990", "1970"), "audience": ("一般",)},
    {"ndc_class": ("3", "4"), "language": ("jpn",)}, {"format": ("large-print", "daisy")}])  # fmt: skip
def test_facets_are_counted_as_one_would_by_hand(shelf, text, chosen):
    known = {title.id: brute(title) for title in shelf if fold.strict(text) in title.title}
    page = results.find(Query(q=text, **chosen), size=100)
    assert set(page.ids) == {key for key, facts in known.items() if keeps(facts, chosen)}
    for name, values in page.facets:
        others = {facet: wanted for facet, wanted in chosen.items() if facet != name}
        counted = {}
        for facts in known.values():
            if keeps(facts, others):
                for value in facts[name]:
                    counted[value] = counted.get(value, 0) + 1
        assert {value.value: value.count for value in values} == counted, name
        assert {value.value for value in values if value.chosen} == set(chosen.get(name, ())) & set(counted)


def keeps(facts, chosen):
    return all(facts[name] & set(wanted) for name, wanted in chosen.items())


@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_one_another_without_gap_or_double(shelf, sort):
    whole = results.find(Query(q="本", sort=sort), size=100)
    pages = [results.find(Query(q="本", sort=sort, page=page), size=7) for page in range(1, 10)]
    assert [title_id for page in pages for title_id in page.ids] == whole.ids
    assert {page.pages for page in pages} == {9}
    last = results.find(Query(q="本", sort=sort, page=99), size=7)
    assert (last.page, last.ids) == (9, pages[-1].ids)


def test_each_sort_is_the_order_of_the_stored_keys(shelf):
    orders = {
        "newest": lambda title: (-(title.year or 0), -title.id),
        "oldest": lambda title: (title.year or 9999, title.id),
        "title": lambda title: (title.sort_key, title.id),
        "author": lambda title: (title.author_sort_key == "", title.author_sort_key, title.id),
        "call_number": lambda title: (title.shelf_key, title.id),
    }
    for sort, order in orders.items():
        assert results.find(Query(q="本", sort=sort), size=100).ids == [
            title.id for title in sorted(shelf, key=order)
        ], sort


def test_a_change_is_seen_by_the_next_search(cat):
    assert found("猫") == ["吾輩は猫である"]
    with database.writing():
        Title.update(title="吾輩は犬である", title_kana="").where(Title.id == cat.id).execute()
        index.refresh([cat.id])
    assert found("猫") == []
    assert found("犬") == ["吾輩は犬である"]
    item = factories.item(cat)
    with database.writing():
        index.copies_changed()
    assert dict(results.find(Query(q="犬")).facets)["branch"][0].value == item.branch.code
    item.delete_instance()
    with database.writing():
        cat.delete_instance()
        index.refresh([cat.id])
    assert found("犬") == []


def test_two_people_of_one_name_are_told_apart_by_their_readings(db):
    catalogued("犬の本", by=[("鈴木一郎", "スズキ, イチロウ")])
    catalogued("犬の絵", by=[("鈴木一郎", "スズキ, カズオ"), ("佐藤花子", "サトウ, ハナコ")])
    labels = {value.label for value in dict(results.find(Query(q="犬")).facets)["author"]}
    assert labels == {"鈴木一郎（スズキ, イチロウ）", "鈴木一郎（スズキ, カズオ）", "佐藤花子"}


def test_the_index_is_made_anew_from_what_is_stored(cat, shelf):
    before = found("本"), found("猫")
    steps = []
    index.rebuild(progress=lambda done, total: steps.append((done, total)))
    assert (found("本"), found("猫")) == before
    assert steps[-1] == (61, 61)
    assert index.is_complete()


def test_a_rebuild_that_was_interrupted_goes_on(shelf, monkeypatch):
    monkeypatch.setattr(index, "BATCH", 25)

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        index.rebuild(progress=stop)
    assert not index.is_complete()
    assert len(found("本")) == 60
    index.rebuild()
    assert index.is_complete()
    assert len(found("本")) == 60


def test_words_that_have_hits_alone_are_told_when_there_is_none(cat):
    assert results.find(Query(q="猫 犬")).words == [("猫", 1), ("犬", 0)]


@pytest.mark.parametrize(
    ("text", "instead"),
    [("なつめそおせき", "夏目漱石"), ("なすめそうせき", "夏目漱石"), ("ナツメソーセキ 猫", "夏目漱石 猫"), ("ワガハイマネコデアル", "吾輩は猫である"),
     ("夏目瀬石", "夏目漱石"), ("natsume souseke", "natsume ソウセキ"), ("わがはひ", "ワガハイ")],
)  # fmt: skip
def test_a_spelling_by_reading_is_offered_and_looked_for_when_there_is_no_hit(cat, text, instead):
    page = results.find(Query(q=text))
    assert (page.total, page.instead, page.suggestions[:1]) == (1, instead, [(instead, 1)])
    assert results.find(Query(q=instead)).total == 1


def test_nothing_is_offered_for_what_is_like_nothing(cat):
    assert results.find(Query(q="ごるふ 猫")).suggestions == []
    assert results.find(Query(rows=(Row("ごるふ"),))).suggestions == []


SAME_DATABASE = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@SAME_DATABASE
@given(
    text=ANYTHING, field=some.sampled_from(["all", "title"]), way=some.sampled_from(["contains", "starts", "equals"])
)
def test_nothing_that_is_typed_is_refused(cat, text, field, way):
    clean = text.encode("utf-8", "ignore").decode()
    results.find(Query(q=text, isbn=text, ndc=text))
    results.find(Query(rows=(Row(clean, field, way), Row(text, "all", "contains", "not"))))


TITLES = some.text("猫犬図書館のはがきびーるヴァ々〇一二C+#.ab 12", min_size=1, max_size=12)


@SAME_DATABASE
@given(data=some.data(), name=TITLES)
def test_every_part_of_a_title_finds_it(db, data, name):
    folded = fold.strict(name)
    if not folded:
        return
    kept = catalogued(name)
    begin = data.draw(some.integers(0, len(folded) - 1))
    part = folded[begin : data.draw(some.integers(begin + 1, len(folded)))]
    for row in (Row(part), Row(folded, "title", "equals"), Row(folded[: len(part)], "title", "starts")):
        if row.way != "contains" or not (matching.letters.is_signs_alone(part) or part.isascii()):
            assert kept.id in results.find(Query(rows=(row,)), size=10_000).ids, row


@given(some.text("ぁ-ん猫a+\x03-\"' 𠮷", max_size=9))
def test_pieces_are_the_same_for_text_and_phrase(text):
    whole = grams.pieces_of_texts([text + grams.END])[0].split()
    phrase = (
        re.fullmatch(r'"(.*)"\*?', grams.phrase(text), re.S)[1].replace('""', '"').split(" ") if text.strip() else []
    )
    if len(text) > 1 and " " not in text:
        assert " ".join(phrase) in " ".join(whole)


def test_long_values_are_told_by_their_beginning_and_their_text(db):
    catalogued("長" * 50 + "い")
    catalogued("長" * 50 + "く")
    assert found(rows=(Row("長" * 50 + "い", "title", "equals"),)) == ["長" * 50 + "い"]
    assert len(found(rows=(Row("長" * 45, "title", "starts"),))) == 2


def test_a_title_of_several_classes_is_in_each(db):
    catalogued("海の話", ndc="913.6 452.1")
    catalogued("山の話", ndc="452.1")
    catalogued("谷の話", ndc="913.6")
    assert set(found(ndc="913")) == {"海の話", "谷の話"}
    assert set(found(ndc="452.1")) == {"海の話", "山の話"}
    assert set(found("海の話 452.1")) == {"海の話"}
    assert found(ndc="1") == []
