"""The page of a title: its record, its copies and their places, the books beside it."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, request, url_for
from flask_login import current_user

from blueprints.catalog import editions
from blueprints.catalog.blueprint import bp
from blueprints.catalog.searching import address
from library import clock, dates, errors, policy, wording
from library.catalog import records, removed_titles, spine, spoken
from library.catalog.codes import accessible, languages
from library.catalog.query import query as queries
from library.catalog.search import snapshot
from library.catalog.shown import browse, query_words
from library.catalog.works import works
from library.discovery import availability, shelf_walk, title_page
from library.ebooks import lending
from library.language import sentences
from library.reading import shelved
from library.serials import for_readers
from models import Patron, full_name
from web import access, htmx
from web.parts import actions, references, stored_policy, structured, title_rows as rows
from web.parts.rows import names, request_rows

BEFORE, AFTER = 3, 5  # books on the shelf beside it
SAME_AUTHOR = 3
LONGEST_SUMMARY = 200  # letters; the rest stands under 内容
MAY_HOLD = ("ask", "add", "cart")  # actions of those who may still reserve
BACK = ("/search", "/new")  # lists of titles
Parts = list[tuple[str, str | None]]  # texts, each with the address of more of the same


@bp.get("/titles/<row_id:title_id>")
@access.public
def title(title_id: int) -> access.Reply:
    """Show a title; a merged one leads to the other (301), a deleted or withdrawn one is answered 410."""
    row = title_page.read(title_id)
    if row is None:
        return _moved(title_id)
    return _withdrawn(row) if row.is_removed else _there(row)


def _there(row: Any) -> access.Reply:
    title_id = row.id
    rules, shot = stored_policy.read(), snapshot.current()
    beside = browse.neighbours(title_id, before=BEFORE, after=AFTER, key=row.shelf_key, shot=shot)
    contributors = title_page.contributors(row.id)
    by_author = browse.by_creator(contributors[0].creator_id, shot=shot) if contributors else []
    same_author = [one for one in by_author if one != title_id][:SAME_AUTHOR]
    named = title_page.other_titles(row, [*beside, *same_author], editions.MOST)
    related = works.related(row, [one for one in named.values() if one.id != title_id and one.work_key == row.work_key])
    me, shown = current_user.patron, {title_id, *beside, *(one.id for one in (*related.volumes, *related.editions))}
    at = availability.for_titles(shown, near=_branch_of(me))
    serial = for_readers.of_issue(title_id) if row.work_key.startswith(works.SERIAL) else None
    acts = actions.for_titles([row, *(related.volumes if serial else ())], at, me, rules)
    standing, action = at[title_id], acts[title_id]
    return htmx.page(
        "catalog/title.html",
        back=_back(),
        title=row.title,
        kana=row.title_kana,
        subtitle=row.subtitle,
        **_named(row, contributors),
        statement="" if contributors else row.author,
        facts=_facts(row),
        in_it=_in_it(row),
        accessibility=_accessibility(row),
        cover=spine.cover_classes(row.title, row.ndc),
        picture=rows.cover(row.isbn),
        author_text=contributors[0].name if contributors else row.author,
        action=action,
        title_id=title_id,
        marked=bool(me and shelved.shelves_with(me, title_id)),
        say=_say(standing, action, serial),
        serial=serial,
        request_url=""
        if standing.ebook or any(copy.state != "missing" for copy in standing.copies)
        else request_rows.address_of(row),
        items=[_item(copy, _branch_of(me)) for copy in standing.copies],
        shelf_url=next((_shelf_url(copy) for copy in standing.copies if copy.call_number), None),
        ebook=_ebook(standing.ebook, rules),
        of_work=editions.of_work(row, related, at, acts) | {"pickup": serial and serial.names.get(_branch_of(me))},
        neighbours=[_book(named[one], at[one], one == title_id) for one in beside if one in named],
        **_same_author([named[one] for one in same_author if one in named], len(by_author), contributors),
        **_references(row),
        structured=_structured(row, contributors, standing, related.editions),
    )


def _branch_of(me: Patron | None) -> int:
    """Return the branch whose copies come first: that at which the patron receives holds."""
    return (me.pickup_branch_id if me else None) or availability.NOWHERE


def _same_author(listed: list[Any], count: int, contributors: list[Any]) -> dict:
    """Return other titles of the first author, how many there are, and the address of all."""
    return {
        "same_author": [
            {"title": full_name(one.title, one.volume), "url": url_for("catalog.title", title_id=one.id)}
            for one in listed
        ],
        "same_author_count": count - 1,
        "all_by": {"count": count} | _contributor(contributors[0]) if count > 1 else None,
    }


def _structured(row: Any, contributors: list[Any], standing: availability.Availability, editions: list[Any]) -> dict:
    series = [structured.InSeries(*one) for one in _all_series(row)]
    return structured.book(row, contributors, standing, editions=editions, series=series)


def _moved(title_id: int) -> access.Reply:
    """Lead to the title that this one was merged into; 410 for one that was taken out, 404 for what never was."""
    was = removed_titles.deleted_row(title_id) or abort(404)
    if was.merged_into_id:
        return redirect(url_for("catalog.title", title_id=was.merged_into_id), 301)
    return htmx.page("catalog/gone.html", 410, row=None)


def _withdrawn(row: Any) -> access.Reply:
    """Answer for a title whose last copy was withdrawn (除籍): what it was, and what there is of the same work."""
    others = title_page.other_titles(row, [], editions.MOST)
    at = availability.for_titles(others)
    return htmx.page(
        "catalog/gone.html",
        410,
        row=row,
        **_named(row, title_page.contributors(row.id)),
        request_url=request_rows.address_of(row),
        on_shelves=shelved.shelves_with(current_user.patron, row.id) if current_user.patron else [],
        of_work=editions.of_work(row, works.related(row, others.values()), at),
    )


def _references(row: Any) -> dict:
    """Return the title's references: its lasting address, its files, the facts for programs, and the words for a
    citation.
    """
    return {
        "permanent": current_app.config["PUBLIC_URL"] + url_for("catalog.title", title_id=row.id),
        "exports": references.links(lambda kind: url_for("catalog.title_file", title_id=row.id, kind=kind)),
        "coins": rows.coins(row),
        "author": row.author or "",
        "volume": row.volume,
        "publisher": row.publisher,
        "year": wording.year(row.year, row.year_text),
    }


def _back() -> dict | None:
    """Return the way back to the results that one comes from."""
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:  # a browser sends no such address
        return None
    if came_from.netloc != request.host or came_from.path not in BACK:
        return None
    query = f"?{came_from.query}" if came_from.query else ""
    return {"path": came_from.path, "url": f"{came_from.path}{query}"}


def _named(row: Any, contributors: list[Any]) -> dict:
    """Return the name of a title as it is shown, its creators and its imprint."""
    return {
        "name": full_name(row.title, row.volume),
        "shown": names.title(row),
        "contributors": [_contributor(one) for one in contributors],
        "imprint": _imprint(row),
    }


def _contributor(one: Any) -> dict:
    shown = names.creator(one.name, one.kana, one.latin)
    return {
        "name": one.name,
        "shown": shown,
        "role": one.role,
        "url": url_for("catalog.person", person_id=one.creator_id),
    }


def _imprint(row: Any) -> list[str]:
    """Return 出版者, 出版年, pages and size, as a catalogue card has them."""
    place = f"{row.place}：{row.publisher}" if row.place and row.publisher else row.publisher or row.place
    as_written = row.year_text and not row.year_text.isdigit()
    year = row.year_text if as_written else wording.year(row.year)
    return [part for part in (place, year, *row.extent.split(" ; ")) if part]


def _facts(row: Any) -> dict:
    """Return the label of each fact with its parts, (text, address of more of the same or None); those that few look
    for are ``folded``.
    """
    classes = [(query_words.class_words(each), address(queries.Query(ndc=each))) for each in row.ndc.split()]
    kinds = filter(None, (row.material_type, row.audience, languages.words(row.language)))
    of_staff: list[tuple[str, Parts]] = [
        ("価格", _parts(row.price)),
        ("受入日", _parts(dates.with_weekday(row.accession_date))),
    ]
    return {
        "kana_is_made": row.kana_source == spoken.ROMAJI,
        "open": [
            ("よみ", _parts(" ".join((row.title_kana, row.subtitle_kana)).strip())),
            ("シリーズ", _series(row)),
            ("分類", classes),
            ("件名", _subjects(row)),
            ("資料の種類", _parts(sentences.Joined(kinds, " "))),
        ],
        "folded": [
            *_other_titles(row),
            ("ISBN", _parts(*row.isbn_text.split("; "))),
            ("注記", _parts(*row.note.splitlines())),
            *(of_staff if current_user.staff else []),
        ],
    }


def _all_series(row: Any) -> list[list[Any]]:
    """Return (id, name, number) of each, in the order of the record."""
    return [rest for _, *rest in sorted(json.loads(row.all_series))]


def _series(row: Any) -> Parts:
    """Return the series, each a link; the text alone of a title that is not sorted yet."""
    found: Parts = [
        (f"{name} {number}".strip(), url_for("catalog.series", series_id=series_id))
        for series_id, name, number in _all_series(row)
    ]
    return found or _parts(row.series)


def _subjects(row: Any) -> Parts:
    found: Parts = [
        (name, url_for("catalog.subject", subject_id=subject_id))
        for _, subject_id, name in sorted(json.loads(row.all_subjects))
    ]
    return found or _parts(*(line.partition("\t")[0] for line in row.subjects.splitlines()))


def _parts(*texts: str) -> Parts:
    return [(text, None) for text in texts if text]


def _other_titles(row: Any) -> list[tuple[str, Parts]]:
    """Return the other names of a title by their kinds; the works in it stand by themselves."""
    names = [(kind, name) for _, kind, name in sorted(json.loads(row.other_titles)) if kind != records.WORK]
    return [
        (kind, _parts(*(name for each, name in names if each == kind)))
        for kind in dict.fromkeys(kind for kind, _ in names)
    ]


def _in_it(row: Any) -> dict:
    """Return the works in a book, the lines of its contents but for those that say no more than the name of a work, and
    the first sentence among them, its summary.
    """
    works = [name for _, kind, name in sorted(json.loads(row.other_titles)) if kind == records.WORK]
    lines = [line for line in row.contents.splitlines() if line.strip() and line not in works]
    summary = next((line for line in lines if line.endswith("。")), "")  # no line of a table of contents is a sentence
    return {
        "summary": summary if len(summary) <= LONGEST_SUMMARY else f"{summary[: LONGEST_SUMMARY - 1]}…",
        "contents": lines,
        "works": [{"name": name, "url": url_for("catalog.search", q=name)} for name in works],
    }


def _accessibility(row: Any) -> dict:
    """Return the formats, each with the address of more of the same, and what the record and the file of the e-book say
    of them.
    """
    of_ebook = structured.of_ebook(row)
    lines = row.accessibility.splitlines()
    return {
        "formats": [
            {"word": accessible.words(code), "url": address(queries.Query(format=(code,)))}
            for code in structured.formats(row)
        ],
        "lines": [line for line in lines if line],
        "features": accessible.describe_features(of_ebook.get("features", "").split()),
        "standard": of_ebook.get("standard", ""),
        "summary": of_ebook.get("summary", ""),
    }


def _say(standing: availability.Availability, action: actions.Action, serial: for_readers.Facts | None) -> dict:
    """Return the facts of the sentence over the button, from all copies: how many there are and are lent, the branches
    where one is in, the first that comes back, the day of the issue after the newest, and the place in line of a hold
    that were made now.
    """
    next_back, is_kept = standing.next_back(clock.today()), editions.is_kept(standing)
    return {
        "kind": standing.kind,
        "newest": errors.NewestIssueNotLent().sentence if is_kept else "",
        "next_on": serial and is_kept and serial.next_on(editions.came_on(standing), today=clock.today()),
        "copies": len(standing.copies),
        "lent": len(standing.of_kind("out")),
        "at": rows.places(standing),
        "due_on": next_back.due_on if next_back else None,
        "due_at": next_back.branch if next_back else "",
        "place": _place(standing) if action.kind in MAY_HOLD else None,
    }


def _place(standing: availability.Availability) -> int | None:
    """Return the place in line of who reserves the title now; None where a copy could be set aside at once."""
    return standing.in_line + 1 if standing.in_line or standing.kind != "in" else None


def _ebook(standing: lending.Standing | None, rules: policy.Policy) -> dict | None:
    if standing is None:
        return None
    return {
        "state": rows.ebook_state(standing),
        "licences": standing.licences,
        "days": standing.days or rules.lending("", lending.KIND)["loan_days"],
        "url": url_for("ebooks.index", title=standing.title_id),
        "cover": url_for("ebook_files.cover", ebook_id=standing.ebook_id) if standing.cover else None,
    }


def _item(copy: availability.Copy, mine: int) -> dict:
    return {
        "branch": copy.branch,
        "is_mine": copy.branch_id == mine,
        "shelf": copy.shelf,
        "call_number": copy.call_number,
        "shelf_url": _shelf_url(copy) if copy.call_number else None,
        "barcode": copy.barcode,
        "state": rows.State(copy.kind, 1 if copy.kind == "none" else 0, copy.due_on),
        "is_late": bool(copy.due_on and copy.due_on < clock.today()),
    }


def _shelf_url(copy: availability.Copy) -> str:
    """Return the address of a copy among all others of its shelf."""
    at = f"{shelf_walk.COPY}{copy.item_id}"
    return f"{url_for('catalog.shelf', branch=copy.branch_code, shelf=copy.shelf or None, at=at)}#here"


def _book(row: Any, standing: availability.Availability, current: bool) -> dict:
    return {
        "url": url_for("catalog.title", title_id=row.id),
        "spine": spine.make(full_name(row.title, row.volume), row.author, row.ndc, standing.call_number),
        "current": current,
    }
