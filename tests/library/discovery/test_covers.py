"""表紙の画像: all are fetched, whoever looks at what; what is no picture is never shown; a source that fails
is left alone.
"""

import io
import threading
from datetime import timedelta

import pytest
from PIL import Image

from library import clock
from library.discovery.covers import pictures, rounds, source
from library.files import photographs
from library.store.lock import FileLock
from models import Cover, Title
from tests import covers, factories
from tests.library.test_photographs import png

FIRST, SECOND, THIRD = "9784003101018", "9784101010014", "9784041001028"
GOOD = (200, covers.picture())


class Clockwork(threading.Event):
    """Stops nothing, and lets no time go by: ``waits`` are the seconds that somebody would have waited."""

    def __init__(self):
        super().__init__()
        self.waits = []

    def wait(self, timeout=None):
        self.waits.append(timeout)
        return self.is_set()


@pytest.fixture
def served():
    with covers.server() as opened:
        yield opened


@pytest.fixture
def library(db, served, tmp_path, moved_clock):
    """``library()`` runs a round in a library of three titles with ISBN, and one without; ``library.later()`` the one
    after the next look.
    """
    for isbn in (FIRST, SECOND, THIRD, ""):
        factories.title(isbn=isbn)

    def run(stop=None, url=served.url, **more):
        settings = {"INSTANCE": str(tmp_path), "COVERS_URL": url}
        return rounds.run(settings, now=clock.now(), stop=stop or Clockwork(), loopback=True, **more)

    def later():
        moved_clock.now += source.LOOK_EVERY
        return run()

    run.folder, run.later = tmp_path / pictures.FOLDER, later
    return run


def shown(library):
    return {isbn for isbn in (FIRST, SECOND, THIRD) if pictures.is_there(library.folder, isbn)}


def asked(served):
    """Return the ISBNs that were asked for since somebody looked."""
    found, served.asked[:] = [path[1:14] for path in served.asked], []
    return found


def test_all_isbns_are_asked_for_once_those_that_came_last_first(library, served):
    served.answers = {FIRST: GOOD, SECOND: GOOD}
    assert library() == {"covers": 2, "covers_absent": 1}
    assert asked(served) == [THIRD, SECOND, FIRST]
    assert shown(library) == {FIRST, SECOND}
    library.later()
    assert asked(served) == []


def test_one_is_asked_for_a_second(library, served):
    stop = Clockwork()
    library(stop)
    assert len(stop.waits) == 3 and all(0 < wait <= 1 for wait in stop.waits)


def test_a_cover_that_is_shown_was_drawn_here(library, served):
    served.answers = {FIRST: (200, covers.picture(kind="PNG"))}
    library()
    with Image.open(pictures.path(library.folder, FIRST)) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (240, 360))


def test_an_isbn_of_two_titles_is_asked_for_once(library, served):
    factories.title(isbn=FIRST)
    library()
    assert asked(served) == [FIRST, THIRD, SECOND]


def test_a_round_has_an_end_and_the_next_goes_on(library, served, monkeypatch):
    monkeypatch.setattr(rounds, "ROUND", 2)
    library()
    assert asked(served) == [THIRD, SECOND] and source.read().left == 1
    library()
    assert asked(served) == [FIRST] and source.read().left == 0


def test_a_round_that_was_interrupted_goes_on(library, served):
    class Stopped(Clockwork):
        def wait(self, timeout=None):
            self.set()
            return True

    library(Stopped())
    assert asked(served) == [THIRD]
    library()
    assert asked(served) == [SECOND, FIRST]


@pytest.mark.parametrize("answer", [(404, b""), (410, b"gone"), (200, b""), (200, covers.picture((1, 1), "GIF"))])
def test_one_that_is_not_there_is_asked_for_again_after_thirty_days(library, served, moved_clock, answer):
    served.otherwise = answer
    library()
    assert asked(served) and not source.read().faults
    moved_clock.now += timedelta(days=29)
    library()
    assert asked(served) == []
    moved_clock.now += timedelta(days=1)
    served.otherwise = GOOD
    library()
    assert len(shown(library)) == 3


UNUSABLE = {
    "a page": (200, b"<!doctype html><title>x</title>"),
    "a drawing that is a program": (200, b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "half a picture": (200, covers.picture()[:400]),
    "too much": (200, covers.picture() + b"x" * (2 * 1024**2)),
    "a way elsewhere": (302, b""),
    "an error": (500, b""),
    "one that swells": (200, png(5000, 5000)),
    "a strip": (200, covers.picture((400, 40))),
}


@pytest.mark.parametrize("answer", UNUSABLE.values(), ids=UNUSABLE)
def test_an_answer_that_is_no_picture_is_asked_for_again_after_a_day(library, served, moved_clock, answer):
    served.answers = {SECOND: answer}
    assert library()["covers_failed"] == 1
    assert len(asked(served)) == 3 and not shown(library)
    moved_clock.now += timedelta(hours=23)
    library()
    assert asked(served) == []
    moved_clock.now += timedelta(hours=1)
    library()
    assert asked(served) == [SECOND]


def test_a_title_that_came_since_is_asked_for_at_the_next_look(library, served):
    """Each look takes seconds in a large catalogue."""
    library()
    asked(served)
    factories.title(isbn="9784003101025")
    library()
    assert asked(served) == []
    library.later()
    assert asked(served) == ["9784003101025"]


# -- a source that fails -----------------------------------------------------------------------------------------------
def test_a_source_that_fails_ten_times_is_left_alone_each_time_for_longer(library, served, moved_clock):
    served.otherwise = (500, b"")
    for number in range(20):
        factories.title(isbn=f"97840031{number:05}")
    library()
    assert len(asked(served)) == 10
    state = source.read()
    assert (state.fault, state.resting_until(clock.now())) == ("500", clock.now() + timedelta(hours=1))
    moved_clock.now += timedelta(minutes=59)
    library()
    assert asked(served) == []
    for hours in (2, 4, 8, 16, 24, 24):
        moved_clock.now = source.read().resting_until(clock.now()) or clock.now() + timedelta(minutes=1)
        library()
        assert len(asked(served)) == 1
        assert source.read().resting_until(clock.now()) == clock.now() + timedelta(hours=hours)
    moved_clock.now += timedelta(hours=24)
    served.otherwise = GOOD
    library()
    assert len(asked(served)) == 23 and source.read().faults == 0


def test_a_source_that_asks_for_a_rest_gets_it_at_once(library, served, moved_clock):
    served.otherwise = (429, b"")
    library()
    assert asked(served) == [THIRD] and source.read().resting_until(clock.now())
    moved_clock.now += timedelta(hours=1)
    served.otherwise = GOOD
    library()
    assert asked(served) == [THIRD, SECOND, FIRST]


def test_a_source_that_can_not_be_reached_is_said_to_be_so(library, served):
    library(url="http://127.0.0.1:1/{isbn13}")
    assert source.read().fault == "unreachable"


def test_a_source_inside_of_the_library_is_never_asked(library, served, tmp_path):
    settings = {"INSTANCE": str(tmp_path), "COVERS_URL": "https://127.0.0.1:1/{isbn13}"}
    assert rounds.run(settings, now=clock.now(), stop=Clockwork())["covers_failed"] == 3


# -- what goes ---------------------------------------------------------------------------------------------------------
def test_the_picture_of_an_isbn_that_no_title_has_any_more_goes(library, served):
    served.otherwise = GOOD
    library()
    Title.update(isbn="").where(Title.isbn == FIRST).execute()
    assert library.later()["covers_removed"] == 1
    assert shown(library) == {SECOND, THIRD} and Cover.select().count() == 2


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1/other/{isbn13}"])
def test_pictures_of_a_source_that_is_no_longer_asked_go(library, served, url):
    served.otherwise = GOOD
    library()
    assert library(url=url)["covers_removed"] == 3
    assert not shown(library)
    assert not Cover.select().where(Cover.size > 0).exists()


def test_where_covers_are_drawn_nothing_is_asked_and_nothing_made(library, served):
    assert library(url="") == {}
    assert not served.asked and not library.folder.exists()


def test_pictures_that_a_copy_of_the_database_put_back_lacks_are_fetched_again(library, served):
    served.otherwise = GOOD
    library()
    pictures.path(library.folder, FIRST).unlink()
    (library.folder / "9784003101018.new").write_bytes(b"half")
    asked(served)
    library.later()
    assert asked(served) == [FIRST] and shown(library) == {FIRST, SECOND, THIRD}
    assert {path.suffix for path in library.folder.iterdir()} == {".webp"}


def test_the_oldest_cover_makes_room(library, served, monkeypatch):
    served.otherwise = GOOD
    library()
    monkeypatch.setattr(pictures, "MOST", pictures.counts()[1])
    newest = "9784003101025"
    factories.title(isbn=newest)
    asked(served)
    library.later()
    assert asked(served) == [newest]
    assert shown(library) == {SECOND, THIRD} and pictures.is_there(library.folder, newest)
    library.later()
    assert asked(served) == []


def test_two_never_fetch_at_once(library, served, tmp_path):
    with FileLock(tmp_path / "covers.lock"):
        assert library() == {}
    assert not served.asked


def test_a_wide_picture_stands_whole_on_its_own_colour():
    """A picture book: nothing of its title is cut off."""
    wide = Image.new("RGB", (400, 300), "white")
    wide.paste("red", (0, 0, 20, 300))
    written = io.BytesIO()
    wide.save(written, "PNG")
    with Image.open(io.BytesIO(photographs.draw_cover(written.getvalue()))) as drawn:
        assert drawn.size == (240, 360)
        assert drawn.getpixel((3, 180))[1] < 60 and drawn.getpixel((120, 180))[1] > 240
