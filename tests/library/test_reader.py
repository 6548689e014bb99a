"""電子書籍を読む: a part as HTML that is nobody's but ours, pictures, and the place that goes with the loan."""

import io
import json
import re
from datetime import timedelta

import pytest
from PIL import Image

from library import clock, errors
from library.access import unsealing
from library.account import own_data
from library.ebooks import contents, epub, lending, part_pages, positions
from library.ebooks.positions import Place
from models import Ebook, EbookLoan, ReadingPosition
from tests import books_to_read, epubs, factories

ENDS = re.compile(r"evil|script|javascript|alert\(|onclick|onload|onerror|style|http|data:|logout|passwd", re.I)


@pytest.fixture
def stored(tmp_path):
    """Return a function that puts a book where the stock would, as the stock would: looked through first."""

    def keep(content, name="book"):
        epub.read(io.BytesIO(content))
        path = tmp_path / f"{name}.epub"
        path.write_bytes(content)
        return path

    return keep


# -- what is shown ---------------------------------------------------------------------------------------------------
def test_a_vertical_book_has_its_parts_its_list_and_its_direction(stored):
    book = contents.read(stored(books_to_read.vertical()))
    assert [(entry.label, entry.part, entry.anchor) for entry in book.entries] == [
        ("一、灯のともるころ", 1, "b-top"), ("二、海", 2, ""), ("奥付", 3, ""),
    ]  # fmt: skip
    assert (book.vertical, book.language, len(book.parts)) == (True, "ja", 3)
    assert [book.label(number) for number in (1, 2, 3)] == ["一、灯のともるころ", "二、海", "奥付"]


def test_ruby_and_the_classes_of_the_guide_stay(stored):
    part = part_pages.part(stored(books_to_read.vertical()), 1)
    assert '<span class="tcy">29</span>' in part.html
    assert "<ruby>図書館<rt>としょかん</rt></ruby>" in part.html
    assert '<span class="em-sesame">だれか</span>' in part.html
    assert '<img class="gaiji" alt="印" src="files/1">' in part.html
    assert part.html.startswith('<h2 id="p-1"><span id="b-top"></span>一、<ruby>')
    assert part.indented


def test_a_link_leads_to_a_place_in_another_part(stored):
    path = stored(books_to_read.vertical())
    assert '<a href="2#b-note">注</a>' in part_pages.part(path, 1).html
    assert '<span id="b-note"></span>' in part_pages.part(path, 2).html


def test_a_page_of_a_vertical_book_may_be_horizontal(stored):
    path = stored(books_to_read.vertical())
    assert [part_pages.part(path, number).vertical for number in (1, 2, 3)] == [True, True, False]


def test_a_book_of_html_of_before_is_read_with_its_entities(stored):
    path = stored(books_to_read.horizontal())
    part = part_pages.part(path, 1)
    assert "Café — 1&nbsp;cup." in part.html and "Tea&nbsp;&amp; Books" in part.html
    assert "<th>a</th>" in part.html
    assert not part.vertical
    assert contents.read(path).entries[0].label == "Tea & Books"


def test_of_fixed_layout_a_picture_a_page_is_shown_and_nothing_else(stored):
    path = stored(books_to_read.fixed())
    assert part_pages.part(path, 1).picture == "files/1"
    assert (part_pages.part(path, 2).picture, part_pages.part(path, 2).words) == ("files/2", "二匹の犬")
    with pytest.raises(errors.EbookPartUnreadable, match="読書アプリでお読みください"):
        part_pages.part(path, 3)


def test_the_list_of_epub_2_is_read_too(stored):
    ncx = (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
        "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'><navMap><navPoint id='a'><navLabel><text>はじめ</text></navLabel>"
        "<content src='c.xhtml#x'/><navPoint id='b'><navLabel><text>つづき</text></navLabel><content src='c.xhtml'/></navPoint>"
        "</navPoint></navMap></ncx>"
    )
    items = "<item id='ncx' href='toc.ncx' media-type='application/x-dtbncx+xml'/>"
    made = epubs.parts(items=items, **{"OPS/toc.ncx": ncx})
    made["OPS/book.opf"] = made["OPS/book.opf"].replace("<spine>", "<spine toc='ncx'>")
    found = contents.read(stored(epubs.packed(made)))
    assert found.entries == (("はじめ", 1, "b-x", 0), ("つづき", 1, "", 1))


# -- what a stranger brings ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("body", books_to_read.SCRIPTS)
def test_nothing_that_runs_or_leads_away_comes_through(stored, body):
    html = part_pages.part(stored(books_to_read.hostile(body)), 1).html
    told = re.sub(
        r"&lt;.*?&gt;|alert\(1\)(?=&lt;)|id=\"[\w.-]*\"", "", html
    )  # what is text or the name of a place does nothing
    assert not ENDS.search(told)
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "span", "a", "img"}
    assert all(value.startswith(("files/", "#b-")) for value in re.findall(r'(?:src|href)="([^"]*)"', html))


def test_no_class_of_the_site_is_worn_by_a_book(stored):
    html = part_pages.part(stored(books_to_read.hostile("<p class='button main tcy unseen reader-bar'>x</p>")), 1).html
    assert html == '<p class="tcy" id="p-1">x</p>'


@pytest.mark.parametrize(
    "document",
    [
        books_to_read.BOMB + "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>&b;</p></body></html>",
        "<!DOCTYPE html SYSTEM 'x' [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><html xmlns='http://www.w3.org/1999/xhtml'><body>&f;</body></html>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body>" + "<div>" * 500 + "</div>" * 500 + "</body></html>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body>" + "<br/>" * 30_000 + "</body></html>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>" + "あ" * part_pages.LARGEST + "</p></body></html>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>x</body></html>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>&nothing_known;</p></body></html>",
        b"\xff\xfe\x00\xd8<html/>",
        "",
        "<p>x</p>",
    ],
    ids=("bomb", "outside", "deep", "many", "long", "broken", "unknown entity", "no text", "empty", "no html"),
)
def test_a_document_that_is_none_or_too_much_is_refused_in_one_sentence(stored, document):
    made = epubs.parts(**{"OPS/c.xhtml": document})
    made["OPS/filler"] = bytes(range(256)) * 4_000  # so that the file is not refused as a bomb when it comes
    path = stored(epubs.packed(made))
    with pytest.raises(errors.EbookPartUnreadable):
        part_pages.part(path, 1)


def test_an_element_left_open_is_not_opened_again_in_each_paragraph(stored):
    """HTML would make 640,000 elements of 80 around 8,000 paragraphs."""
    body = "<p>" + "".join(f"<b id='i{n}'>" for n in range(80)) + "<p>x</p>" * 8_000 + "</b>" * 80 + "</p>"
    html = part_pages.part(stored(books_to_read.hostile(body)), 1).html
    assert len(html) < 3_000_000 and html.count(">x<") == 8_000


def test_a_file_that_was_damaged_since_is_refused(stored):
    path = stored(epubs.book())
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(errors.EbookPartUnreadable):
        contents.read(path)


# -- pictures --------------------------------------------------------------------------------------------------------
def _with_picture(content, name="a.png", kind="image/png"):
    items = f"<item id='a' href='{name}' media-type='{kind}'/>"
    return epubs.book(items=items, **{f"OPS/{name}": content})


def _png(width, height):
    made = io.BytesIO()
    Image.new("1", (width, height)).save(made, "PNG")
    return made.getvalue()


def test_a_picture_is_what_its_content_says(stored):
    assert part_pages.picture(stored(_with_picture(epubs.JPEG)), 1) == ("image/jpeg", epubs.JPEG)
    assert part_pages.picture(stored(_with_picture(_png(8, 8)), "small"), 1)[0] == "image/png"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"",
        b"\x89PNG\r\n\x1a\nrubbish",
    ],
    ids=("svg", "html", "empty", "broken"),
)
def test_a_file_that_is_no_picture_is_not_sent_as_one(stored, content):
    path = stored(_with_picture(content, "a.svg", "image/svg+xml"))
    with pytest.raises(errors.EbookPartUnreadable):
        part_pages.picture(path, 1)


def test_a_picture_of_more_pixels_than_a_phone_has_memory_for_is_not_sent(stored):
    content = _with_picture(_png(9_000, 9_000))
    with pytest.raises(errors.EbookPartUnreadable):
        part_pages.picture(stored(content), 1)
    for number in (0, 2, -1):
        with pytest.raises(errors.EbookPartUnreadable):
            part_pages.picture(stored(content), number)


def test_a_name_that_leaves_the_book_names_nothing(stored):
    html = part_pages.part(stored(books_to_read.hostile("<img src='../../../etc/passwd' alt='印'/>")), 1).html
    assert html == "印"


# -- the place -------------------------------------------------------------------------------------------------------
def test_a_place_is_remembered_and_goes_on_from_there(patron):
    loan = factories.ebook_loan(patron)
    assert positions.of_loan(loan) == Place(1, 0)
    positions.mark(loan, Place(2, 14))
    positions.mark(loan, Place(3, 1))
    assert positions.of_loan(loan) == Place(3, 1)
    assert ReadingPosition.select().count() == 1


def test_the_place_goes_when_the_book_is_given_back(patron):
    loan = factories.ebook_loan(patron)
    positions.mark(loan, Place(2, 14))
    lending.give_back(loan, now=clock.now())
    positions.mark(loan, Place(3, 1))  # from a page that is open still
    assert not ReadingPosition.select().exists()


def test_the_place_goes_with_the_last_day_and_no_other_does(patron):
    today = clock.today()
    over = factories.ebook_loan(patron, due_on=today - timedelta(days=1), lent_on=today - timedelta(days=9))
    goes_on = factories.ebook_loan(patron)
    for loan in (over, goes_on):
        positions.mark(loan, Place(2, 14))
    lending.end_all_over(now=clock.now())
    assert [place.loan_id for place in ReadingPosition.select()] == [goes_on.id]


def test_the_place_goes_with_the_card(patron):
    positions.mark(factories.ebook_loan(patron), Place(2, 14))
    lending.close_card(patron, now=clock.now())
    assert not ReadingPosition.select().exists()


def test_only_a_loan_of_ones_own_that_goes_on_is_read(patron):
    today = clock.today()
    mine, other = factories.ebook_loan(patron), factories.ebook_loan(factories.patron())
    over = factories.ebook_loan(patron, due_on=today - timedelta(days=1), lent_on=today - timedelta(days=9))
    sealed = factories.ebook_loan(None, sealed_for=patron)
    found = [positions.loan_of(patron, loan.id, today=today) for loan in (mine, other, over, sealed)]
    assert found == [mine, None, None, None]
    assert positions.loan_of(patron, EbookLoan.select().count() + 9, today=today) is None


def test_a_patron_gets_the_places_with_the_other_data(patron):
    loan = factories.ebook_loan(patron)
    positions.mark(loan, Place(2, 14))
    positions.mark(factories.ebook_loan(factories.patron()), Place(5, 5))
    told = json.loads(own_data.as_json(patron, now=clock.now()))["reading_places"]
    assert told == [{"loan.ebook.title.title": Ebook.get_by_id(loan.ebook_id).title.title, "part": 2, "paragraph": 14}]


def test_of_a_book_that_was_borrowed_again_meanwhile_the_newer_place_stays(patron):
    ebook = factories.ebook(licences=None)
    before, since = (
        factories.ebook_loan(mine, ebook, licence=None, sealed_for=sealed)
        for mine, sealed in ((None, patron), (patron, None))
    )
    positions.mark(before, Place(2, 2))
    positions.mark(since, Place(3, 3))
    unsealing.unseal(patron)
    assert [(place.loan_id, place.part) for place in ReadingPosition.select()] == [(since.id, 3)]
