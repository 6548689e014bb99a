"""Files of MARC as programs leave them that know nothing of it: what can be told is read, what can't is refused by
name.
"""

import gzip
import io
from xml.parsers import expat

import pymarc
import pytest

from library import errors
from library.catalog.readers import formats, marc_files
from tests.library.catalog import sources

LINES = ["=LDR cam", "=001 1", "=245 $a図書館の話 /$c山野花子 著", "=260 $a東京 :$bすずかけ書房,$c2001"]
GOOD = sources.marc(sources.Example(lines=LINES))


def entries(data):
    found = list(formats.recognise(io.BytesIO(data)))
    for entry in found:
        entry.parse()
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
def test_bytes_before_and_between_records_are_no_part_of_them(sign):
    other = sources.marc(sources.Example(lines=["=LDR cam", "=001 2", "=245 $a二冊目"]))
    found = entries(sign + GOOD + sign + other + sign)
    assert [entry.parsed().title for entry in found] == ["図書館の話", "二冊目"]
    assert [entry.raw for entry in found] == [GOOD, other]


def test_blanks_that_stand_for_a_length_are_no_blanks_between():
    bare = sources.marc(sources.Example(lines=LINES, packed="no length"))
    assert [entry.parsed().title for entry in entries(bare + bare)] == ["図書館の話"] * 2


def test_a_packed_file_is_called_that():
    for data in (GOOD, XML):
        with pytest.raises(errors.FileIsPacked):
            entries(gzip.compress(data))


# -- XML -------------------------------------------------------------------------------------------------------------
XML = sources.marcxml([sources.Example(lines=[*LINES, "=500 $aはしごだか" + "あ" * 40_000])])


def declared(name, codec, data=XML):
    return data.decode().replace("?>", f' encoding="{name}"?>', 1).encode(codec)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("Shift_JIS", "cp932"),
        ("windows-31j", "cp932"),
        ("x-sjis", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("UTF-16", "utf-16"),
    ],
)
def test_marcxml_in_an_encoding_of_japan_is_read(name, codec):
    (entry,) = entries(declared(name, codec))
    assert entry.parsed().title == "図書館の話"
    assert entry.parsed().note == "はしごだか" + "あ" * 40_000
    assert formats.parse_stored(entry.format, entry.raw).title == "図書館の話"


@pytest.mark.parametrize("name", ["utf-16", "Shift_JIS", "ISO-8859-1", "windows-1252", "EUC-JP"])
def test_marcxml_that_is_utf_8_is_read_as_that_whatever_it_says(name):
    assert entries(declared(name, "utf-8"))[0].parsed().title == "図書館の話"
    assert entries(declared(name, "utf-8-sig"))[0].parsed().title == "図書館の話"


def test_marcxml_in_latin_1_is_read_as_that():
    data = sources.marcxml([sources.Example(lines=["=LDR cam", "=001 1", "=245 $aÉtudes à Genève"])])
    assert entries(declared("ISO-8859-1", "latin-1", data))[0].parsed().title == "Études à Genève"


def test_blank_lines_before_xml_are_no_damage():
    assert entries(b"\r\n\n " + XML)[0].parsed().title == "図書館の話"


def test_a_letter_that_is_broken_refuses_what_follows_in_xml():
    whole = declared("Shift_JIS", "cp932", sources.marcxml([sources.Example(lines=LINES)] * 3))
    at = whole.rindex("書館の話".encode("cp932"))
    found = entries(whole[:at] + b"\x81\x20" + whole[at:])
    assert [bool(entry.record) for entry in found] == [True, True, False]
    assert str(reasons(found)[2]) == f"XML が{whole[:at].count(10) + 1}行目で壊れていて、その先を読めません。"


# -- more than a directory can say, and signs that XML may not hold --------------------------------------------------
def test_a_record_whose_fields_begin_beyond_what_a_directory_can_say_is_too_long():
    raw = sources.marc(sources.Example(lines=[*LINES, *["=500 $aN"] * 14])).replace(b"N", b"n" * 9_000)
    assert reasons(entries(raw + GOOD)) == [errors.RecordTooLong(), None]


def test_a_record_whose_last_field_ends_beyond_is_read():
    notes = [f"=500 $a{number} " + "n" * 9_000 for number in range(11)]
    raw = sources.marc(sources.Example(lines=[*LINES, *notes]))
    (entry,) = entries(b"99999" + raw[5:])
    assert entry.parsed().title == "図書館の話" and len(entry.parsed().note.splitlines()) == 11


@pytest.mark.parametrize("sign", ["\x1b", "\x0b", "\x00", "\x7f", "\x85", "\ufffe", "\uffff"])
def test_signs_that_xml_may_not_hold_are_in_nothing_that_goes_out(sign):
    # each instead of as many bytes, so that the directory stays right
    size = len(sign.encode())
    lines = [
        "=LDR cam",
        "=001 1" + "x" * size,
        "=245 " + "yy" + "$a図書館" + "z" * size,
        "=500 $aq$aN",
        "=008 " + "w" * 40,
    ]
    raw = sources.marc(sources.Example(lines=lines)).replace(b"x" * size + b"\x1e", sign.encode() + b"\x1e")
    raw = raw.replace(b"z" * size + b"\x1e", sign.encode() + b"\x1e").replace(b"w" * size, sign.encode(), 1)
    if size == 1:
        raw = raw.replace(b"\x1eyy", b"\x1e" + sign.encode() * 2).replace(b"\x1faq", b"\x1f" + sign.encode() + b"q")
    record = marc_files.decoded(raw)
    assert record["245"]["a"] == "図書館"
    assert expat.ParserCreate().Parse(pymarc.record_to_xml(record, namespace=True), True)


def test_parts_of_a_control_field_are_in_nothing_that_goes_out():
    record = marc_files.decoded(sources.marc(sources.Example(lines=["=LDR cam", "=001 00\x1fa17", "=245 $a図書館"])))
    assert record["001"].data == "00a17"
    assert expat.ParserCreate().Parse(pymarc.record_to_xml(record, namespace=True), True)
