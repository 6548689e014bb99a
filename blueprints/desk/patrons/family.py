"""家族のカード at the desk: who looks at whose card, and the consent of both for a child who has no sign-in yet."""

from flask import Blueprint, url_for

from library import clock, errors
from library.people import family
from models import FamilyTie
from web import access, flash, forms
from web.desk import counter, people

bp = Blueprint("family", __name__)
PAGE = "desk.family.index"


class ConsentForm(forms.Form):
    viewer = forms.Text("見る方の利用者番号", maximum=100)
    consent = forms.Tick("お二人がそろって、同意しています")


@bp.get("/<row_id:patron_id>/family")
@access.staff_required
def index(patron_id):
    return _page(people.opened(patron_id), ConsentForm(formdata=None))


def _page(patron, form):
    return form.page(
        "desk/family/index.html",
        patron_id=patron.id,
        name=patron.name,
        card_number=patron.card_number,
        onlookers=[_row(tie, tie.viewer) for tie in family.onlookers(patron) if tie.agreed_at],
        looked_at=[_row(tie, tie.child) for tie in family.looked_at(patron)],
        reasons=[reason.sentence for reason in family.consent_refusals(patron)],
        messages=flash.take(PAGE),
    )


def _row(tie, patron):
    return {
        "id": tie.id,
        "name": patron.name,
        "number": patron.card_number,
        "url": url_for("desk.patrons.show", patron_id=patron.id),
        "day": clock.day_of(tie.agreed_at),
    }


@bp.post("/<row_id:patron_id>/family")
@access.staff_required
def write_consent(patron_id):
    patron, form = people.opened(patron_id), ConsentForm()
    if not form.consent.data:
        form.problems = {"consent": [errors.FamilyConsentMissing()]}
    form.submit(lambda: family.write_consent(patron, form.viewer.data, **counter.acting()), at="viewer")
    return _page(patron, form) if form.problems else _back(patron_id, "agreed")


@bp.post("/<row_id:patron_id>/family/<row_id:tie_id>/end")
@access.staff_required
def end(patron_id, tie_id):
    patron = people.opened(patron_id)
    mine = (FamilyTie.id == tie_id) & family.touching(patron) & FamilyTie.agreed_at.is_null(False)
    family.end_at_desk(access.mine_or_404(FamilyTie.select().where(mine)), **counter.acting())
    return _back(patron_id, "ended")


def _back(patron_id, done):
    return flash.leave(PAGE, {"patron_id": patron_id}, done=done)
