"""検索候補: suggestions for the box of the header while somebody types."""

import json

from flask import Response, abort, make_response, render_template, request, url_for

from blueprints.catalog.blueprint import bp
from blueprints.catalog.searching import address
from library.catalog import spine
from library.catalog.query import query as queries
from library.catalog.shown import query_words as words
from library.discovery import availability, suggestions
from models import Title
from web import access
from web.parts import language, stored_policy, title_rows

SEARCH = "「{text}」を検索"


@bp.get("/suggest")
@access.public
def suggest() -> access.Reply:
    """Answer with the options, or with nothing (204). No browser keeps it, and no cookie goes with it."""
    typed, found = _found()
    groups = [group for group in _groups(found) if group["options"]] if suggestions.is_enough(typed) else []
    if groups:
        search = {
            "icon": "search",
            "name": language.plain(language.say(SEARCH, text=typed)),
            "url": address(queries.Query(q=typed)),
        }
        groups.append({"name": "", "options": [search]})
    body = render_template("catalog/_suggest.html", groups=groups, typed=typed)
    answer = make_response((body, 200) if groups else ("", 204))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/suggest.json")
@access.public
def completions() -> access.Reply:
    """Answer the search box of a browser itself (OpenSearch Suggestions): what is typed, and names to search for."""
    typed, found = _found()
    names = [one.name for one in (*found.people, *found.subjects)] + [title.full_name for title in found.titles]
    body = json.dumps([typed, list(dict.fromkeys(names))], ensure_ascii=False)
    return Response(body, content_type="application/x-suggestions+json", headers={"Cache-Control": "no-store"})


def _found() -> tuple[str, suggestions.Found]:
    """Return the typed text and the suggestions for it; 404 where the library has switched them off."""
    if not stored_policy.read().get("suggestions"):
        abort(404)
    typed = suggestions.cleaned(request.args.get("q", ""))
    return typed, suggestions.find(typed)


def _groups(found: suggestions.Found) -> tuple[dict, dict, dict, dict]:
    at = availability.for_titles([title.id for title in found.titles])
    return (
        {"name": "著者", "options": [_creator(one) for one in found.people]},
        {"name": "書名", "options": [_title(one, at[one.id]) for one in found.titles]},
        {"name": "件名", "options": [_subject(one) for one in found.subjects]},
        {"name": "分類", "options": [_class(one) for one in found.classes]},
    )


def _title(title: Title, standing: availability.Availability) -> dict:
    return {
        "cover": spine.cover_classes(title.title, title.ndc),
        "name": title.full_name,
        "more": title.author,
        "state": title_rows.state(standing),
        "url": url_for("catalog.title", title_id=title.id),
    }


def _creator(one: suggestions.Named) -> dict:
    return _named(one, "person", url_for("catalog.person", person_id=int(one.code)))


def _subject(one: suggestions.Named) -> dict:
    return _named(one, "list", url_for("catalog.subject", subject_id=int(one.code)))


def _named(one: suggestions.Named, icon: str, url: str) -> dict:
    return {"icon": icon, "name": one.name, "more": one.reading, "count": one.number, "url": url}


def _class(one: suggestions.Named) -> dict:
    return {
        "icon": "shelf",
        "name": words.class_words(one.code),
        "count": one.number,
        "url": address(queries.Query(ndc=one.code)),
    }
