"""著者: which names are one person (spec 12, 5)."""

import io

import pytest

from library import clock
from library.catalog import heading_names, records, store
from library.catalog.query.query import Query
from library.catalog.readers import formats, identifiers
from library.catalog.records import Contributor
from library.catalog.shown import results
from library.catalog.works import works
from library.store import database
from models import Creator, CreatorIdentifier, Title
from tests import factories
from tests.library.catalog import sources

SOSEKI, VIAF = ("NDL", "00054222"), ("VIAF", "29539193")


def person(name, *numbers):
    author = Creator.select().where(Creator.name == name).order_by(Creator.id.desc()).first()
    return heading_names.creators_of([author.id])[author.id]


def book(name, by, *numbers, kana="", **given):
    return factories.catalogued(
        name, by=None, author=by, contributors=[Contributor(by, kana, "著", identifiers=numbers)], **given
    )


def forms():
    return sorted(sorted(row.title.title for row in form.contributions) for form in Creator.select())


def found(words):
    return sorted(results.find(Query(q=words)).ids)


def test_numbers_are_read_as_records_write_them():
    texts = (
        "http://id.ndl.go.jp/auth/entity/00054222", "https://id.ndl.go.jp/auth/ndlna/00054222", "(JTNDL)00054222",
        "(viaf)29539193", "http://viaf.org/viaf/29539193/", "(isni)0000 0001 2130 6862", "(DE-588)118",
    )  # fmt: skip
    assert sorted(identifiers.in_texts(texts)) == sorted((SOSEKI, VIAF, ("ISNI", "0000000121306862")))


@pytest.mark.parametrize(
    ("years", "born"),
    [("1867-1916.", "1867"), ("1935-", "1935"), ("1967 July 2-", "1967"), ("b. 1936.", "1936"), ("712-770", "712"),
     ("", ""), ("-1797.", ""), ("active 1797.", ""), ("1862?-1916", ""), ("1904 or 5-", ""), ("106 B.C.-", "")],
)  # fmt: skip
def test_a_year_of_birth_is_read_where_the_record_is_sure_of_it(years, born):
    lines = ["=245 $a門", f"=100 $a夏目, 漱石,$d{years}" if years else "=100 $a夏目, 漱石"]
    (entry,) = formats.recognise(io.BytesIO(sources.marc(sources.Example(lines=lines))))
    assert [(each.name, each.born) for each in entry.parsed().contributors] == [("夏目, 漱石", born)]


def test_names_with_one_number_are_one_creator_and_any_of_them_finds_all(db):
    first = book("こころ", "夏目漱石", SOSEKI, kana="ナツメ, ソウセキ")
    second = book("文学論", "夏目金之助", VIAF, kana="ナツメ, キンノスケ")
    assert person("夏目漱石") != person("夏目金之助") and found("金之助") == [second.id]
    third = book("Kokoro", "Natsume, Sōseki", SOSEKI, VIAF)
    assert len({person(name) for name in ("夏目漱石", "夏目金之助", "Natsume, Sōseki")}) == 1
    everything = sorted([first.id, second.id, third.id])
    assert [found(words) for words in ("金之助", "夏目漱石", "Natsume Soseki", "なつめきんのすけ")] == [everything] * 4
    assert CreatorIdentifier.select().count() == 2


def test_two_people_of_one_name_with_two_numbers_are_two(db):
    book("経済の本", "鈴木一郎", ("NDL", "00000001"))
    book("星の本", "鈴木一郎", ("NDL", "00000002"))
    book("経済の続き", "鈴木一郎", ("NDL", "00000001"))
    assert forms() == [["星の本"], ["経済の本", "経済の続き"]]


def test_books_of_one_name_by_namesakes_are_two_works(db):
    first = book("経済学", "鈴木一郎", ("NDL", "00000001"))
    second = book("経済学", "鈴木一郎", ("NDL", "00000002"), year=2001)
    third = book("経済学", "鈴木一郎", ("NDL", "00000002"), year=2010)
    keys = [Title.get_by_id(title.id).work_key for title in (first, second, third)]
    assert keys[0] != keys[1] == keys[2]
    with database.writing():
        works.write_keys(list(records.load([third.id]).items()))
    assert Title.get_by_id(third.id).work_key == keys[1]


def test_two_people_of_one_name_born_in_two_years_are_two(db):
    def by(name, born):
        given = [Contributor("川口浩", "カワグチ, ヒロシ", "著", born=born)]
        return factories.catalogued(name, by=None, author="川口浩 著", contributors=given)

    books = [("批評", "1905"), ("法の本", "1951"), ("続批評", "1905"), ("続・法の本", "1951"), ("どちらの本", "")]
    for name, born in books:
        by(name, born)
    assert forms() == [["どちらの本", "批評", "続批評"], ["法の本", "続・法の本"]]
    same = by("批評", "1905"), by("批評", "1951")
    assert same[0].work_key != same[1].work_key


def test_a_name_gets_its_year_from_the_next_record(db):
    first = book("こころ", "夏目漱石")
    given = [Contributor("夏目漱石", role="著", born="1867")]
    factories.catalogued("門", by=None, author="夏目漱石 著", contributors=given)
    assert [(form.born, form.id) for form in Creator.select()] == [("1867", first.contributors.get().author_id)]


def test_a_name_without_a_number_gets_it_from_the_next_record(db):
    book("こころ", "夏目漱石")
    book("門", "夏目漱石", SOSEKI)
    assert Creator.select().count() == 1
    assert CreatorIdentifier.get().value == "00054222"


def test_a_title_that_is_changed_keeps_its_people(db):
    book("経済の本", "鈴木一郎", ("NDL", "00000001"))
    stars = book("星の本", "鈴木一郎", ("NDL", "00000002"))
    before = stars.contributors.get().author_id
    with database.writing():
        record = records.load([stars.id])[stars.id]
        record.note = "改めた"
        store.Store().change([(stars.id, record)], [None], now=clock.now())
    assert stars.contributors.get().author_id == before
