"""The readers that an EPUB serves, as the file says."""

import io

import pytest

from library import clock
from library.catalog.query.query import Query
from library.catalog.shown import results
from library.ebooks import epub, stock
from models import Ebook, Title
from tests import factories
from tests.epubs import METADATA, book


def facts(*metas):
    return epub.read(io.BytesIO(book(metadata=METADATA + "".join(metas)))).accessibility


def meta(name, text):
    return f"<meta property='{name}'>{text}</meta>"


def feature(text):
    return meta("schema:accessibilityFeature", text)


def test_features_that_an_epub_says_of_itself_are_read():
    found = facts(
        feature("tableOfContents"), feature("captions"), feature("none"), feature("displayTransformability"),
        meta("schema:accessModeSufficient", "textual,visual"), meta("schema:accessModeSufficient", "textual"),
        meta("schema:accessibilitySummary", " 読み上げで\n読めます。 "),
    )  # fmt: skip
    assert found == {
        "formats": "accessible-epub captions",
        "features": "tableOfContents captions displayTransformability",
        "summary": "読み上げで 読めます。",
    }


@pytest.mark.parametrize(
    ("said", "standard"),
    [
        (meta("dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"),
         "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"),
        ("<link rel='dcterms:conformsTo' href='http://www.idpf.org/epub/a11y/accessibility-20170105.html#wcag-aa'/>",
         "EPUB Accessibility 1.0 - WCAG 2.0 Level AA"),
    ],
)  # fmt: skip
def test_a_standard_makes_it_accessible(said, standard):
    assert facts(said) == {"formats": "accessible-epub", "standard": standard}


@pytest.mark.parametrize(
    "said",
    [
        "",
        feature("none"),
        feature("tableOfContents") + meta("schema:accessModeSufficient", "visual"),
        feature("tableOfContents") + meta("schema:accessMode", "visual"),
        meta("dcterms:conformsTo", "https://example.org/another-standard"),
        "<meta refines='#t' property='schema:accessibilityFeature'>captions</meta>",
    ],
)
def test_an_epub_that_nobody_can_read_aloud_is_not_accessible(said):
    assert "accessible-epub" not in facts(said).get("formats", "")


def test_epub_2_says_it_in_attributes():
    assert facts("<meta name='schema:accessibilityFeature' content='tableOfContents'/>")["formats"] == "accessible-epub"


def test_an_ebook_is_found_by_its_format_from_the_moment_it_is_lent_and_no_longer(db, tmp_path):
    path, folder = tmp_path / "book.epub", tmp_path / "ebooks"
    path.write_bytes(book(metadata=METADATA + feature("tableOfContents")))
    title = factories.catalogued("旅の本", copies=1)
    given = {"licences": 1, "days": None, "by": "desk", "now": clock.now()}
    made = stock.add(path, folder, title_id=title.id, today=clock.today(), **given)
    query = Query(format=("accessible-epub",))
    assert results.find(query).ids == [title.id]
    Ebook.update(accessibility=None).execute()  # as an earlier version left it
    assert stock.reread_accessibility(folder) == {"looked": 1} and results.find(query).ids == [title.id]
    assert stock.reread_accessibility(folder) == {"looked": 0}
    stock.withdraw(Ebook.get_by_id(made.id), folder, by="desk", now=clock.now())
    assert results.find(query).ids == [] and Title.get().formats == ""
