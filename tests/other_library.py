"""A library that moves in from another program: other headings, other numbers, other ways of writing a day, and the
dirt of years.

Small for a test, large for a benchmark. Nothing in it is about anybody.
"""

import csv
import io
import random
from datetime import date, timedelta
from pathlib import Path

from library.numbers import formats

TODAY = date(2026, 11, 25)
FIRST = date(1930, 1, 1)
BRANCHES = ("中央館", "みどり分館")
FAMILY = (("髙橋", "ﾀｶﾊｼ"), ("𠮷田", "ﾖｼﾀﾞ"), ("渡邉", "ﾜﾀﾅﾍﾞ"), ("鈴木", "ｽｽﾞｷ"), ("伊藤", "ｲﾄｳ"))
GIVEN = (("花子", "ﾊﾅｺ"), ("一郎", "ｲﾁﾛｳ"), ("美咲", "ﾐｻｷ"))
# what somebody types who moves in with these files: at most ten
MAPPED = {
    "branches": ("code=拠点ID", "name=拠点名"),
    "catalog": ("source_id=MARC番号", "資料区分:視聴覚=DVD"),
    "items": ("source_id=MARC番号", "branch=館", "状態:配架中=available"),
    "patrons": ("card_number=利用者ID", "区分:学生=一般"),
    "loans": (),
    "holds": (),
}
CARD_FORMS = [{"id": 1, "length": 10, "check": "m10w31", "pads": True, "is_for_new": True}]
ITEM_FORMS = [{"id": 1, "length": 8, "prefix": "MD", "letters": True, "is_for_new": True}]
_ERAS = ((date(2019, 5, 1), 5, "R", 2018), (date(1989, 1, 8), 4, "H", 1988), (FIRST, 3, "S", 1925))


def card(number: int) -> str:
    return formats.Form(length=10, check="m10w31").nth_number(number) or ""


def barcode(number: int) -> str:
    return f"MD{number:06}"


def in_digits(day: date) -> str:
    """Write a day as ``3530808``."""
    _, digit, _, before = next(era for era in _ERAS if day >= era[0])
    return f"{digit}{day.year - before:02}{day:%m%d}"


def in_era(day: date) -> str:
    """Write a day as ``S53. 8. 8``."""
    _, _, letter, before = next(era for era in _ERAS if day >= era[0])
    return f"{letter}{day.year - before}.{day.month:2}.{day.day:2}"


def write(folder: Path, *, patrons: int, titles: int, loans: int, holds: int) -> dict[str, Path]:
    """Write the six files of a library of this size; return command group → file."""
    dice = random.Random(20261125)
    tables = {
        "branches": _branches(),
        "catalog": _titles(titles),
        "items": _items(titles, dice),
        "patrons": _patrons(patrons, dice),
        "loans": _loans(loans, patrons, titles, dice),
        "holds": _holds(holds, patrons, titles),
    }
    paths = {}
    for name, rows in tables.items():
        paths[name] = folder / f"{name}.txt"
        text = io.StringIO(newline="")
        csv.writer(text, delimiter="\t" if name == "catalog" else ",", lineterminator="\r\n").writerows(rows)
        encoding = {"catalog": "utf-16", "items": "cp932"}.get(name, "utf-8-sig")
        paths[name].write_bytes(text.getvalue().encode(encoding, "replace"))
    return paths


def _branches() -> list[list[str]]:
    rows = [[str(number), name, "575-22-1234", "月曜日、第4金曜日"] for number, name in enumerate(BRANCHES, start=1)]
    return [["拠点ID", "拠点名", "TEL", "休館日"], *rows]


def _titles(count: int) -> list[list[str]]:
    rows = [
        ["書誌一覧（全件）"],
        [],
        [
            "MARC番号",
            "タイトル",
            "タイトル(カナ)",
            "責任表示",
            "出版社",
            "出版年",
            "ISBNコード",
            "本体価格",
            "資料種別",
        ],
    ]
    for number in range(count):
        kind = "視聴覚" if number % 10 == 9 else "図書"
        rows.append(
            [
                f"TRC{number:08}",
                f"みどりの本 {number}",
                f"ﾐﾄﾞﾘﾉﾎﾝ {number}",
                "鈴木花子∥著",
                "みどり書房",
                "平成27",
                "",
                "1,500円",
                kind,
            ]
        )
    return rows


def _items(titles: int, dice: random.Random) -> list[list[str]]:
    rows = [["バーコード", "MARC番号", "館", "場所", "請求記号", "資料状態", "受入年月日"]]
    for number in range(2 * titles):
        state = dice.choice(("配架中", "配架中", "貸出中", "館内閲覧", "製本中", "亡失", ""))
        day = in_digits(FIRST + timedelta(days=30_000 + number % 5_000))
        shelf = dice.choice(("一般開架", "閉架"))
        rows.append(
            [
                barcode(number).lower(),
                f"TRC{number // 2:08}",
                dice.choice(BRANCHES),
                shelf,
                f"913.6 {number % 99}",
                state,
                day,
            ]
        )
    return rows


def _patrons(count: int, dice: random.Random) -> list[list[str]]:
    rows = [["利用者ID", "利用者氏名", "フリガナ", "生年月日", "性別", "郵便番号", "住所1", "住所2", "TEL", "電話番号2", "メールアドレス", "区分",
             "登録館名", "登録年月日", "有効期限日", "備考", "利用状態"]]  # fmt: skip
    for number in range(1, count + 1):
        (family, family_kana), (given, given_kana) = dice.choice(FAMILY), dice.choice(GIVEN)
        born = FIRST + timedelta(days=dice.randrange(32_000))
        shown = card(number).lstrip("0") if number % 7 == 0 else card(number)  # a spreadsheet took its zeros
        phone = dice.choice(("0575(22)6101", "575226101", "0575-22-6101", ""))
        rows.append([
            shown, f"{family}　{given}", f"{family_kana} {given_kana}", dice.choice((in_digits(born), in_era(born), "")),
            "女",
            "5010001", f"本町{number}", dice.choice(("", "ハイツ101")), phone, dice.choice(("", "9012345678")),
            dice.choice(("", f"p{number}@example.jp", "@")), dice.choice(("一般", "児童", "学生")), dice.choice(BRANCHES),
            "H30/4/1", dice.choice(("平成40年3月31日", "2028/03/31 0:00:00", "9999/12/31")), "" if number % 50 else "延滞が多い",
            "停止" if number % 97 == 0 else "有効",
        ])  # fmt: skip
    rows.append(rows[1])  # twice, and the same
    return rows


def _loans(count: int, patrons: int, titles: int, dice: random.Random) -> list[list[str]]:
    rows = [["貸出券番号", "バーコード", "貸出日", "返却期限", "返却日", "延長回数"]]
    for number in dice.sample(range(2 * titles), count):
        lent = TODAY - timedelta(days=dice.randrange(40))
        back = "2026.11.01" if number % 9 == 0 else ""
        days = [lent.strftime("%Y.%m.%d"), in_era(lent + timedelta(days=14)), back]
        rows.append([card(1 + number % patrons).lstrip("0"), barcode(number), *days, str(number % 2)])
    return rows


def _holds(count: int, patrons: int, titles: int) -> list[list[str]]:
    rows = [["貸出券番号", "書誌レコード番号", "受取館", "予約日時", "予約順位", "連絡方法", "状態"]]
    for number in range(count):
        state = "取消" if number % 20 == 19 else "予約中"
        method = ("電話", "不要")[number % 2]
        rows.append(
            [
                card(1 + number % patrons),
                f"TRC{number * 3 % titles:08}",
                BRANCHES[number % 2],
                "2026/11/20 13:05",
                str(1 + number // titles),
                method,
                state,
            ]
        )
    return rows
