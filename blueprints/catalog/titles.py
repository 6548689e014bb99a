"""The page of a title: its record, its copies and their places, the books beside it."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, request, url_for
from flask_login import current_user

from blueprints.catalog import editions
from blueprints.catalog.blueprint import bp
from blueprints.catalog.searching import address
from library import dates, policy, wording
from library.catalog import ndc, records, removed_titles, spine, spoken
from library.catalog.codes import accessible, languages
from library.catalog.query import query as queries
from library.catalog.search import snapshot
from library.catalog.shown import browse
from library.catalog.works import works
from library.discovery import availability, shelf_walk, title_page
from library.ebooks import lending
from library.reading import shelved
from models import full_name
from web import access, htmx
from web.parts import actions, references, stored_policy, structured, title_rows as rows

BEFORE, AFTER = 5, 12  # books on the shelf beside it
SAME_AUTHOR = 6
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
    at = availability.for_titles({title_id, *beside, *(one.id for one in (*related.volumes, *related.editions))})
    standing = at[title_id]
    return htmx.page(
        "catalog/title.html",
        back=_back(),
        title=row.title,
        kana=row.title_kana,
        subtitle=row.subtitle,
        name=full_name(row.title, row.volume),
        contributors=[_contributor(one) for one in contributors],
        statement="" if contributors else row.author,
        imprint=_imprint(row),
        facts=_facts(row),
        in_it=_in_it(row),
        accessibility=_accessibility(row),
        cover=spine.cover_classes(row.title, row.ndc),
        picture=rows.cover(row.isbn),
        author_text=contributors[0].name if contributors else row.author,
        action=actions.for_titles([row], at, current_user.patron, rules)[title_id],
        title_id=title_id,
        on_shelves=shelved.shelves_with(current_user.patron, title_id) if current_user.patron else [],
        state=rows.state(standing),
        holdings=_holdings(standing),
        items=[_item(copy) for copy in standing.copies],
        shelf_url=next((_shelf_url(copy) for copy in standing.copies if copy.call_number), None),
        ebook=_ebook(standing.ebook, rules),
        of_work=editions.of_work(row, related, at),
        neighbours=[_book(named[one], at[one], one == title_id) for one in beside if one in named],
        same_author=[_link(named[one]) for one in same_author if one in named],
        all_by={"count": len(by_author)} | _contributor(contributors[0]) if len(by_author) > 1 else None,
        **_references(row),
        structured=_structured(row, contributors, standing, related.editions),
    )


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
    related = works.related(row, others.values())
    at = availability.for_titles(others)
    return htmx.page(
        "catalog/gone.html",
        410,
        row=row,
        name=full_name(row.title, row.volume),
        contributors=[_contributor(one) for one in title_page.contributors(row.id)],
        imprint=_imprint(row),
        on_shelves=shelved.shelves_with(current_user.patron, row.id) if current_user.patron else [],
        of_work=editions.of_work(row, related, at),
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


def _contributor(one: Any) -> dict:
    return {"name": one.name, "role": one.role, "url": url_for("catalog.person", person_id=one.creator_id)}


def _imprint(row: Any) -> list[str]:
    """Return 出版者, 出版年, pages and size, as a catalogue card has them."""
    place = f"{row.place}：{row.publisher}" if row.place and row.publisher else row.publisher or row.place
    as_written = row.year_text and not row.year_text.isdigit()
    year = row.year_text if as_written else wording.year(row.year)
    return [part for part in (place, year, *row.extent.split(" ; ")) if part]


def _facts(row: Any) -> dict:
    """Return the parts of each fact, (text, address of more of the same or None)."""
    return {
        "kana": _parts(" ".join((row.title_kana, row.subtitle_kana)).strip()),
        "kana_is_made": row.kana_source == spoken.ROMAJI,
        "other_titles": _other_titles(row),
        "series": _series(row),
        "ndc": [(f"{each} {ndc.caption(each)}".strip(), address(queries.Query(ndc=each))) for each in row.ndc.split()],
        "subjects": _subjects(row),
        "isbns": _parts(*row.isbn_text.split("; ")),
        "kinds": _parts(
            " ".join(part for part in (row.material_type, row.audience, languages.words(row.language)) if part)
        ),
        "note": _parts(*row.note.splitlines()),
        "price": _parts(row.price),
        "accession_date": _parts(dates.with_weekday(row.accession_date)),
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
    """Return the works in a book, and the lines of its contents but for those that say no more than the
    name of a work.
    """
    works = [name for _, kind, name in sorted(json.loads(row.other_titles)) if kind == records.WORK]
    return {
        "contents": [line for line in row.contents.splitlines() if line.strip() and line not in works],
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


def _holdings(standing: availability.Availability) -> dict:
    """Return the numbers of copies, of those that are lent and of patrons who wait, and the places
    where one is in now.
    """
    copies, lent = len(standing.copies), len(standing.of_kind("out"))
    return {"copies": copies, "lent": lent, "at": rows.places(standing), "waiting": standing.waiting}


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


def _item(copy: availability.Copy) -> dict:
    return {
        "branch": copy.branch,
        "shelf": copy.shelf,
        "call_number": copy.call_number,
        "shelf_url": _shelf_url(copy) if copy.call_number else None,
        "barcode": copy.barcode,
        "state": rows.State(copy.kind, 1 if copy.kind == "none" else 0, copy.due_on),
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


def _link(row: Any) -> dict:
    return {"title": full_name(row.title, row.volume), "url": url_for("catalog.title", title_id=row.id)}
