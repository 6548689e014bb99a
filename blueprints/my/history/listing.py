"""The list: found by words, by year and in an order; as a passbook to be printed, and whole as a file."""

from urllib.parse import urlencode

from flask import Response, request
from flask_login import current_user

from blueprints.my.history.blueprint import bp
from library import clock, errors, policy
from library.discovery import availability
from library.files import report
from library.reading import history, looking_back
from models import Patron, Title
from web import access, flash, forms, htmx, links, paging, terminals
from web.parts import actions, seal_facts, stored_policy

SIZE, PASSBOOK_SIZE = 30, 150  # records on a page
LONGEST_WORDS = 100
ORDERS = ("newest", "oldest", "title", "author", "rating")
HEADINGS = ("書名", "著者", "貸出館", "貸出日", "評価", "メモ")


# -- the list --------------------------------------------------------------------------------------------------------
@bp.get("/history")
@access.patron_required
def index() -> access.Reply:
    return page(messages=flash.take("history.index"))


def page(
    *, messages: dict | None = None, before: str = "", problems: tuple | list[errors.Refused] = (), status: int = 200
) -> access.Reply:
    """Return the page. ``before``: the day that was typed for a deletion; ``problems``: its refusals."""
    patron, today, rules = current_user.patron, clock.today(), stored_policy.read()
    listed, asked = history.listed(patron, today=today), _asked()
    found = _narrowed(listed.records, asked)
    cut = paging.cut(found, SIZE, _address(asked))
    return htmx.page(
        "history/index.html",
        status,
        **_standing(listed, patron),
        **seal_facts.read(),
        **cut | {"rows": _rows(cut["rows"], patron, rules)},
        asked=asked,
        found=len(found),
        years=looking_back.by_year(listed.records),
        every=len(listed.records),
        passbook_url=_address({"year": asked["year"]}, "history.passbook"),
        here=links.here(),
        messages=messages,
        before=forms.FieldView("text", "before", "日付", before),
        problems=problems,
        page_has_errors=bool(problems),
        summary=[{"label": "日付", "sentence": each.sentence, "anchor": "before"} for each in problems],
    )


def _standing(listed: history.Listed, patron: Patron) -> dict:
    """Return the number of records, their limit, and whether more are kept."""
    return {
        "total": listed.total,
        "most": history.SHOWN,
        "is_nearly_full": history.WARNED_FROM <= listed.total <= history.SHOWN,
        "of_today": listed.of_today,
        "is_kept": patron.keep_history,
    }


def _asked() -> dict:
    """Return the words, the year, its month and the order that the list is asked for."""
    words = request.args.get("words", "").strip()[:LONGEST_WORDS]
    order = request.args.get("order")
    return {
        "words": words,
        "year": forms.number(request.args.get("year")),
        "month": forms.number(request.args.get("month")),
        "order": order if order in ORDERS else "newest",
    }


def _narrowed(records: list[history.Record], asked: dict) -> list[history.Record]:
    if asked["year"]:
        records = [one for one in records if one.year == asked["year"] and asked["month"] in (None, one.day.month)]
    return looking_back.in_order(looking_back.find(records, asked["words"]), asked["order"])


def _address(asked: dict, endpoint: str = "history.index") -> str:
    """Return the address of the same list; values that are as always are left out."""
    named = [(name, value) for name, value in asked.items() if value and value != "newest"]
    return links.with_query(endpoint, urlencode(named))


def _rows(records: list[history.Record], patron: Patron, rules: policy.Policy) -> list[dict]:
    again, rows = _actions(records, patron, rules), []
    for record in records:
        action = again.pop(record.title_id, None)  # where a title stands several times, the first has its button
        rows.append({"record": record, "anchor": action and f"title-{record.title_id}", "action": action})
    return rows


def _actions(records: list[history.Record], patron: Patron, rules: policy.Policy) -> dict:
    """Return the action for each title that the catalogue still has, by title id."""
    ids = sorted({record.title_id for record in records if record.title_id})
    titles = Title.select(Title.id, Title.title, Title.volume, Title.material_type).where(Title.id.in_(ids))
    return actions.for_titles(list(titles), availability.for_titles(ids), patron, rules)


# -- on paper, and as a file -----------------------------------------------------------------------------------------
@bp.get("/history/passbook")
@access.patron_required
def passbook() -> access.Reply:
    """読書記録帳: show the records to print, numbered from the oldest."""
    patron, today = current_user.patron, clock.today()
    (records, total, _), asked = history.listed(patron, today=today), {"year": forms.number(request.args.get("year"))}
    lines = [{"number": total - place, "record": record} for place, record in enumerate(records)][::-1]
    lines = [line for line in lines if not asked["year"] or line["record"].year == asked["year"]]
    cut = paging.cut(lines, PASSBOOK_SIZE, _address(asked, "history.passbook"))
    return htmx.page("history/passbook.html", asked=asked, **cut)


@bp.get("/history.csv", endpoint="csv")
@access.patron_required
@terminals.refused
def download() -> access.Reply:
    """Send all records, the newest first: UTF-8 with BOM, no cell that a spreadsheet would run."""
    rows = (
        (one.title, one.author, one.branch, one.lent_on, one.rating or "", one.memo)
        for one in history.everything(current_user.patron, today=clock.today())
    )
    return Response(
        report.as_csv(HEADINGS, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=history.csv", "Cache-Control": "no-store"},
    )
