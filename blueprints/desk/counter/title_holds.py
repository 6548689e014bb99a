"""予約の受付: a hold for somebody who asks at the desk or calls: begun at the book or at the person, by number or name."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict

from library import clock, errors, wording
from library.account import registration
from library.catalog import editing, isbn
from library.catalog.query import query as queries
from library.catalog.shown import results as searches
from library.lending.holds import hold_list, holds
from library.numbers import cards
from library.patrons import finding, lookups as patron_lookups, names, profile
from models import Patron, Title
from web import access, flash, forms
from web.desk import counter, patron_pages, visits

bp = Blueprint("title_holds", __name__)

PERSON = "desk.patrons.show"
FIELD_OF = {errors.BranchHandsOutNoHolds: "pickup_branch", errors.MailGoesNowhere: "contact_method"}
MOST = 10  # people or books that are offered where several are meant


class HoldForm(forms.Form):
    """The form of a hold; ``asked`` is a patron where the book is known, else a book."""

    asked = forms.Text("利用者番号か氏名", maximum=100)
    pickup_branch = forms.Choice("受取館")
    contact_method = forms.Choice("連絡方法", [("", "ご本人の登録のとおり"), *wording.CONTACT_METHODS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pickup_branch.offer((row.id, row.name) for row in profile.pickup_branches())


def _empty() -> HoldForm:
    return HoldForm(formdata=None, asked="", pickup_branch=str(counter.here().id), contact_method="")


# -- from the book ---------------------------------------------------------------------------------
@bp.get("/titles/<row_id:title_id>/hold")
@access.staff_required
@counter.at_a_branch
def new(title_id: int) -> access.Reply:
    """Offer a hold to be collected here, with a press for the patron who is at the desk."""
    visit = visits.current()
    return _title_page(access.row_or_404(Title, title_id), _empty(), [visit.patron] if visit else [], at_desk=True)


@bp.post("/titles/<row_id:title_id>/hold")
@access.staff_required
@counter.at_a_branch
def place(title_id: int) -> access.Reply:
    """Place the hold and show the person with it, or every reason why not; offer the people where several are meant."""
    title, form = access.row_or_404(Title, title_id), HoldForm()
    asked = counter.scanned("chosen") or counter.scanned("asked")
    people = form.submit(lambda: _patrons(asked), at="asked")
    if not people or len(people) > 1 or not _is_meant(people[0], asked):
        return _title_page(title, form, people or [])
    return _placed(people[0], title, form) or _title_page(title, form)


def _patrons(asked: str) -> list[Patron]:
    """Return the patron with this number, else those whose number or name begins so. Raises: Refused for nobody."""
    if patron := counter.patron_of(asked):
        return [patron]
    if not asked:
        raise errors.FieldEmpty()
    refusal = cards.refusal(asked, at_desk=True)
    if not isinstance(refusal, errors.PatronUnknown):
        raise refusal
    found = finding.find(asked).patrons[:MOST]
    patron_lookups.note_search(finding.kind_of(asked), len(found), **counter.acting())
    if not found:
        raise refusal if finding.kind_of(asked) == "number" else errors.NobodyCalled(name=asked)
    return found


def _is_meant(patron: Patron, asked: str) -> bool:
    """Tell whether a number or a whole name was typed, and not the beginning of a name."""
    typed = "".join(asked.split())
    is_named = names.name_key(typed) == patron.name_key or names.kana_key(typed) == patron.kana_key
    return is_named or counter.patron_of(asked) is not None


def _title_page(
    title: Title, form: HoldForm, people: list[Patron] | None = None, at_desk: bool = False
) -> access.Reply:
    offered = [
        {"value": row.card_number, "name": f"{row.name} さん", "more": row.card_number, "hint": row.name_kana}
        for row in people or ()
    ]
    waiting = hold_list.waiting_by_title([title.id]).get(title.id, 0)
    about = {"name": title.full_name, "author": title.author, "waiting": waiting}
    back = url_for("desk.titles.show", title_id=title.id)
    return _page(form, offered, about=about, back=back, person="", at_desk=at_desk)


# -- from the person -------------------------------------------------------------------------------
@bp.get("/patrons/<row_id:patron_id>/hold")
@access.staff_required
@counter.at_a_branch
def ask(patron_id: int) -> access.Reply:
    return _patron_page(patron_pages.opened(patron_id), _empty(), [])


@bp.post("/patrons/<row_id:patron_id>/hold")
@access.staff_required
@counter.at_a_branch
def take(patron_id: int) -> access.Reply:
    """Place a hold on the one book that is meant, or offer those that may be."""
    patron, form = patron_pages.opened(patron_id), HoldForm()
    titles = form.submit(lambda: _titles(counter.scanned("asked"), forms.number(counter.scanned("chosen"))), at="asked")
    if not titles or len(titles) > 1:
        return _patron_page(patron, form, titles or [])
    return _placed(patron, titles[0], form) or _patron_page(patron, form, [])


def _titles(asked: str, chosen: int | None) -> list[Title]:
    """Return the title that was chosen, those of a copy or an ISBN, or those with the words. Raises: NothingCalled."""
    if not asked and not chosen:
        raise errors.FieldEmpty()
    if chosen:
        ids = [chosen]
    elif copy := counter.copy_of(asked):
        ids = [copy.title_id]
    elif number := isbn.normalise(asked):
        ids = editing.with_isbn(number)
    else:
        ids = searches.find(queries.parse(MultiDict({"q": asked})), size=MOST).ids
    found = {row.id: row for row in Title.select().where(Title.id.in_(ids[:MOST]))}
    if not found:
        raise errors.NothingCalled(name=asked)
    return [found[each] for each in ids if each in found]


def _patron_page(patron: Patron, form: HoldForm, titles: list[Title]) -> access.Reply:
    form.asked.label.text = "書名、ISBN、資料番号"
    offered = [
        {"value": row.id, "name": row.full_name, "more": "", "hint": f"{row.author} {row.publisher} {row.year_text}"}
        for row in titles
    ]
    about = {"name": f"{patron.name} さん", "author": patron.card_number, "waiting": None}
    return _page(form, offered, about=about, back=url_for(PERSON, patron_id=patron.id), person=patron.name)


# -- both ------------------------------------------------------------------------------------------
def _placed(patron: Patron, title: Title, form: HoldForm) -> access.Reply | None:
    """Place the hold and lead to the person, with its place in the queue; None with the reasons in the form."""
    hold = form.submit(lambda: _place(patron, title, form), at="asked")
    return hold and flash.leave(PERSON, {"patron_id": patron.id}, done="held", hold=hold.id)


def _place(patron: Patron, title: Title, form: HoldForm) -> Any:
    branch = next(each for each in profile.pickup_branches() if str(each.id) == form.pickup_branch.data)
    method = form.contact_method.data or patron.contact_method
    try:
        return holds.place(patron, title, pickup_branch=branch, contact_method=method, **counter.acting())
    except errors.Refusals as refused:
        problems = {}
        for reason in registration.for_staff(refused.reasons, patron, today=clock.today()):
            problems.setdefault(FIELD_OF.get(type(reason), "asked"), []).append(reason)
        raise errors.RefusedTogether(problems) from None


def _page(form: HoldForm, offered: list[dict], **facts: Any) -> access.Reply:
    """Return the page of the form. ``offered``: the people or books to choose from."""
    status = 422 if offered and request.method == "POST" else 0
    return form.page("desk/title_holds/new.html", status, action=request.path, offered=offered, **facts)
