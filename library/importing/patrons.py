"""利用者の取り込み: cards from the system a library had before, or from its town hall.

Of a known card only what the library owns is updated; what the patron chose is taken for new cards only.
"""

import re
import unicodedata
from datetime import date, datetime
from functools import partial
from typing import Any

from library import addresses, audit, dates, errors, policy, wording
from library.account import registration, retention
from library.files import cells
from library.files.report import CHANGED, NEW, SAME, WARNING, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing import batches
from library.importing.branches import Branches
from library.numbers import cards, forms, reading
from library.people import names, patrons
from models import MailPreference, Patron, PatronAddress

COLUMNS = (
    Column("card_number", ("利用者番号", "カード番号", "利用者カード番号"), required=True),
    Column("name", ("氏名",), required=True),
    Column("name_kana", ("氏名カナ", "氏名ヨミ", "カナ氏名")),
    Column("birth_date", ("生年月日",), required=True),
    Column("category", ("区分", "利用者区分")),
    Column("phone_home", ("電話自宅", "自宅電話")),
    Column("phone_mobile", ("電話携帯", "携帯電話")),
    Column("phone_work", ("電話勤務先", "勤務先電話")),
    Column("email1", ("E-mail1", "メール1")),
    Column("email1_kind", ("E-mail1種別", "E-mail1の種別")),
    Column("email2", ("E-mail2", "メール2")),
    Column("email2_kind", ("E-mail2種別", "E-mail2の種別")),
    Column("branch", ("登録館",)),
    Column("registered_on", ("登録日",)),
    Column("expires_on", ("有効期限",)),
    Column("pickup_branch", ("予約受取館",)),
    Column("contact_method", ("予約連絡方法",)),
    Column("contact_phone", ("電話連絡先",)),
    Column("due_notice_to", ("返却期限通知",)),
    Column("due_notice_days", ("通知する日",)),
    Column("keep_history", ("貸出履歴",)),
    Column("titles_in_mail", ("メールの書名",)),
)
ZERO_MISSING = "電話番号の先頭の0がありません（表計算ソフトで消えていないか、お確かめください）"
TITLES = {text: value for value, text in wording.TITLES_IN_MAIL.items()}
OVER_LONG_AGO = (
    "有効期限が切れてから{days:,}日を過ぎている利用者（取り込みます。有効期限を更新しなければ、{day}に消えます）"
)
MOST_UNKNOWN = 20  # categories that are named one by one; a file with more has something else in that column
HISTORY = {text: value for value, text in wording.HISTORY.items()}
DUE_DAYS = {wording.days_before(days): days for days in range(8)} | {str(days): days for days in range(8)}


def _choices(words: dict[str, str]) -> dict[str, str]:
    """Return what a column may say: the word on the screen or the value itself."""
    return {text: value for value, text in words.items()} | {value: value for value in words}


KINDS, METHODS, PHONES = map(_choices, (wording.ADDRESS_KINDS, wording.CONTACT_METHODS, wording.CONTACT_PHONES))
PHONES |= {"携帯": "mobile"}


def read_in(
    table: Table,
    *,
    report: Report,
    now: datetime,
    today: date,
    with_consent: bool = False,
    dry_run: bool = False,
    progress: batches.Progress = None,
) -> None:
    """Add new cards, with the initial password, and change what the library owns of known ones. 残す only ``with_consent``."""
    intake = _Intake(table.columns, report, now, today, with_consent)
    key = batches.Key("card_number", partial(reading.as_new, known=intake.forms))
    batches.carry_out(table, intake.put, report=report, dry_run=dry_run, key=key, progress=progress)


class _Intake:
    """The branches, categories and rules that all rows of one file share."""

    def __init__(
        self, columns: dict[str, Column], report: Report, now: datetime, today: date, with_consent: bool
    ) -> None:
        self.columns, self.report = columns, report
        self.now, self.today, self.with_consent = now, today, with_consent
        self.branches, self.forms = Branches(), forms.cards()
        self.categories = set(policy.get("categories"))
        self.unknown: set[str] = set()
        self.by_birthday = policy.get("first_password_mode") == "birthday"

    def put(self, row: Row) -> str:
        read = cells.Cells(row, self.branches.find)
        number, patron = self._numbered(read)
        owned = self._owned(read)
        return self._update(read, patron, owned) if patron else self._add(read, number, owned)

    def _numbered(self, read: cells.Cells) -> tuple[str, Patron | None]:
        """Return the number of a row and who has it; a new one as it is stored from now on. One that was lost is refused."""
        text = read.raw("card_number")
        number, patron = reading.as_new(text, self.forms), patrons.by_card(text, self.forms)
        if not number:
            read.refuse("card_number", errors.CellMissing())
        elif not reading.is_sayable(number):
            read.refuse("card_number", errors.CardNumberMalformed())
        elif patron is None and cards.stored(text, self.forms, at_desk=True):
            read.refuse("card_number", cards.refusal(text))
        return number, patron

    def _owned(self, read: cells.Cells) -> dict[str, Any]:
        """Read what the library knows of a person; the patron can't change it on the web."""
        return {
            "name": names.written(read.text("name") or "") or None,
            "name_kana": names.kana(read.text("name_kana") or "") or None,
            "birth_date": self._birth_date(read),
            "category": read.text("category"),
            **{name: _phone(read, name) for name in ("phone_home", "phone_mobile", "phone_work")},
            "branch": read.branch("branch"),
            "registered_on": read.day("registered_on"),
            "expires_on": read.day("expires_on"),
        }

    def _birth_date(self, read: cells.Cells) -> date | None:
        day = read.day("birth_date")
        try:
            if day:
                registration.check_birth(day, today=self.today)
        except errors.BirthDateImpossible as refusal:
            read.refuse("birth_date", refusal)
        return day

    def _update(self, read: cells.Cells, patron: Patron, owned: dict[str, Any]) -> str:
        read.check()
        self._warn(read.row, owned)
        changed = cells.update(patron, owned)
        cells.update(patron, names.keys({name: getattr(patron, name) for name in changed}))
        if "expires_on" in changed:
            cells.update(patron, {"retention_from": self.today})
            self._count_over_long_ago(patron)
        if changed:
            audit.record("patron.changed", actor="command", now=self.now, patron=patron, fields=changed, via="file")
        return CHANGED if changed else SAME

    def _add(self, read: cells.Cells, number: str, owned: dict[str, Any]) -> str:
        read.required("name", "birth_date")
        chosen = self._chosen(read)
        mails = _mails(read)
        due = _due_notice(read)
        read.check()
        self._warn(read.row, owned)
        given = {"card_number": number} | cells.given(owned | chosen)
        patron = Patron.create(**given, **names.keys(given), retention_from=self.today)
        for position, address, kind in mails:
            by_library = {"since": self.now, "at_desk": True}
            PatronAddress.create(patron=patron, position=position, address=address, kind=kind, **by_library)
        if due:
            MailPreference.create(patron=patron, kind="due", **due)
        if self.by_birthday:
            patrons.issue_initial_password(patron, now=self.now)
        if not self.report.has_rehearsed(number):
            self._count_new(patron)
        return NEW

    def _count_new(self, patron: Patron) -> None:
        """Count what is to be known of new cards."""
        if not self.by_birthday:
            # a code that nobody is handed opens nothing: the desk issues it when the person is there
            self.report.more["はじめのパスワードを窓口で発行する利用者"] += 1
        self._count_over_long_ago(patron)

    def _count_over_long_ago(self, patron: Patron) -> None:
        """Count who would be erased by now, had the card been here all the time."""
        if patron.expires_on and retention.erased_on(patron.expires_on) <= self.today:
            day = dates.with_weekday(retention.erased_on(self.today))
            self.report.more[OVER_LONG_AGO.format(days=retention.CARDS.days, day=day)] += 1

    def _warn(self, row: Row, owned: dict[str, Any]) -> None:
        """Name what goes in as it is and may have been spoiled on its way here."""
        for name in patrons.PHONES:
            if owned[name] and registration.lacks_zero(owned[name]):
                self.report.warn(row, self.columns[name], ZERO_MISSING)
        category = owned["category"]
        if category and category not in self.categories:
            self.unknown |= {category} if len(self.unknown) < MOST_UNKNOWN else set()
            shown = f"区分「{category[:40]}」" if category in self.unknown else "そのほかの区分"
            self.report.more[f"{WARNING}：運用ルールにない{shown}の利用者"] += 1

    def _chosen(self, read: cells.Cells) -> dict[str, Any]:
        return {
            "pickup_branch": read.branch("pickup_branch"),
            "contact_method": read.choice("contact_method", METHODS),
            "contact_phone": read.choice("contact_phone", PHONES),
            "keep_history": self._keep_history(read),
            "titles_in_mail": read.yes("titles_in_mail", TITLES),
        }

    def _keep_history(self, read: cells.Cells) -> bool | None:
        """Read 貸出履歴. Recording what somebody reads needs their word for it: a file alone is not enough."""
        keep = read.yes("keep_history", HISTORY)
        if keep and not self.with_consent:
            self.report.more["貸出履歴「残す」を取り込まなかった利用者（--with-consent がありません）"] += 1
            return False
        return keep


def _phone(read: cells.Cells, name: str) -> str | None:
    try:
        return registration.phone(read.raw(name)) or None
    except errors.PhoneMalformed as refusal:
        read.refuse(name, refusal)
        return None


def _mails(read: cells.Cells) -> list[tuple[int, str, str]]:
    """Return (position, address, kind) of E-mail1 and E-mail2, as far as they are there."""
    mails = []
    for position, name in enumerate(("email1", "email2"), start=1):
        kind = read.choice(f"{name}_kind", KINDS) or "pc"
        address = addresses.fold(read.raw(name))
        if address and not addresses.is_valid(address):
            read.refuse(name, errors.AddressMalformed())
        elif address.casefold() in [before.casefold() for _, before, _ in mails]:
            read.refuse(name, errors.AddressTwice())
        elif address:
            mails.append((position, address, kind))
    return mails


def _due_notice(read: cells.Cells) -> dict[str, Any] | None:
    """Read ``pc``, ``mobile`` or both (自PC, 携帯); empty is 停止, for which no row is needed."""
    words = re.split(r"[\s、,;・/]+", unicodedata.normalize("NFKC", read.raw("due_notice_to")))
    known = {word.casefold(): kind for word, kind in KINDS.items()}
    kinds = {known.get(word.casefold()) for word in words if word}
    if None in kinds:
        read.refuse("due_notice_to", errors.CellIsNoChoice(choices="、".join(KINDS)))
    days = read.choice("due_notice_days", DUE_DAYS)
    if not kinds:
        return None
    return {"to_pc": "pc" in kinds, "to_mobile": "mobile" in kinds, "active": True} | cells.given({"days_before": days})
