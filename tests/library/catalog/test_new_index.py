"""A new index is built beside the one that is there, which answers until each title has gone over."""

from library.catalog.fulltext import index
from library.catalog.query.query import Query
from library.catalog.shown import results
from library.store import database, engine
from models import Title
from tests import factories


def found(text):
    return results.find(Query(q=text)).ids


def test_the_index_of_before_answers_until_each_title_has_gone_over(db):
    one, other = factories.catalogued("吾輩は猫である"), factories.catalogued("猫の事務所 cats")
    index.begin()
    assert not index.is_complete()
    assert set(found("猫")) == {one.id, other.id} and found("cats") == [other.id]
    with database.writing():
        index.refresh([one.id])
        index.note_done([one.id])
    assert set(found("猫")) == {one.id, other.id} and not index.is_complete()
    with database.writing():
        Title.update(title="猫の事務所").where(Title.id == other.id).execute()
        index.refresh([other.id])  # changed by hand meanwhile
    assert found("cats") == [] and found("事務所") == [other.id]
    index.rebuild()
    assert set(found("猫")) == {one.id, other.id} and index.is_complete()
    assert engine.run("SELECT before FROM search_state").fetchone()[0] == 0
