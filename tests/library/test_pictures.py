"""The library's photographs: kept in the database with their words, and in every copy of it."""

import sqlite3

import pytest

from library import clock, errors
from library.site import features, pictures
from library.store import backup
from models import Audit, Feature, Picture, PictureFile
from tests.library.test_features import titles, write  # noqa: F401
from tests.library.test_photographs import opened, picture

PLACE = {"place": "outside"}


def put(where, content, alt="正面の入口"):
    pictures.put(where, content, alt, by="staff:kanri", now=clock.now())


def refused(*given):
    with pytest.raises(errors.RefusedTogether) as caught:
        put(*given)
    return {field: [type(one) for one in found] for field, found in caught.value.by_field.items()}


def test_a_photograph_takes_a_place_is_replaced_and_goes(db):
    assert pictures.of_places() == {}
    put(PLACE, picture(size=(1000, 700)))
    shown = pictures.of_places()["outside"]
    assert (shown.alt, [(file.width, file.height) for file in shown.files]) == (
        "正面の入口",
        [(480, 336), (960, 672), (1000, 700)],
    )
    assert opened(type("Sized", (), {"content": pictures.content(shown.files[0].name)})).size == (480, 336)
    put(PLACE, None, "冬の入口")
    assert pictures.of_places()["outside"] == shown._replace(alt="冬の入口")
    put(PLACE, picture(size=(200, 100)))
    assert [file.width for file in pictures.of_places()["outside"].files] == [200]
    assert PictureFile.select().count() == 1
    pictures.remove(PLACE, by="staff:kanri", now=clock.now())
    pictures.remove(PLACE, by="staff:kanri", now=clock.now())
    assert Picture.select().count() == PictureFile.select().count() == 0
    assert [row.action for row in Audit.select().order_by(Audit.id)] == ["picture.put"] * 3 + ["picture.removed"]
    assert {row.details["of"] for row in Audit.select()} == {"図書館外観"}


def test_words_are_demanded_and_a_bad_file_leaves_the_good_one(db):
    assert refused(PLACE, None) == {"file": [errors.PictureMissing]}
    assert refused(PLACE, b"<svg/>", " ") == {"file": [errors.PictureUnknown], "alt": [errors.PictureWordsMissing]}
    put(PLACE, picture())
    before = pictures.of_places()
    assert refused(PLACE, picture()[:-300]) == {"file": [errors.PictureUnreadable]}
    assert refused(PLACE, None, "") == {"alt": [errors.PictureWordsMissing]}
    assert pictures.of_places() == before


def test_a_photograph_for_a_list_that_went_meanwhile_is_refused(titles):  # noqa: F811
    feature = write(titles)
    features.delete(Feature.get_by_id(feature.id), by="staff:kanri", now=clock.now())
    assert refused({"feature": feature.id}, picture()) == {"file": [errors.PicturePlaceGone]}
    assert not Picture.select().exists()


def test_the_picture_of_a_list_goes_with_it_and_the_same_one_elsewhere_stays(titles):  # noqa: F811
    feature = write(titles)
    put({"feature": feature.id}, picture())
    put(PLACE, picture())
    name = pictures.of_places()["outside"].files[0].name
    assert pictures.of_features([feature.id])[feature.id].files[0].name == name
    features.delete(Feature.get_by_id(feature.id), by="staff:kanri", now=clock.now())
    assert pictures.content(name)
    assert pictures.content("none") is None


def test_a_copy_of_the_database_has_them(db, tmp_path):
    put(PLACE, picture())
    copy = sqlite3.connect(backup.write(tmp_path / "copy.sqlite3"))
    ((content,),) = copy.execute("SELECT content FROM picture_file WHERE width = 480").fetchall()
    copy.close()
    assert content == pictures.content(pictures.of_places()["outside"].files[0].name)
