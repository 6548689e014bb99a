"""Latin words are found however they are spelled: British, American, German without dots, numbers in words, several of
what stands there once.
"""

import pytest

from library.catalog.folding import latin_words
from library.catalog.search import search
from library.catalog.search.query import Query
from tests import factories


@pytest.mark.parametrize(("word", "others"), [
    ("color", ["colour"]), ("colour", ["color"]), ("organisation", ["organization"]), ("center", ["centre"]),
     ("catalogue", ["catalog"]),
    ("guenter", ["gunter"]), ("21st", ["twentyfirst"]), ("100", ["one hundred"]), ("1984", ["nineteen eightyfour"]),
     ("12th", ["twelfth"]),
    ("2000", ["two thousand"]), ("30", ["thirty"]), ("7", []), ("2001", []), ("wise", []), ("図書館", []),
])  # fmt: skip
def test_a_word_has_these_other_spellings(word, others):
    assert latin_words.other_spellings(word) == others


@pytest.mark.parametrize(("query", "title"), [
    ("color atlas", "The Colour Atlas of Anatomy"), ("organization of labor", "The organisation of labour"),
     ("gruen muenchen", "Grün ist München"),
    ("capital 21st century", "Capital in the Twenty-First Century"), ("100 years alone", "One hundred years alone"),
     ("1984", "Nineteen eighty-four"),
    ("mockingbirds", "The mockingbird"), ("libraries", "A library in town"), ("DVD 千尋", "千尋"),
     ("wizard of earth sea", "A Wizard of Earthsea"),
])  # fmt: skip
def test_a_title_is_found_by_another_spelling(db, query, title):
    made = factories.catalogued(title, by=None, extent="DVD 1枚" if "DVD" in query else "")
    factories.catalogued("Number nine", by=None)
    assert search.find(Query(q=query)).ids == [made.id]


def test_another_spelling_follows_what_was_typed(db):
    typed, other = (
        factories.catalogued(title, by=None, year=year).id for title, year in (("Color", 1990), ("Colour", 2020))
    )
    assert search.find(Query(q="color")).ids == [typed, other]


def test_a_number_in_words_is_found_as_a_word_alone(db):
    factories.catalogued("Forty-tenant house of the stenographer", by=None)
    assert search.find(Query(q="10")).ids == []
