"""A title in each format says what its page says."""

from xml.etree import ElementTree

from library.catalog.readers import dcndl
from library.discovery.exchange import formats
from tests import factories

ADDRESS = "https://library.example.jp/titles/1"
SHOWN = ("title", "title_kana", "subtitle", "volume", "publisher", "place", "year", "isbns", "ndc", "subjects",
    "language", "extent", "note", "contents")  # fmt: skip


def a_title(**given):
    values = {
        "title_kana": "ココロ", "subtitle": "小説", "volume": "上", "publisher": "岩波書店", "place": "東京", "year": 1927,
        "year_text": "1927",
        "isbns": ["9784003101018"], "ndc": "913.6", "subjects": [("友情", "ユウジョウ")], "language": "jpn", "extent": "300p",
        "note": "改版", "contents": "先生と私\n先生と遺書",
    }  # fmt: skip
    return factories.catalogued("こころ", **values | given)


def sent(title, name, of=formats.OF_OAI):
    """Return the element of a title as it leaves the house, and its record."""
    record = formats.load([title.id])[title.id]
    text = formats.written(of[name].element(title.id, record, ADDRESS))
    return ElementTree.fromstring(text), record, text


def test_a_title_in_dcndl_is_read_back_as_it_was(db):
    title = a_title()
    _, record, text = sent(title, "dcndl")
    back = dcndl.decoded(text)
    assert {name: getattr(back, name) for name in SHOWN} == {name: getattr(record, name) for name in SHOWN}
    assert [(one.name, one.kana) for one in back.contributors] == [("夏目漱石", "ナツメ, ソウセキ")]


def test_a_reading_made_of_the_romanisation_goes_nowhere(db):
    title = a_title(kana_source="romaji", title_latin="Kokoro")
    for name in formats.OF_OAI:
        assert "ココロ" not in sent(title, name)[2].decode()


def test_a_title_that_was_edited_is_sent_as_the_desk_has_it(db):
    raw = b"00000nam a2200000 a 4500"
    title = a_title(format="marc21", raw=raw)
    title.edited = True
    title.save()
    assert "こころ" in sent(title, "marc21")[2].decode()


def test_each_format_stands_in_the_namespace_that_it_names(db):
    title = a_title()
    for table in (formats.OF_OAI, formats.OF_SRU):
        for name, each in table.items():
            root, _, _ = sent(title, name, table)
            spaces = {one.tag.partition("}")[0].removeprefix("{") for one in root.iter()}
            assert each.namespace in spaces
            assert all(one.tag.startswith("{") for one in root.iter())
