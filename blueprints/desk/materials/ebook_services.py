"""電子書籍のサービス: services of others that patrons are told of."""

from flask import Blueprint

from library.ebooks import elsewhere
from models import EbookService
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("ebook_services", __name__)
PAGE = "desk.ebook_services.index"


class ServiceForm(forms.Form):
    name = forms.Text("名前", maximum=100)
    url = forms.Text("アドレス", maximum=500)
    explanation = forms.Text("説明", maximum=200)
    shelf_url = forms.Text("本棚のフィード（OPDS）", maximum=500)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _page(ServiceForm(formdata=None))


def _page(form: ServiceForm) -> access.Reply:
    context = {"services": elsewhere.every(), "card": elsewhere.CARD, "messages": flash.take(PAGE)}
    return form.page("desk/ebook_services/index.html", **context)


@bp.post("")
@access.staff_required(role="admin")
def add() -> access.Reply:
    form = ServiceForm()
    form.submit(lambda: elsewhere.add(form.typed(), **counter.acting()))
    return _page(form) if form.problems else _back("added")


@bp.get("/<row_id:service_id>/removal")
@access.staff_required(role="admin")
def ask_removal(service_id: int) -> access.Reply:
    """Show what is lost when a service is taken off."""
    return htmx.page("desk/ebook_services/removal.html", service=access.row_or_404(EbookService, service_id))


@bp.post("/<row_id:service_id>/removal")
@access.staff_required(role="admin")
def remove(service_id: int) -> access.Reply:
    service = access.row_or_404(EbookService, service_id)
    elsewhere.remove(service, **counter.acting())
    return _back("removed", service.name)


def _back(done: str, name: str = "") -> access.Reply:
    return flash.leave(PAGE, done=done, name=name)
