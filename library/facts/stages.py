"""Age groups and 学校段階, for figures: these are kept, not the birth date."""

from datetime import date

from library import dates

# (last age, name) of each group
AGE_GROUPS = (
    (6, "0-6"), (12, "7-12"), (15, "13-15"), (18, "16-18"), (22, "19-22"), (29, "23-29"), (39, "30-39"), (49, "40-49"),
    (59, "50-59"), (69, "60-69"),
)  # fmt: skip
OLDEST_GROUP = "70-"
# (last 学年 counted from 小学1年, name) of each stage: 幼 is under school age
STAGES = ((0, "幼"), (6, "小"), (9, "中"), (12, "高"))
GROWN = "一般"
ENTERED_AT = 7  # a child who is 6 on the 1st of April, born by then, is in 小学1年 of the year in which it becomes 7


def age_group(born: date | None, *, today: date) -> str:
    """Return the age group for statistics (13-15); empty without a birth date."""
    if born is None:
        return ""
    return next((name for last, name in AGE_GROUPS if dates.age(born, today=today) <= last), OLDEST_GROUP)


def stage(born: date | None, *, today: date) -> str:
    """Return the 学校段階 on a day; empty without a birth date.

    A 学年 is of those born from 2 April to 1 April (学校教育法第17条, 年齢計算ニ関スル法律).
    """
    if born is None:
        return ""
    cohort = born.year if (born.month, born.day) >= (4, 2) else born.year - 1
    grade = dates.fiscal_year(today)[0].year - cohort - ENTERED_AT + 1
    return next((name for last, name in STAGES if grade <= last), GROWN)
