"""翻訳: the library's own words in the languages of patrons."""

from flask import Blueprint, abort, request, url_for

from library import clock, errors
from library.language import languages
from library.site import translations
from web import access, flash, htmx, paging
from web.desk import counter
from web.parts import language

bp = Blueprint("translations", __name__)

PAGE = "desk.translations.index"
SIZE = 20  # texts on a page
LONG = 60  # letters; a longer text is written in a field of several lines


def _offered() -> dict[str, str]:
    """Return the names of the languages into which one translates, by code."""
    return {code: name for code, name in language.offered().items() if code != languages.JAPANESE}


def _existing(code: str) -> str:
    return code if code in _offered() else abort(404)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    offered = _offered()
    return htmx.page(
        "desk/translations/index.html",
        messages=flash.take(PAGE),
        spoken=[
            {
                "name": offered[code],
                "kinds": [
                    {"name": translations.KINDS[kind], "left": left, "url": url_for(".show", code=code, kind=kind)}
                    for kind, left in counts.items()
                ],
            }
            for code, counts in translations.untranslated(offered).items()
        ],
    )


@bp.get("/<code>/<kind>")
@access.staff_required(role="admin")
def show(code: str, kind: str) -> access.Reply:
    return _page(_existing(code), kind)


@bp.post("/<code>/<kind>")
@access.staff_required(role="admin")
def change(code: str, kind: str) -> access.Reply:
    """Save what is written beside the texts of a page; "" takes a translation back."""
    written = {text: request.form[name] for name, text in _fields(_existing(code), kind) if name in request.form}
    if any(len(said) > translations.LONGEST for said in written.values()):
        return _page(code, kind, written, errors.FieldTooLong(maximum=translations.LONGEST))
    said = {text: "\n".join(said.strip().splitlines()) for text, said in written.items()}
    changed = translations.put(kind, code, said, by=counter.actor(), now=clock.now())
    return flash.leave(PAGE, done="saved", name=translations.KINDS[kind], count=changed)


def _fields(code: str, kind: str) -> list[tuple[str, str]]:
    """Return the name of a field and its Japanese text, for every text of the kind."""
    if kind not in translations.KINDS:
        abort(404)
    return [(f"text-{number}", text) for number, text in enumerate(translations.texts(kind))]


def _page(
    code: str, kind: str, written: dict[str, str] | None = None, refusal: errors.Refused | None = None
) -> access.Reply:
    known = translations.in_language(code)
    shown = paging.cut(_fields(code, kind), SIZE, url_for(".show", code=code, kind=kind))
    shown["rows"] = [
        {
            "name": name,
            "text": text,
            "said": (written or {}).get(text, known.get(translations.key(text), "")),
            "lines": len(text) > LONG,
        }
        for name, text in shown["rows"]
    ]
    return htmx.page(
        "desk/translations/show.html",
        422 if refusal else 200,
        code=code,
        kind=kind,
        language_name=_offered()[code],
        name=translations.KINDS[kind],
        refusal=refusal.sentence if refusal else "",
        page=request.args.get("page"),
        **shown,
    )
