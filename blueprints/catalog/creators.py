"""著者: the page of a creator, found under any of their names."""

from flask import abort, redirect, request, url_for

from blueprints.catalog.blueprint import bp
from blueprints.catalog.searching import address
from library.catalog.query import query as queries
from library.catalog.readers import identifiers
from library.catalog.shown import creator_page
from library.language import sentences
from web import access, htmx, paging
from web.parts.rows import names

FIRST = 20  # works of a role where all roles are shown
SIZE = 50  # works of one role on a page


@bp.get("/people/<row_id:person_id>", endpoint="person")
@access.public
def creator(person_id: int) -> access.Reply:
    """Show a person; a name that stands under another leads there."""
    at = creator_page.creator_of(person_id)
    if at is None:
        abort(404)
    if at != person_id:
        return redirect(url_for("catalog.person", person_id=at), 301)
    found, role = creator_page.read(person_id), request.args.get("role")
    chosen = found.works.get(role) if role is not None else None
    if role is None or chosen is None:
        roles = [_role(person_id, name, works[:FIRST], len(works)) for name, works in found.works.items()]
        cut = {}
    else:
        cut = paging.cut(chosen, SIZE, url_for("catalog.person", person_id=person_id, role=role))
        roles = [_role(person_id, role, cut.pop("rows"), len(chosen), is_alone=True)]
    return htmx.page(
        "catalog/person.html",
        name=found.form.name,
        shown=names.creator(found.form.name, found.form.kana, found.form.latin),
        about=[part for part in (found.form.kana, _born(found.form.born)) if part],
        names=found.other_names,
        see_also=[(name, url_for("catalog.person", person_id=one) if one else None) for name, one in found.see_also],
        registers=[(scheme, value, identifiers.page_url(scheme, value)) for scheme, value in found.identifiers],
        roles=roles,
        is_alone=chosen is not None,
        person_url=url_for("catalog.person", person_id=person_id),
        search_url=address(queries.Query(author=(str(person_id),))) if found.works else None,
        **cut,
    )


def _born(year: str) -> str:
    return year and sentences.Sentence("{year}年生まれ", year=year)


def _role(person_id: int, role: str, works: list[creator_page.Work], count: int, is_alone: bool = False) -> dict:
    return {
        "role": role,
        "count": count,
        "works": [work._asdict() | {"url": url_for("catalog.title", title_id=work.title_id)} for work in works],
        "url": None if is_alone or count == len(works) else url_for("catalog.person", person_id=person_id, role=role),
    }
