"""A catalogue that an earlier version made: what it said stays, and is found as one made today."""

from shutil import copytree, ignore_patterns

import pytest
from playhouse.migrations import Runner

from library.catalog.folding import fold
from library.catalog.search import grams, index, search
from library.catalog.search.query import Query, Row
from library.store import database
from models import Item, Title, TitleName


@pytest.fixture(params=[("0029*", "0057*")])
def earlier(request, tmp_path):
    """The open database of the version before; ``write(table, **values)`` puts a row in."""
    older = copytree(database.MIGRATIONS, tmp_path / "migrations", ignore=ignore_patterns(*request.param))
    opened = database.open_database(str(tmp_path / "library.sqlite3"))

    def write(table, **values):
        columns, blanks = ", ".join(values), ", ".join("?" * len(values))
        opened.execute_sql(f"INSERT INTO {table} ({columns}) VALUES ({blanks})", tuple(values.values()))

    with opened.connection_context():
        Runner(opened, str(older)).up()
        yield write


NOTHING = dict.fromkeys(
    "source source_id title_kana subtitle volume series author_kana publisher place year_text isbn isbn_text subjects language extent price".split(),
    "",
)


def title(write, number, **values):
    kinds = {"material_type": "図書", "audience": "一般", "author": "", "ndc": "", "note": ""}
    write("title", id=number, **NOTHING | kinds | values)


def found(text="", **limits):
    return search.find(Query(q=text, **limits)).ids


def test_other_titles_leave_the_notes_and_are_found_as_titles(earlier):
    title(earlier, 1, title="変わる読書", note="改訂版\n別書名: 読書の変化\n索引あり\n別書名: 画面の本")
    title(earlier, 2, title="雪国", note="別書名はない")
    database.migrate()
    index.rebuild()
    assert [row.note for row in Title.select().order_by(Title.id)] == ["改訂版\n索引あり", "別書名はない"]
    assert [(row.kind, row.name) for row in TitleName.select().order_by(TitleName.position)] == [
        ("別書名", "読書の変化"),
        ("別書名", "画面の本"),
    ]
    assert found("画面の本") == [1]


def test_the_index_is_made_anew_while_what_it_found_is_found(earlier):
    title(earlier, 1, title="論文集", author="David Levy 編")
    database.migrate()
    assert not index.is_complete()
    index.rebuild()
    assert index.is_complete() and found("levy") == [1]


def test_copies_and_classes_of_children_are_found_by_their_call_numbers(earlier):
    title(earlier, 1, title="赤い鳥", ndc="K913")
    earlier("branch", id=1, code="A", name="本館", name_kana="", address="", phone="", position=1, pickup=1,
            closed_weekdays="")  # fmt: skip
    copy = {"title_id": 1, "branch_id": 1, "shelf": "", "material_type": "", "state": "available"}
    earlier("item", barcode="1", call_number="R051 ア", **copy)
    database.migrate()
    index.rebuild()
    row = Title.get()
    assert (row.ndc, row.audience, Item.get().shelf_key != "") == ("913", "児童", True)
    assert found("R051") == found("K913") == found("913") == [1]


@pytest.mark.parametrize("earlier", [("0052*",)], indirect=True)
def test_the_index_of_before_answers_until_each_title_has_gone_over(earlier):
    for number, name in ((1, "吾輩は猫である"), (2, "猫の事務所 cats")):
        title(earlier, number, title=name)
        text = f"{fold.strict(name)}{grams.END}"
        earlier("search", rowid=number * 8, title=f"{grams.of_all([text])[0]} {grams.whole(fold.strict(name))}", author="", publisher="",
                subject="", series="", note="", isbn="")  # fmt: skip
    database.migrate()
    index.begin()
    assert (found("猫"), found("吾輩は猫である"), found("cats"), found(rows=(Row("猫", "title"),))) == (
        [2, 1],
        [1],
        [2],
        [2, 1],
    )
    with database.writing():
        index.refresh([1])
        index.mark([1])
    assert found("猫") == [2, 1] and not index.is_complete()
    with database.writing():
        Title.update(title="猫の事務所").where(Title.id == 2).execute()
        index.refresh([2])  # changed by hand meanwhile
    assert found("cats") == [] and found("事務所") == [2]
    index.rebuild()
    assert found("猫") == [2, 1] and index.is_complete()
