"""利用者: finding, registering and changing cards."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for

from library import clock, dates, errors, patron_columns, wording
from library.account import account_closing, registration
from library.lending import loans, renewals
from library.numbers import cards, free
from library.patrons import finding, homes, lookups as patron_lookups, patrons
from models import Patron
from web import access, flash, forms, htmx
from web.desk import again, counter, joining, lookups, patron_pages, visits
from web.parts import stored_policy

bp = Blueprint("patrons", __name__)
PERSON = "desk.patrons.show"
SEARCH = "patrons"  # the page that is asked for by a token
LONGEST_SEARCH = 100
ASKED_OF_SOME = (*patron_columns.OF_GROUPS, *patron_columns.OF_PERSONS)


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
        self.is_group = homes.is_group(self.category.data or "", self.rules)
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
    read, asked = lookups.asked(visits.NEW_CARD)[:20], request.args.get("category")
    number = read or free.card_number(stored_policy.number_forms("card"))
    category = asked if asked in stored_policy.read().get("categories") else "一般"
    form = PatronForm(formdata=None, category=category, card_number=number, titles_in_mail=True)
    return _form_page(form, read=bool(read))


@bp.post("/new")
@access.staff_required
def register() -> access.Reply:
    form = PatronForm()
    made = form.submit(lambda: _register(form), at="card_number", without=ASKED_OF_SOME)
    return patron_pages.show_password(*made, new=True) if made else _form_page(form)


def _register(form: PatronForm) -> tuple[Patron, str | None]:
    today = clock.today()
    given = {"today": today, "apart_from": joining.ticked("another"), **counter.acting()}
    return registration.register(form.card_number.data, _read(form, today), **given)


def _read(form: PatronForm, today: date, patron: Patron | None = None) -> dict:
    """Return the values of the form, once the fields of its category were on it: the category can be chosen there."""
    values = registration.read(form.typed(), today=today, patron=patron)
    if form.is_group and patron_columns.OF_GROUPS[0] not in request.form:
        raise errors.RefusedTogether({"category": [errors.GroupIsAsked()]})
    return values


def _form_page(form: PatronForm, patron: Patron | None = None, read: bool = False) -> access.Reply:
    """Return the form. ``read``: the number of the card has been read, and the next field is the name."""
    return form.page(
        "desk/patrons/form.html",
        read=read,
        fields=homes.asked(
            patron_columns.CHANGE if patron else patron_columns.FORM, group=form.is_group, refused=form.problems
        ),
        warnings=registration.warnings(patron, today=clock.today(), rules=form.rules) if patron else {},
        patron_id=patron and patron.id,
        name=patron and patron.name,
        known=patron_pages.maybe_same(form.problems),
        has_groups=bool(form.rules.get("group_categories")),
        is_group=form.is_group,
        asked_below=homes.ASKED_BELOW,
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


def _patron_page(row: Patron, status: int = 200, home: list[tuple[str, str]] | None = None) -> access.Reply:
    """Return the page of a patron; ``home``: the address that was asked for."""
    facts, messages = patron_pages.facts(row), flash.take(PERSON)
    return htmx.page("desk/patrons/show.html", status, home=home, messages=_messages(messages, row, facts), **facts)


def _messages(messages: dict, row: Patron, facts: dict) -> dict:
    """Return the message of an act, with the loan or hold that its sentence names."""
    about = {"until": dates.without_weekday(row.expires_on), "number": row.card_number}
    about["fields"] = "、".join(patron_columns.LABELS[name] for name in messages.get("changed", ()))
    for kind in ("loan", "hold"):
        about |= next((each for each in facts[f"{kind}s"] if each["id"] == messages.get(kind)), {})
    return messages | about


@bp.post("/<row_id:patron_id>/renewals")
@access.staff_required
def renew(patron_id: int) -> access.Reply:
    """延長: renew the loans that are ticked, or the one whose button was pressed; those that can't be stay."""
    row = patron_pages.opened(patron_id)
    chosen = forms.numbers("one") or forms.numbers("loan")
    mine = [loan for loan in loans.open_loans(row) if loan.id in chosen]
    outcomes = renewals.renew_all(mine, **counter.acting())
    renewed = [each.loan.id for each in outcomes if not each.reasons]
    left = len(outcomes) - len(renewed)
    one = renewed[0] if len(outcomes) == 1 and renewed else 0
    done = "one_renewed" if one else "none_renewed" if not renewed else "some_renewed" if left else "renewed"
    return flash.leave(PERSON, {"patron_id": row.id}, done=done, count=len(renewed), left=left, loan=one)


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
    changed = form.submit(lambda: _change(row, form), without=("card_number", *ASKED_OF_SOME))
    if changed is None:
        return _form_page(form, row)
    return flash.leave(PERSON, {"patron_id": row.id}, done="changed" if changed else "unchanged", changed=changed)


def _change(row: Patron, form: PatronForm) -> list[str]:
    return registration.change(row, _read(form, clock.today(), row), **counter.acting())
