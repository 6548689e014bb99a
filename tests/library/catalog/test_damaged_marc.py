"""Files of MARC as programs leave them that know nothing of it: what can be told is read, what can't is refused by name."""

import io

import pytest

from library import errors
from library.catalog.readers import formats
from tests.library.catalog import sources

LINES = ["=LDR cam", "=001 1", "=245 $a図書館の話 /$c山野花子 著", "=260 $a東京 :$bすずかけ書房,$c2001"]
GOOD = sources.marc(sources.Example(lines=LINES))


def entries(data):
    found = list(formats.recognised(io.BytesIO(data)))
    for entry in found:
        entry.open()
    return found


def reasons(found):
    return [entry.refused and entry.refused.by_field[""][0] for entry in found]


def without_escapes(packed, lines=LINES):
    return sources.marc(sources.Example(lines=lines, packed=packed)).replace(b"\x1b", b"")


@pytest.mark.parametrize("packed", ["marc8", "iso2022_jp"])
def test_kanji_without_the_sign_before_them_are_refused(packed):
    found = entries(GOOD + without_escapes(packed) + GOOD)
    assert reasons(found) == [None, errors.RecordLostEscapes(), None]
    assert found[1].source_id == "1"


def test_so_they_are_in_xml_where_that_sign_may_not_stand():
    lines = ["=LDR cam", "=001 1", "=245 $a?^=q4[$cx", "=500 $aB"]
    data = sources.marcxml([sources.Example(lines=lines)]).replace(b"?^=q4[", b"$B?^=q4[$NOC(B")
    assert reasons(entries(data)) == [errors.RecordLostEscapes()]


@pytest.mark.parametrize(
    "text",
    [
        "$19.95 (Book)",
        "$1.95(B)",
        "$1,000(Boston)",
        "US$B (Bonds)",
        "A$Bargain(Book)",
        "$1-15(British)",
        "(B) $100",
        "$1/(B)",
    ],
)
def test_an_amount_of_money_is_no_kanji(text):
    raw = sources.marc(sources.Example(lines=["=LDR cam", "=001 1", "=245 $aX"])).replace(b"X", b"%s" % text.encode())
    assert entries(raw)[0].record.title == text


# -- between records -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sign", [b"\xef\xbb\xbf", b"\r\n", b" ", b"\t", b"\r\n \xef\xbb\xbf", b"\0\0"])
def test_what_stands_before_and_between_records_is_no_part_of_them(sign):
    other = sources.marc(sources.Example(lines=["=LDR cam", "=001 2", "=245 $a二冊目"]))
    found = entries(sign + GOOD + sign + other + sign)
    assert [entry.opened().title for entry in found] == ["図書館の話", "二冊目"]
    assert [entry.raw for entry in found] == [GOOD, other]


def test_blanks_that_stand_for_a_length_are_no_blanks_between():
    bare = sources.marc(sources.Example(lines=LINES, packed="no length"))
    assert [entry.opened().title for entry in entries(bare + bare)] == ["図書館の話"] * 2
