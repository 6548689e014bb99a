"""Titles and names with readings and in Latin letters."""

from library.catalog import named
from tests import factories


def row(**parts):
    return factories.title(**{"title": "銀河鉄道の夜", "title_kana": "ギンガ テツドウ ノ ヨル"} | parts)


def test_a_title_has_its_readings_and_its_hepburn(db):
    found = named.title(row())
    assert found.runs == [("銀河鉄道", "ぎんがてつどう"), ("の", ""), ("夜", "よる")]
    assert (found.hint, found.latin) == ("", "Ginga tetsudō no yoru")


def test_a_volume_stands_after_its_title(db):
    found = named.title(row(volume="上", volume_kana="ジョウ"))
    assert found.text == "銀河鉄道の夜 上"
    assert found.runs == [("銀河鉄道", "ぎんがてつどう"), ("の", ""), ("夜", "よる"), (" ", ""), ("上", "じょう")]
    assert found.latin == "Ginga tetsudō no yoru Jō"
    assert named.title(row(volume="上")).runs[-1] == ("上", "")


def test_the_latin_form_of_a_record_comes_first(db):
    assert named.title(row(title_latin="Ginga-tetsudō no yoru : dōwa")).latin == "Ginga-tetsudō no yoru"


def test_a_reading_that_does_not_divide_is_a_hint(db):
    found = named.title(row(title="木と鳥", title_kana="キトトリ"))
    assert (found.runs, found.hint) == (None, "キトトリ")


def test_a_reading_made_of_a_romanisation_is_a_hint_alone(db):
    found = named.title(row(title_latin="Ginga tetsudo no yoru", kana_source="romaji"))
    assert (found.runs, found.hint) == (None, "ギンガ テツドウ ノ ヨル")


def test_a_title_without_a_reading_has_nothing_beside_it(db):
    assert named.title(row(title_kana="")) == named.Named("銀河鉄道の夜", None, "", "")
    assert named.title(row(title="Winnie the Pooh", title_kana="")).latin == ""


def test_each_part_of_a_creators_name_begins_large():
    assert named.creator("夏目, 漱石", "ナツメ, ソウセキ").latin == "Natsume, Sōseki"
    assert named.creator("夏目, 漱石", "ナツメ, ソウセキ", "Natsume, Soseki").latin == "Natsume, Soseki"
    assert named.creator("夏目, 漱石", "ナツメ, ソウセキ").runs == [
        ("夏目", "なつめ"),
        (", ", ""),
        ("漱石", "そうせき"),
    ]
    assert named.creator("Milne, A. A.", "ミルン, A. A.").latin == ""
