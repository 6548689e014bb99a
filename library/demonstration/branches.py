"""The fourteen branches and the days on which they are closed."""

from datetime import date, timedelta

from library.calendar import hours, opening
from models import Branch, ClosedDay

MAIN_ADDRESS = "すずかけ市中央一丁目2番3号"
MAIN_PHONE = "096-000-0000"
MONDAY = "0"
LATE = ("本館", "中央")  # open until seven
COUNTED = "河内"  # being counted around today
BRANCHES = (
    ("本館", "ホンカン", MAIN_ADDRESS),
    ("東部", "トウブ", "すずかけ市東町四丁目5番1号"),
    ("龍田", "タツダ", "すずかけ市龍田二丁目8番16号"),
    ("託麻", "タクマ", "すずかけ市託麻北三丁目1番7号"),
    ("幸田", "コウダ", "すずかけ市幸田一丁目4番12号"),
    ("中央", "チュウオウ", "すずかけ市駅前二丁目1番1号"),
    ("清水", "シミズ", "すずかけ市清水本町6番9号"),
    ("秋津", "アキツ", "すずかけ市秋津三丁目15番2号"),
    ("南部", "ナンブ", "すずかけ市南高江五丁目3番8号"),
    ("花園", "ハナゾノ", "すずかけ市花園七丁目2番20号"),
    ("北部", "ホクブ", "すずかけ市北原町10番4号"),
    ("河内", "カワチ", "すずかけ市河内浜3番5号"),
    ("天明", "テンメイ", "すずかけ市天明新町8番1号"),
    ("飽田", "アキタ", "すずかけ市飽田平6番11号"),
)


class OpenDays:
    """The open days of the branches, read once."""

    def __init__(self) -> None:
        self.calendars = opening.calendars(list(Branch.select().order_by(Branch.position)))

    def next(self, branch_id: int, day: date) -> date:
        """Return the day if the branch is open, else the next open day."""
        return self.calendars[branch_id].next_open_day(day)

    def last(self, branch_id: int, day: date) -> date:
        """Return the day if the branch was open, else the last open day before it."""
        while not self.calendars[branch_id].is_open(day):
            day -= timedelta(days=1)
        return day


def write(*, today: date) -> None:
    Branch.insert_many(_row(position, *branch) for position, branch in enumerate(BRANCHES)).execute()
    closed = [
        {"branch": branch, "day": day, "note": note}
        for branch in Branch.select().order_by(Branch.position)
        for day, note in _closed_days(branch, today).items()
    ]
    ClosedDay.insert_many(closed).execute()


def _row(position: int, name: str, kana: str, address: str) -> dict:
    return {
        "code": f"{position + 1:02}",
        "name": name,
        "name_kana": kana,
        "address": address,
        "phone": MAIN_PHONE[:-2] + f"{position:02}",
        "position": position,
        "closed_weekdays": MONDAY,
        "hours": _hours(name in LATE),
    }


def _hours(late: bool) -> hours.Hours:
    """Return the hours of a branch: one open until seven closes earlier at weekends and on holidays."""
    shorter = [["9:30", "18:00"]]
    week = hours.every_day("9:30", "19:00" if late else "18:00")
    return week | ({"5": shorter, "6": shorter, hours.HOLIDAY: shorter} if late else {})


def _closed_days(branch: Branch, today: date) -> dict:
    """Return day → note: 年末年始 of this year and the last; for COUNTED also six days of stocktaking from yesterday on."""
    days = {}
    if branch.name == COUNTED:
        days = {today + timedelta(days=distance): "蔵書点検" for distance in range(-1, 5)}
    for year in (today.year - 1, today.year):
        first = date(year, 12, 29)
        days |= {first + timedelta(days=distance): "年末年始" for distance in range(6)}
    return days
