"""予約の受付: a place in the queue of a title for somebody who asks at the desk or calls."""

from flask import Blueprint, redirect

from library import clock, errors, wording
from library.account import registration
from library.lending.holds import holds
from library.people import patrons, profile
from models import Title
from web import access, forms, htmx
from web.desk import counter, visits
from web.links import url_for

bp = Blueprint("title_holds", __name__)

FIELD_OF = {errors.BranchHandsOutNoHolds: "pickup_branch", errors.MailGoesNowhere: "contact_method"}


class HoldForm(forms.Form):
    card = forms.Text("利用者番号", maximum=100)
    pickup_branch = forms.Choice("受取館")
    contact_method = forms.Choice("連絡方法", [("", "ご本人の登録のとおり"), *wording.CONTACT_METHODS.items()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pickup_branch.offer((row.id, row.name) for row in profile.pickup_branches())


@bp.get("/<int(max=2147483647):title_id>/hold")
@access.staff_required
@counter.at_a_branch
def new(title_id):
    """For the person who stands before this desk, if there is one, to be collected here."""
    row, now = access.row_or_404(Title, title_id), visits.current()
    form = HoldForm(
        formdata=None,
        card=now.patron.card_number if now else "",
        pickup_branch=str(counter.branch().id),
        contact_method="",
    )
    return _page(row, form)


@bp.post("/<int(max=2147483647):title_id>/hold")
@access.staff_required
@counter.at_a_branch
def place(title_id):
    """Every reason why not, or the person with the new hold."""
    row, form = access.row_or_404(Title, title_id), HoldForm()
    if found := forms.refused(form):
        return _page(row, form, found)
    patron = patrons.by_card(counter.scanned("card"))
    if patron is None:
        return _page(row, form, {"card": [patrons.unknown_card(form.card.data)]})
    branch = next(each for each in profile.pickup_branches() if str(each.id) == form.pickup_branch.data)
    method = form.contact_method.data or patron.contact_method
    try:
        holds.place(patron, row, pickup_branch=branch, contact_method=method, now=clock.now(), by=counter.actor())
    except errors.Refusals as refused:
        problems = {}
        for reason in registration.for_staff(refused.reasons, patron, today=clock.today()):
            problems.setdefault(FIELD_OF.get(type(reason), "card"), []).append(reason)
        return _page(row, form, problems)
    return redirect(url_for("desk.patrons.show", patron_id=patron.id), 303)


def _page(row, form, problems=None):
    return htmx.page(
        "desk/title_holds/new.html",
        422 if problems else 200,
        title_id=row.id,
        name=row.full_name,
        author=row.author,
        waiting=holds.waiting_by_title([row.id]).get(row.id, 0),
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
    )
