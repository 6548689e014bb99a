"""One title: what it is, where its copies stand, what stands beside it."""

import json
from collections import Counter
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, request
from flask_login import current_user
from peewee import fn

from blueprints.catalog import bp
from blueprints.catalog.searching import address
from library import dates, policy
from library.catalog import ndc, spine
from library.catalog.search import browse, snapshot
from library.catalog.search import query as queries
from library.catalog.search import search as searches
from library.discovery import availability
from library.reading import shelved
from models import Author, Contributor, Title, TitleName
from web import access, htmx
from web.links import url_for
from web.parts import actions, structured
from web.parts import query_words as words
from web.parts import title_rows as rows

_NAMES = TitleName.select(fn.json_group_array(fn.json_array(TitleName.position, TitleName.kind, TitleName.name))).where(
    TitleName.title == Title.id
)
_NAMED = (Title.id, Title.title, Title.author, Title.ndc)
BEFORE, AFTER = 5, 12  # books on the shelf beside it
SAME_AUTHOR = 6
BACK = {"/search": "検索結果", "/new": "新着図書"}
STATES = {"in": "在架", "here": "館内でご覧いただけます", "none": "ただいまご利用になれません"}


@bp.get("/titles/<row_id:title_id>")
@access.public
def title(title_id):
    row = access.mine_or_404(Title.select(Title, _NAMES.alias("other_titles")).where(Title.id == title_id))
    rules, shot = policy.read(), snapshot.current()
    beside = browse.neighbours(title_id, before=BEFORE, after=AFTER, key=row.shelf_key, shot=shot)
    permanent = current_app.config["PUBLIC_URL"] + url_for("catalog.title", title_id=title_id)
    contributors = list(
        Contributor.select(Contributor, Author)
        .join(Author)
        .where(Contributor.title == row)
        .order_by(Contributor.position)
    )
    by_author = browse.by_author(contributors[0].author_id, shot=shot) if contributors else []
    same_author = [one for one in by_author if one != title_id][:SAME_AUTHOR]
    named = {one.id: one for one in Title.select(*_NAMED).where(Title.id.in_([*beside, *same_author]))}
    at = availability.for_titles([title_id, *beside])
    standing = at[title_id]
    return htmx.page(
        "catalog/title.html",
        policy=rules,
        back=_back(),
        title=row.title,
        kana=row.title_kana,
        subtitle=row.subtitle,
        name=row.full_name,
        contributors=[_contributor(one) for one in contributors],
        statement="" if contributors else row.author,
        imprint=_imprint(row),
        facts=[fact for fact in _facts(row) if fact["parts"]],
        cover=spine.cover_classes(row.title, row.ndc),
        author_text=contributors[0].author.name if contributors else row.author,
        action=actions.for_titles([row], at, current_user.patron, rules)[title_id],
        title_id=title_id,
        on_shelves=shelved.shelves_with(current_user.patron, title_id) if current_user.patron else [],
        state=rows.state(standing) | {"sentence": _sentence(standing)},
        items=[_item(copy) for copy in standing.copies],
        ebook=_ebook(standing.ebook, rules),
        neighbours=[_book(named[one], at[one], one == title_id) for one in beside if one in named],
        same_author=[_link(named[one]) for one in same_author if one in named],
        same_author_all=_all_by(contributors[0].author, len(by_author)) if len(by_author) > 1 else None,
        cite=_citation(row, permanent),
        permanent=permanent,
        structured=structured.book(row, contributors, standing),
    )


def _back():
    """To the results that one comes from."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host or came_from.path not in BACK:
        return None
    query = f"?{came_from.query}" if came_from.query else ""
    return {"label": BACK[came_from.path], "url": f"{came_from.path}{query}"}


def _contributor(one):
    return {"name": one.author.name, "kana": one.author.kana, "role": one.role, "url": address(_by(one.author))}


def _by(author):
    return queries.Query(author=(str(author.id),))


def _imprint(row):
    """Return 出版者, 出版年, and pages and size, as a card has them."""
    place = f"{row.place}：{row.publisher}" if row.place and row.publisher else row.publisher or row.place
    year = row.year_text if row.year_text and not row.year_text.isdigit() else f"{row.year}年" if row.year else ""
    return [part for part in (place, year, *row.extent.split(" ; ")) if part]


def _facts(row):
    """Label and parts, each with the address of more of the same where there is one."""
    by_class = address(queries.Query(ndc=row.ndc)) if row.ndc else None
    series = address(queries.Query(rows=(queries.Row(row.series, "series"),))) if row.series else None
    headings = [line.partition("\t")[0] for line in row.subjects.splitlines()]
    kinds = " ".join(part for part in (row.material_type, row.audience, words.language(row.language)) if part)
    return [
        _fact("よみ", _part(" ".join((row.title_kana, row.subtitle_kana)).strip())),
        *_other_titles(row),
        _fact("シリーズ", _part(row.series, series)),
        _fact("分類", _part(f"{row.ndc} {ndc.caption(row.ndc)}".strip(), by_class)),
        _fact(
            "件名", *(_part(text, address(queries.Query(rows=(queries.Row(text, "subject"),)))) for text in headings)
        ),
        _fact("ISBN", *(_part(text) for text in row.isbn_text.split("; "))),
        _fact("資料の種類", _part(kinds)),
        _fact("内容", *(_part(line) for line in row.contents.splitlines())),
        _fact("注記", *(_part(line) for line in row.note.splitlines())),
        _fact("価格", _part(row.price)),
        _fact("受入日", _part(dates.with_weekday(row.accession_date) if row.accession_date else "")),
    ]


def _other_titles(row):
    names = [(kind, name) for _, kind, name in sorted(json.loads(row.other_titles))]
    kinds = dict.fromkeys(kind for kind, _ in names)
    return [_fact(kind, *(_part(name) for each, name in names if each == kind)) for kind in kinds]


def _fact(label, *parts):
    return {"label": label, "parts": [part for part in parts if part["text"]]}


def _part(text, url=None):
    return {"text": text, "url": url}


def _sentence(standing):
    """所蔵 in a sentence: how many there are, and who waits."""
    if not standing.copies:
        return "" if standing.ebook else "この図書館では所蔵していません。"
    copies, (branch, here) = len(standing.copies), next(iter(Counter(copy.branch for copy in standing.copies).items()))
    where = f"{branch}に{copies}冊あります。" if here == copies else f"{copies}冊のうち{here}冊が{branch}にあります。"
    return where + (f"{standing.waiting}人が予約しています。" if standing.waiting else "予約はありません。")


def _ebook(standing, rules):
    if standing is None:
        return None
    kind, words_of_state = rows.ebook_state(standing)
    url = url_for("ebooks.index", title=standing.title_id)
    cover = url_for("ebook_files.cover", ebook_id=standing.ebook_id) if standing.cover else None
    return {
        "kind": kind,
        "words": words_of_state,
        "sentence": rows.ebook_terms(standing, rules),
        "url": url,
        "cover": cover,
    }


def _item(copy):
    state = rows.due_words(copy.due_on) if copy.due_on else STATES[copy.kind]
    return {
        "branch": copy.branch,
        "shelf": copy.shelf,
        "call_number": copy.call_number,
        "barcode": copy.barcode,
        "state": {"kind": copy.kind, "words": state},
    }


def _book(row, standing, current):
    return {
        "url": url_for("catalog.title", title_id=row.id),
        "spine": spine.make(row.title, row.author, row.ndc, standing.call_number),
        "current": current,
    }


def _link(row):
    return {"title": row.title, "url": url_for("catalog.title", title_id=row.id)}


def _all_by(author, count):
    return {"label": f"{author.name}の資料 {count}件", "url": address(_by(author))}


def _citation(row, permanent):
    """著者『書名』出版者, 年. — with the place where this record stands."""
    volume = f" {row.volume}" if row.volume else ""
    name = f"『{row.title}{'：' + row.subtitle if row.subtitle else ''}{volume}』"
    made = "，".join(part for part in (row.publisher, f"{row.year}年" if row.year else row.year_text) if part)
    author = f"{row.author}" if row.author else ""
    return f"{author}{name}{made}．" + permanent


@bp.get("/isbn/<isbn>")
@access.public
def isbn(isbn):
    """The title with this ISBN, in any spelling; a list where several have it."""
    query = queries.Query(isbn=isbn[: queries.LONGEST])
    found = searches.find(query, size=2)
    if not found.total:
        abort(404)
    only = url_for("catalog.title", title_id=found.ids[0])
    return redirect(only if found.total == 1 else address(query), 302)
