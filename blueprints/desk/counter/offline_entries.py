"""記録の取り込み: entries of the offline desk are applied; those in conflict wait for somebody."""

import json
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for

from library import errors, wording
from library.offline import acts, entries
from models import OfflineEntry
from web import access, flash, htmx, paging
from web.desk import counter
from web.parts import offline

bp = Blueprint("offline_entries", __name__)

HERE = "desk.offline_entries.index"
LARGEST = 2 * 1024 * 1024  # bytes of what comes at once
A_PAGE = 50


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return _page(flash.take(HERE))


@bp.post("")
@access.staff_required
@counter.at_a_branch
@access.takes_file(LARGEST)
def take() -> access.Reply:
    """Take in what a browser has opened with its 合言葉; tell it which entries are here now, so that it
    can forget them.
    """
    try:
        sent = entries.read(_sent())
    except errors.Refused as refusal:
        return jsonify(sentence=refusal.sentence), 422
    done = entries.take(sent, at=counter.here(), **counter.acting())
    earlier = flash.take(HERE)
    flash.keep(HERE, **{name: earlier.get(name, 0) + number for name, number in done._asdict().items()})
    return jsonify(ids=[entry.key for entry in sent])


def _sent() -> Any:
    try:
        return json.loads(request.form.get("entries", ""))
    except (ValueError, RecursionError) as error:
        raise errors.EntriesUnreadable() from error


@bp.post("/<row_id:entry_id>/retry")
@access.staff_required
def retry(entry_id: int) -> access.Reply:
    """もう一度取り込む: apply an entry that was refused, or show why it is refused again."""
    try:
        row = entries.try_again(entry_id, **counter.acting())
    except errors.Refused as refusal:
        return _page({}, 409, refused=refusal.sentence)
    return flash.leave(HERE, tried=row.id)


@bp.get("/<row_id:entry_id>/resolution")
@access.staff_required
def ask_resolution(entry_id: int) -> access.Reply:
    """Show what would be erased; an entry that is settled leads back."""
    entry = entries.waiting().where(OfflineEntry.id == entry_id).first()
    return htmx.page("desk/offline/resolution.html", row=_row(entry)) if entry else redirect(url_for(HERE), 303)


@bp.post("/<row_id:entry_id>/resolution")
@access.staff_required
def resolve(entry_id: int) -> access.Reply:
    """解決: erase an entry that somebody has dealt with."""
    try:
        entries.resolve(entry_id, **counter.acting())
    except errors.EntrySettled as refusal:
        return _page({}, 409, refused=refusal.sentence)
    return flash.leave(HERE, resolved=True)


def _page(answer: dict, status: int = 200, **context: Any) -> access.Reply:
    listed = paging.cut(entries.waiting(), A_PAGE, url_for(HERE))
    return htmx.page(
        "desk/offline/entries.html",
        status,
        url_for(HERE),
        answer=answer,
        entries=[_row(row) for row in listed["rows"]],
        count=entries.conflicts(),
        upload=offline.address("upload.js"),
        **listed,
        **context,
    )


def _row(row: OfflineEntry) -> dict:
    return {
        "id": row.id,
        "kind": row.kind,
        "at": row.at,
        "branch": row.branch.name,
        "words": wording.OFFLINE_CONFLICTS[row.conflict],
        "card": row.card,
        "person": row.patron
        and {"name": row.patron.name, "url": url_for("desk.patrons.show", patron_id=row.patron_id)},
        "barcode": row.barcode,
        "book": row.item
        and {"title": row.item.title.full_name, "url": url_for("desk.items.show", barcode=row.item.barcode)},
        "why": row.why,
        "may_try": row.conflict not in acts.FINAL,
    }
