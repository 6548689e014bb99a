"""電子書籍のサービス: what e-books stand elsewhere."""

from flask import Blueprint, redirect
from flask_login import current_user

from library import clock, errors
from library.ebooks import elsewhere
from models import EbookService
from web import access, flash, forms, htmx
from web.links import url_for

bp = Blueprint("ebook_services", __name__)
PAGE = "desk.ebook_services.index"
ANY = "int(max=9223372036854775807)"


class ServiceForm(forms.Form):
    name = forms.Text("名前", maximum=100)
    url = forms.Text("アドレス", maximum=500)
    explanation = forms.Text("説明", maximum=200)
    shelf_url = forms.Text("本棚のフィード（OPDS）", maximum=500)


def _by():
    return {"by": f"staff:{current_user.staff.login}", "now": clock.now()}


@bp.get("")
@access.staff_required(role="admin")
def index():
    return _services_page(ServiceForm(formdata=None))


def _services_page(form, problems=None):
    return htmx.page(
        "desk/ebook_services/index.html",
        422 if problems else 200,
        services=elsewhere.every(),
        card=elsewhere.CARD,
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
        messages=flash.take(PAGE),
    )


@bp.post("")
@access.staff_required(role="admin")
def add():
    form = ServiceForm()
    problems = forms.refused(form)
    if not problems:
        try:
            elsewhere.add({field.name: field.data or "" for field in form}, **_by())
        except errors.RefusedTogether as refused:
            problems = refused.by_field
    if problems:
        return _services_page(form, problems)
    flash.keep(PAGE, level="good", title="サービスを加えました。", text="")
    return redirect(url_for(PAGE), 303)


@bp.post(f"/<{ANY}:service_id>/removal")
@access.staff_required(role="admin")
def remove(service_id):
    service = access.mine_or_404(EbookService.select().where(EbookService.id == service_id))
    elsewhere.remove(service, **_by())
    flash.keep(PAGE, level="good", title=f"「{service.name}」を外しました。", text="")
    return redirect(url_for(PAGE), 303)
