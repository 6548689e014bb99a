"""Records of other kinds of MARC have their title elsewhere: each is refused by the name of its kind, whatever it is
encoded in.
"""

import io

import pytest

from library import errors
from library.catalog.readers import formats
from tests.library.catalog import sources

UNIMARC = errors.RecordIsOtherMarc(name="UNIMARC", tag="200")
BEFORE_2012 = errors.RecordIsOtherMarc(name="2011年までの JAPAN/MARC", tag="251")
RUSSIAN = ["=LDR nam", "=001 r", "=200 $aЕзда в остров любви", "=210 $aМосква$c1997", "=700 $aТредиаковский"]
CHINESE = ["=LDR nam", "=001 c", "=200 $a图书馆学概论$f吴慰慈著", "=210 $a北京$c北京图书馆出版社", "=701 $a吴慰慈"]
JAPANESE = ["=LDR nam", "=001 j", "=200 $aさかのうえのとしょかん$f山野花子著", "=210 $a東京$cまどぐち社"]
OURS = sources.marc(sources.Example(lines=["=LDR cam", "=001 1", "=245 $a図書館の話$c山野花子著"]))


def entries(data, **options):
    found = list(formats.recognise(io.BytesIO(data), **options))
    for entry in found:
        entry.parse()
    return found


def reasons(found):
    return [entry.refused and entry.refused.by_field[""][0] for entry in found]


def written(lines, codec=""):
    return sources.marc(sources.Example(lines=lines, packed=codec))


@pytest.mark.parametrize(
    ("lines", "codec"),
    [
        (RUSSIAN, ""),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp1251"),
        (CHINESE, "gb18030"),
        (CHINESE, "big5"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
    ],
)
def test_unimarc_is_called_that_whatever_it_is_encoded_in(lines, codec):
    lines = (
        [line.translate(str.maketrans("图书馆学论吴", "圖書館學論吳")) for line in lines] if codec == "big5" else lines
    )
    found = entries(written(lines, codec) * 3 + OURS)
    assert reasons(found) == [UNIMARC] * 3 + [None]
    assert [entry.source_id for entry in found] == [lines[1][5:]] * 3 + ["1"]
    assert found[-1].record.title == "図書館の話"


@pytest.mark.parametrize("encoding", ["utf-8", "marc-8", "cp932", "euc-jp", "iso-2022-jp"])
def test_no_encoding_that_somebody_chooses_hides_what_it_is(encoding):
    assert reasons(entries(written(RUSSIAN, "koi8_r"), encoding=encoding)) == [UNIMARC]


def test_japan_marc_of_before_2012_is_called_that():
    # fields without indicators; each part says its length and the width of its letters
    found = entries(written(["=LDR nam", "=001 20123456", "=251 \x1fA0182?^=q4[\x1fF00623Ln", "=551 \x1fA00711SAKANO"]))
    assert reasons(found) == [BEFORE_2012]
    assert str(BEFORE_2012) == (
        "MARC 21 ではなく 2011年までの JAPAN/MARC の記録です（書名が 251 にあります）。MARC 21 か CSV で書き出したファイルを取り込んでください。"
    )


def test_unimarc_in_xml_is_called_that():
    examples = [
        sources.Example(lines=["=LDR nam", "=001 a", "=200 $aTitre"]),
        sources.Example(lines=["=LDR nam", "=245 $aA"]),
    ]
    assert reasons(entries(sources.marcxml(examples))) == [UNIMARC, None]


def test_a_record_of_marc_21_that_is_broken_is_none_of_another_kind():
    broken = written(["=LDR cam", "=001 1", "=245 $a図書館", "=251 $aDraft"]).replace("館".encode(), b"\xff\xfe")
    assert isinstance(reasons(entries(broken))[0], errors.RecordGarbled)
    cut = written(RUSSIAN, "koi8_r")[:-20]
    assert reasons(entries(cut)) == [errors.RecordCutOff()]


def test_a_record_of_another_kind_that_lost_escapes_is_called_that():
    assert reasons(entries(written(JAPANESE, "iso2022_jp").replace(b"\x1b", b""))) == [UNIMARC]
