"""え: which titles a picture finds, and how the desk changes it."""

import pytest

from library import clock, errors, policy
from library.catalog.fulltext import index
from library.discovery import childrens_titles, motifs
from models import Audit
from tests import factories

ACTING = {"by": "staff:madoguchi", "now": clock.now()}


@pytest.fixture
def put(db):
    """Add a title for children with a copy."""

    def put(name="本", kana="", *, call_number="", material="図書", subjects="", ndc=""):
        values = {"title_kana": kana, "ndc": ndc, "material_type": material, "audience": "児童"}
        headings = [(subjects, "")] if subjects else []
        made = factories.catalogued(name, by=None, subjects=headings, **values)
        factories.item(made, call_number=call_number)
        index.copies_changed()
        return made

    return put


def pictures(title):
    titles = childrens_titles.current(policy.get("motifs"))
    row = titles.shot.row_of(title.id)
    return {each.slug for each in titles.motifs if row in titles.with_pictures(titles.rows, [each.slug])}


# -- the table -------------------------------------------------------------------------------------------------------
def test_there_are_twenty_four_pictures_and_four_kinds_in_kana():
    every = motifs.every({})
    assert sum(not each.is_kind for each in every) == 24
    assert [each.label for each in every if each.is_kind] == ["えほん", "ものがたり", "しらべる", "かみしばい"]
    assert all(motifs._LABEL.fullmatch(each.label) for each in every)
    assert all(motifs._CLASS.fullmatch(code) for each in every for code in each.classes)


# -- what a title has ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"subjects": "猫"}, {"dogs-and-cats"}),
        ({"subjects": "犬--飼育"}, {"dogs-and-cats"}),
        ({"ndc": "645.6"}, {"dogs-and-cats", "finding-out"}),
        ({"ndc": "913.6"}, {"stories"}),
        ({"ndc": "726.6"}, {"picture-books"}),
        ({"ndc": "913.6", "call_number": "E ミ"}, {"picture-books"}),
        ({"name": "ねこの ゆうびんや"}, {"dogs-and-cats"}),
        ({"name": "吾輩は猫である"}, {"dogs-and-cats"}),
        ({"name": "夜", "kana": "イヌ ノ ヨル"}, {"dogs-and-cats"}),
        ({"name": "うみへ いこう"}, {"sea"}),
        ({"name": "海の むし"}, {"sea", "insects"}),
        ({"name": "おいぬきの うた"}, {"music"}),
        ({"name": "バスケットの 本"}, set()),
        ({"name": "はしれ バス"}, {"vehicles"}),
        ({"material": "紙芝居", "subjects": "絵本"}, {"kamishibai"}),
        ({"material": "CD", "ndc": "767.7"}, {"music"}),
        ({}, set()),
    ],
)
def test_a_title_has_pictures_by_subjects_classes_and_words(put, given, found):
    assert pictures(put(**given)) == found


def test_a_title_of_two_kinds_is_of_the_first_alone(put):
    assert pictures(put(subjects="童話", ndc="726.6")) == {"picture-books"}


# -- at the desk -----------------------------------------------------------------------------------------------------
def draft(slug, **given):
    motif = motifs.find(slug)
    lists = {name: "\n".join(getattr(motif, name)) for name in ("subjects", "classes", "words")}
    return motifs.Draft(**{"label": motif.label, "is_shown": motif.is_shown} | lists | given)


def test_a_librarian_changes_what_a_picture_finds(put):
    robot = put("からくり人形")
    assert pictures(robot) == set()
    motifs.change("robots", draft("robots", label="ロボットと きかい", words="ロボット\nからくり人形"), **ACTING)
    assert pictures(robot) == {"robots"}
    assert motifs.find("robots").label == "ロボットと きかい"
    assert policy.get("motifs").keys() == {"robots"} and policy.get("motifs")["robots"].keys() == {"label", "words"}
    assert Audit.get(Audit.action == "kids.motif").details["changes"]["words"] == [
        "ロボット、はぐるま",
        "ロボット、からくり人形",
    ]


def test_a_picture_that_is_put_back_leaves_nothing(db):
    motifs.change("sea", draft("sea", classes="452"), **ACTING)
    usual = motifs.shipped()["sea"]
    motifs.change("sea", draft("sea", classes="\n".join(usual.classes)), **ACTING)
    assert policy.get("motifs") == {}


def test_a_picture_that_is_not_offered_is_nowhere(put):
    put("うみ")
    motifs.change("sea", draft("sea", is_shown=False), **ACTING)
    assert childrens_titles.current(policy.get("motifs")).motif("sea") is None


def test_classes_are_taken_in_wide_letters_and_entries_once(db):
    motifs.change("sea", draft("sea", classes="４５２\n452\n\n e", words=" うみ  べ \nうみ べ"), **ACTING)
    assert motifs.find("sea").classes == ("452", "E")
    assert motifs.find("sea").words == ("うみ べ",)


@pytest.mark.parametrize(
    ("given", "field", "refusal"),
    [
        ({"label": "海"}, "label", errors.KanaUnreadable),
        ({"label": ""}, "label", errors.KanaUnreadable),
        ({"label": "あ" * 13}, "label", errors.KanaUnreadable),
        ({"classes": "海の本"}, "classes", errors.MotifClassUnreadable),
        ({"words": "\n".join(f"語{number}" for number in range(61))}, "words", errors.MotifListTooLong),
        ({"subjects": "あ" * 41}, "subjects", errors.MotifListTooLong),
    ],
)
def test_words_that_nobody_could_read_are_refused(db, given, field, refusal):
    with pytest.raises(errors.RefusedTogether) as refused:
        motifs.change("sea", draft("sea", **given), **ACTING)
    assert {name: [type(one) for one in found] for name, found in refused.value.by_field.items()} == {field: [refusal]}
    assert policy.get("motifs") == {}
