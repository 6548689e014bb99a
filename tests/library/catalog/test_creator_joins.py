"""著者をまとめる、分ける: what the desk says, that imports keep it, and that any name finds all."""

from datetime import UTC, datetime

import pytest

from library import errors
from library.catalog import heading_names
from library.catalog.creators import creator_joins
from library.catalog.query.query import Query
from library.catalog.records import Contributor
from library.catalog.shown import results
from models import Audit, Creator
from tests import factories

BY = {"by": "staff:suzuki", "now": datetime(2026, 11, 27, 1, tzinfo=UTC)}
NUMBER = ("NDL", "00054222")


def book(name, by, *numbers):
    return factories.catalogued(name, by=None, author=by, contributors=[Contributor(by, "", "著", identifiers=numbers)])


def form(name):
    return Creator.get(Creator.name == name).id


def person(name):
    return heading_names.creators_of([form(name)])[form(name)]


def found(words):
    return sorted(results.find(Query(q=words)).ids)


def test_names_that_were_joined_are_one_person_whom_any_name_finds(db):
    one, two, other = book("殺意", "栗本薫"), book("家路", "栗本薫"), book("評論", "中島梓")
    creator_joins.join([form("中島梓"), form("栗本薫")], **BY)
    assert person("中島梓") == person("栗本薫") == form("栗本薫")
    assert found("中島梓") == found("栗本薫") == [one.id, two.id, other.id]
    later = book("随筆", "中島梓")
    assert later.id in found("栗本薫")
    row = Audit.get(Audit.action == "people.joined")
    assert (row.actor, row.details["authors"]) == ("staff:suzuki", sorted([form("栗本薫"), form("中島梓")]))


def test_contributors_to_the_book_of_another_are_not_found_by_that_name(db):
    given = [Contributor("ブハーリン", "", "著"), Contributor("河上肇", "カワカミ, ハジメ", "訳")]
    factories.catalogued("唯物史観", by=None, author="ブハーリン 著, 河上肇 訳", contributors=given)
    for words in ("河上", "かわかみ", "kawakami", "はじめ"):
        assert [[each.author.name for each in person] for person in creator_joins.find_creators(words)] == [["河上肇"]]


def test_names_that_were_parted_stay_apart_whatever_records_say(db):
    one, other = book("こころ", "夏目漱石", NUMBER), book("文学論", "夏目金之助", NUMBER)
    creator_joins.separate([form("夏目金之助")], **BY)
    assert person("夏目金之助") != person("夏目漱石")
    assert (found("夏目漱石"), found("夏目金之助")) == ([one.id], [other.id])
    book("続文学論", "夏目金之助", NUMBER)
    assert person("夏目金之助") != person("夏目漱石")


def test_names_left_by_a_parting_stand_under_one_of_them(db):
    for name in ("甲", "乙", "丙"):
        book(f"{name}の本", name)
    creator_joins.join([form("甲"), form("乙"), form("丙")], **BY)
    creator_joins.separate([person("甲")], **BY)
    people = [person(name) for name in ("甲", "乙", "丙")]
    assert len(set(people)) == 2 and all(Creator.get_by_id(each).person_id is None for each in people)


@pytest.mark.parametrize(
    "rule, chosen, refusal",
    [
        (creator_joins.join, (), errors.NothingTicked),
        (creator_joins.join, ("甲",), errors.AlreadyOnePerson),
        (creator_joins.separate, (), errors.NothingTicked),
        (creator_joins.separate, ("甲",), errors.PersonNotParted),
    ],
)
def test_a_joining_that_would_change_nothing_is_refused(db, rule, chosen, refusal):
    book("甲の本", "甲")
    with pytest.raises(refusal):
        rule([form(name) for name in chosen], **BY)
    assert not Audit.select().exists()
