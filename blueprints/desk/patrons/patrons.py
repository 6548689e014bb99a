"""利用者: finding, registering and changing cards."""

from datetime import date
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for

from library import clock, dates, errors, patron_columns, wording
from library.account import account_closing, registration
from library.lending import loans
from library.lending.holds import hold_list
from library.numbers import cards, free
from library.patrons import finding, homes, lookups as patron_lookups, patrons
from models import Loan, Patron
from web import access, forms, htmx
from web.desk import again, counter, joining, lookups, patron_pages, visits
from web.parts import stored_policy

bp = Blueprint("patrons", __name__)
SEARCH, LOST_CARD = "patrons", "lost_card"  # pages that are asked for by a token
LONGEST_SEARCH = 100


class PatronForm(forms.Form):
    """The form of a patron, of a new one where ``card_number`` is given; a stored category and branch stay possible."""

    card_number = forms.Text("利用者番号", maximum=100)
    birth_date: forms.Text
    category: forms.Choice
    branch: forms.Choice
    residence: forms.Choice

    def __init__(self, *args: Any, patron: Patron | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = stored_policy.read()
        known, offered = self.rules.get("categories"), registration.categories(patron, self.rules)
        self.category.offer((word, word if word in known else f"{word}（貸出ルールにありません）") for word in offered)
        self.residence.offer([("", "（選ばない）"), *patrons.residences(self.rules).items()])
        for name, label in homes.labels(self.category.data or "", self.rules).items():
            self[name].label.text = label
        nowhere = [("", "（なし）")] if patron and patron.branch_id is None else []
        self.branch.offer([*nowhere, *((branch.id, branch.name) for branch in stored_policy.branches_in_order())])


def _field(column: patron_columns.Column) -> forms.Field:
    if column.name == "titles_in_mail":
        return forms.Tick("書名を載せる")
    if column.name in ("category", "branch", "residence"):
        return forms.Choice(column.label)
    return forms.Text(column.label, maximum=column.maximum)


for _column in patron_columns.FORM:
    setattr(PatronForm, _column.name, _field(_column))


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Show who was found, by the token of a search: no name or number stands in the address."""
    asked = lookups.asked(SEARCH)
    found = finding.find(asked)
    return htmx.page(
        "desk/patrons/index.html",
        q=asked,
        is_over=lookups.is_over(asked),
        patrons=[_listed(row, found.by_other.get(row.id)) for row in found.patrons],
        more=found.more,
        closing_requests=len(account_closing.requests()),
    )


@bp.post("")
@access.staff_required
def search() -> access.Reply:
    """利用者を探す by number, kana, name or telephone. A single one found is opened, unless by a lost number."""
    asked = request.form.get("q", "").strip()[:LONGEST_SEARCH]
    if not asked:
        return redirect(url_for("desk.patrons.index"), 303)
    found = finding.find(asked)
    patron_lookups.note_search(finding.kind_of(asked), len(found.patrons), **counter.acting())
    if len(found.patrons) == 1 and all(row.kind != "lost" for row in found.by_other.values()):
        return redirect(url_for("desk.patrons.show", patron_id=found.patrons[0].id), 303)
    return redirect(url_for("desk.patrons.index", s=lookups.keep(SEARCH, asked)), 303)


def _listed(row: Patron, by_other: Any) -> dict:
    """Return the row of a found patron. ``by_other``: the number by which they were found, if not the card's."""
    return {
        "other": by_other and f"{wording.NUMBER_KINDS[by_other.kind]} {cards.shown(by_other)}",
        "url": url_for("desk.patrons.show", patron_id=row.id),
        "card_number": row.card_number,
        "name": row.name,
        "name_kana": row.name_kana,
        "birth_date": dates.without_weekday(row.birth_date),
        "state": row.state,
    }


@bp.get("/new")
@access.staff_required
def new() -> access.Reply:
    """Offer the number of a card that was read at the desk, else the next that is free."""
    number = lookups.asked(visits.NEW_CARD)[:20] or free.card_number(stored_policy.number_forms("card"))
    return _form_page(PatronForm(formdata=None, category="一般", card_number=number, titles_in_mail=True))


@bp.post("/new")
@access.staff_required
def register() -> access.Reply:
    form = PatronForm()
    made = form.submit(lambda: _register(form), at="card_number")
    return _slip(*made, new=True) if made else _form_page(form)


def _register(form: PatronForm) -> tuple[Patron, str | None]:
    today = clock.today()
    given = {"today": today, "apart_from": joining.ticked("another"), **counter.acting()}
    return registration.register(form.card_number.data, registration.read(form.typed(), today=today), **given)


def _form_page(form: PatronForm, patron: Patron | None = None) -> access.Reply:
    return form.page(
        "desk/patrons/form.html",
        fields=patron_columns.FORM,
        warnings=registration.warnings(patron, today=clock.today(), rules=form.rules) if patron else {},
        patron_id=patron and patron.id,
        known=patron_pages.maybe_same(form.problems),
        has_groups=bool(form.rules.get("group_categories")),
        asked_below=homes.ASKED_BELOW,
    )


def _slip(patron: Patron, code: str | None, new: bool = False) -> access.Reply:
    """Show the initial password to hand over, to be printed once."""
    until = patrons.initial_password_until(Patron.get_by_id(patron.id))
    return htmx.page(
        "desk/patrons/password_slip.html",
        name=patron.name,
        card_number=patron.card_number,
        code=code,
        until=dates.with_weekday(clock.day_of(until)) if until else "",
        new=new,
        guardian_missing=new and not patron.guardian_name and homes.is_asked_for_guardian(patron, today=clock.today()),
        asked_below=homes.ASKED_BELOW,
        patron_url=url_for("desk.patrons.show", patron_id=patron.id),
        edit_url=url_for("desk.patrons.edit", patron_id=patron.id),
    )


@bp.get("/<row_id:patron_id>")
@access.staff_required
def show(patron_id: int) -> access.Reply:
    """Show one person: card, what is out, what can be done."""
    return _patron_page(patron_pages.opened(patron_id))


@bp.post("/<row_id:patron_id>/address")
@access.staff_required
def show_address(patron_id: int) -> access.Reply:
    """住所を表示する: show the address and the guardian; each look is written down."""
    row = patron_pages.opened(patron_id)
    homes.note_view(row, **counter.acting())
    return _patron_page(row, home=homes.shown(row))


def _typed_number() -> str:
    return (request.form.get("number") or lookups.asked(LOST_CARD))[:100]


def _patron_page(
    row: Patron,
    problems: forms.Problems | None = None,
    message: str | None = None,
    status: int | None = None,
    check_number: str = "",
    home: list[tuple[str, str]] | None = None,
) -> access.Reply:
    """Return the page of a patron; ``check_number``: 確認番号 to tell them, ``home``: the address that was asked for."""
    today = clock.today()
    return htmx.page(
        "desk/patrons/show.html",
        status or (422 if problems else 200),
        patron_id=row.id,
        name=row.name,
        name_kana=row.name_kana,
        card_number=row.card_number,
        state=row.state,
        stopped=registration.suspension(row, today=today).sentence if row.state == "suspended" else "",
        closed_on=dates.with_weekday(row.closed_on),
        closing_asked=_closing_asked(row),
        expired=bool(row.state != "closed" and row.expires_on and row.expires_on < today),
        desk_note=request.form.get("desk_note", row.desk_note),
        facts=_facts(row),
        home=home,
        has_home=homes.is_on_file(row),
        loans=[_loan(loan, today) for loan in loans.open_loans(row)],
        holds=[_hold(held) for held in hold_list.at_desk(row)],
        next_number=_typed_number() or free.card_number(stored_policy.number_forms("card")),
        message=message,
        check_number=check_number,
        **forms.error_values(problems or {}),
    )


def _closing_asked(row: Patron) -> str:
    asked = account_closing.request_of(row)
    return dates.with_weekday(clock.day_of(asked.asked_at)) if asked else ""


def _facts(row: Patron) -> dict:
    addresses, until = patrons.addresses(row), patrons.initial_password_until(row)
    return {
        "columns": patron_columns.facts(row),
        "contact_method": wording.CONTACT_METHODS[row.contact_method],
        "addresses": len(addresses),
        "undeliverable": sum(address.undeliverable_at is not None for address in addresses),
        "titles_in_mail": wording.TITLES_IN_MAIL[row.titles_in_mail],
        "other_numbers": "、".join(
            f"{wording.NUMBER_KINDS[each.kind]} {cards.shown(each)}" for each in cards.other_numbers(row)
        ),
        "own_password": bool(row.password_hash),
        "initial_password_until": dates.with_weekday(clock.day_of(until)) if until else "",
    }


def _loan(loan: Loan, today: date) -> dict:
    title = loan.item.title
    return {
        "title": title.full_name,
        "branch": loan.branch.name,
        "due_on": dates.with_weekday(loan.due_on, year=False),
        "late": loans.is_overdue(loan, today=today),
        "days_left": dates.days_left(loan.due_on, today),
    }


def _hold(row: hold_list.Row) -> dict:
    hold = row.hold
    return {
        "id": hold.id,
        "title": hold.title.full_name,
        "branch": hold.pickup_branch.name,
        "words": f"{row.words}（{dates.time_of_day(hold.cancel_at)}まで元に戻せます）" if hold.cancel_at else row.words,
        "given_up": hold.cancel_at is not None,
        "contact": wording.CONTACT_METHODS[hold.contact_method],
    }


@bp.get("/<row_id:patron_id>/edit")
@access.staff_required
def edit(patron_id: int) -> access.Reply:
    """Show the form, with the address: that it was looked at is written down."""
    row = patron_pages.opened(patron_id)
    if homes.is_on_file(row):
        homes.note_view(row, **counter.acting())
    stored = {name: getattr(row, name) for name in ("card_number", *patron_columns.OWNED) if name != "branch"}
    stored |= {
        "branch": str(row.branch_id or ""),
        "birth_date": row.birth_date.isoformat() if row.birth_date else "",
        "expires_on": row.expires_on.isoformat() if row.expires_on else "",
    }
    return _form_page(PatronForm(formdata=None, patron=row, **stored), row)


def _changes_birth_date(patron_id: int) -> bool:
    """Tell whether the form would give this patron another birth date; one that can't be read is refused anyway."""
    row = Patron.get_or_none(Patron.id == patron_id)
    try:
        typed = (PatronForm(patron=row).birth_date.data or "").strip()
        return row is not None and (dates.parse(typed) if typed else None) != row.birth_date
    except ValueError:
        return False


@bp.post("/<row_id:patron_id>/edit")
@access.staff_required
@again.required("birth_date", when=_changes_birth_date)
def change(patron_id: int) -> access.Reply:
    row = patron_pages.opened(patron_id)
    form = PatronForm(patron=row)
    form.submit(lambda: _change(row, form), without=("card_number",))
    return _form_page(form, row) if form.problems else redirect(url_for("desk.patrons.show", patron_id=row.id), 303)


def _change(row: Patron, form: PatronForm) -> None:
    values = registration.read(form.typed(), today=clock.today(), patron=row)
    registration.change(row, values, **counter.acting())


@bp.get("/<row_id:patron_id>/lost")
@access.staff_required
def ask_new_number(patron_id: int) -> access.Reply:
    """Show what a new number does before it is given: the old one can't be had again."""
    row = patron_pages.opened(patron_id)
    if row.state == "closed":
        return _patron_page(row, message=errors.CardClosed().sentence, status=409)
    try:
        number = cards.require_new(lookups.asked(LOST_CARD))
    except errors.Refused as refusal:
        return _patron_page(row, {"number": [refusal]})
    return htmx.page(
        "desk/patrons/new_number.html", patron_id=row.id, name=row.name, card_number=row.card_number, number=number
    )


@bp.post("/<row_id:patron_id>/new-number")
@access.staff_required
def give_number(patron_id: int) -> access.Reply:
    """Take the number of a new card to the page that asks before it replaces the old one."""
    row = patron_pages.opened(patron_id)
    token = lookups.keep(LOST_CARD, request.form.get("number", "")[:100])
    return redirect(url_for("desk.patrons.ask_new_number", patron_id=row.id, s=token), 303)


@bp.get("/<row_id:patron_id>/password")
@access.staff_required
def ask_password(patron_id: int) -> access.Reply:
    """Show what a new initial password does before it is issued: the old one ends, what was read is sealed."""
    row = patron_pages.opened(patron_id)
    if row.state == "closed":
        return _patron_page(row, message=errors.CardClosed().sentence, status=409)
    return htmx.page("desk/patrons/ask_password.html", patron_id=row.id, name=row.name, card_number=row.card_number)


@bp.post("/<row_id:patron_id>/<any(suspend, resume, renew, lost, password, release, note):what>")
@access.staff_required
@again.required("initial_password", when=lambda patron_id, what: what == "password")
@again.required("lost_card", when=lambda patron_id, what: what == "lost")
def serve(patron_id: int, what: str) -> access.Reply:
    """Suspend or resume a card, renew or replace it, issue an initial password or 確認番号, or store the note."""
    row, by = patron_pages.opened(patron_id), counter.acting()
    if row.state == "closed":
        return _patron_page(row, message=errors.CardClosed().sentence, status=409)
    try:
        if what == "password":
            return _slip(row, patrons.reissue(row, **by))
        if what == "release":
            return _patron_page(row, check_number=registration.release(row, current_app.config["SECRET_KEY"], **by))
        {
            "suspend": lambda: registration.suspend(row, request.form.get("reason", ""), **by),
            "resume": lambda: registration.resume(row, **by),
            "renew": lambda: registration.renew_card(row, today=clock.today(), **by),
            "lost": lambda: registration.replace_card(row, request.form.get("number", ""), **by),
            "note": lambda: registration.note(row, request.form.get("desk_note", ""), **by),
        }[what]()
    except errors.Refused as refusal:
        return _patron_page(row, {{"suspend": "reason", "note": "desk_note"}.get(what, "number"): [refusal]})
    return redirect(url_for("desk.patrons.show", patron_id=row.id), 303)
