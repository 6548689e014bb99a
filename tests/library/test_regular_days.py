"""Regular days, hours and times of day in other languages."""

import pytest

from library.language import days, regular

SAID = (
    ("火〜金 9:30–19:00", "Tue–Fri 9:30–19:00", "{火|か}〜{金|きん} 9:30–19:00"),
    (
        "土・日・祝日 9:30–17:00",
        "Sat, Sun, public holidays 9:30–17:00",
        "{土|ど}・{日|にち}・{祝日|しゅくじつ} 9:30–17:00",
    ),
    (
        "月曜、第1・第3水曜",
        "Mondays, 1st and 3rd Wednesday of the month",
        "{月曜|げつよう}、{第|だい}1・{第|だい}3{水曜|すいよう}",
    ),
    (
        "最終木曜、月末",
        "last Thursday of the month, last day of the month",
        "{最終|さいしゅう}{木曜|もくよう}、{月末|げつまつ}",
    ),
    ("12月29日〜1月3日", "29\u00a0December–3\u00a0January", "12{月|がつ}29{日|にち}〜1{月|がつ}{3日|みっか}"),
    ("毎月15日", "day 15 of the month", "{毎月|まいつき}15{日|にち}"),
)


@pytest.mark.parametrize(("japanese", "english", "read"), SAID)
def test_regular_days_are_said_in_english_and_with_readings(japanese, english, read):
    assert (regular.in_english(japanese), regular.with_readings(japanese)) == (english, read)


def test_another_text_is_no_regular_day():
    assert regular.in_english("火の鳥") is regular.with_readings("火の鳥") is None


def test_times_of_day_are_said_by_the_clock_of_24_hours():
    assert days.in_english("毎日 午後11時30分〜午前1時") == "every day 23:30–1:00"
    assert days.in_english("午後3時") == "15:00"
    assert days.with_readings("毎日 午前4時〜5時") == "{毎日|まいにち} {午前|ごぜん}4{時|じ}〜5{時|じ}"
    assert days.with_readings("10時42分") == "10{時|じ}42{分|ふん}"


def test_a_month_is_said_with_its_year():
    assert days.in_english("2026年12月") == "December\u00a02026"
