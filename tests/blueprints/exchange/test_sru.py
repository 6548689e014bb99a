"""SRU: an independent client searches (sruthi), and what it does not ask is asked by hand."""

from xml.etree import ElementTree

import pytest
import sruthi

from library.discovery.exchange import cql, cql_search
from tests import factories
from tests.blueprints.exchange import served as serving

SRW = "{http://www.loc.gov/zing/srw/}"
DIAGNOSTIC = "{http://www.loc.gov/zing/srw/diagnostic/}"
ADDRESS = "http://127.0.0.1"
# of sruthi, from Python 3.12 on
OF_CLIENT = pytest.mark.filterwarnings("ignore:Testing an element's truth value:DeprecationWarning")


@pytest.fixture
def books(db):
    main, other = factories.branch("本館", code="01"), factories.branch("分館", code="02")
    natsume, miyazawa = ("夏目漱石", "ナツメ, ソウセキ"), ("宮沢賢治", "ミヤザワ, ケンジ")
    made = {
        "こころ": factories.catalogued("こころ", by=natsume, year=1914, publisher="岩波書店", isbns=["9784003101018"],
        subjects=[("友情", "")]),
        "こころの処方箋": factories.catalogued("こころの処方箋", by=("河合隼雄", "カワイ, ハヤオ"), year=1992, publisher="新潮社", ndc="146"),
        "三四郎": factories.catalogued("三四郎", by=natsume, year=1908, publisher="春陽堂"),
        "銀河鉄道の夜": factories.catalogued("銀河鉄道の夜", by=miyazawa, year=1934, ndc="913"),
    }  # fmt: skip
    factories.item(made["こころ"], branch=main)
    factories.item(made["三四郎"], branch=other)
    return made


def found(query, size=100):
    ids = cql_search.find(cql.parse(query), begin=0, size=size).ids
    names = {title.id: title.title for title in factories.Title.select()}
    return [names[one] for one in ids]


def ask(app, **arguments):
    answer = app.test_client().get("/sru", query_string={"operation": "searchRetrieve", "version": "1.2"} | arguments)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in answer.headers
    return ElementTree.fromstring(answer.data)


@pytest.mark.parametrize(("query", "titles"), [
    ("こころ", {"こころ", "こころの処方箋"}),
    ('title = "こころ"', {"こころ", "こころの処方箋"}),
    ('dc.title exact "こころ"', {"こころ"}),
    ('title = "^こころ^"', {"こころ"}),
    ('title = "^銀河"', {"銀河鉄道の夜"}),
    ('title any "三四郎 銀河"', {"三四郎", "銀河鉄道の夜"}),
    ('title all "鉄道 銀河"', {"銀河鉄道の夜"}),
    ("creator=夏目漱石", {"こころ", "三四郎"}),
    ("creator=夏目漱石 AND title=こころ", {"こころ"}),
    ("title=こころ or creator=宮沢賢治", {"こころ", "こころの処方箋", "銀河鉄道の夜"}),
    ("title=こころ NOT creator=河合隼雄", {"こころ"}),
    ("creator=夏目漱石 and (title=三四郎 or title=銀河)", {"三四郎"}),
    ("title=銀河 or title=三四郎 and creator=夏目漱石", {"三四郎"}),
    ("publisher=岩波書店", {"こころ"}),
    ("subject=友情", {"こころ"}),
    ("isbn=4-00-310101-4", {"こころ"}),
    ("isbn=123", set()),
    ("ndc=913", {"こころ", "三四郎", "銀河鉄道の夜"}),
    ("ndc exact 913", {"銀河鉄道の夜"}),
    ("ndc any \"146 913.6\"", {"こころの処方箋", "こころ", "三四郎"}),
    ("from=1914 and until=1934", {"こころ", "銀河鉄道の夜"}),
    ("anywhere=新潮社", {"こころの処方箋"}),
    ("library=02", {"三四郎"}),
    ("library=本館", {"こころ"}),
    ("library=99", set()),
    ("cql.allRecords=1", {"こころ", "こころの処方箋", "三四郎", "銀河鉄道の夜"}),
])  # fmt: skip
def test_a_query_finds(books, query, titles):
    assert set(found(query)) == titles


def test_words_of_a_term_are_looked_for_up_to_a_number(books):
    assert set(found(f'ndc any "{"9 " * 15}146"')) > set(found(f'ndc any "{"9 " * 16}146"'))


@pytest.mark.parametrize(("sort", "titles"), [
    ("date", ["三四郎", "こころ", "銀河鉄道の夜", "こころの処方箋"]),
    ("dc.date/sort.descending", ["こころの処方箋", "銀河鉄道の夜", "こころ", "三四郎"]),
    ("title", sorted(["三四郎", "こころ", "銀河鉄道の夜", "こころの処方箋"])),
])  # fmt: skip
def test_titles_come_in_the_order_that_is_asked_for(books, sort, titles):
    ordered = found(f"cql.allRecords=1 sortBy {sort}")
    assert (
        ordered == titles
        if "date" in sort
        else ordered == list(reversed(found(f"cql.allRecords=1 sortBy {sort}/descending")))
    )


@OF_CLIENT
@pytest.mark.parametrize("schema", ["dc", "dcndl", "marcxml"])
def test_an_independent_client_searches_page_by_page(app, books, schema):
    with serving(app) as address:
        records = sruthi.searchretrieve(f"{address}/sru", 'creator="夏目漱石"', maximum_records=1, record_schema=schema)
        assert records.count == 2
        assert len(list(records)) == 2


@OF_CLIENT
def test_an_independent_client_reads_what_can_be_asked(app, books):
    with serving(app) as address:
        explained = sruthi.explain(f"{address}/sru")
    assert {"title", "creator"} <= set(explained.index["dc"])
    assert set(explained.schema) == {"dc", "dcndl", "marcxml"}
    assert explained.database["title"] == "すずかけ市立図書館"


@pytest.mark.parametrize(("arguments", "code"), [
    ({"operation": "scan"}, 4),
    ({"version": "2.0", "query": "a"}, 5),
    ({"query": "a", "maximumRecords": "many"}, 6),
    ({"query": "a", "startRecord": "0"}, 6),
    ({"query": "from=soon"}, 6),
    ({"query": ["a", "b"]}, 6),
    ({}, 7),
    ({"query": "title="}, 10),
    ({"query": "(a"}, 10),
    ({"query": '"a'}, 10),
    ({"query": "a and"}, 10),
    ({"query": "(" * 50 + "a" + ")" * 50}, 10),
    ({"query": " or ".join(["a"] * 50)}, 10),
    ({"query": "shoesize=9"}, 16),
    ({"query": "a sortBy shoesize"}, 16),
    ({"query": "title within a"}, 19),
    ({"query": "title <> a"}, 19),
    ({"query": "こころ", "startRecord": "3"}, 61),
    ({"query": "a", "recordSchema": "mods"}, 66),
    ({"query": "a", "recordPacking": "zip"}, 71),
])  # fmt: skip
def test_a_request_that_cannot_be_answered_is_told_by_a_diagnostic(app, books, arguments, code):
    root = ask(app, **arguments)
    assert root.find(f".//{DIAGNOSTIC}uri").text == f"info:srw/diagnostic/1/{code}"


def test_an_answer_has_two_hundred_records_at_most(app, db):
    for number in range(3):
        factories.catalogued(f"本{number}")
    root = ask(app, query="cql.allRecords=1", maximumRecords="2")
    assert len(root.findall(f".//{SRW}record")) == 2
    assert root.find(f"{SRW}nextRecordPosition").text == "3"
    assert ask(app, query="cql.allRecords=1", maximumRecords="100000").find(f"{SRW}nextRecordPosition") is None


def test_a_record_may_come_as_text(app, books):
    data = ask(app, query="三四郎", recordPacking="string").find(f".//{SRW}recordData")
    assert "三四郎" in " ".join(ElementTree.fromstring(data.text).itertext())
