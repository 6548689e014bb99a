"""件名: the list of subjects, and the page of each."""

from flask import abort, request, url_for
from flask_login import current_user

from blueprints.catalog.blueprint import bp
from blueprints.catalog.searching import SIZE, address
from library.catalog.query import query as queries
from library.catalog.shown import browse, subject_page
from web import access, htmx, paging
from web.parts import stored_policy, title_rows as rows
from web.parts.rows import names

LISTED = 60  # on a page


@bp.get("/subjects", defaults={"row": "あ"})
@bp.get("/subjects/in/<row>")
@access.public
def subjects(row: str) -> access.Reply:
    """件名から探す: list every subject under a heading of the index."""
    if row not in browse.ROWS:
        abort(404)
    listed = browse.subjects(row, page=queries.parse(request.args).page, size=LISTED)
    return htmx.page(
        "catalog/subjects.html",
        initial=row,
        initials=browse.ROWS,
        subjects=[
            {
                "name": one.name,
                "kana": one.kana,
                "count": one.count,
                "url": url_for("catalog.subject", subject_id=one.id),
            }
            for one in listed.entries
        ],
        **paging.links(
            listed.page,
            listed.pages,
            lambda number: url_for("catalog.subjects", row=row, page=number if number > 1 else None),
        ),
    )


@bp.get("/subjects/<row_id:subject_id>")
@access.public
def subject(subject_id: int) -> access.Reply:
    """Show the titles of a subject, and the subjects near it."""
    row = access.mine_or_404(subject_page.select(subject_id))
    page = subject_page.read(row)
    cut = paging.cut(page.titles, SIZE, url_for("catalog.subject", subject_id=subject_id))
    rules = stored_policy.read()
    return htmx.page(
        "catalog/subject.html",
        name=row.name,
        shown=names.name(row.name, row.kana, row.latin),
        kana=row.kana,
        words=page.words,
        count=len(page.titles),
        groups=[(label, list(map(_near, listed))) for label, listed in (
            ("see_also", page.see_also), ("above", page.above), ("below", page.below), ("together", page.together),
        ) if listed],
        search_url=address(queries.Query(rows=(queries.Row(row.name, "subject", "equals"),))),
        **cut | {"rows": rows.with_actions(cut["rows"], current_user.patron, rules)},
    )  # fmt: skip


def _near(one: subject_page.Near) -> dict:
    return one._asdict() | {"url": url_for("catalog.subject", subject_id=one.id) if one.id else None}
