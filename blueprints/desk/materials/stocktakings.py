"""蔵書点検: scans at the shelves, the results, and the end."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from library import clock, errors, wording
from library.counting import stocktaking
from models import Item, Stocktaking, StocktakingScan
from web import access, forms, htmx, paging
from web.desk import counter
from web.desk.fields import BranchField

bp = Blueprint("stocktakings", __name__)

LATEST = 15  # scans beside the field
SIZE = 150  # rows of a list
ON_A_PAGE = 50  # stocktakings
LARGEST = 1024 * 1024  # bytes of a file of scans
KINDS = {"ok": "in", "found": "in", "unknown": "late", "withdrawn": "late"}  # how a verdict is drawn; else soon


class BeginForm(forms.Form):
    branch = BranchField("館")
    shelf = forms.Choice("場所")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shelf.offer([("", wording.ALL), *((shelf, shelf) for shelf in stocktaking.shelves())])


def _name(row: Stocktaking) -> str:
    return f"{row.branch.name}{f'（{row.shelf}）' if row.shelf else ''}"


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return _list_page(BeginForm(formdata=None, branch=str(counter.here().id), shelf=""))


def _list_page(form: BeginForm) -> access.Reply:
    rows = Stocktaking.select().order_by(Stocktaking.closed_at.is_null().desc(), Stocktaking.id.desc())
    listed = paging.cut(list(rows), ON_A_PAGE, url_for("desk.stocktakings.index"))
    return form.page("desk/stocktakings/index.html", **listed | {"rows": [_listed(row) for row in listed["rows"]]})


def _listed(row: Stocktaking) -> dict:
    return {
        "name": _name(row),
        "url": url_for("desk.stocktakings.show", number=row.id),
        "started": row.started_at,
        "closed": row.closed_at,
        "scans": sum(stocktaking.tally(row).values()),
    }


@bp.post("")
@access.staff_required
@counter.at_a_branch
def begin() -> access.Reply:
    form = BeginForm()
    made = form.submit(
        lambda: stocktaking.begin(form.branch.branch() or abort(422), form.shelf.data, **counter.acting())
    )
    return redirect(url_for("desk.stocktakings.show", number=made.id), 303) if made else _list_page(form)


# -- reading ---------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:number>")
@access.staff_required
def show(number: int) -> access.Reply:
    """Show the field for the scanner, what was read last, and how it stands."""
    return _page(access.row_or_404(Stocktaking, number))


def _page(row: Stocktaking, status: int = 200, problems: forms.Problems | None = None) -> access.Reply:
    tally, (expected, missing) = stocktaking.tally(row), stocktaking.count(row)
    asked = forms.number(request.args.get("scan"))
    mine = stocktaking.scans(row).where(StocktakingScan.id == asked).first() if asked else None
    return htmx.page(
        "desk/stocktakings/show.html",
        status,
        number=row.id,
        name=_name(row),
        started=row.started_at,
        closed=row.closed_at,
        set_missing=row.missing,
        scan=_scan(mine) if mine else None,
        again="again" in request.args,
        came=forms.number(request.args.get("came")),
        latest=[_scan(each) for each in stocktaking.latest(row, LATEST)],
        read=sum(tally.values()),
        expected=expected,
        results=_results(row, tally, missing),
        problems=problems or {},
        page_has_errors=bool(problems),
    )


def _results(row: Stocktaking, tally: dict, missing: int) -> list[dict]:
    """Return the lists of the result with their lengths."""
    counts = tally | {"missing": missing, "misplaced": sum(tally[verdict] for verdict in stocktaking.MISPLACED)}
    return [
        {"label": label, "count": counts[of], "url": url_for("desk.stocktakings.result", number=row.id, of=of)}
        for of, label in stocktaking.RESULTS.items()
    ]


def _scan(each: StocktakingScan) -> dict:
    item = each.item
    return {
        "id": each.id,
        "verdict": each.verdict,
        "kind": KINDS.get(each.verdict, "soon"),
        "words": stocktaking.VERDICTS[each.verdict],
        **_copy(each.barcode, item),
    }


def _copy(barcode: str, item: Item | None) -> dict:
    return {
        "barcode": barcode,
        "title": item.title.full_name if item else "",
        "branch": item.branch.name if item else "",
        "shelf": item.shelf if item else "",
        "call_number": item.call_number if item else "",
        "url": url_for("desk.items.show", barcode=barcode) if item else "",
    }


@bp.post("/<row_id:number>/scans")
@access.staff_required
def scan(number: int) -> access.Reply:
    row, read = access.row_or_404(Stocktaking, number), counter.scanned("item")
    if not read:
        return redirect(url_for("desk.stocktakings.show", number=row.id), 303)
    try:
        scan, is_new = stocktaking.scan(row, read, now=clock.now())
    except errors.StocktakingClosed as refusal:
        return _page(row, 409, {"item": [refusal]})
    again = None if is_new else 1
    return redirect(url_for("desk.stocktakings.show", number=row.id, scan=scan.id, again=again), 303)


@bp.post("/<row_id:number>/file")
@access.staff_required
@access.takes_file(2 * LARGEST)
def read_scans(number: int) -> access.Reply:
    """Add the numbers from a file of a handheld scanner."""
    row, file = access.row_or_404(Stocktaking, number), request.files.get("file")
    content = file.read(LARGEST + 1) if file else b""
    try:
        if not content:
            raise errors.FileMissing()
        if len(content) > LARGEST:
            raise errors.ScansUnreadable()
        new = stocktaking.scan_many(row, stocktaking.read_file(content), now=clock.now())
    except errors.StocktakingClosed as refusal:
        return _page(row, 409, {"file": [refusal]})
    except errors.Refused as refusal:
        return _page(row, 422, {"file": [refusal]})
    return redirect(url_for("desk.stocktakings.show", number=row.id, came=new), 303)


# -- the result ------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:number>/<any(missing, misplaced, on_loan, found, withdrawn, unknown):of>")
@access.staff_required
def result(number: int, of: str) -> access.Reply:
    """Show one of the lists in the order of the shelves."""
    row = access.row_or_404(Stocktaking, number)
    _, missing = stocktaking.count(row)
    if of == "missing":
        found = stocktaking.in_order(stocktaking.missing(row))
        total, rows = missing, [_copy(item.barcode, item) | {"words": ""} for item in found.limit(SIZE)]
    else:
        found = stocktaking.scans(row, *(stocktaking.MISPLACED if of == "misplaced" else (of,)))
        total, rows = found.count(), [_scan(each) for each in found.limit(SIZE)]
    return htmx.page(
        "desk/stocktakings/result.html",
        number=row.id,
        name=_name(row),
        of=of,
        heading=stocktaking.RESULTS[of],
        rows=rows,
        total=total,
        results=_results(row, stocktaking.tally(row), missing),
    )


@bp.get("/<row_id:number>.csv")
@access.staff_required
def download(number: int) -> access.Reply:
    """Send the result as CSV: the missing copies, then every scan with its verdict."""
    row = access.row_or_404(Stocktaking, number)
    answer = Response("".join(stocktaking.write_csv(row)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="stocktaking-{row.id}.csv"'
    return answer


# -- the end ---------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:number>/close")
@access.staff_required
def ask_close(number: int) -> access.Reply:
    """Show what the end would do before it does."""
    return _close_page(access.row_or_404(Stocktaking, number))


def _close_page(row: Stocktaking, status: int = 200, refusal: errors.Refused | None = None) -> access.Reply:
    expected, missing = stocktaking.count(row)
    return htmx.page(
        "desk/stocktakings/close.html",
        status,
        number=row.id,
        name=_name(row),
        is_closed=bool(row.closed_at),
        refusal=refusal.sentence if refusal else "",
        read=sum(stocktaking.tally(row).values()),
        expected=expected,
        missing=missing,
    )


@bp.post("/<row_id:number>/close")
@access.staff_required
def close(number: int) -> access.Reply:
    row, missing = access.row_or_404(Stocktaking, number), request.form.get("missing")
    if missing not in ("keep", "set"):
        return _close_page(row, 422)
    try:
        stocktaking.close(row, set_missing=missing == "set", **counter.acting())
    except errors.Refused as refusal:
        return _close_page(row, 409, refusal)
    return redirect(url_for("desk.stocktakings.show", number=row.id), 303)
