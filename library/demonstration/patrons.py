"""Sixty invented patrons: six whose cards are shown to visitors, and their neighbours."""

import random
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from library import audit, clock, dates
from library.demonstration import desk
from library.language import languages
from library.patrons import names
from models import Branch, FamilyTie, MailPreference, Patron, PatronAddress

COUNT = 60
PASSWORD = "suzukake-demo"  # noqa: S105 (printed at every start: it guards nothing)
FIRST_SIGN_IN, READER, SUSPENDED, EXPIRED, OVERDUE, UNREACHABLE = range(6)
FIRST_NUMBER = 237_757  # of the cards, without leading zeros and check digit
CHILDREN = range(50, COUNT)
FAMILY = ELDER, YOUNGER, ELDEST = CHILDREN[:3]  # of the second card
SURNAME = ("中村", "ナカムラ", "nakamura")  # theirs
AGES = {ELDER: (11, 130), YOUNGER: (6, 41), ELDEST: (15, 288)}  # years, and days since the birthday
GROWN_FROM = 13  # years of age; cards are for 児童 before

NAMED = (
    ("山本 葉子", "ヤマモト ヨウコ", "yamamoto", date(1978, 8, 8)),
    ("中村 健一", "ナカムラ ケンイチ", "nakamura", date(1981, 5, 23)),
    ("井上 誠", "イノウエ マコト", "inoue", date(1985, 2, 11)),
    ("小林 和子", "コバヤシ カズコ", "kobayashi", date(1951, 10, 3)),
    ("加藤 大輔", "カトウ ダイスケ", "kato", date(1990, 12, 19)),
    ("松本 美咲", "マツモト ミサキ", "matsumoto", date(1996, 4, 27)),
)
SURNAMES = (
    ("佐藤", "サトウ", "sato"), ("鈴木", "スズキ", "suzuki"), ("高橋", "タカハシ", "takahashi"),
    ("田中", "タナカ", "tanaka"), ("伊藤", "イトウ", "ito"), ("渡辺", "ワタナベ", "watanabe"),
    ("吉田", "ヨシダ", "yoshida"), ("山田", "ヤマダ", "yamada"), ("佐々木", "ササキ", "sasaki"),
    ("木村", "キムラ", "kimura"), ("林", "ハヤシ", "hayashi"), ("斎藤", "サイトウ", "saito"),
    ("清水", "シミズ", "shimizu"), ("山口", "ヤマグチ", "yamaguchi"), ("森", "モリ", "mori"),
    ("池田", "イケダ", "ikeda"), ("橋本", "ハシモト", "hashimoto"), ("石川", "イシカワ", "ishikawa"),
)  # fmt: skip
GIVEN = (
    ("陽子", "ヨウコ"), ("隆", "タカシ"), ("由美", "ユミ"), ("浩", "ヒロシ"), ("恵子", "ケイコ"), ("直樹", "ナオキ"),
    ("幸子", "サチコ"), ("翔太", "ショウタ"), ("久美子", "クミコ"), ("拓也", "タクヤ"), ("真由美", "マユミ"),
    ("修", "オサム"), ("明美", "アケミ"), ("健太", "ケンタ"), ("節子", "セツコ"), ("勇", "イサム"), ("彩", "アヤ"),
)  # fmt: skip
GIVEN_TO_CHILDREN = (
    ("陽葵", "ヒマリ"), ("湊", "ミナト"), ("凛", "リン"), ("蓮", "レン"), ("結菜", "ユイナ"), ("悠真", "ユウマ"),
    ("さくら", "サクラ"), ("大和", "ヤマト"), ("ひなた", "ヒナタ"), ("樹", "イツキ"),
)  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """The choices of a patron: kinds of address, days of 返却期限通知 (None: 停止), contact for holds, language of mails."""

    addresses: tuple = ()
    due_days: int | None = None
    contact: str = "none"
    history: bool = False
    signed_in: bool = True
    undeliverable: bool = False
    notice_language: str = ""


HABITS_OF_NAMED = (
    Habit(signed_in=False),
    Habit(("pc", "mobile"), due_days=2, contact="mail", history=True),
    Habit(("pc",), due_days=1, contact="mail"),
    Habit(contact="phone"),
    Habit(("mobile",), due_days=3, contact="mail", notice_language=languages.ENGLISH),
    Habit(("pc",), due_days=1, contact="mail", undeliverable=True),
)
HABITS = (
    Habit(),
    Habit(("pc",), due_days=1, contact="mail"),
    Habit(contact="phone"),
    Habit(("mobile",), due_days=3, contact="mail", history=True),
    Habit(("pc", "mobile"), due_days=2, contact="mail", history=True),
    Habit(signed_in=False),
    Habit(("pc",), contact="phone"),
)
RESIDENCES = ("living",) * 7 + ("working", "studying", "outside")


def card_number(position: int) -> str:
    """Return thirteen digits with leading zeros; the last is the check digit of Luhn's rule."""
    payload = f"{FIRST_NUMBER + position:012}"
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in payload[1::2])
    return f"{payload}{-(doubled + sum(map(int, payload[::2]))) % 10}"


CARDS = (
    (card_number(FIRST_SIGN_IN), "0808", "はじめてのログイン（生年月日の月日）。明日が返却期限の資料が2点"),
    (card_number(READER), PASSWORD, "お子さんが3人いて、貸出履歴、予約、返却期限通知、電子書籍のある利用者"),
    (card_number(SUSPENDED), PASSWORD, "利用を停止されているカード"),
    (card_number(EXPIRED), PASSWORD, "有効期限の切れたカード"),
    (card_number(OVERDUE), PASSWORD, "返却期限を過ぎた資料のある、英語のお知らせを選んだ利用者"),
    (card_number(UNREACHABLE), PASSWORD, "メールの届かないアドレスのある利用者"),
)


def write(*, today: date, now: datetime, password_hash: str) -> None:
    chance = random.Random("patrons")  # noqa: S311 (the same library every time)
    branches = list(Branch.select().order_by(Branch.position))
    people = _identities(today, chance)
    rows = [_row(position, person, branches, today, chance) for position, person in enumerate(people)]
    for position in FAMILY:
        rows[position] |= _at_home_with(rows[READER], rows[position])
    for position, row in enumerate(rows):
        row |= names.keys(row)
        row |= {"password_hash": password_hash} if habit_of(position).signed_in else {"initial_issued_at": now}
    Patron.insert_many({"password_hash": "", "initial_issued_at": None} | row for row in rows).execute()
    written = list(Patron.select().order_by(Patron.card_number))
    romaji = [person[2] for person in people]
    PatronAddress.insert_many(_addresses(written, romaji, today)).execute()
    MailPreference.insert_many(_preferences(written)).execute()
    _suspend(written[SUSPENDED], clock.at(today - timedelta(days=24), 10, 20))
    _make_family(written[READER], [written[position] for position in FAMILY], today)


def _suspend(patron: Patron, at: datetime) -> None:
    reason = "弁償の相談中"
    stopped = {"suspended_on": clock.day_of(at), "suspended_reason": reason}
    Patron.update(stopped).where(Patron.id == patron.id).execute()
    audit.record("patron.suspended", actor=f"staff:{desk.ACCOUNTS[0][0]}", now=at, patron=patron, reason=reason)


def _make_family(viewer: Patron, children: list[Patron], today: date) -> None:
    """Let a father see his children's loans and, except for the eldest, renew them and show the card."""
    for number, child in enumerate(children):
        at = clock.at(today - timedelta(days=40 - number), 19, 30)
        agreed = {
            "number": child.card_number,
            "asked_at": at,
            "agreed_at": at + timedelta(hours=1),
            "colour": number + 1,
        }
        allowed = child != children[-1]
        FamilyTie.create(viewer=viewer, child=child, may_renew=allowed, may_card=allowed, **agreed)


def habit_of(position: int) -> Habit:
    if position < len(NAMED):
        return HABITS_OF_NAMED[position]
    return Habit() if position in CHILDREN else HABITS[position % len(HABITS)]


def _identities(today: date, chance: random.Random) -> list[tuple[str, str, str, date]]:
    """Return name, reading, Latin letters and birth date of each patron, no name twice."""
    adults = range(COUNT - len(NAMED) - len(CHILDREN))
    chosen = [(SURNAMES[number % len(SURNAMES)], GIVEN[number % len(GIVEN)]) for number in adults]
    surnames = [SURNAME if position in FAMILY else SURNAMES[number] for number, position in enumerate(CHILDREN)]
    chosen += list(zip(surnames, GIVEN_TO_CHILDREN, strict=True))
    people = list(NAMED)
    for (surname, surname_kana, romaji), (given, given_kana) in chosen:
        ages = (6, 12) if len(people) in CHILDREN else (19, 84)
        born = today - timedelta(days=chance.randint(ages[0] * 366, ages[1] * 365))
        if len(people) in AGES:
            years, days = AGES[len(people)]
            born = dates.latest_birth_date(today, years) - timedelta(days=days)
        people.append((f"{surname} {given}", f"{surname_kana} {given_kana}", romaji, born))
    return people


def _row(
    position: int, person: tuple[str, str, str, date], branches: list[Branch], today: date, chance: random.Random
) -> dict:
    name, kana, _, born = person
    branch = branches[0] if position == FIRST_SIGN_IN else chance.choice(branches)
    registered = today - timedelta(days=chance.randint(1200 if position == READER else 100, 1500))
    expires = today - timedelta(days=3) if position == EXPIRED else _five_years_after(registered)
    child = position in CHILDREN
    return {
        "card_number": card_number(position),
        "name": name,
        "name_kana": kana,
        "birth_date": born,
        "category": "児童" if child and dates.age(born, today=today) < GROWN_FROM else "一般",
        "phone_home": f"096-000-{1000 + position}",
        "phone_mobile": "" if child else f"090-0000-{position:04}",
        "branch": branch,
        "registered_on": registered,
        "expires_on": expires,
        "state": "suspended" if position == SUSPENDED else "active",
        "pickup_branch": branch,
        "contact_method": habit_of(position).contact,
        "keep_history": habit_of(position).history,
        "notice_language": habit_of(position).notice_language,
        **_home(position, name, child, branch),
    }


def _home(position: int, name: str, child: bool, branch: Branch) -> dict:
    """Return the address columns of a patron near their branch, with a child's guardian."""
    residence = "living" if child else RESIDENCES[position % len(RESIDENCES)]
    town = re.split("[0-9]", branch.address)[0] if residence == "living" else "となり市本町"
    surname = name.split()[0]
    return {
        "postal_code": f"000-{1000 + position}",
        "address": f"{town}{position % 9 + 1}番{position % 20 + 1}号",
        "guardian_name": f"{surname} めぐみ" if child else "",
        "guardian_phone": f"090-0000-{9000 + position}" if child else "",
        "residence": residence,
        "suspended_on": None,
        "suspended_reason": "",
    }


def _at_home_with(parent: dict, child: dict) -> dict:
    """Return the columns that a child shares with its parent, and the parent as guardian."""
    home = ("postal_code", "address", "phone_home", "branch", "pickup_branch")
    care = {"guardian_name": parent["name"], "guardian_phone": parent["phone_mobile"]}
    return {name: parent[name] for name in home} | care


def _five_years_after(day: date) -> date:
    return date(day.year + 5, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _addresses(patrons: list[Patron], romaji: list[str], today: date) -> list[dict]:
    rows = []
    for number, patron in enumerate(patrons):
        habit = habit_of(number)
        for position, kind in enumerate(habit.addresses, start=1):
            host = "example.com" if kind == "mobile" else "example.jp"
            row = {"patron": patron, "position": position, "address": f"{romaji[number]}.{number}@{host}", "kind": kind}
            row["verified_at"] = clock.at(today - timedelta(days=60), 20) if kind == "pc" else None
            row["failures"] = 3 if habit.undeliverable else 0
            row["undeliverable_at"] = clock.at(today - timedelta(days=3), 8, 5) if habit.undeliverable else None
            rows.append(row)
    return rows


def _preferences(patrons: list[Patron]) -> list[dict]:
    rows = []
    for number, patron in enumerate(patrons):
        habit = habit_of(number)
        ticked = {"to_pc": "pc" in habit.addresses, "to_mobile": "mobile" in habit.addresses}
        if habit.addresses:
            on = habit.due_days is not None
            due = {"active": on, "days_before": habit.due_days if on else 1}
            rows.append({"patron": patron, "kind": "due", **ticked, **due})
            rows.append({"patron": patron, "kind": "registration", **ticked, "active": True, "days_before": 1})
            rows.append({"patron": patron, "kind": "hold", **ticked, "active": False, "days_before": 1})
    return rows
