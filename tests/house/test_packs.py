"""The pack explains itself: each column has a Japanese title and a sentence, and FORMAT.ja.md names what is there."""

import re

import pytest
from peewee import ForeignKeyField

from library.cutover import figures
from library.packs import contents, descriptions

TABLES = contents.tables(with_reading=True)
NAMES = {table._meta.table_name for table in TABLES}
COLUMNS = [(table._meta.table_name, field) for table in TABLES for field in table._meta.sorted_fields]
DESCRIBED = {table._meta.table_name: descriptions.schema(table, NAMES) for table in TABLES}
WORD = re.compile(r"[a-z][a-z0-9/_-]*")


def words_of(field):
    """Return the words that a column may have."""
    rules = [str(rule.sql) for rule in field.constraints or () if hasattr(rule, "sql")]
    return {word for rule in rules if " IN (" in rule for word in re.findall(r"'([^']*)'", rule) if word}


def test_each_table_and_column_of_a_pack_has_a_japanese_title_and_a_sentence():
    said = descriptions.words()
    assert [name for name in NAMES if (name, "") not in said] == []
    for name, schema in DESCRIBED.items():
        titles = [each["title"] for each in schema["fields"]]
        assert sorted(set(titles)) == sorted(titles), f"two columns of {name} have one title"
        for each in (schema, *schema["fields"]):
            place = f"{name}.{each.get('name', '')}"
            assert re.fullmatch(r'[^",\s]+', each["title"]) and not WORD.fullmatch(each["title"]), place
            assert re.fullmatch(r".+。", each["description"]), place


def test_no_description_is_of_a_column_that_is_not_there_or_repeats_another_list():
    there = {*((name, "") for name in NAMES), *((name, field.column_name) for name, field in COLUMNS)}
    there |= {("*", column) for _, column in there}
    assert descriptions.words().keys() - there == set()
    twice = [
        (name, field.name)
        for name, field in COLUMNS
        if field.name in descriptions.TITLES.get(name, ()) and descriptions.words()[name, field.column_name][0]
    ]
    assert twice == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_sentence_names_each_word_that_its_column_may_have_and_the_row_it_points_to(name):
    fields = {each["name"]: each["description"] for each in DESCRIBED[name]["fields"]}
    for field in (field for of, field in COLUMNS if of == name):
        sentence = fields[field.column_name]
        assert words_of(field) <= set(re.findall("[^、 ]+", sentence)), field.column_name
        if isinstance(field, ForeignKeyField):
            assert f"{field.rel_model._meta.table_name}.id" in sentence, field.column_name


def test_the_format_names_tables_and_columns_that_are_there():
    text = contents.FORMAT_TEXT.read_text(encoding="utf-8").partition("## ほかのシステム")[2].partition("\n## ")[0]
    columns = {f"{name}.{field.column_name}" for name, field in COLUMNS}
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", text)) - {"a.b", "manifest.json"}
    assert named - columns == set() and len(named) >= 30
    words = set(re.findall(r"`([a-z_]+)`", text)) - {"a", "b", "day", "figures", *figures.LABELS}
    known = (
        NAMES | {field.column_name for _, field in COLUMNS} | {word for _, field in COLUMNS for word in words_of(field)}
    )
    assert words - known == set()
