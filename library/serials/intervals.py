"""刊行頻度: the intervals at which issues of a serial appear."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple


class Interval(NamedTuple):
    """An interval as a word. ``days``: about its length, 0 for none; ``months``: where the calendar tells it."""

    word: str
    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """Return the day one interval after a day; a month that lacks it gives its last day."""
        if not self.months:
            return day + timedelta(days=self.days)
        years, month = divmod(day.month - 1 + self.months, 12)
        year = day.year + years
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

    def late_since(self, today: date) -> date:
        """Return the last day on which an issue can have come if nothing came for one and a half intervals."""
        return today - timedelta(days=3 * self.days // 2 + 1)

    def is_late(self, since: date, today: date) -> bool:
        """Tell whether nothing came for one and a half intervals."""
        return self.days > 0 and since <= self.late_since(today)


INTERVALS = {
    "daily": Interval("日刊"),
    "weekly": Interval("週刊", 7),
    "biweekly": Interval("隔週刊", 14),
    "twice_monthly": Interval("月2回刊", 15),
    "monthly": Interval("月刊", 30, 1),
    "bimonthly": Interval("隔月刊", 61, 2),
    "quarterly": Interval("季刊", 91, 3),
    "half_yearly": Interval("年2回刊", 182, 6),
    "yearly": Interval("年刊", 365, 12),
    "irregular": Interval("不定期刊"),
}
WITHOUT_ISSUES = ("daily",)  # whose issues are not catalogued
