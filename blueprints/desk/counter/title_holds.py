"""予約の受付: a hold for somebody who asks at the desk or calls."""

from typing import Any

from flask import Blueprint, redirect, url_for

from library import clock, errors, wording
from library.account import registration
from library.lending.holds import hold_list, holds
from library.numbers import cards
from library.patrons import profile
from models import Patron, Title
from web import access, forms
from web.desk import counter, visits

bp = Blueprint("title_holds", __name__)

FIELD_OF = {errors.BranchHandsOutNoHolds: "pickup_branch", errors.MailGoesNowhere: "contact_method"}


class HoldForm(forms.Form):
    card = forms.Text("利用者番号", maximum=100)
    pickup_branch = forms.Choice("受取館")
    contact_method = forms.Choice("連絡方法", [("", "ご本人の登録のとおり"), *wording.CONTACT_METHODS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pickup_branch.offer((row.id, row.name) for row in profile.pickup_branches())


@bp.get("/<row_id:title_id>/hold")
@access.staff_required
@counter.at_a_branch
def new(title_id: int) -> access.Reply:
    """Offer a hold for the patron whose visit it is, if there is one, to be collected here."""
    title, visit = access.row_or_404(Title, title_id), visits.current()
    card, branch = visit.patron.card_number if visit else "", str(counter.here().id)
    return _page(title, HoldForm(formdata=None, card=card, pickup_branch=branch, contact_method=""))


@bp.post("/<row_id:title_id>/hold")
@access.staff_required
@counter.at_a_branch
def place(title_id: int) -> access.Reply:
    """Place the hold and show the person with it, or every reason why not."""
    title, form = access.row_or_404(Title, title_id), HoldForm()
    patron = form.submit(lambda: _place(title, form), at="card")
    return redirect(url_for("desk.patrons.show", patron_id=patron.id), 303) if patron else _page(title, form)


def _place(title: Title, form: HoldForm) -> Patron:
    patron = counter.patron_of(counter.scanned("card"))
    if patron is None:
        raise cards.refusal(counter.scanned("card"), at_desk=True)
    branch = next(each for each in profile.pickup_branches() if str(each.id) == form.pickup_branch.data)
    method = form.contact_method.data or patron.contact_method
    try:
        holds.place(patron, title, pickup_branch=branch, contact_method=method, **counter.acting())
    except errors.Refusals as refused:
        problems = {}
        for reason in registration.for_staff(refused.reasons, patron, today=clock.today()):
            problems.setdefault(FIELD_OF.get(type(reason), "card"), []).append(reason)
        raise errors.RefusedTogether(problems) from None
    return patron


def _page(title: Title, form: HoldForm) -> access.Reply:
    return form.page(
        "desk/title_holds/new.html",
        title_id=title.id,
        name=title.full_name,
        author=title.author,
        waiting=hold_list.waiting_by_title([title.id]).get(title.id, 0),
    )
