"""Files of libraries are read field by field, in every shape; records that can't be read are refused by name."""

import io
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given, settings, strategies as st

from library import errors
from library.catalog import isbd
from library.catalog.folding import scripts
from library.catalog.readers import dcndl, formats, marc_files
from library.files import encodings, report
from library.files.cells import ODD_LETTERS
from tests.library.catalog import sources

MARC = sources.examples("marc_records.txt")
DCNDL = sources.examples("dcndl_records.txt")
PLAIN = [example for example in MARC if not example.packed]
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>&b;</leader></record></collection>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><collection><record>&a;</record></collection>"""


def entries(data, **options):
    found = list(formats.recognise(io.BytesIO(data), **options))
    for entry in found:
        entry.parse()
    return found


def reasons(entry):
    return [reason for reasons in entry.refused.by_field.values() for reason in reasons]


# -- field by field --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("example", MARC, ids=str)
def test_a_record_of_marc_21_is_read_field_by_field(example):
    (entry,) = entries(sources.marc(example))
    assert entry.refused is None
    assert sources.shown(entry.record) == example.expected


@pytest.mark.parametrize("example", DCNDL, ids=str)
def test_a_record_of_dcndl_is_read_field_by_field(example):
    (entry,) = entries(sources.dcndl(example))
    assert entry.refused is None
    assert sources.shown(entry.record) == example.expected


def test_there_are_enough_records_of_enough_kinds():
    assert len(MARC) + len(DCNDL) >= 60
    assert len({example.kind for example in MARC + DCNDL}) >= 10


def test_marcxml_says_the_same_as_marc_21():
    found = entries(sources.marcxml(PLAIN))
    assert [sources.shown(entry.record) for entry in found] == [example.expected for example in PLAIN]
    assert {entry.record.format for entry in found} == {"marcxml"}


@pytest.mark.parametrize("example", [PLAIN[0], DCNDL[0]], ids=str)
def test_a_stored_source_record_is_read_again_alike(example):
    data = sources.marc(example) if example in MARC else sources.dcndl(example)
    (entry,) = entries(data)
    again = formats.parse_stored(entry.format, entry.raw)
    again.source_id = entry.source_id
    assert sources.shown(again) == example.expected


def test_many_records_follow_one_another_whatever_is_between_them():
    data = b"\r\n".join(sources.marc(example) for example in MARC) + b"\x1a"
    found = entries(data)
    assert [entry.number for entry in found] == list(range(1, len(MARC) + 1))
    assert all(entry.refused is None for entry in found)
    assert [sources.shown(entry.record) for entry in found] == [example.expected for example in MARC]


def test_several_titles_in_one_answer_and_in_one_file():
    answer = sources.dcndl(DCNDL[0])
    rdf = answer.decode()
    other = sources.dcndl(DCNDL[1]).decode()
    inside = other[other.index("<dcndl:BibAdminResource") : other.index("</rdf:RDF>")]
    together = rdf.replace("</rdf:RDF>", inside + "</rdf:RDF>").encode()
    assert [sources.shown(entry.record) for entry in entries(together)] == [DCNDL[0].expected, DCNDL[1].expected]


# -- copies ----------------------------------------------------------------------------------------------------------
def test_copies_are_read_where_the_settings_say():
    example = sources.Example(
        lines=["=LDR cam", "=001 1", "=245 $a本", "=952 $p0001$bH$cSTACK$o913.6$oナ", "=952 $bH", "=852 $a2$bN"]
    )
    mapping = {
        "952": {"barcode": "p", "branch": "b", "shelf": "c", "call_number": "o"},
        "852": {"barcode": "a", "branch": "b"},
    }
    (entry,) = entries(sources.marc(example), holdings=mapping)
    assert [(copy.barcode, copy.branch, copy.shelf, copy.call_number) for copy in entry.record.holdings] == [
        ("0001", "H", "STACK", "913.6 ナ"),
        ("2", "N", "", ""),
    ]
    (entry,) = entries(sources.marc(example))
    assert entry.record.holdings == []


# -- what is refused -------------------------------------------------------------------------------------------------
GOOD = sources.marc(PLAIN[0])


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["=LDR nz ", "=001 a", "=100 $a山野"], errors.RecordNotBibliographic(kind="典拠")),
        (["=LDR nw ", "=001 a", "=153 $a913"], errors.RecordNotBibliographic(kind="分類")),
        (["=LDR cx ", "=001 a", "=852 $aX"], errors.RecordNotBibliographic(kind="所蔵")),
        (["=LDR nam", "=001 a", "=200 $aTitre"], errors.RecordIsOtherMarc(name="UNIMARC", tag="200")),
        (["=LDR cam", "=001 a", "=100 $a山野"], errors.RecordHasNoTitle()),
        (["=LDR cam", "=001 a", "=245 $c山野"], errors.RecordHasNoTitle()),
    ],
)
def test_a_row_that_describes_no_title_is_refused_by_name(lines, reason):
    first, second = entries(sources.marc(sources.Example(lines=lines)) + GOOD)
    assert reasons(first) == [reason]
    assert first.source_id == "a"
    assert second.record.title == "坂の上の図書館"


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:24] + b"x" * 12 + raw[36:],  # a directory of no numbers
        lambda raw: raw[:12] + b"00025\x1d",  # nothing after the leader
        lambda raw: b"\x1d" * 3 + b"xyz\x1d",
        lambda raw: raw.replace("図書館".encode(), b"\xe5\x9b\xb3\xe6\x9b\xff\xfe\xe9\xa4\xa8", 1)[:-1] + b"\x1d",
    ],
)
def test_a_record_that_can_not_be_read_is_one_refusal_and_the_next_goes_on(damage):
    found = entries(GOOD + damage(GOOD) + GOOD)
    assert found[0].record.title == found[-1].record.title == "坂の上の図書館"
    assert all(isinstance(reason, errors.Refused) for entry in found if entry.refused for reason in reasons(entry))
    assert any(entry.refused for entry in found)


def with_entries(raw, change):
    """The record with other (tag, length, start) in its directory."""
    base = int(raw[12:17])
    entries = [
        (raw[at : at + 3], int(raw[at + 3 : at + 7]), int(raw[at + 7 : at + 12])) for at in range(24, base - 1, 12)
    ]
    return raw[:24] + b"".join(b"%s%04d%05d" % each for each in change(raw[base:], entries)) + raw[base - 1 :]


def counting_letters(data, entries):
    """As programs that counted letters, not bytes."""
    start = 0
    for tag, length, first in entries:
        letters = len(data[first : first + length].decode())
        yield tag, letters, start
        start += letters


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: with_entries(raw, counting_letters),
        lambda raw: with_entries(raw, lambda _, entries: [(tag, 7, first) for tag, _, first in entries]),
        lambda raw: raw[:12] + b"99999" + raw[17:],  # no data where they should begin
        lambda raw: raw[:12] + b"abcde" + raw[17:],
        lambda raw: raw[:-1] + b"\x1e\x1d",
    ],
)
def test_a_directory_that_is_wrong_is_made_anew(damage):
    for each in PLAIN[:8]:
        (entry,) = entries(damage(sources.marc(each)))
        assert sources.shown(entry.record) == each.expected


def test_a_field_with_the_sign_of_an_end_in_it_is_one():
    (entry,) = entries(GOOD.replace("の上の".encode(), b"\x1e", 1))
    assert entry.record.title == "坂 図書館" and entry.record.author


def test_a_record_of_which_nobody_knows_the_fields_is_refused():
    (entry,) = entries(with_entries(GOOD, lambda _, entries: [(tag, 7, first) for tag, _, first in entries[2:]]))
    assert reasons(entry) == [errors.RecordUnreadable(reason="ディレクトリーの長さが合わない")]


def test_a_space_in_another_script_of_marc_8_is_no_damage():
    raw = sources.marc(sources.Example(lines=["=LDR cam", "=001 1", "=245 $aABCDEFGH/B"]))
    (entry,) = entries(raw.replace(b"ABCDEFGH/B", b"\x1b(2` a\x1b(B"))
    assert entry.record.title == "א ב"


def test_bytes_after_the_last_record_are_no_record():
    assert len(entries(GOOD + b" " * 100)) == 1


def test_a_record_that_lost_its_end_does_not_swallow_the_next():
    other = sources.marc(PLAIN[4])
    found = entries(GOOD[: len(GOOD) // 2] + other)
    assert reasons(found[0]) == [errors.RecordCutOff()]
    assert found[0].source_id == "910000001"
    assert found[1].record.title == "三人の旅人"


def test_a_file_that_breaks_off_loses_its_last_record_only():
    found = entries(GOOD + GOOD[:-20])
    assert found[0].record
    assert reasons(found[1]) == [errors.RecordCutOff()]
    assert str(reasons(found[1])[0]) == "記録が途中で切れています。"


def test_xml_that_breaks_off_says_where():
    data = sources.marcxml(PLAIN[:3])
    found = entries(data[: data.rindex(b"<record>") + 30])
    assert [bool(entry.record) for entry in found] == [True, True, False]
    assert "行目で壊れて" in str(reasons(found[2])[0])


@pytest.mark.parametrize("levels", [101, 300_000])
def test_xml_deeper_than_any_record_says_where_and_what_came_before_is_read(levels):
    data = sources.marcxml(PLAIN[:2])
    deep = b"<record>" + b"<a>" * levels + b"</a>" * levels + b"</record>"
    found = entries(data.replace(b"</collection>", deep + b"</collection>"))
    assert [bool(entry.record) for entry in found] == [True, True, False]
    assert "XML が" in str(reasons(found[2])[0]) and "100段より深く" in str(reasons(found[2])[0])


def test_xml_that_is_deep_around_its_records_is_refused_too():
    data = b"<collection>" + b"<a>" * 200 + b"<record/>" + b"</a>" * 200 + b"</collection>"
    assert "100段より深く" in str(reasons(entries(data)[0])[0])


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")], ids=["bomb", "outside", "utf-16"])
def test_a_document_type_is_refused_before_anything_is_read(data):
    with pytest.raises(errors.XmlHasDocumentType):
        formats.recognise(io.BytesIO(data))


def test_a_document_type_inside_an_answer_is_refused_too():
    answer = sources.SRU.format("&lt;!DOCTYPE x [&lt;!ENTITY a 'b'&gt;]&gt;&lt;x&gt;&amp;a;&lt;/x&gt;").encode()
    with pytest.raises(errors.XmlHasDocumentType):
        entries(answer)


# -- recognised by content -------------------------------------------------------------------------------------------
TABLE = "書誌番号,書名\n000773,こころ\n"


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (GOOD, "marc21"),
        (b"\r\n" + GOOD, "marc21"),
        (sources.marcxml(PLAIN[:1]), "marcxml"),
        (b"\xef\xbb\xbf" + sources.marcxml(PLAIN[:1]), "marcxml"),
        (sources.marcxml(PLAIN[:1]).decode().encode("utf-16"), "marcxml"),
        (sources.dcndl(DCNDL[0]), "dcndl"),
        (TABLE.encode(), "csv"),
        (TABLE.encode("utf-8-sig"), "csv"),
        (TABLE.encode("cp932"), "csv"),
        (TABLE.encode("utf-16"), "csv"),
        (TABLE.replace(",", "\t").encode(), "csv"),
    ],
)
def test_a_file_is_what_is_in_it(data, form):
    (entry,) = entries(data)
    assert entry.format == form
    assert entry.record.title in ("坂の上の図書館", "暗号の話", "こころ")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", errors.FileIsEmpty),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), errors.FileIsNoCatalogue),
        (b"PK\x03\x04" + bytes(100), errors.FileIsSpreadsheet),
        (b"<html><body>404</body></html>", errors.XmlHasNoRecords),
        (b"<<<", errors.XmlBroken),
        (b'{"a": 1}', errors.FileIsNoCatalogue),
        ("氏名,年齢\n山野,5\n".encode(), errors.HeadingsMissing),
    ],
)
def test_another_file_is_refused_with_a_sentence(data, reason):
    with pytest.raises(reason) as refused:
        formats.recognise(io.BytesIO(data))
    assert refused.value.sentence.count("\n") == 0


# -- encodings of Japan ---------------------------------------------------------------------------------------------
JAPANESE = [("cp932", "CP932"), ("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP")]


def written_in(codec, count=20):
    """Records of a file in this encoding, each as bytes, and what is expected of them; all leaders say UTF-8."""
    found = []
    for each in PLAIN:
        with suppress(UnicodeEncodeError):
            found.append((sources.marc(replace(each, packed=codec)), each.expected))
    return found[:count]


@pytest.mark.parametrize(("codec", "name"), JAPANESE)
def test_marc_in_an_encoding_of_japan_is_read_as_that_and_said(codec, name):
    records = written_in(codec)
    catalogue = formats.recognise(io.BytesIO(b"".join(raw for raw, _ in records)))
    found = entries(b"".join(raw for raw, _ in records))
    assert catalogue.charset == name and len(found) == 20
    assert [sources.shown(entry.record) for entry in found] == [expected for _, expected in records]
    for entry in found:  # what is stored is read again by itself, without its file
        again = formats.parse_stored(entry.format, entry.raw)
        again.source_id = entry.source_id
        assert sources.shown(again) == sources.shown(entry.record)


@pytest.mark.parametrize(("codec", "name"), JAPANESE[:2])
def test_a_record_that_is_cut_inside_a_letter_is_refused_and_no_other(codec, name):
    records = [raw for raw, _ in written_in(codec)]
    cut = sources.marc(sources.Example(lines=["=LDR cam", "=001 x", "=245 $a図書館の話"])).replace(
        "図書館の話".encode(), "図書館".encode(codec)[:-1] + b"\x20" * 10
    )
    *found, broken = entries(b"".join([*records, cut]))
    assert all(entry.record for entry in found)
    assert reasons(broken) == [errors.RecordGarbled(encoding=name)]


def test_one_broken_record_of_three_does_not_make_another_encoding_of_the_file():
    records = [raw for raw, _ in written_in("cp932")[:2]]
    kanji = sources.Example(lines=["=LDR cam", "=001 x", "=245 $a図書館"], packed="cp932")
    whole, broken = sources.marc(kanji), sources.marc(kanji).replace("館".encode("cp932"), b"\x8a\x1f")
    first, second, third, fourth = entries(b"".join([*records, whole, broken]))
    assert first.record and second.record and third.record.title == "図書館"
    assert reasons(fourth) == [errors.RecordGarbled(encoding="CP932")]


@pytest.mark.parametrize("text", ["Müller, Größe", "Žluťoučký kůň", "Быть или не быть"])
@pytest.mark.parametrize("codec", ["latin-1", "cp1250", "cp1251", "koi8-r", "iso8859-5"])
def test_a_record_of_another_country_is_not_taken_for_japanese(text, codec):
    assert encodings.recognise([text.encode(codec, "ignore") * 20]) == ""


def test_a_record_of_utf_8_is_that_in_a_file_of_any_encoding():
    records = [raw for raw, _ in written_in("cp932")]
    *_, last = entries(b"".join([*records, sources.marc(PLAIN[0])]))
    assert sources.shown(last.record) == PLAIN[0].expected


def test_a_person_may_say_the_encoding():
    kanji = sources.Example(lines=["=LDR cam", "=001 1", "=245 $a図書館"], packed="cp932")
    (alone,) = entries(sources.marc(kanji))
    assert reasons(alone) == [errors.RecordGarbled(encoding="MARC-8")]
    (told,) = entries(sources.marc(kanji), encoding="cp932")
    assert told.record.title == "図書館"
    assert formats.parse_stored(told.format, told.raw).title == "図書館"  # nobody says it again later
    latin = sources.Example(lines=["=LDR cam", "=001 1", "=245 $aMüller"], packed="marc8")
    (told,) = entries(sources.marc(latin), encoding="marc-8")
    assert (told.format, told.record.title) == ("marcxml", "Müller")
    (utf8,) = entries(sources.marc(kanji), encoding="utf-8")
    assert reasons(utf8) == [errors.RecordGarbled(encoding="UTF-8")]


@pytest.mark.parametrize("packed", ["cp932", "euc_jp", ""])
def test_letters_that_nobody_can_read_are_noted(packed):
    titles = (
        ["ふつうのことば", "高〓光太郎のうた"]
        + ["こころのことば\ue000"] * (packed != "euc_jp")
        + ["\ufffdうた"] * (not packed)
    )
    data = [sources.marc(sources.Example(lines=["=LDR cam", f"=245 $a{title}"], packed=packed)) for title in titles]
    plain, *odd = [[note.words for note in entry.record.remarks] for entry in entries(b"".join(data))]
    assert plain == [] and odd == [[ODD_LETTERS]] * len(odd)


def test_a_file_that_may_be_in_two_encodings_is_refused_by_name():
    both = ["石山".encode("euc_jp")] * 18  # also ﾀﾐｻｳ
    with pytest.raises(errors.EncodingUnclear, match="CP932、EUC-JP"):
        encodings.recognise([*both, "かなのはなし".encode("euc_jp"), "カナノハナシ".encode("cp932")])


@pytest.mark.parametrize("damage", [b"AB\x93D", b"AB\xd3D"])
def test_marc_8_that_has_what_is_no_letter_is_refused_and_loses_none(damage):
    raw = sources.marc(sources.Example(lines=["=LDR cam", "=001 1", "=245 $aABCD"], packed="marc8"))
    (entry,) = entries(raw.replace(b"ABCD", damage))
    assert reasons(entry) == [errors.RecordGarbled(encoding="MARC-8")]


# -- tables ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("codec", "charset"),
    [("utf-8", ""), ("cp932", "CP932"), ("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP"), ("utf-16", "UTF-16")],
)
def test_a_table_says_its_encoding(codec, charset):
    data = "書名,著者\nかがみの話,山田　花子／著\n".encode(codec)
    assert formats.recognise(io.BytesIO(data)).charset == charset
    assert [entry.record.title for entry in entries(data)] == ["かがみの話"]
    if codec == "euc_jp":
        with pytest.raises(errors.Refused):
            formats.recognise(io.BytesIO(data), encoding="utf-8")


def test_people_of_a_table_with_roles_and_readings():
    rows = (
        "書名,著者,著者ヨミ,人物,分類\n"
        "甲,夏目漱石／著;山田一／訳,ナツメ ソウセキ;ヤマダ ハジメ,,NDC K913 914\n"
        "乙,佐藤 一,サトウ ハジメ,,913\n"
        "丙,,,著者|アーヴィング|ワシントン|アーヴィング|ワシントン；翻訳者|吉田|甲|よしだ|こう,\n"
    )
    first, second, third = (entry.record for entry in entries(rows.encode()))
    assert sources.shown(first)[-2:] == ["by: 夏目漱石 | ナツメ ソウセキ | 著", "by: 山田一 | ヤマダ ハジメ | 訳"]
    assert (first.ndc, first.audience) == ("913 914", "児童")
    assert sources.shown(second)[-1] == "by: 佐藤一 | サトウ ハジメ"
    assert (second.audience, second.material_type) == ("", "")
    assert third.author == "ワシントン・アーヴィング 著 ; 吉田甲 訳"
    assert sources.shown(third)[-1] == "by: 吉田甲 | ヨシダ コウ | 訳"


def test_values_of_a_table_are_read_as_they_are_meant():
    rows = (
        "書名,分類,件名,出版者,出版地,別書名,原題\n"
        "甲,９１３．６,日本文学∥小説|猫,〔出版者不明〕,s.l.,夜の汽車；汽車,The night train\n"
        "乙,K913,猫；犬,鳩社,東京,,\n"
    )
    first, second = (entry.record for entry in entries(rows.encode()))
    assert (first.ndc, first.audience, second.ndc, second.audience) == ("913.6", "", "913", "児童")
    assert [heading for heading, _ in first.subjects] == ["日本文学", "小説", "猫"]
    assert (first.publisher, first.place, second.publisher, second.place) == ("", "", "鳩社", "東京")
    assert [(each.kind, each.name) for each in first.names] == [
        ("別書名", "夜の汽車"), ("別書名", "汽車"), ("原題", "The night train"),
    ]  # fmt: skip


def notes_of(table):
    """Notes on the cells of each row, by column."""
    return [[(note.name, note.kind, note.example) for note in entry.cells.notes] for entry in entries(table.encode())]


def test_a_class_that_is_none_is_reported_and_stays():
    table = "書名,分類\n甲,絵本\n乙,913.6；ＵＥ１３\n丙,K913.6/ナ\n丁,913.6 210.1\n戊,Ｋ・９１３·６\n"
    assert notes_of(table) == [
        [("ndc", report.WARNING, "絵本")],
        [("ndc", report.WARNING, "913.6；ＵＥ１３")],
        [],
        [],
        [],
    ]
    assert [entry.record.ndc for entry in entries(table.encode())] == ["絵本", "913.6", "913.6", "913.6 210.1", "913.6"]


def test_columns_of_vendors_are_known():
    rows = (
        "書名,出版年,出版年月,価格,本体価格,形態,形態区分,別書名,原題,出版者,出版者ヨミ,件名\n"
        '甲,2001,2001.4,"1,650円",1500円,203p,大活字,夜；よる,The night,鳩社,ハトシャ,猫；犬∥鳥|魚\n'
    )
    (entry,) = entries(rows.encode())
    record = entry.record
    assert (record.year, record.year_text, record.price, record.extent) == (2001, "2001.4", "1,650円", "203p ; 大活字")
    assert (record.publisher, record.publisher_kana) == ("鳩社", "ハトシャ")
    assert [each.name for each in record.names] == ["夜", "よる", "The night"]
    assert [heading for heading, _ in record.subjects] == ["猫", "犬", "鳥", "魚"]


@pytest.mark.parametrize("text", ["97841010101370", "9784101010138", "4-10"])
def test_an_isbn_that_is_none_stays_as_typed_with_a_warning(text):
    table = f"書名,ISBN\n甲,{text}\n乙,4-10-101013-7\n"
    assert [entry.record.isbns for entry in entries(table.encode())] == [[text], ["4-10-101013-7"]]
    assert notes_of(table) == [[("isbn", report.WARNING, text)], []]


@pytest.mark.parametrize("first", ["sep=,", '"sep=,"', "SEP=,", "sep=;", "sep=|", "sep=\t"])
@pytest.mark.parametrize("codec", ["utf-8-sig", "cp932", "utf-16"])
def test_a_line_that_names_the_separator_is_none_of_the_table(first, codec):
    sign = first.strip('"')[-1]
    table = f"{first}\r\n書名{sign}著者\r\n甲{sign}乙\r\n".encode(codec)
    catalogue = formats.recognise(io.BytesIO(table))
    assert catalogue.before == [] and [(entry.record.title, entry.record.author) for entry in entries(table)] == [
        ("甲", "乙")
    ]


def test_contents_of_a_table_keep_their_lines():
    table = '書名,内容,目次\n甲,海の話。,"第1章 波\n\n 第2章 風 "\n'
    assert [entry.record.contents for entry in entries(table.encode())] == ["海の話。\n第1章 波\n第2章 風"]


def test_contents_of_a_hundred_thousand_spaces_are_read_at_once():
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in dcndl.NAMESPACES.items())
    contents = f"<dcterms:tableOfContents>第1章 海{' ' * 100_000}と\n 空 -- 第2章 風</dcterms:tableOfContents>"
    described = f"<dcndl:BibResource><dcterms:title>甲</dcterms:title>{contents}</dcndl:BibResource>"
    begun = time.process_time()
    assert dcndl.decoded(f"<rdf:RDF {names}>{described}</rdf:RDF>".encode()).contents == "第1章 海 と\n空\n第2章 風"
    assert time.process_time() - begun < 10  # minutes where each space may begin what parts two chapters


def test_lines_may_end_in_cr_alone_with_line_feeds_in_quotes():
    table = '書名,注記\r"甲","一\n二"\r乙,"三\r\n四"\r丙,五\r'
    found = [(entry.record.title, entry.record.note, entry.number) for entry in entries(table.encode("cp932"))]
    assert [each[:2] for each in found] == [("甲", "一\n二"), ("乙", "三\n四"), ("丙", "五")]


@pytest.mark.parametrize(
    ("text", "read"),
    [("[島根県逐次刊行物", "島根県逐次刊行物"), ("所得]", "所得"), ("[2018.11]", "2018.11"), ("〔無題〕", "無題"), ("[甲] と [乙]", "[甲] と [乙]"),
     ("甲 [乙] 丙", "甲 [乙] 丙"), ("[[甲]", "甲"), ("甲 [et al.]", "甲 [et al.]"), ("", ""), ("]", "")],
)  # fmt: skip
def test_half_brackets_and_a_pair_around_all_fall_away(text, read):
    assert isbd.unbracketed(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "s.n.",
        "[s.n.]",
        "s.n.]",
        "[S.l.",
        "S. l.",
        "[Sl.]",
        "出版者不明",
        "[出版地不明]",
        "[publisher not identified]",
        "[S.l. : s.n.]",
        "〔出版社不明〕",
        "（発行所不明）",
        "[刊行年不明]",
        "[刊年不明]",
        "[n.d.]",
        "[不明]",
        "版元不明",
        "出版者不詳",
    ],
)
def test_an_unknown_source_is_not_named(text):
    assert isbd.without_unknown(text) == "" and isbd.without_unknown(f"鳩社 ; {text}") == "鳩社"


@pytest.mark.parametrize("text", ["Sn", "不明社", "鳩社（不明）", "S. Nagai", "The place of publication"])
def test_a_known_source_is_named(text):
    assert isbd.without_unknown(text) == text


def test_brackets_and_unknown_values_of_a_table_fall_away():
    rows = "書名,出版者,出版地,出版年,別書名\n［甲の話］,［鳩社,［出版地不明］,[二〇〇一年],［甲の話］；［別の話\n乙 [上],s.n.,東京,19--,\n"
    first, second = (entry.record for entry in entries(rows.encode()))
    assert (first.title, first.publisher, first.place, first.year, first.year_text) == (
        "甲の話",
        "鳩社",
        "",
        2001,
        "二〇〇一年",
    )
    assert [each.name for each in first.names] == ["別の話"]
    assert (second.title, second.publisher, second.place, second.year) == ("乙 [上]", "", "東京", None)


@given(st.text("甲[]〔〕［］ ", max_size=12))
def test_taking_brackets_away_twice_takes_no_more(text):
    assert isbd.unbracketed(isbd.unbracketed(text)) == isbd.unbracketed(text)


# -- anything at all -------------------------------------------------------------------------------------------------
@settings(max_examples=300)
@given(st.binary(max_size=60), st.integers(0, len(GOOD)), st.integers(0, 40))
@example(b"", 0, 39)
def test_damage_of_any_kind_is_a_refusal_or_a_record(noise, place, gone):
    for entry in marc_files.read_binary(io.BytesIO(GOOD[:place] + noise + GOOD[place + gone :])):
        entry.parse()
        assert (entry.record is None) == (entry.refused is not None)


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_is_sorted_out_and_trimmed(text, others):
    places = [place for place in scripts.roles_of_forms(text, others) if place is not None]
    assert len(set(places)) == len(places) and set(places) <= set(range(1 + len(others)))
    assert isbd.trimmed(isbd.trimmed(text)) == isbd.trimmed(text) or text.rstrip().endswith(".")
    assert isbd.closed_up(isbd.closed_up(text)) == isbd.closed_up(text)


@pytest.mark.parametrize(
    ("given_", "trimmed"),
    [("東京 :", "東京"), ("晶文社,", "晶文社"), ("萩野正昭 著.", "萩野正昭 著"), ("Lee, A., Jr.,", "Lee, A., Jr."), ("U.S.A.", "U.S.A."),
     ("wait...", "wait..."), ("23 cm.", "23 cm"), ("Suzukake Inc. ;", "Suzukake Inc."), ("", ""), (".", ".")],
)  # fmt: skip
def test_punctuation_of_the_rules_goes_and_that_of_words_stays(given_, trimmed):
    assert isbd.trimmed(given_) == trimmed
