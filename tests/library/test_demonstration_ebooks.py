"""The e-books of the demonstration: made from texts, good EPUB files, lent and waited for."""

import io
import shutil
import subprocess

import pytest

from library import clock
from library.demonstration import ebooks, patrons
from library.ebooks import epub, lending, stock
from models import Ebook, EbookHold, EbookLoan, OutboxMail, ReadingPosition, Title
from tests import factories, programs


@pytest.mark.parametrize(("name", "colours"), [(row[0], row[3]) for row in ebooks.SHELF])
def test_a_text_becomes_a_book_that_is_always_the_same(name, colours):
    made = ebooks.build(ebooks.read(name), ebooks.cover(*colours))
    assert made == ebooks.build(ebooks.read(name), ebooks.cover(*colours))
    book = epub.read(io.BytesIO(made))
    assert (book.language, book.cover_type, book.publisher) == ("ja", "image/jpeg", "すずかけ市立図書館")
    assert len(ebooks.read(name).chapters) == 3
    assert book.isbn.startswith("9794") and len(book.subjects) == 2


@pytest.mark.long
@programs.need("epubcheck")
@pytest.mark.parametrize(("name", "colours"), [(row[0], row[3]) for row in ebooks.SHELF])
def test_epubcheck_finds_nothing(name, colours, tmp_path):
    """Debian's epubcheck is the archive of Java itself."""
    path = tmp_path / "book.epub"
    path.write_bytes(ebooks.build(ebooks.read(name), ebooks.cover(*colours)))
    told = subprocess.run(
        ["java", "-jar", shutil.which("epubcheck"), path, "--failonwarnings"], capture_output=True, text=True
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_one_can_be_borrowed_one_is_being_read_and_one_is_waited_for(db, tmp_path):
    people = [factories.patron() for _ in range(max(ebooks.NEIGHBOURS) + 1)]
    ebooks.write(folder=tmp_path / "ebooks", today=clock.today(), now=clock.now())
    standing = {ebook.title.title: lending.standing(ebook) for ebook in Ebook.select()}
    assert {title: (at.free, at.out, at.waiting) for title, at in standing.items()} == {
        "橋のうた": (0, 1, 1),
        "図書館の夜": (0, 2, 0),
        "すずかけ散歩案内": (None, 0, 0),
    }
    assert {loan.patron_id for loan in EbookLoan.select()} == {
        people[place].id for place in (patrons.READER, *ebooks.NEIGHBOURS)
    }
    assert EbookHold.get().patron_id == people[1].id
    half_read = ReadingPosition.get()
    assert (half_read.loan.patron_id, half_read.loan.ebook.title.title, half_read.part) == (
        people[1].id,
        "図書館の夜",
        2,
    )
    assert not OutboxMail.select().exists()
    assert all(stock.file_of(ebook, tmp_path / "ebooks").is_file() for ebook in Ebook.select())
    assert all(title.isbn and len(title.subjects.splitlines()) == 2 for title in Title.select())
    assert Title.select().count() == 3
