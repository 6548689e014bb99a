"""利用者の取り込み: cards from the system a library had before, or from its town hall.

Of a known card only what the library owns is updated; what the patron chose is taken for new cards only.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from library import audit, dates, errors, patron_columns, policy
from library.account import retention
from library.files import cells
from library.files.report import CHANGED, NEW, SAME, SKIPPED, Report
from library.files.spreadsheets import Row, Table
from library.importing import batches, patron_cells as columns, words
from library.importing.branches import Branches
from library.importing.numbers import Numbers
from library.lending.holds import holds
from library.numbers import cards, formats, parsing
from library.patrons import homes, names, patrons
from library.store.queries import tuples
from models import CardNumber, MailPreference, Patron, PatronAddress

COLUMNS, HEADINGS, METHODS = columns.COLUMNS, columns.HEADINGS, columns.METHODS
OPEN = ("current", "old")  # numbers that open things
CLOSED = "利用状態が廃止のため取り込まなかった行"
STOPPED_TODAY = "停止した日が分からないので、取り込んだ日にしました"
NO_BIRTHDAY = "生年月日のない利用者（はじめのパスワードは、窓口で発行します）"
KEPT = "登録済みの利用者のため、いまの値のままにしました"
ILLEGIBLE = "読めないか、置き換わった文字があるため、いまの値のままにしました"
OVER_LONG_AGO = (
    "有効期限が切れてから{days:,}日を過ぎている利用者（取り込みます。有効期限を更新しなければ、{day}に消えます）"
)


def read_in(
    table: Table,
    *,
    report: Report,
    now: datetime,
    today: date,
    with_consent: bool = False,
    pad_zeros: bool = False,
    area_code: str = "",
    adding: words.Adding = words.NOTHING,
    known: Sequence[formats.Form] = (),
    dry_run: bool = False,
    progress: batches.Progress = None,
) -> None:
    """Add new cards, with the initial password, and change what the library owns of known ones. 残す only
    ``with_consent``.
    ``known``: the forms of numbers, where they are others than those of now.
    """
    intake = _Intake(report, now, today, with_consent, {"pad_zeros": pad_zeros, "area_code": area_code})
    intake.groups |= set(adding.groups)
    intake.numbers.known = list(known) or intake.numbers.known
    closed = words.closed(intake.branches, "category", "branch", "pickup_branch")
    closed += [words.of_choices("state", columns.STATES, stops=True), words.of_choices("residence", intake.residences)]
    closed.append(words.of_choices("contact_method", columns.METHODS))
    twice = batches.survey(table, closed, adding, report, key=intake.key, dry_run=dry_run, progress=progress)
    intake.categories = words.spelled("category")
    batches.carry_out(table, intake, report=report, dry_run=dry_run, key=intake.key, twice=twice, progress=progress)
    intake.numbers.tell_shorter(report)


def load(numbers: Iterable[str]) -> dict[str, Patron]:
    """Return the patrons who have these numbers, now or on an old card."""
    wanted = CardNumber.number.in_(list(numbers)) & CardNumber.kind.in_(OPEN)
    rows = CardNumber.select(CardNumber.number, Patron).join(Patron).where(wanted)
    return {row.number: row.patron for row in rows if row.patron}


class _Intake:
    """The branches, categories and rules that all rows of one file share, and what waits to be written."""

    def __init__(self, report: Report, now: datetime, today: date, with_consent: bool, of_phones: dict) -> None:
        self.report, self.now, self.today = report, now, today
        self.with_consent, self.of_phones = with_consent, of_phones
        self.branches = Branches()
        self.numbers = Numbers(formats.cards(), load, of_phones["pad_zeros"])
        self.old_numbers: dict[str, str] = {}  # of this file, each with its card
        self.added: set[str] = set()
        self.key = batches.Key("card_number", self.numbers.fold)
        self.categories: dict[str, str] = {}
        self.groups = set(policy.get("group_categories"))
        self.residences = columns.choices(patrons.residences())
        self.by_birthday = policy.get("first_password_mode") == "birthday"

    def begin(self, rows: list[Row]) -> None:
        self.numbers.begin(row.cells.get("card_number", "") for row in rows)
        named = {self.numbers.fold(row.cells.get(name, "")) for row in rows for name in ("card_number", "old_number")}
        given = CardNumber.select(CardNumber.number, CardNumber.patron, CardNumber.kind)
        given = given.where(CardNumber.number.in_(list(named)))
        self.given = {number: (patron, kind) for number, patron, kind in tuples(given)}
        known = {patron.id for each in self.numbers.found.values() for patron in each}
        mails = PatronAddress.select(PatronAddress.patron, PatronAddress.address)
        mails = mails.where(PatronAddress.patron.in_(list(known)))
        self.addresses = {(patron, address.casefold()) for patron, address in tuples(mails)}
        self.old: list[tuple[str, str]] = []  # card number, old number
        self.new: dict[str, dict[str, Any]] = {}
        self.mails: list[tuple[str, dict[str, Any]]] = []
        self.notices: list[tuple[str, dict[str, Any]]] = []

    def put(self, row: Row) -> tuple[str, cells.Cells]:
        read = cells.Cells(row, self.branches.find, columns.REQUIRED)
        state = read.choice("state", columns.STATES)
        if state == "closed":
            self.report.more[CLOSED] += 1
            return SKIPPED, read
        is_old = self.numbers.fold(read.raw("card_number")) in self.old_numbers
        patron = None if is_old else self.numbers.stored(read, "card_number", once=True)
        number = patron.card_number if patron else "" if is_old else self.numbers.new(read, "card_number")
        if is_old:
            read.refuse("card_number", errors.NumberOfSomebody())
        elif patron is None and number in self.given:
            read.refuse(
                "card_number",
                errors.CardReportedLost() if self.given[number][1] == "lost" else errors.NumberOfSomebody(),
            )
        old = self._old_number(read, patron, number)
        owned = self._owned(read) | {"state": "suspended" if state == "suspended" else None}
        self._leave_out(read, owned, patron)
        if patron:
            outcome = self._update(read, patron, owned)
        else:
            outcome = SAME if number in self.new else self._add(read, number, owned)
        if old:
            self.old.append((number, old))
        return CHANGED if old and outcome == SAME else outcome, read

    def _old_number(self, read: cells.Cells, patron: Patron | None, number: str) -> str:
        """Return another number that is to open this card from now on; empty where there is none, or it does so
        already.
        """
        old = self.numbers.fold(read.raw("old_number"))
        if not old or old == number or self.old_numbers.get(old) == number:
            return ""
        owner, kind = self.given.get(old, (None, ""))
        if patron and owner == patron.id and kind in OPEN:
            self.old_numbers.setdefault(old, number)
            return ""
        if not parsing.is_number(old):
            read.refuse("old_number", errors.OtherNumberMalformed(longest=formats.LONGEST))
        elif kind or old in self.added or self.old_numbers.get(old, number) != number:
            read.refuse("old_number", errors.CardReportedLost() if kind == "lost" else errors.NumberOfSomebody())
        elif patron and len(cards.other_numbers(patron)) >= cards.MOST_OTHERS:
            read.refuse("old_number", errors.OtherNumbersFull(most=cards.MOST_OTHERS))
        else:
            self.old_numbers[old] = number
            return old
        return ""

    def _owned(self, read: cells.Cells) -> dict[str, Any]:
        """Read what the library knows of a person; the patron can't change it on the web."""
        of_odd = {
            "birth_date": lambda read: columns.birth_date(read, today=self.today),
            "category": self._category,
            "branch": lambda read: read.branch("branch"),
            "registered_on": lambda read: read.day("registered_on"),
            "expires_on": lambda read: read.day("expires_on", beyond=True),
            "address": lambda read: read.text("address"),
            "residence": lambda read: read.choice("residence", self.residences),
            "suspended_reason": lambda read: read.text("suspended_reason"),
        }
        return {
            column.name: of_odd[column.name](read)
            if column.name in of_odd
            else columns.text(read, column, **self.of_phones)
            for column in columns.STORED
            if column.text or column.name in of_odd
        }

    def _category(self, read: cells.Cells) -> str | None:
        category = read.text("category")
        return self.categories.get(cells.fold(category), category) if category else None

    def _leave_out(self, read: cells.Cells, owned: dict[str, Any], patron: Patron | None) -> None:
        """Leave out what can't be of this card: a group's birth date, an adult's guardian, what a group alone has."""
        values = {name: owned[name] or (getattr(patron, name) if patron else None) for name in _JUDGED}
        is_group = values["category"] in self.groups
        if not is_group:
            for name in patron_columns.OF_GROUPS:
                if owned[name]:
                    read.refuse(name, errors.OfGroupsAlone())
            owned |= dict.fromkeys(patron_columns.OF_GROUPS)
        if not (values["guardian_name"] or values["guardian_phone"] or is_group):
            return
        if is_group:
            wrong = {"birth_date": errors.GroupHasNoBirthDate()} if owned["birth_date"] else {}
        else:
            wrong = {name: reasons[0] for name, reasons in homes.refusals(values, today=self.today).items()}
        for name, reason in wrong.items():
            read.refuse(name, reason)
            owned |= dict.fromkeys(("guardian_name", "guardian_phone") if name.startswith("guardian") else (name,))

    def _update(self, read: cells.Cells, patron: Patron, owned: dict[str, Any]) -> str:
        if not read.problems and "name" not in read.row.odd and _is_another(patron, owned):
            read.refuse_row("card_number", errors.CardIsAnothersNow())
        read.check()
        if patron.state == "closed" or (owned["state"] is None and patron.state != "suspended"):
            owned |= {"state": None, "suspended_reason": None}
        elif owned["state"] and patron.suspended_on is None:
            self._stop_today(read, owned)
        _keep_legible(read, patron, owned)
        self._tell_kept(read, patron)
        changed = cells.update(patron, owned)
        if changed:
            cells.update(patron, names.keys({name: getattr(patron, name) for name in changed}))
            if "expires_on" in changed:
                cells.update(patron, {"retention_from": self.today})
                self._count_over_long_ago(patron.expires_on)
            if "expires_on" in changed or "state" in changed:
                holds.card_changed(patron, now=self.now)
            audit.record("patron.changed", actor="command", now=self.now, patron=patron, fields=changed, via="file")
        return CHANGED if changed else SAME

    def _tell_kept(self, read: cells.Cells, patron: Patron) -> None:
        """Warn of the cells of a known card that are not taken, as the patron or the desk chose otherwise."""
        chosen = {name: value for name, value in self._chosen(read).items() if name != "keep_history"}
        kept = {"note" if name == "desk_note" else name for name in cells.differing(patron, chosen)}
        mails = {f"email{mail['position']}": (patron.id, mail["address"].casefold()) for mail in columns.mails(read)}
        kept |= {name for name, mail in mails.items() if mail not in self.addresses}
        for name in sorted(kept):
            read.warn(name, KEPT)

    def _add(self, read: cells.Cells, number: str, owned: dict[str, Any]) -> str:
        read.required("name")
        chosen = self._chosen(read)
        chosen["keep_history"] = chosen["keep_history"] and owned["category"] not in self.groups
        mails = columns.mails(read)
        due = columns.due_notice(read)
        if owned["state"]:
            self._stop_today(read, owned)
        read.check()
        given = {"card_number": number, "retention_from": self.today} | cells.given(owned | chosen)
        if owned["state"] is None:
            given.pop("suspended_reason", None)
        self.new[number] = given | names.keys(given)
        self.added.add(number)
        self.mails += [(number, mail) for mail in mails]
        if due:
            self.notices.append((number, due))
        if not self.report.has_rehearsed(number):
            self._count_new(owned)
        return NEW

    def _stop_today(self, read: cells.Cells, owned: dict[str, Any]) -> None:
        """Let a card be suspended since the day of the import: no file says since when."""
        owned["suspended_on"] = self.today
        read.mend("state", STOPPED_TODAY, dates.with_weekday(self.today))

    def _count_new(self, owned: dict[str, Any]) -> None:
        """Count what is to be known of new cards."""
        if not owned["birth_date"]:
            self.report.more[NO_BIRTHDAY] += 1
        elif not self.by_birthday:
            # a code that nobody is handed opens nothing: the desk issues it when the person is there
            self.report.more["はじめのパスワードを窓口で発行する利用者"] += 1
        self._count_over_long_ago(owned["expires_on"])

    def _count_over_long_ago(self, expires_on: date | None) -> None:
        """Count who would be erased by now, had the card been here all the time."""
        if expires_on and retention.erased_on(expires_on) <= self.today:
            day = dates.with_weekday(retention.erased_on(self.today))
            self.report.more[OVER_LONG_AGO.format(days=retention.CARDS.days, day=day)] += 1

    def write(self) -> None:
        """Write the new cards of this part with their addresses and notices."""
        if self.new:
            self._write_new()
        if self.old:
            ids = self._ids(number for number, _ in self.old)
            rows = [
                {
                    "number": old,
                    "patron": ids[number],
                    "kind": "old",
                    "since": self.now,
                    "key": parsing.reversed_key(old),
                }
                for number, old in self.old
            ]
            CardNumber.insert_many(rows).execute()

    @staticmethod
    def _ids(numbers: Iterable[str]) -> dict[str, int]:
        return dict(tuples(Patron.select(Patron.card_number, Patron.id).where(Patron.card_number.in_(list(numbers)))))

    def _write_new(self) -> None:
        issued = self.now if self.by_birthday else None
        rows = [
            _DEFAULTS | values | {"initial_issued_at": issued if values.get("birth_date") else None}
            for values in self.new.values()
        ]
        Patron.insert_many(rows).execute()
        if not self.mails and not self.notices:
            return
        ids = self._ids(self.new)
        by_library = {"since": self.now, "at_desk": True}
        mails = [{"patron": ids[number]} | mail | by_library for number, mail in self.mails]
        notices = [{"patron": ids[number]} | notice for number, notice in self.notices]
        for table, waiting in ((PatronAddress, mails), (MailPreference, notices)):
            if waiting:
                table.insert_many(waiting).execute()

    def _chosen(self, read: cells.Cells) -> dict[str, Any]:
        return {
            "pickup_branch": read.branch("pickup_branch"),
            "contact_method": read.choice("contact_method", columns.METHODS),
            "contact_phone": read.choice("contact_phone", columns.PHONES),
            "keep_history": self._keep_history(read),
            "titles_in_mail": read.yes("titles_in_mail", columns.TITLES),
            "desk_note": columns.note(read),
        }

    def _keep_history(self, read: cells.Cells) -> bool | None:
        """Read 貸出履歴. Recording what somebody reads needs their word for it: a file alone is not enough."""
        keep = read.yes("keep_history", columns.HISTORY)
        if keep and not self.with_consent:
            self.report.more["貸出履歴「残す」を取り込まなかった利用者（--with-consent がありません）"] += 1
            return False
        return keep


def _is_another(patron: Patron, owned: dict[str, Any]) -> bool:
    """Tell whether a row has both another name and another birth date than are stored."""
    names_differ = owned["name"] and patron.name and cells.fold(owned["name"]) != cells.fold(patron.name)
    days = owned["birth_date"], patron.birth_date
    return bool(names_differ and all(days) and days[0] != days[1])


def _keep_legible(read: cells.Cells, patron: Patron, owned: dict[str, Any]) -> None:
    """Leave what is stored where the file has other letters of which nobody can be sure: ?田 is no news of 𠮷田."""
    for name in list(read.row.odd):
        if owned.get(name) and getattr(patron, name) not in ("", owned[name]):
            owned[name] = None
            read.row.odd.remove(name)
            read.warn(name, ILLEGIBLE)


_JUDGED = ("category", "birth_date", "guardian_name", "guardian_phone")
# so that the rows that are written together have the same columns
_STORED = {column.name for column in columns.STORED if column.name != "card_number"}
_DEFAULTS: dict[str, Any] = {
    name: getattr(Patron, name).default for name in (*_STORED, *names.KEYS, "state", "suspended_on", "desk_note")
}
