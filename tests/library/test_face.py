"""名称・ロゴ・色: which colours a library can have, and what follows from them; the name and the logo that go over the
settings.
"""

import colorsys
import re

import pytest

from library import clock, errors, policy
from library.site import accents, branding, pictures
from models import Audit, PictureFile
from tests.library import test_photographs

BY = {"by": "staff:kanri"}


def ratio(one, other):
    return accents.contrast(accents.linear(one), accents.linear(other))


@pytest.mark.parametrize(
    ("typed", "colour"),
    [("", ""), (" #025D51 ", "#025d51"), ("0068b7", "#0068b7"), ("#036", "#003366"), ("#767676", "#767676")],
)
def test_a_colour_that_is_read_on_white_is_taken(typed, colour):
    assert accents.read(typed) == colour


@pytest.mark.parametrize("typed", ["#ffd400", "#00a0e9", "#f00", "#fff", "#888888"])
def test_a_paler_one_is_refused_with_the_nearest_that_passes(typed):
    with pytest.raises(errors.AccentTooPale) as refused:
        accents.read(typed)
    nearest = refused.value.facts["nearest"]
    assert 4.5 <= ratio(nearest, "#ffffff") < 4.7
    assert accents.read(nearest) == nearest == refused.value.fix.to


@pytest.mark.parametrize("typed", ["green", "#12345", "#gggggg", "rgb(0,0,0)"])
def test_a_text_that_is_no_colour_is_refused(typed):
    with pytest.raises(errors.ColourUnreadable):
        accents.read(typed)


@pytest.mark.parametrize("hue", range(0, 360, 15))
def test_all_that_follows_from_an_accent_can_be_read(hue):
    vivid = "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue / 360, 0.5, 1))
    colour = accents.nearest(vivid)
    light, dark = (
        dict(re.findall("--([a-z-]+):(#[0-9a-f]{6})", part)) for part in accents.sheet(colour).split("@media")
    )
    for ground in ("#ffffff", "#f7f4ee", "#ece7dc", light["accent-tint"]):
        assert ratio(light["accent"], ground) >= 4.5, ground
        assert ratio(light["accent-strong"], ground) >= 7, ground
    for ground in ("#171a19", "#1f2422", "#2a302d", dark["accent-tint"]):
        assert ratio(dark["accent"], ground) >= 4.5, ground
        assert ratio(dark["accent-strong"], ground) >= 7, ground
    assert ratio(dark["accent"], "#101413") >= 4.5, "text on a button"


def test_the_name_goes_over_the_setting(db):
    settings = {"LIBRARY_NAME": "図書館"}
    assert branding.name(settings) == "図書館"
    branding.change(
        branding.read({"library_name": " みどり市立 図書館 ", "accent": "#0068b7"}), None, **BY, now=clock.now()
    )
    assert branding.name(settings) == "みどり市立 図書館" and policy.get("accent") == "#0068b7"
    assert Audit.get(Audit.action == "library.face").details["changes"]["accent"] == ["–", "#0068b7"]


def test_a_logo_is_drawn_anew_in_two_sizes_and_goes_again(db):
    values = {"library_name": "", "accent": ""}
    branding.change(values, test_photographs.picture(), **BY, now=clock.now())
    logo = policy.get("logo")
    assert (logo["kind"], logo["plate"]) == ("jpg", "night")
    assert logo["width"] == 160 and {row.width for row in PictureFile.select()} == {160, 320}
    assert pictures.content(logo["name"]).startswith(b"\xff\xd8") and pictures.content(logo["larger"])
    branding.remove_logo(**BY, now=clock.now())
    assert policy.get("logo") is None and not PictureFile.select().exists()


@pytest.mark.parametrize(
    ("colour", "plate"),
    [("black", "night"), ("#002b5c", "night"), ("white", "day"), ("#e8d44d", "day"), ("#c81e28", "")],
)
def test_a_see_through_logo_gets_a_plate_where_it_could_not_be_seen(db, colour, plate):
    branding.change({"library_name": "", "accent": ""}, test_photographs.mark(colour), **BY, now=clock.now())
    logo = policy.get("logo")
    assert (logo["kind"], logo["plate"]) == ("png", plate)
    assert pictures.content(logo["name"]).startswith(b"\x89PNG")


def test_a_logo_that_can_not_be_read_changes_nothing(db):
    with pytest.raises(errors.RefusedTogether) as refused:
        branding.change({"library_name": "みどり", "accent": ""}, b"no picture", **BY, now=clock.now())
    assert list(refused.value.by_field) == ["file"]
    assert policy.get("library_name") == ""
