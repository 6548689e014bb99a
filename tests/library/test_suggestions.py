"""検索候補: what is suggested while words are typed."""

import pytest

from library.catalog.records import Contributor
from library.discovery import suggestions
from tests import factories


@pytest.fixture
def books(db):
    def by(name, *others, **given):
        return factories.catalogued(name, by=("宮沢賢治", "ミヤザワ, ケンジ"), copies=1, **given)

    return {
        "銀河": by("銀河鉄道の夜", title_kana="ギンガ テツドウ ノ ヨル", publisher="岩波書店"),
        "銀河2": by("銀河鉄道の夜", title_kana="ギンガ テツドウ ノ ヨル", publisher="新潮社"),
        "又三郎": by("風の又三郎", title_kana="カゼ ノ マタサブロウ"),
        "論": factories.catalogued("宮沢賢治の世界", title_kana="ミヤザワ ケンジ ノ セカイ", by=("小倉豊文", "オグラ, トヨフミ"), ndc="910.268",
                                   subjects=[("宮沢賢治", "ミヤザワ, ケンジ"), ("日本文学", "ニホン ブンガク")]),
        "清六": factories.catalogued("兄のトランク", contributors=[Contributor("宮沢清六", "ミヤザワ, セイロク", "著"),
        Contributor("宮沢賢治", "ミヤザワ, ケンジ", "画")]),
    }  # fmt: skip


def names(found):
    return [one.name for one in found]


@pytest.mark.parametrize("typed", ["", "み", "a", "mi", "み ", "。。", "　"])
def test_too_little_finds_nothing(typed, books):
    assert suggestions.find(typed) == suggestions.Found()


@pytest.mark.parametrize("typed", ["宮", "みや", "miya", "miyazawa ken", "ミヤザワ", "みやざわ け"])
def test_people_are_found_in_any_letters_the_one_with_most_titles_first(typed, books):
    found = suggestions.find(typed).people
    assert (found[0].name, found[0].number) == ("宮沢賢治", 4)
    assert "小倉豊文" not in names(found)


def test_a_person_who_took_part_in_a_book_of_another_is_not_suggested(books):
    assert names(suggestions.find("清六").people) == ["宮沢清六"]


def test_a_name_that_only_sounds_like_it_is_not_suggested(books):
    for title in ("茶の間", "艸木虫魚", "白羊宮"):
        factories.catalogued(title, by=("薄田泣菫", "ススキダ, キュウキン"))
    factories.catalogued("赤い鳥", by=("鈴木三重吉", "スズキ, ミエキチ"))
    assert names(suggestions.find("すずき").people) == ["鈴木三重吉"]


def test_nobody_is_suggested_for_letters_across_two_parts_of_a_name(books):
    factories.catalogued("怪談", by=("小泉八雲", "コイズミ, ヤクモ"))
    assert names(suggestions.find("みや").people) == ["宮沢賢治", "宮沢清六"]
    assert names(suggestions.find("やくも").people) == names(suggestions.find("こいずみや").people) == ["小泉八雲"]


def test_one_edition_of_a_work_is_suggested(books):
    assert [title.title for title in suggestions.find("ぎんが").titles] == ["銀河鉄道の夜"]
    assert len(suggestions.find("宮沢").titles) == 1


@pytest.mark.parametrize("typed", ["宮沢賢治 銀河", "みやざわ ぎんが", "銀河鉄道 宮沢"])
def test_a_title_is_found_beside_its_author(typed, books):
    assert [title.title for title in suggestions.find(typed).titles] == ["銀河鉄道の夜"]


def test_a_subject_is_found_by_its_letters_and_its_reading(books):
    assert names(suggestions.find("日本文").subjects) == ["日本文学"]
    assert names(suggestions.find("にほんぶ").subjects) == ["日本文学"]


def test_a_class_is_found_by_its_number_and_by_its_words(books):
    assert [(one.code, one.number) for one in suggestions.find("913").classes] == [("913", 4)]
    assert suggestions.find("日本文学").classes[0].code == "91"
    assert suggestions.find("哲学").classes == ()  # no title has it


def test_eight_at_most(books):
    for number in range(8):
        factories.catalogued(
            f"宮沢の本{number}", by=(f"宮沢{number}郎", "ミヤザワ, ナニガシ"), subjects=[(f"宮沢{number}", "")]
        )
    found = suggestions.find("宮沢")
    assert (len(found.titles), len(found.people), len(found.subjects)) == (3, 2, 1)


@pytest.mark.parametrize("typed", ["%", "''", '"; DROP', "\x00宮沢", "宮沢" * 500, "宮沢\\", "＊＊＊"])
def test_whatever_is_typed_is_text(typed, books):
    suggestions.find(typed)
