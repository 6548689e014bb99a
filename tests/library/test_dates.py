from datetime import date

import pytest

from library import dates


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2003", 2003),
        ("２００３", 2003),
        ("2003.5", 2003),
        ("c2003", 2003),
        ("20030510", 2003),
        ("1957（昭和32）年5月20日", 1957),
        ("平成 11", 1999),
        ("平成元年", 1989),
        ("令和8年11月", 2026),
        ("昭和 46-47 [1971-1972]", 1971),
        ("平成 11 [1999]", 1999),
        ("[2003?]", 2003),
        ("二〇〇一年", 2001),
        ("二〇〇一・四", 2001),
        ("二千一年", 2001),
        ("一九九五年十月", 1995),
        ("平成十三年", 2001),
        ("昭和五十八年三月", 1983),
        ("平成一三年", 2001),
        ("明治四十五年", 1912),
        ("大正元", 1912),
        ("H13.4", 2001),
        ("h13", 2001),
        ("R元.5", 2019),
        ("S60.1.9", 1985),
        ("[H13]", 2001),
        ("昭59.4", 1984),
        ("㍻13", 2001),
        ("皇紀2600", 1940),
        ("皇紀二千六百年", 1940),
        ("紀元2600年", 1940),
        ("皇紀2600 [1940]", 1940),
        ("200104", 2001),
        ("1998-", 1998),
        ("19--", None),
        ("[198-?]", None),
        ("19??", None),
        ("十三年", None),
        ("第二刷", None),
        ("", None),
        ("刊年不明", None),
        ("12345", None),
        ("0913", None),
    ],
)
def test_the_year_is_found_in_what_records_say(text, year):
    assert dates.year_of(text) == year


# -- days as the systems of libraries write them: the whole table of the spec -----------------------------------------
A_DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-25", A_DAY),
        ("2026/11/25", A_DAY),
        ("2026.11.25", A_DAY),
        ("2026年11月25日", A_DAY),
        ("２０２６／１１／２５", A_DAY),
        ("20261125", A_DAY),
        ("2026/11/25 0:00:00", A_DAY),
        ("2026-11-25T09:30:00+09:00", A_DAY),
        ("2026/11/25  9:30", A_DAY),
        ("令和8年11月25日", A_DAY),
        ("令8.11.25", A_DAY),
        ("R8/11/25", A_DAY),
        ("r08.11.25", A_DAY),
        ("S60. 1. 9", date(1985, 1, 9)),
        ("昭和 5年 6月 8日", date(1930, 6, 8)),
        ("㍻元.5.1", date(1989, 5, 1)),
        ("M45.7.30", date(1912, 7, 30)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("3530808", date(1978, 8, 8)),
        ("1450730", date(1912, 7, 30)),
        ("5081125", A_DAY),
        ("R081125", A_DAY),
        ("令和8.11.25", A_DAY),
        ("2026年11月25日(水)", A_DAY),
        ("2026年11月25日（水） 10:30", A_DAY),
        ("令和8年11月25日(水曜日)", A_DAY),
        ("2026年11月25日 水曜日", A_DAY),
        ("2026/11/25 水曜", A_DAY),
        ("2026/11/25 水", A_DAY),
        ("2026/11/25[水]", A_DAY),
        ("2026/11/25 [水曜日]", A_DAY),
        ("20261125水", A_DAY),
        ("2026年11月25日 水", A_DAY),
        ("2026年11月22日 日", date(2026, 11, 22)),
        ("2026/11/22 日", date(2026, 11, 22)),
        ("1868/1/1", date(1868, 1, 1)),
    ],
)
def test_a_day_is_read_however_a_system_writes_it(text, day):
    assert dates.read(text) == (day, "")
    assert dates.parse(text) == day


@pytest.mark.parametrize(
    ("text", "day"), [("22422", date(1961, 5, 21)), ("3654", date(1910, 1, 1)), ("73050", date(2099, 12, 31))]
)
def test_the_number_of_a_spreadsheet_is_a_day_in_files_alone(text, day):
    assert dates.read(text) == (day, dates.SERIAL)
    with pytest.raises(ValueError, match=text):
        dates.parse(text)


@pytest.mark.parametrize("text", ["0", "-", "－", "00000000", "9999/12/31", "99991231", "99999999", "9999/12/31(金)"])
def test_a_text_that_stands_for_no_day_is_none(text):
    assert dates.read(text) == (None, "")


@pytest.mark.parametrize(
    "text",
    [
        "昭和99年1月1日", "平成31年5月1日", "大正15年12月26日", "令和元年4月30日", "2026-02-30", "H2.2.30", "53/8/8", "1867/12/31",
        "6010101",
        "3653", "73051", "去年", "2026-11", "昭和53年", "2026-11-25 25日", "", "2026年11月25日(木)", "R081301",
        "2026/11/25 木", "2026/11/25[木]", "2026年11月25日 日", "2026年11月 日", "0 月",
    ],
)  # fmt: skip
def test_a_text_that_is_no_day_is_refused(text):
    with pytest.raises(ValueError):
        dates.read(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("平成31年5月1日", date(2019, 5, 1)), ("H38.3.31", date(2026, 3, 31)), ("平成50年12月31日", date(2038, 12, 31))],
)
def test_old_cards_may_count_平成_beyond_its_end(text, day):
    assert dates.read(text, beyond=True) == (day, dates.BEYOND)


@pytest.mark.parametrize("text", ["平成51年1月1日", "昭和65年1月1日"])
def test_but_not_for_ever(text):
    with pytest.raises(ValueError):
        dates.read(text, beyond=True)
