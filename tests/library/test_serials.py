"""雑誌: intervals, the names of issues, and the newest issue that is not lent."""

from datetime import date

import pytest

from library.serials import intervals, naming


@pytest.mark.parametrize(
    "code, day, following",
    [
        ("weekly", date(2026, 11, 25), date(2026, 12, 2)),
        ("monthly", date(2026, 10, 25), date(2026, 11, 25)),
        ("monthly", date(2027, 1, 31), date(2027, 2, 28)),
        ("bimonthly", date(2026, 11, 1), date(2027, 1, 1)),
        ("quarterly", date(2026, 9, 4), date(2026, 12, 4)),
        ("yearly", date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_an_interval_gives_the_day_of_the_next_issue(code, day, following):
    assert intervals.INTERVALS[code].after(day) == following


def test_an_issue_is_late_after_one_and_a_half_intervals():
    monthly, irregular = intervals.INTERVALS["monthly"], intervals.INTERVALS["irregular"]
    assert not monthly.is_late(date(2026, 10, 1), date(2026, 11, 15))
    assert monthly.is_late(date(2026, 10, 1), date(2026, 11, 16))
    assert not irregular.is_late(date(2020, 1, 1), date(2026, 11, 16))


FOLLOWING = """
monthly 2026年12月号 → 2027年1月号
monthly 2026年3月号 → 2026年4月号
monthly 12月号 → 1月号
monthly 2026年09月号 → 2026年10月号
monthly ２０２６年１２月号 → ２０２７年１月号
monthly 2026年12月特大号 → 2027年1月号
monthly 2027年1月新春特大号 → 2027年2月号
monthly 2027年新年号 → 2027年2月号
monthly 2027年新年特大号 → 2027年2月号
monthly 2026年8・9月合併号 → 2026年10月号
monthly 2026年12月・2027年1月合併号 → 2027年2月号
monthly 2026年12・1月合併号 → 2027年2月号
monthly 2026年12月創刊号 → 2027年1月号
bimonthly 2026年11・12月合併号 → 2027年1月号
bimonthly 2026年11・12月号 → 2027年1・2月号
bimonthly 2026年9・10月号 → 2026年11・12月号
bimonthly 2026年12月号 → 2027年2月号
quarterly 2026年12月号 → 2027年3月号
half_yearly 2026年10月号 → 2027年4月号
yearly 2026年12月号 → 2027年12月号
weekly 11月25日号 → 12月2日号
weekly 12月30日号 → 1月6日号
weekly 2026年12月31日号 → 2027年1月7日号
weekly 5月1・8日合併号 → 5月15日号
weekly 12月28日・1月4日合併号 → 1月11日号
weekly 2026年12月31日・2027年1月7日合併号 → 2027年1月14日号
weekly 2026年12月31日・1月7日合併号 → 2027年1月14日号
weekly 11月25日特大号 → 12月2日号
biweekly 12月2日号 → 12月16日号
twice_monthly 11月1日号 → 11月15日号
twice_monthly 11月15日号 → 12月1日号
twice_monthly 11月10日号 → 11月25日号
twice_monthly 2026年12月25日号 → 2027年1月10日号
monthly 2026年12月10日号 → 2027年1月10日号
quarterly 2026年春号 → 2026年夏号
quarterly 2026年冬号 → 2027年春号
quarterly 秋号 → 冬号
quarterly 2026 秋季号 → 2026 冬季号
quarterly 2026年夏 → 2026年秋
monthly 第5巻第12号 → 第5巻第13号
monthly 第５巻第９号 → 第５巻第１０号
monthly 5巻12号 → 5巻13号
monthly 第5巻第11・12号 → 第5巻第13号
monthly 第5巻第11・12合併号 → 第5巻第13号
monthly 第5巻第12号（通巻60号） → 第5巻第13号（通巻61号）
monthly Vol.12 No.3 → Vol.12 No.4
monthly vol. 12, no. 3 → vol. 12, no. 4
monthly 通巻812号 → 通巻813号
monthly 通巻812・813号 → 通巻814号
monthly No. 45 → No. 46
monthly No.099 → No.100
monthly 第45号 → 第46号
monthly 45号 → 46号
monthly Vol.45 → Vol.46
monthly #7 → #8
monthly 第7集 → 第8集
monthly 2026年12月号 No.45 → 2027年1月号 No.46
monthly 2026年12月号（第5巻第12号） → 2027年1月号（第5巻第13号）
quarterly 2026年秋号（通巻88号） → 2026年冬号（通巻89号）
quarterly 2026年第3号 → 2026年第4号
yearly 2026年版 → 2027年版
yearly 2026年度版 → 2027年度版
yearly 2026 → 2027
irregular 第8号 → 第9号
"""


@pytest.mark.parametrize("line", FOLLOWING.strip().splitlines())
def test_an_issue_is_named_after_the_last(line):
    interval, _, rest = line.partition(" ")
    name, _, following = rest.partition(" → ")
    assert naming.following(name, naming.Last(interval, date(2026, 11, 25))) == following


@pytest.mark.parametrize(
    "name",
    [
        "",
        "臨時増刊 鉄道の旅",
        "2026年12月号 特集・駅",
        "創刊号",
        "第五巻第十二号",
        "2026年13月号",
        "2月30日号",
        "別冊1号",
        "Special Issue",
    ],
)
def test_a_name_with_other_words_is_left_to_be_typed(name):
    assert naming.following(name, naming.Last("weekly", date(2026, 11, 25))) == ""


@pytest.mark.parametrize(
    "name, earlier, following",
    [
        ("第5巻第12号", ["第5巻第11号", "第5巻第1号", "第4巻第12号"], "第6巻第1号"),
        ("第5巻第4号（通巻60号）", ["第5巻第1号（通巻57号）", "第4巻第4号（通巻56号）"], "第6巻第1号（通巻61号）"),
        ("第5巻第3号", ["第4巻第4号"], "第5巻第4号"),
        ("2026年第4号", ["2026年第3号", "2025年第4号"], "2027年第1号"),
        ("Vol.5 No.6", ["Vol.4 No.6"], "Vol.6 No.1"),
    ],
)
def test_the_number_of_earlier_years_ends_a_volume(name, earlier, following):
    assert naming.following(name, naming.Last("monthly", date(2026, 11, 25), earlier)) == following


def test_a_year_that_begins_with_winter_goes_on_with_winter():
    earlier = ["2026年夏号", "2026年春号", "2026年冬号", "2025年秋号"]
    last = naming.Last("quarterly", date(2026, 11, 25), earlier)
    assert naming.following("2026年秋号", last) == "2027年冬号"
    assert naming.following("2026年冬号", last._replace(earlier=["2025年秋号"])) == "2026年春号"


@pytest.mark.parametrize(
    "name, joined",
    [
        ("2027年1月号", "2027年1・2月合併号"),
        ("2026年12月号", "2026年12月・2027年1月合併号"),
        ("12月号", "12月・1月合併号"),
        ("第5巻第12号", "第5巻第12・13号"),
        ("第5巻第12号（通巻60号）", "第5巻第12・13号（通巻60・61号）"),
        ("春号", "春号"),
    ],
)
def test_a_double_issue_has_two_numbers(name, joined):
    assert naming.joined(name, naming.Last("monthly", date(2026, 11, 25))) == joined


@pytest.mark.parametrize(
    "name, joined, then",
    [
        ("2027年3月16日号", "2027年3月16・23日合併号", "2027年3月30日号"),
        ("2027年4月27日号", "2027年4月27日・5月4日合併号", "2027年5月11日号"),
        ("2026年12月29日号", "2026年12月29日・2027年1月5日合併号", "2027年1月12日号"),
        ("１２月２日号", "１２月２・９日合併号", "１２月１６日号"),
    ],
)
def test_a_double_issue_of_a_weekly_has_two_days(name, joined, then):
    last = naming.Last("weekly", date(2027, 1, 5))
    assert naming.joined(name, last) == joined
    assert naming.following(joined, last) == then


def test_a_double_issue_has_its_name_where_no_day_follows():
    assert naming.joined("3月16日号", naming.Last("irregular", date(2027, 3, 16))) == "3月16日号"
