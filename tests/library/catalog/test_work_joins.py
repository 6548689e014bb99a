"""作品をまとめる、分ける: what the desk says, and that imports keep it."""

from datetime import UTC, datetime

import pytest

from library import errors
from library.catalog import records, store
from library.catalog.works import work_joins
from library.store import database
from models import Audit, Title
from tests import factories

BY = {"by": "staff:suzuki", "now": datetime(2026, 11, 27, 1, tzinfo=UTC)}


def works(*titles):
    return [Title.get_by_id(title.id).work_key for title in titles]


def import_again(*titles):
    """As when the same file is read once more."""
    with database.writing():
        store.Store().change(
            list(records.load([title.id for title in titles]).items()), [None] * len(titles), now=BY["now"]
        )


def test_two_works_that_were_joined_stay_one_and_take_in_what_comes_later(db):
    one, other = factories.catalogued("こころ"), factories.catalogued("こころ 復刻版")
    assert len(set(works(one, other))) == 2
    work_joins.join([one.id, other.id], **BY)
    import_again(one, other)
    later = factories.catalogued("こころ 復刻版", publisher="新しい社")
    assert set(works(one, other, later)) == {one.work_key}
    row = Audit.get(Audit.action == "work.joined")
    assert (row.actor, row.details["titles"]) == ("staff:suzuki", [one.id, other.id])


def test_titles_of_which_no_record_says_the_work_can_be_joined_too(db):
    one, other = (factories.catalogued("郷土の歩み", by=None, year=year) for year in (1960, 1970))
    work_joins.join([one.id, other.id], **BY)
    import_again(one, other)
    assert works(one, other) == [one.work_key] * 2


def test_works_that_were_parted_stay_apart(db):
    one, other = factories.catalogued("日本史"), factories.catalogued("日本史", year=1950)
    work_joins.separate([other.id], **BY)
    import_again(one, other)
    assert works(one, other) == [one.work_key, f"#{other.id}"]
    assert Audit.get(Audit.action == "work.parted").details["titles"] == [other.id]


def test_to_part_what_was_joined_is_to_undo_it_for_what_comes_later_too(db):
    one, other = factories.catalogued("こころ"), factories.catalogued("門")
    work_joins.join([one.id, other.id], **BY)
    work_joins.separate([other.id], **BY)
    later = factories.catalogued("門", publisher="新しい社")
    assert works(one, other, later) == [one.work_key, f"#{other.id}", f"#{other.id}"]
    work_joins.join([one.id, later.id], **BY)
    assert set(works(one, other, later)) == {one.work_key}


def test_a_third_work_joins_two(db):
    made = [factories.catalogued(name) for name in ("こころ", "門", "明暗")]
    work_joins.join([made[0].id, made[1].id], **BY)
    work_joins.join([made[2].id, made[1].id], **BY)
    import_again(*made)
    assert len(set(works(*made, factories.catalogued("門")))) == 1


@pytest.mark.parametrize(
    "rule, chosen, refusal",
    [
        (work_joins.join, [], errors.NothingTicked),
        (work_joins.join, [1, 2], errors.AlreadyOneWork),
        (work_joins.separate, [], errors.NothingTicked),
        (work_joins.separate, [1, 2], errors.WorkNotParted),
    ],
)
def test_a_joining_that_would_change_nothing_is_refused(db, rule, chosen, refusal):
    for _ in range(2):
        factories.catalogued("こころ")
    with pytest.raises(refusal):
        rule(chosen, **BY)
    assert not Audit.select().exists()
